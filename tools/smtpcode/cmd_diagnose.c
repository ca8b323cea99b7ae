/*
 * cmd_diagnose.c - smtpcode diagnose [TEXT|-]: what a reply means, in whatever
 * it is wrapped, up to a whole bounce.
 */
#define _POSIX_C_SOURCE 200809L
#include <string.h>
#include <unistd.h>

#include "diagnosis.h"
#include "stream.h"

/* Of longer input the first and the last so many bytes are read. */
enum { HALF = 8 << 20 };

static enum exit_status diagnose_text(const char *text, size_t len) {
    static struct diagnosis d;

    diagnose(&d, text, len);
    if (!options.quiet)
        print_diagnosis(&d);
    if (!keep_unknown(&d) || !close_unknown())
        return EXIT_USAGE;
    return is_known(&d) ? EXIT_FOUND : EXIT_NOT_FOUND;
}

static bool is_blank(const char *text, size_t len) {
    while (len > 0 && strchr(" \t\r\n", text[len - 1]) && text[len - 1])
        len--;
    return len == 0;
}

static enum exit_status diagnose_stream(struct stream *s) {
    const char *text;
    size_t len;

    if (!read_all(s, &text, &len)) {
        complain("standard input: %s", strerror(s->error));
        return EXIT_USAGE;
    }
    if (is_blank(text, len)) {
        complain("standard input: no text in it");
        return EXIT_USAGE;
    }
    if (s->cut)
        complain("long input: its first and last %d MiB are read", HALF >> 20);
    return diagnose_text(text, len);
}

enum exit_status diagnose_stdin(void) {
    struct stream s;

    if (isatty(STDIN_FILENO) && !options.quiet)
        complain("paste the reply or the whole bounce, then press Ctrl-D");
    if (!open_stream(&s, STDIN_FILENO, HALF, HALF)) {
        complain("out of memory");
        return EXIT_USAGE;
    }
    enum exit_status status = diagnose_stream(&s);
    close_stream(&s);
    return status;
}

enum exit_status diagnose_words(int argc, char **argv) {
    struct text text = {NULL, 0, 0};

    for (int i = 0; i < argc; i++)
        append_item(&text, " ", argv[i]);
    enum exit_status status = diagnose_text(text_of(&text), text.len);
    free_text(&text);
    return status;
}

enum exit_status cmd_diagnose(int argc, char **argv) {
    if (refuse_filters("diagnose") || refuse_server())
        return EXIT_USAGE;
    if (argc == 1 || (argc == 2 && strcmp(argv[1], "-") == 0))
        return diagnose_stdin();
    return diagnose_words(argc - 1, argv + 1);
}
