/*
 * start.c - microseconds from posix_spawn() to the end of a program, for
 * several programs in turn: start A B ...; each argument is a command line
 * whose words are parted by blanks.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { ROUNDS = 201, MOST = 8, MOST_WORDS = 8 };

static double now(void) {
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double run(char **words, const posix_spawn_file_actions_t *actions) {
    pid_t child;
    int status;
    double start = now();

    if (posix_spawnp(&child, words[0], actions, NULL, words, environ) != 0 ||
        waitpid(child, &status, 0) != child || status != 0) {
        fprintf(stderr, "bench: %s failed\n", words[0]);
        exit(EXIT_FAILURE);
    }
    return now() - start;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    static double times[MOST][ROUNDS];
    static char *words[MOST][MOST_WORDS];
    posix_spawn_file_actions_t actions;
    int n = argc - 1 < MOST ? argc - 1 : MOST;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
                                     O_WRONLY, 0);
    for (int i = 0; i < n; i++) {
        char *line = strdup(argv[i + 1]);
        size_t w = 0;
        for (char *word = strtok(line, " "); word && w < MOST_WORDS - 1;
             word = strtok(NULL, " "))
            words[i][w++] = word;
    }
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < n; i++)
            times[i][round] = run(words[i], &actions);
    for (int i = 0; i < n; i++) {
        qsort(times[i], ROUNDS, sizeof times[i][0], by_value);
        printf("  %-36s %7.0f us  %5.2f x the first\n", argv[i + 1],
               times[i][ROUNDS / 2],
               times[i][ROUNDS / 2] / times[0][ROUNDS / 2]);
    }
    return EXIT_SUCCESS;
}
