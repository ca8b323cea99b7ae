/*
 * cmd_filter.c - smtpcode filter [FILE...]: one reply a line in, exactly one
 * line out, in order.
 *
 * Answers leave before the next read, which may wait; so whoever writes a line
 * and waits for its answer gets it, and whoever writes much gets it fast.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "diagnosis.h"
#include "stream.h"

/* Of a longer line the first and the last so many bytes are read. */
enum { HALF = 256 << 10 };

static bool flush_answers(void) {
    return fflush(stdout) == 0 && flush_unknown();
}

static void print_answer(const struct diagnosis *d) {
    switch (options.format) {
    case FORMAT_JSON:
        print_diagnosis_json(d);
        break;
    case FORMAT_TSV:
        print_diagnosis_tsv(d);
        break;
    case FORMAT_PAGE:
        print_diagnosis_line(d);
        break;
    }
}

/* False: output failed, so that to go on is of no use. */
static bool answer_lines(struct stream *s, const char *name) {
    static struct diagnosis d;
    const char *line;
    size_t len;

    for (size_t n = 1; next_line(s, &line, &len); n++) {
        if (s->cut)
            complain("%s: line %zu is long: its first and last %d KiB are read",
                     safe(name), n, HALF >> 10);
        diagnose(&d, line, len);
        if (!options.quiet)
            print_answer(&d);
        if (!keep_unknown(&d))
            return false;
    }
    return !s->stopped && flush_answers();
}

static bool answer_fd(int fd, const char *name) {
    struct stream s;

    if (!open_stream(&s, fd, HALF, HALF)) {
        complain("out of memory");
        return false;
    }
    s.before_read = flush_answers;
    bool ok = answer_lines(&s, name);
    if (s.error)
        complain("%s: %s", safe(name), strerror(s.error));
    close_stream(&s);
    return ok && !s.error;
}

static bool answer_file(const char *name) {
    if (strcmp(name, "-") == 0)
        return answer_fd(STDIN_FILENO, "standard input");
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        complain("%s: %s", safe(name), strerror(errno));
        return false;
    }
    bool ok = answer_fd(fd, name);
    close(fd);
    return ok;
}

enum exit_status cmd_filter(int argc, char **argv) {
    static char standard_input[] = "-";
    static char *no_file[] = {NULL, standard_input};
    bool ok = true;

    if (refuse_filters("filter") || refuse_server())
        return EXIT_USAGE;
    if (options.explain) {
        complain("--explain fills a page: it is for diagnose, not for filter");
        return EXIT_USAGE;
    }
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    if (argc == 1) {
        argc = 2;
        argv = no_file;
    }
    for (int i = 1; i < argc && !ferror(stdout); i++)
        ok = answer_file(argv[i]) && ok;
    ok = close_unknown() && ok;
    return ok ? EXIT_FOUND : EXIT_USAGE;
}
