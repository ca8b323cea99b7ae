/* page.c - one entry as a page made to be read. */
#include <string.h>

#include "command.h"

enum { SOME_MEANING = 2, SOME_VENDORS = 4, SOME_OF_SERVER = 10 };

static enum style class_style(const char *id) {
    switch (id[0]) {
    case '2':
    case '3':
        return STYLE_GOOD;
    case '4':
        return STYLE_WAIT;
    case '5':
        return STYLE_BAD;
    }
    return STYLE_TITLE;
}

/* "451  Not now: ...                    standard code" */
static void print_headline(const char *id, const char *title,
                           const char *right) {
    size_t at = columns(id) + 2, used = at + columns(title ? title : "");

    styled(class_style(id), id);
    if (at + 20 > options.width) { /* a long name: the title below it */
        putchar('\n');
        at = 2;
        used = at + columns(title ? title : "");
        blanks(2);
    } else {
        blanks(2);
    }
    if (title && used <= options.width)
        styled(STYLE_TITLE, title);
    else if (title)
        wrapped(title, at, options.width);
    if (*right && used + 2 + columns(right) <= options.width) {
        blanks(options.width - used - columns(right));
        styled(STYLE_FAINT, right);
    } else if (*right) {
        putchar('\n');
        blanks(at);
        styled(STYLE_FAINT, right);
    }
    putchar('\n');
}

static void print_meaning(const smtpcode_entry *e) {
    size_t n = smtpcode_count(e, SMTPCODE_MEANING);
    struct text text = {NULL, 0, 0};

    for (size_t i = 0; i < n && (options.all || i < SOME_MEANING); i++)
        append_item(&text, " ", smtpcode_text(e, SMTPCODE_MEANING, i));
    if (text.len) {
        putchar('\n');
        blanks(2);
        wrapped(text_of(&text), 2, options.width);
        putchar('\n');
    }
    free_text(&text);
}

static void print_note(const smtpcode_entry *e) {
    const char *note = smtpcode_text(e, SMTPCODE_NOTE, 0);

    if (!note)
        return;
    putchar('\n');
    blanks(2);
    wrapped(note, 2, options.width);
    putchar('\n');
}

static void head(const char *text) {
    putchar('\n');
    styled(STYLE_HEAD, text);
    putchar('\n');
}

/* Servers that mean something of their own by the code, and others. */
static void print_other_meanings(const smtpcode_entry *e) {
    size_t own = smtpcode_count(e, SMTPCODE_OWN_CODES);
    size_t lists = smtpcode_count(e, SMTPCODE_CONFLICT);
    size_t at = text_column();

    if (own + lists == 0)
        return;
    head("What others mean by it");
    for (size_t i = 0; i < own && (options.all || i < SOME_VENDORS); i++) {
        const smtpcode_entry *code = smtpcode_related(e, SMTPCODE_OWN_CODES, i);
        labelled(smtpcode_id(smtpcode_related(code, SMTPCODE_SERVER, 0)), at,
                 smtpcode_text(code, SMTPCODE_TITLE, 0));
    }
    for (size_t i = 0; i < lists && (options.all || i < SOME_VENDORS); i++)
        labelled(smtpcode_text(e, SMTPCODE_CONFLICT_WHO, i), at,
                 smtpcode_text(e, SMTPCODE_CONFLICT, i));
}

/* "RFC 5321" or "draft-hall-prdr", with what replaced it. */
static void append_document(struct text *text, const smtpcode_entry *e,
                            size_t i) {
    const char *draft = smtpcode_text(e, SMTPCODE_STANDARD_DRAFT, i);
    int rfc = smtpcode_number(e, SMTPCODE_STANDARD_RFC, i);
    int newer = smtpcode_number(e, SMTPCODE_STANDARD_OBSOLETED_BY, i);

    if (rfc)
        append(text, "RFC %d", rfc);
    else
        append(text, "%s", draft ? draft : "");
    if (newer)
        append(text, " (now RFC %d)", newer);
}

/* "RFC 5321 4.2.3, 4.3.2; RFC 2645 5.2.1": a document once. */
static void print_standards(const smtpcode_entry *e, const char *label) {
    size_t n = smtpcode_count(e, SMTPCODE_STANDARD_SECTION);
    struct text text = {NULL, 0, 0};
    int before = 0;

    for (size_t i = 0; i < n; i++) {
        const char *section = smtpcode_text(e, SMTPCODE_STANDARD_SECTION, i);
        int rfc = smtpcode_number(e, SMTPCODE_STANDARD_RFC, i);
        bool same = i > 0 && rfc && rfc == before;
        append(&text, "%s", same ? "," : i ? "; " : "");
        if (!same)
            append_document(&text, e, i);
        if (section)
            append(&text, " %s", section);
        before = rfc;
    }
    if (text.len)
        labelled(label, text_column(), text_of(&text));
    free_text(&text);
}

