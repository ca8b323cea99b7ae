/*
 * cmd_show.c - smtpcode 451 4.7.1 mailbox-full: a page for each.
 *
 * Anything else is taken for a reply, of which the codes at its begin are
 * explained.
 */
#define _POSIX_C_SOURCE 200809L
#include <string.h>
#include <strings.h>

#include "command.h"

enum { LONGEST_REPLY = 65536, MOST_CODES = 8 };

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

/* Past what people put before a code: "SMTP error 550", "(#5.7.1". */
static const char *skip_lead(const char *reply) {
    static const char *const lead[] = {"smtp",   "error", "code",
                                       "status", "esmtp", "dsn"};

    for (;;) {
        reply += strspn(reply, " \t\r\n(#<[:=");
        size_t i = 0;
        while (i < sizeof lead / sizeof *lead &&
               strncasecmp(reply, lead[i], strlen(lead[i])) != 0)
            i++;
        if (i == sizeof lead / sizeof *lead)
            return reply;
        reply += strlen(lead[i]);
    }
}

struct found {
    const smtpcode_entry *entry;
    char asked[16];
};

/* The codes at the begin of *REPLY, which is moved past them. */
static size_t find_codes(const char **reply, struct found *found) {
    const char *at = skip_lead(*reply);
    size_t n = 0;

    while (n < MOST_CODES) {
        size_t len = code_length(at);
        if (len == 0 || len >= sizeof found->asked ||
            (at[len] && !strchr(" -\t\r\n,:;)>]", at[len])) ||
            !(found[n].entry = find(at, len)))
            break;
        memcpy(found[n].asked, at, len);
        found[n++].asked[len] = '\0';
        at += len;
        at += strspn(at, " -\t\r\n,:;)>]#(");
    }
    *reply = at;
    return n;
}

/* Of "550 5.1.1" the enhanced code says more: it gets the page. */
static void enhanced_first(struct found *found, size_t n) {
    struct found reply = found[0];

    if (n < 2 || smtpcode_kind_of(reply.entry) != SMTPCODE_KIND_REPLY_CODE ||
        smtpcode_kind_of(found[1].entry) != SMTPCODE_KIND_ENHANCED_STATUS)
        return;
    found[0] = found[1];
    found[1] = reply;
}

/* Explain the codes at the begin of REPLY ("550-5.1.1 ..."), if any. */
static enum exit_status show_reply(const char *reply) {
    struct found found[MOST_CODES];
    size_t n = find_codes(&reply, found);

    if (n == 0)
        return EXIT_NOT_FOUND;
    if (*reply && !options.quiet)
        complain("only the codes are explained: the words '%.60s' are not "
                 "read yet",
                 safe(reply));
    enhanced_first(found, n);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || options.format != FORMAT_PAGE)
            show(found[i].entry, found[i].asked, i == 0);
        else if (!options.quiet) {
            if (i == 1)
                putchar('\n');
            print_line(found[i].entry, SMTPCODE_KIND_REPLY_CODE);
        }
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
