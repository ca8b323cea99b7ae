/*
 * cmd_show.c - smtpcode 451 4.7.1 mailbox-full: a page for each.
 *
 * Anything else is taken for a reply, in whatever wrapping, of which the codes
 * are explained.
 */
#define _POSIX_C_SOURCE 200809L
#include <string.h>
#include <strings.h>

#include "command.h"

enum { LONGEST_REPLY = 65536 };

/* "5.7" and "x.7" are short for 5.7.x and x.7.x. */
static const smtpcode_entry *find_subject(const char *text, size_t len) {
    char full[16];

    if (len != 3 || text[1] != '.')
        return NULL;
    snprintf(full, sizeof full, "%.3s.x", text);
    return smtpcode_find(full, strlen(full));
}

static const smtpcode_entry *find(const char *text, size_t len) {
    const smtpcode_entry *e = smtpcode_find_for(options.server, text, len);

    return e ? e : find_subject(text, len);
}

/* Say so where --server has no meaning of its own to show. */
static void tell_whose(const smtpcode_entry *e) {
    if (options.server && !options.quiet && bare_code(e) == smtpcode_id(e))
        complain("%s documents no meaning of its own for %s: this is the "
                 "general one",
                 smtpcode_id(options.server), smtpcode_id(e));
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
    tell_whose(e);
    print_entry(e, asked_name(e, asked));
}

static size_t code_length(const char *text) {
    return strspn(text, "0123456789.xX");
}

static bool looks_like_code(const char *text) {
    return *text && code_length(text) == strlen(text);
}

/* Past what people put before a code: "SMTP error 550". */
static const char *skip_lead(const char *reply) {
    static const char *const lead[] = {"smtp ", "error ", "code ", "status "};
    size_t i = 0;

    while (i < sizeof lead / sizeof *lead) {
        reply += strspn(reply, " \t");
        if (strncasecmp(reply, lead[i], strlen(lead[i])) == 0) {
            reply += strlen(lead[i]);
            i = 0;
        } else {
            i++;
        }
    }
    return reply;
}

struct found {
    const smtpcode_entry *entry;
    char asked[16];
};

/* Take the entry of the code in FOUND->asked; false if there is none. */
static bool look_up(struct found *found) {
    found->entry = find(found->asked, strlen(found->asked));
    return found->entry != NULL;
}

/* The codes of REPLY, the enhanced one first: it says more. */
static size_t find_codes(const smtpcode_reply *reply, struct found *found) {
    int code_class = smtpcode_reply_class(reply);
    size_t n = 0;

    snprintf(found[n].asked, sizeof found[n].asked, "%d.%d.%d", code_class,
             smtpcode_reply_subject(reply), smtpcode_reply_detail(reply));
    if (code_class && look_up(&found[n]))
        n++;
    snprintf(found[n].asked, sizeof found[n].asked, "%d",
             smtpcode_reply_code(reply));
    if (look_up(&found[n]))
        n++;
    return n;
}

static void tell_unread_words(const smtpcode_reply *reply) {
    size_t len;
    const char *words = smtpcode_reply_words(reply, &len);
    struct text text = {NULL, 0, 0};

    append_bytes(&text, words, len < 60 ? len : 60);
    if (len)
        complain("only the codes are explained: the words '%s%s' are not "
                 "read yet",
                 safe(text_of(&text)), len > 60 ? "..." : "");
    free_text(&text);
}

/* Explain the codes of the reply in TEXT, in whatever wrapping, if any. */
static enum exit_status show_reply(const char *text, size_t len) {
    smtpcode_reply reply;
    struct found found[2];

    if (smtpcode_reply_read(&reply, text, len) != SMTPCODE_OK)
        return EXIT_NOT_FOUND;
    size_t n = find_codes(&reply, found);
    if (n == 0)
        return EXIT_NOT_FOUND;
    if (!options.quiet)
        tell_unread_words(&reply);
    show(found[0].entry, found[0].asked, true);
    if (n > 1 && options.format != FORMAT_PAGE) {
        show(found[1].entry, found[1].asked, false);
    } else if (n > 1 && !options.quiet) {
        putchar('\n');
        print_line(found[1].entry, SMTPCODE_KIND_REPLY_CODE);
    }
    return EXIT_FOUND;
}

static enum exit_status show_stdin(void) {
    static char reply[LONGEST_REPLY];
    size_t len = fread(reply, 1, LONGEST_REPLY, stdin);

    if (ferror(stdin)) {
        complain("cannot read standard input");
        return EXIT_USAGE;
    }
    if (show_reply(reply, len) == EXIT_FOUND)
        return EXIT_FOUND;
    complain("no reply with a code on standard input");
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
    const char *text = skip_lead(reply);
    if (show_reply(text, strlen(text)) == EXIT_FOUND)
        return EXIT_FOUND;

    const struct command *near =
        is_word(argv[0]) ? near_command(argv[0]) : NULL;
    if (near && strcmp(near->name, argv[0]) != 0) { /* after "--" */
        complain("no command '%s': did you mean '%s'?", safe(argv[0]),
                 near->name);
        return EXIT_USAGE;
    }
    complain(looks_like_code(reply)
                 ? "not a code of SMTP: '%s' (they begin with 2, 3, 4 or 5)"
                 : "not a code or a name: '%s'",
             safe(reply));
    if (argc == 1)
        suggest_entries(argv[0]);
    if (!looks_like_code(reply) && anything_about(argv[0]))
        fprintf(stderr, "smtpcode: try: smtpcode search '%s'\n", safe(reply));
    return EXIT_NOT_FOUND;
}
