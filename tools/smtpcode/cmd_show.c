/*
 * cmd_show.c - smtpcode 451 4.7.1 mailbox-full: a page for each.
 *
 * Anything else is taken for a reply, of which the codes at its begin are
 * explained.
 */
#include <string.h>

#include "command.h"

enum { LONGEST_REPLY = 65536 };

static const smtpcode_entry *find(const char *text, size_t len) {
    return smtpcode_find_for(options.server, text, len);
}

/* The page's heading where the entry stands for more codes than the one that
 * was asked for: a class, a range, a server's own code for every class. */
static const char *asked_name(const smtpcode_entry *e, const char *text) {
    bool code = (text[0] >= '0' && text[0] <= '9') && !strchr(text, '/');

    return code && strcmp(bare_code(e), text) != 0 ? text : NULL;
}

static void show(const smtpcode_entry *e, const char *asked, bool first) {
    if (options.quiet)
        return;
    if (!first && options.format == FORMAT_PAGE)
        putchar('\n');
    print_entry(e, asked_name(e, asked));
}

static size_t code_length(const char *text) {
    return strspn(text, "0123456789.xX");
}

static bool looks_like_code(const char *text) {
    return *text && code_length(text) == strlen(text);
}

/* Explain the codes at the begin of REPLY ("550-5.1.1 ..."), if any. */
static enum exit_status show_reply(const char *reply) {
    const smtpcode_entry *e;
    bool first = true;
    char code[16];

    for (reply += strspn(reply, " \t\r\n(#<["); *reply;) {
        size_t len = code_length(reply);
        if (len == 0 || len >= sizeof code ||
            (reply[len] && !strchr(" -\t\r\n,:;)>]", reply[len])) ||
            !(e = find(reply, len)))
            break;
        memcpy(code, reply, len);
        code[len] = '\0';
        show(e, code, first);
        first = false;
        reply += len;
        reply += strspn(reply, " -\t\r\n,:;)>]#(");
    }
    if (first)
        return EXIT_NOT_FOUND;
    if (*reply && !options.quiet)
        complain("explained are the codes; the words behind them are not read");
    return EXIT_FOUND;
}

static enum exit_status show_stdin(void) {
    static char reply[LONGEST_REPLY + 1];
    size_t len = fread(reply, 1, LONGEST_REPLY, stdin);

    if (ferror(stdin)) {
        complain("cannot read standard input");
        return EXIT_USAGE;
    }
    reply[len] = '\0';
    if (show_reply(reply) == EXIT_FOUND)
        return EXIT_FOUND;
    complain("no code at the begin of standard input");
    return EXIT_NOT_FOUND;
}

static void join_arguments(int argc, char **argv, char *buf, size_t size) {
    size_t used = 0;

    buf[0] = '\0';
    for (int i = 0; i < argc && used < size; i++)
        used += (size_t)snprintf(buf + used, size - used, "%s%s", i ? " " : "",
                                 argv[i]);
}

static bool is_word(const char *text) { return *text && !strchr(text, ' '); }

/* Codes and names only, of which some are wrong: show the others. */
static bool nearly_all_known(int argc, char **argv) {
    int known = 0;

    for (int i = 0; i < argc; i++)
        if (find(argv[i], strlen(argv[i])))
            known++;
        else if (!looks_like_code(argv[i]) && !near_entry(argv[i]))
            return false;
    return known > 0;
}

static enum exit_status show_each(int argc, char **argv) {
    enum exit_status status = EXIT_FOUND;
    bool first = true;

    for (int i = 0; i < argc; i++) {
        const smtpcode_entry *e = find(argv[i], strlen(argv[i]));
        if (e) {
            show(e, argv[i], first);
            first = false;
        } else {
            complain("not a code or a name: '%s'", safe(argv[i]));
            suggest_entries(argv[i]);
            status = EXIT_NOT_FOUND;
        }
    }
    return status;
}

enum exit_status cmd_show(int argc, char **argv) {
    static char reply[LONGEST_REPLY];

    if (refuse_filters("codes"))
        return EXIT_USAGE;
    if (argc == 1 && strcmp(argv[0], "-") == 0)
        return show_stdin();
    if (nearly_all_known(argc, argv))
        return show_each(argc, argv);
    join_arguments(argc, argv, reply, sizeof reply);
    if (show_reply(reply) == EXIT_FOUND)
        return EXIT_FOUND;

    const struct command *near =
        is_word(argv[0]) ? near_command(argv[0]) : NULL;
    if (near && strcmp(near->name, argv[0]) != 0) { /* after "--" */
        complain("no command '%s': did you mean '%s'?", safe(argv[0]),
                 near->name);
        return EXIT_USAGE;
    }
    complain("not a code or a name: '%s'", safe(reply));
    if (argc == 1)
        suggest_entries(argv[0]);
    return EXIT_NOT_FOUND;
}