/* With --all each digit on a line, with what it means; else
 * "4 temporary | 5 the mail system | 1 local error". */
static void print_digits(const smtpcode_entry *e) {
    struct text text = {NULL, 0, 0};

    for (size_t i = 0; i < smtpcode_count(e, SMTPCODE_DIGIT); i++) {
        const char *title = smtpcode_text(e, SMTPCODE_DIGIT_TITLE, i);
        const char *meaning = smtpcode_text(e, SMTPCODE_DIGIT_MEANING, i);
        append_item(&text, " | ", smtpcode_text(e, SMTPCODE_DIGIT, i));
        if (title)
            append(&text, " %s", title);
        if (options.all) {
            bool detail =
                smtpcode_kind_of(e) == SMTPCODE_KIND_ENHANCED_STATUS &&
                i + 1 == smtpcode_count(e, SMTPCODE_DIGIT);
            if (meaning && !detail) /* the page itself says what that means */
                append(&text, "%s%s", title ? ": " : " ", meaning);
            labelled(i ? "" : "digits", text_column(), text_of(&text));
            free_text(&text);
        }
    }
    if (text.len)
        labelled("digits", text_column(), text_of(&text));
    free_text(&text);
}

/* Whether ID stands in TEXT, a list of ids with blanks between. */
static bool listed(const char *text, const char *id) {
    size_t len = strlen(id);

    for (const char *at = text; (at = strstr(at, id)); at++)
        if ((at == text || at[-1] == ' ') && (!at[len] || at[len] == ' '))
            return true;
    return false;
}

/* The ids that FIELDS point to, each once. */
static void print_ids(const char *label, const smtpcode_entry *e,
                      const enum smtpcode_field *fields) {
    struct text text = {NULL, 0, 0};
    const smtpcode_entry *other;

    for (; *fields; fields++)
        for (size_t i = 0; (other = smtpcode_related(e, *fields, i)); i++)
            if (!listed(text_of(&text), smtpcode_id(other)))
                append_item(&text, " ", smtpcode_id(other));
    if (text.len)
        labelled(label, text_column(), text_of(&text));
    free_text(&text);
}

static void print_texts(const char *label, const smtpcode_entry *e,
                        enum smtpcode_field field) {
    struct text text = {NULL, 0, 0};

    for (size_t i = 0; i < smtpcode_count(e, field); i++)
        append_item(&text, ", ", smtpcode_text(e, field, i));
    if (text.len)
        labelled(label, text_column(), text_of(&text));
    free_text(&text);
}

static void print_stages(const smtpcode_entry *e) {
    struct text text = {NULL, 0, 0};
    int stage;

    for (size_t i = 0; (stage = smtpcode_number(e, SMTPCODE_STAGES, i)); i++)
        append_item(&text, ", ", smtpcode_word(SMTPCODE_WORDS_STAGE, stage));
    if (text.len)
        labelled("said at", text_column(), text_of(&text));
    free_text(&text);
}

static void print_reads_as(const smtpcode_entry *e) {
    const char *text = smtpcode_text(e, SMTPCODE_READS_AS_TEXT, 0);

    if (text)
        labelled("without dots", text_column(), text);
}

/* A server's own code has nothing else that documents it. */
static void print_links(const smtpcode_entry *e) {
    if (options.all || smtpcode_related(e, SMTPCODE_SERVER, 0))
        for (size_t i = 0; i < smtpcode_count(e, SMTPCODE_SOURCE); i++)
            labelled(i ? "" : "source", text_column(),
                     smtpcode_text(e, SMTPCODE_SOURCE, i));
}

static void print_code_facts(const smtpcode_entry *e) {
    static const enum smtpcode_field see[] = {
        SMTPCODE_ENHANCED, SMTPCODE_REPLIES, SMTPCODE_SEE_ALSO, 0};
    static const enum smtpcode_field conditions[] = {SMTPCODE_CONDITIONS, 0};

    putchar('\n');
    print_digits(e);
    print_standards(e, "defined by");
    print_reads_as(e);
    print_texts("answers", e, SMTPCODE_COMMAND);
    print_stages(e);
    print_ids("can mean", e, conditions);
    print_ids("see also", e, see);
    print_links(e);
    print_see_all(e);
}

