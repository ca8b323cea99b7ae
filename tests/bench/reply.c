/* reply.c - the reader's time on the examples and on hostile text. */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../hostile.h"
#include "smtpcode.h"

enum { MAX_EXAMPLES = 300, ROUNDS = 31, REPEATS = 200, HOSTILE = 4 << 20 };

struct example {
    char *text;
    size_t len;
    double ns;
};

static double now(void) {
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static size_t unescape(char *s) {
    char *out = s, *from = s;

    for (; *s; s++) {
        if (*s == '\\' && s[1])
            s++, *out++ = (char)(*s == 'n' ? '\n' : *s == 'r' ? '\r' : *s);
        else
            *out++ = *s;
    }
    return (size_t)(out - from);
}

/* The second column of tests/cases/wrappers.tsv. */
static size_t load(struct example *examples) {
    static char lines[MAX_EXAMPLES][4096];
    FILE *f = fopen("tests/cases/wrappers.tsv", "r");
    size_t n = 0;

    while (f && n < MAX_EXAMPLES && fgets(lines[n], sizeof lines[n], f)) {
        char *tab = strchr(lines[n], '\t');
        if (lines[n][0] == '#' || !tab || strncmp(lines[n], "name\t", 5) == 0)
            continue;
        examples[n].text = tab + 1;
        *strchr(tab + 1, '\t') = '\0';
        examples[n].len = unescape(tab + 1);
        n++;
    }
    return n;
}

static double measure(const char *text, size_t len, int repeats) {
    smtpcode_reply r;
    double start = now();

    for (int i = 0; i < repeats; i++)
        smtpcode_reply_read(&r, text, len);
    return (now() - start) / repeats;
}

static void measure_examples(void) {
    static struct example examples[MAX_EXAMPLES];
    double rounds[ROUNDS], medians[MAX_EXAMPLES];
    size_t n = load(examples), bytes = 0;

    for (size_t i = 0; i < n; i++) {
        for (int k = 0; k < ROUNDS; k++)
            rounds[k] = measure(examples[i].text, examples[i].len, REPEATS);
        qsort(rounds, ROUNDS, sizeof rounds[0], by_value);
        medians[i] = rounds[ROUNDS / 2];
        bytes += examples[i].len;
    }
    qsort(medians, n, sizeof medians[0], by_value);
    printf("  %zu wrapped replies of %zu bytes: median %.0f ns, p90 %.0f, "
           "p99 %.0f, worst %.0f\n",
           n, bytes / n, medians[n / 2], medians[n * 9 / 10],
           medians[n * 99 / 100], medians[n - 1]);
}

static void measure_hostile(void) {
    static char text[HOSTILE];
    double worst = 0;
    const char *which = "";

    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        size_t n = strlen(hostile[i]);
        for (size_t k = 0; k < HOSTILE; k++)
            text[k] = hostile[i][k % n];
        double ns = measure(text, HOSTILE, 1) / HOSTILE;
        double half = measure(text, HOSTILE / 2, 1) / (HOSTILE / 2);
        if (ns > 2 * half)
            printf("  NOT LINEAR: '%s' %.2f then %.2f ns a byte\n", hostile[i],
                   half, ns);
        if (ns > worst) {
            worst = ns;
            which = hostile[i];
        }
    }
    printf("  hostile text: at most %.1f ns a byte ('%s')\n", worst, which);
}

int main(void) {
    measure_examples();
    measure_hostile();
    return 0;
}
