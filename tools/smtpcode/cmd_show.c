/*
 * cmd_show.c - smtpcode 451 4.7.1 mailbox-full: a page for each.
 *
 * Anything else is taken for a reply, in whatever wrapping; what has no words
 * but codes is looked up by these.
 */
#define _POSIX_C_SOURCE 200809L
#include <string.h>
#include <strings.h>

#include "command.h"

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

/* Words without a code are a reply if something is known about them. */
static bool is_recognised(const smtpcode_reply *reply) {
    smtpcode_result result;

    (void)smtpcode_diagnose(reply, &options.hints, &result);
    return smtpcode_result_related(&result, SMTPCODE_RULE, 0) != NULL;
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

/* Codes in a wrapping, without words: "SMTP error 550", "[5.7.1]". */
static enum exit_status show_bare_codes(const smtpcode_reply *reply) {
    struct found found[2];
    size_t n = find_codes(reply, found);

    if (n == 0 || refuse_hints())
        return n == 0 ? EXIT_NOT_FOUND : EXIT_USAGE;
    show(found[0].entry, found[0].asked, true);
    if (n > 1 && options.format != FORMAT_PAGE) {
        show(found[1].entry, found[1].asked, false);
    } else if (n > 1 && !options.quiet) {
        putchar('\n');
        print_line(found[1].entry, SMTPCODE_KIND_REPLY_CODE);
    }
    return EXIT_FOUND;
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

    if (refuse_hints())
        return EXIT_USAGE;
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

/* A subcommand that was nearly typed, and not the begin of a reply: "Lost
 * connection with ..." is no `list`. */
static const struct command *misspelt(int argc, char **argv, bool is_reply) {
    if (options.no_command || (is_reply && argc > 3) || !is_word(argv[0]))
        return NULL;
    return near_command(argv[0]);
}

static enum exit_status not_found(int argc, char **argv, const char *joined) {
    complain(looks_like_code(joined)
                 ? "not a code of SMTP: '%s' (they begin with 2, 3, 4 or 5)"
                 : "not a code, a name or a known reply: '%s'",
             safe(joined));
    if (argc == 1)
        suggest_entries(argv[0]);
    if (!looks_like_code(joined) && anything_about(argv[0]))
        fprintf(stderr, "smtpcode: try: smtpcode search '%s'\n", safe(joined));
    return EXIT_NOT_FOUND;
}

static bool has_words(const smtpcode_reply *reply) {
    size_t len;

    smtpcode_reply_words(reply, &len);
    return len > 0;
}

/* ARGUMENTS as one text, which may be a reply. */
static enum exit_status show_text(int argc, char **argv, const char *joined) {
    const char *text = skip_lead(joined);
    smtpcode_reply reply;
    enum smtpcode_status status =
        smtpcode_reply_read(&reply, text, strlen(text));
    bool has_code = status == SMTPCODE_OK && (smtpcode_reply_code(&reply) ||
                                              smtpcode_reply_class(&reply));
    bool is_reply =
        has_code || (status == SMTPCODE_OK && is_recognised(&reply));
    const struct command *near = misspelt(argc, argv, is_reply);

    if (near) {
        complain("no command '%s': did you mean '%s'?", safe(argv[0]),
                 near->name);
        return EXIT_USAGE;
    }
    if (has_code && !has_words(&reply))
        return show_bare_codes(&reply);
    if (is_reply)
        return refuse_server() ? EXIT_USAGE : diagnose_words(argc, argv);
    return not_found(argc, argv, joined);
}

enum exit_status cmd_show(int argc, char **argv) {
    struct text joined = {NULL, 0, 0};

    if (refuse_filters("codes"))
        return EXIT_USAGE;
    if (argc == 1 && strcmp(argv[0], "-") == 0)
        return refuse_server() ? EXIT_USAGE : diagnose_stdin();
    if (nearly_all_known(argc, argv))
        return show_each(argc, argv);
    for (int i = 0; i < argc; i++)
        append_item(&joined, " ", argv[i]);
    enum exit_status status = show_text(argc, argv, text_of(&joined));
    free_text(&joined);
    return status;
}