static const char *standing(const smtpcode_entry *e, char *buf, size_t size) {
    const smtpcode_entry *server = smtpcode_related(e, SMTPCODE_SERVER, 0);
    const char *status = smtpcode_word(SMTPCODE_WORDS_STATUS,
                                       smtpcode_number(e, SMTPCODE_STATUS, 0));

    if (server)
        snprintf(buf, size, "%s's own", smtpcode_id(server));
    else if (smtpcode_match_of(e) == SMTPCODE_MATCH_CLASS)
        snprintf(buf, size, "a class of codes");
    else
        snprintf(buf, size, "%s%s", status ? status : "",
                 status && strncmp(status, "not", 3) ? " code" : "");
    return buf;
}

static void print_code(const smtpcode_entry *e, const char *asked) {
    char buf[80];
    const char *slash = strchr(smtpcode_id(e), '/');

    print_headline(asked   ? asked
                   : slash ? slash + 1
                           : smtpcode_id(e),
                   smtpcode_text(e, SMTPCODE_TITLE, 0),
                   standing(e, buf, sizeof buf));
    if (asked || smtpcode_match_of(e) != SMTPCODE_MATCH_CLASS)
        print_note(e); /* not for 4.7.x itself, which is in the registry */
    print_meaning(e);
    print_answers(e, e);
    print_causes(e);
    print_remedies((struct advice){e, NULL, false});
    print_examples(e);
    print_other_meanings(e);
    print_code_facts(e);
}

static void print_who_if(const smtpcode_entry *e) {
    for (size_t i = 0; i < smtpcode_count(e, SMTPCODE_WHO_IF); i++)
        labelled(i ? "" : "But", 12, smtpcode_text(e, SMTPCODE_WHO_IF, i));
}

static void print_details(const smtpcode_entry *e) {
    if (smtpcode_count(e, SMTPCODE_DETAIL) == 0)
        return;
    head("Finer cases");
    for (size_t i = 0; i < smtpcode_count(e, SMTPCODE_DETAIL); i++)
        labelled(smtpcode_text(e, SMTPCODE_DETAIL, i), text_column(),
                 smtpcode_text(e, SMTPCODE_DETAIL_TEXT, i));
}

static void print_defaults(const smtpcode_entry *e) {
    char text[200];
    const char *w[4];
    static const enum smtpcode_field fields[] = {
        SMTPCODE_RETRY, SMTPCODE_SUPPRESS, SMTPCODE_RETRY_4XX,
        SMTPCODE_SUPPRESS_4XX};

    for (size_t i = 0; i < 4; i++) {
        w[i] = smtpcode_word(i % 2 ? SMTPCODE_WORDS_SUPPRESS
                                   : SMTPCODE_WORDS_RETRY,
                             smtpcode_number(e, fields[i], 0));
        w[i] = w[i] ? w[i] : "unknown";
    }
    snprintf(text, sizeof text,
             "with 5xx retry %s, drop the address %s; with 4xx %s, %s", w[0],
             w[1], w[2], w[3]);
    labelled("by class", text_column(), text);
}

static void print_condition(const smtpcode_entry *e) {
    static const enum smtpcode_field codes[] = {SMTPCODE_CODES, 0};

    print_headline(smtpcode_id(e), smtpcode_text(e, SMTPCODE_TITLE, 0),
                   "condition");
    print_meaning(e);
    print_answers(e, e);
    print_who_if(e);
    print_causes(e);
    print_remedies((struct advice){e, NULL, false});
    print_details(e);
    print_examples(e);
    putchar('\n');
    print_defaults(e);
    print_ids("seen with", e, codes);
    print_standards(e, "see");
    print_links(e);
    print_see_all(e);
}

static void print_more(size_t n, size_t shown_now, const char *what) {
    struct text text = {NULL, 0, 0};

    if (n <= shown_now)
        return;
    append(&text, "%zu more %s", n - shown_now, what);
    labelled("--all", text_column(), text_of(&text));
    free_text(&text);
}

static size_t some(size_t n) {
    return options.all || n < SOME_OF_SERVER ? n : SOME_OF_SERVER;
}

static void print_own_codes(const smtpcode_entry *e) {
    size_t n = smtpcode_count(e, SMTPCODE_OWN_CODES);

    if (n == 0)
        return;
    head("Codes with a meaning of its own");
    for (size_t i = 0; i < some(n); i++) {
        const smtpcode_entry *own = smtpcode_related(e, SMTPCODE_OWN_CODES, i);
        labelled(bare_code(own), text_column(),
                 smtpcode_text(own, SMTPCODE_TITLE, 0));
    }
    print_more(n, some(n), "codes");
}

static void print_replies(const smtpcode_entry *e) {
    size_t n = smtpcode_count(e, SMTPCODE_TEMPLATES);

    if (n == 0)
        return;
    head("What it says, and what that is");
    for (size_t i = 0; i < some(n); i++) {
        const smtpcode_entry *t = smtpcode_related(e, SMTPCODE_TEMPLATES, i);
        struct text text = {NULL, 0, 0};
        append_reply(&text, t);
        blanks(2);
        wrapped(text_of(&text), 4, options.width);
        printf("\n    ");
        styled(STYLE_FAINT, "-> ");
        styled(STYLE_FAINT,
               smtpcode_id(smtpcode_related(t, SMTPCODE_CONDITION, 0)));
        putchar('\n');
        free_text(&text);
    }
    print_more(n, some(n), "replies");
}

static void print_page_link(const char *label, const smtpcode_entry *e,
                            enum smtpcode_field field) {
    if (smtpcode_text(e, field, 0))
        labelled(label, text_column(), smtpcode_text(e, field, 0));
}

static void print_server(const smtpcode_entry *e) {
    static const enum smtpcode_field runs[] = {SMTPCODE_RUNS, 0};

    print_headline(smtpcode_id(e), smtpcode_text(e, SMTPCODE_NAME, 0),
                   smtpcode_word(SMTPCODE_WORDS_SERVER_KIND,
                                 smtpcode_number(e, SMTPCODE_SERVER_KIND, 0)));
    print_meaning(e);
    print_own_codes(e);
    print_replies(e);
    putchar('\n');
    print_texts("mail for", e, SMTPCODE_DOMAIN);
    print_texts("MX hosts", e, SMTPCODE_MX);
    print_texts("known by", e, SMTPCODE_MARK);
    print_ids("runs", e, runs);
    print_page_link("its codes", e, SMTPCODE_PAGE_CODES);
    print_page_link("postmaster", e, SMTPCODE_PAGE_POSTMASTER);
    print_page_link("delisting", e, SMTPCODE_PAGE_DELISTING);
}

static void print_template(const smtpcode_entry *e) {
    static const enum smtpcode_field server[] = {SMTPCODE_SERVER, 0};
    const smtpcode_entry *condition =
        smtpcode_related(e, SMTPCODE_CONDITION, 0);

    print_headline(
        smtpcode_id(e),
        condition ? smtpcode_text(condition, SMTPCODE_TITLE, 0) : NULL,
        smtpcode_word(SMTPCODE_WORDS_KIND, (int)smtpcode_kind_of(e)));
    putchar('\n');
    for (size_t i = 0; i < smtpcode_count(e, SMTPCODE_LINE); i++)
        labelled("|", 4, smtpcode_text(e, SMTPCODE_LINE, i));
    if (condition) {
        print_answers(condition, e);
        putchar('\n');
        labelled("means", text_column(), smtpcode_id(condition));
    }
    print_texts("finer", e, SMTPCODE_DETAIL);
    print_ids("said by", e, server);
    print_stages(e);
    print_page_link("source", e, SMTPCODE_SOURCE);
    print_page_link("seen", e, SMTPCODE_SEEN);
}

static void print_blocklist(const smtpcode_entry *e) {
    static const enum smtpcode_field operator_of[] = {SMTPCODE_SERVER, 0};
    const char *error;

    print_headline(smtpcode_id(e), smtpcode_text(e, SMTPCODE_NAME, 0),
                   "blocklist");
    print_meaning(e);
    putchar('\n');
    print_texts("zones", e, SMTPCODE_ZONE);
    print_texts("also called", e, SMTPCODE_CALLED);
    print_ids("run by", e, operator_of);
    print_page_link("look up", e, SMTPCODE_PAGE_LOOKUP);
    print_page_link("delisting", e, SMTPCODE_PAGE_DELISTING);
    for (size_t i = 0; (error = smtpcode_text(e, SMTPCODE_LIST_ERROR, i)); i++)
        labelled(error, text_column(),
                 smtpcode_text(e, SMTPCODE_LIST_ERROR_TEXT, i));
    print_page_link("source", e, SMTPCODE_SOURCE);
}

void print_page(const smtpcode_entry *entry, const char *asked) {
    switch (smtpcode_kind_of(entry)) {
    case SMTPCODE_KIND_REPLY_CODE:
    case SMTPCODE_KIND_ENHANCED_STATUS:
        print_code(entry, asked);
        break;
    case SMTPCODE_KIND_CONDITION:
        print_condition(entry);
        break;
    case SMTPCODE_KIND_SERVER:
        print_server(entry);
        break;
    case SMTPCODE_KIND_TEMPLATE:
    case SMTPCODE_KIND_TOKEN:
    case SMTPCODE_KIND_PHRASE:
        print_template(entry);
        break;
    case SMTPCODE_KIND_BLOCKLIST:
        print_blocklist(entry);
        break;
    case SMTPCODE_KIND_ANY:
        break;
    }
}
