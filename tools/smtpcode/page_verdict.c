/*
 * page_verdict.c - what the server said, what was read in it, and how sure
 * the verdict is.
 *
 * A stranger's words stand in one block, behind bars and escaped; what else
 * is shown of them is short, escaped, and never a link.
 */
#include <string.h>

#include "diagnosis.h"

enum { BAR = 12, SOME_ROWS = 6, LONGEST_VALUE = 60 };
/* Of their text: a screen; --all: far more than a reply has. */
enum { SOME_BYTES = 4096, MOST_BYTES = 65536 };

typedef const smtpcode_result answered;

/* ---- their text ---- */

struct block {
    const char *name;
    size_t rows, most;
};

static void print_row(struct block *b, const char *text, size_t len,
                      bool begins_line) {
    const char *const labels[] = {b->name, "(not ours)", ""};
    const char *label = labels[b->rows < 2 ? b->rows : 2];

    if (b->rows++ >= b->most)
        return;
    styled(b->rows == 1 ? STYLE_LABEL : STYLE_FAINT, label);
    blanks(BAR - strlen(label));
    fputs(len == 0 ? "|" : begins_line ? "| " : "|   ", stdout);
    fwrite(text, 1, len, stdout);
    putchar('\n');
}

/* One line of theirs, on as many rows as it takes. */
static void print_line_of(struct block *b, const char *line, size_t len) {
    struct text text = {NULL, 0, 0};
    size_t room = options.width - BAR - 2, next = 0;
    bool first = true;

    append_escaped(&text, line, len);
    const char *at = text_of(&text);
    do {
        size_t n = line_break(at, first ? room : room - 2, &next);
        print_row(b, at, n, first);
        at += next;
        first = false;
    } while (*at);
    free_text(&text);
}

/* How many bytes of TEXT are before its first line end; *NEXT: up to what is
 * behind it.  The two characters \n are one, as programs print it. */
static size_t line_length(const char *text, size_t len, size_t *next) {
    size_t n = 0;

    for (; n < len; n++) {
        bool spelt = text[n] == '\\' && n + 1 < len &&
                     (text[n + 1] == 'n' || text[n + 1] == 'r');
        if (text[n] != '\n' && text[n] != '\r' && !spelt)
            continue;
        *next = n + 1u + spelt;
        bool crlf = *next < len && text[n] == '\r' && text[*next] == '\n';
        bool spelt_crlf = spelt && text[n + 1] == 'r' && *next + 1 < len &&
                          memcmp(text + *next, "\\n", 2) == 0;
        *next += crlf ? 1 : spelt_crlf ? 2 : 0;
        return n;
    }
    *next = len;
    return n;
}

static void print_left_out(const struct block *b, size_t bytes) {
    if (bytes > 0)
        printf("%12s... %zu more bytes%s\n", "", bytes,
               options.all ? "" : ": --all");
    else if (b->rows > b->most)
        printf("%12s... %zu more: --all\n", "", b->rows - b->most);
}

static void print_block(const char *name, const char *text, size_t len) {
    struct block b = {name, 0, options.all ? (size_t)-1 : SOME_ROWS};
    size_t most = options.all ? MOST_BYTES : SOME_BYTES;
    size_t left_out = len > most ? len - most : 0;
    size_t next, n;

    len -= left_out;
    do {
        n = line_length(text, len, &next);
        print_line_of(&b, text, n);
        text += next;
        len -= next;
    } while (len > 0);
    if (b.rows == 1) /* both labels, always */
        print_row(&b, "", 0, true);
    print_left_out(&b, left_out);
}

/* As it stands in what came; of a reply that came in pieces its words. */
void print_their_text(const struct diagnosis *d) {
    size_t len, start = smtpcode_reply_source_span(&d->reply, &len);

    if (len)
        print_block("Their text", d->text + start, len);
    else
        print_their_words(d, "Their text");
}

void print_their_words(const struct diagnosis *d, const char *name) {
    size_t len;
    const char *words = smtpcode_reply_words(&d->reply, &len);

    print_block(name, words, len);
}

/* ---- read in it ---- */

static bool holds(const char *text, size_t len, const char *what) {
    size_t n = strlen(what);

    for (size_t i = 0; i + n <= len; i++)
        if (memcmp(text + i, what, n) == 0)
            return true;
    return false;
}

/* A link of a stranger must not look like one of ours. */
static bool is_shown(const char *kind, const char *value, size_t len) {
    return len > 0 && strcmp(kind, "any") != 0 && strcmp(kind, "url") != 0 &&
           strcmp(kind, "reply") != 0 && strcmp(kind, "auth") != 0 &&
           !holds(value, len, "://");
}

static void append_value(struct text *out, const char *value, size_t len) {
    bool cut = len > LONGEST_VALUE;

    if (cut) {
        len = LONGEST_VALUE;
        while (len > 0 && ((unsigned char)value[len] & 0xc0) == 0x80)
            len--;
    }
    append_escaped(out, value, len);
    append(out, "%s", cut ? "..." : "");
}

void print_captures(const struct diagnosis *d) {
    struct text text = {NULL, 0, 0};
    struct smtpcode_span span;
    size_t len;
    const char *words = smtpcode_reply_words(&d->reply, &len);

    for (size_t i = 0; smtpcode_result_capture(&d->result, i, &span); i++) {
        const char *kind = smtpcode_word(SMTPCODE_WORDS_CAPTURE, span.kind);
        const char *value = words + span.offset;
        if (!kind || !is_shown(kind, value, span.length))
            continue;
        append(&text, "%s%s ", text.len ? ", " : "", kind);
        append_value(&text, value, span.length);
    }
    if (text.len)
        fact("Read in it", text_of(&text));
    free_text(&text);
}

/* ---- the verdict ---- */

/* "Gmail and Google Workspace", or "a server" */
static const char *name_of(const smtpcode_entry *server) {
    const char *name = smtpcode_text(server, SMTPCODE_NAME, 0);

    return name ? name : server ? smtpcode_id(server) : "a server";
}

static const smtpcode_entry *speaker(answered *r) {
    const smtpcode_entry *rule = smtpcode_result_related(r, SMTPCODE_RULE, 0);

    return smtpcode_related(rule, SMTPCODE_SERVER, 0);
}

static void append_phrase_basis(struct text *out, const smtpcode_entry *rule) {
    if (smtpcode_kind_of(rule) == SMTPCODE_KIND_BLOCKLIST)
        append(out, "by the block list it names: %s", name_of(rule));
    else if (smtpcode_kind_of(rule) == SMTPCODE_KIND_TEMPLATE)
        append(out, "by a sentence of the known words of %s (%s)",
               name_of(smtpcode_related(rule, SMTPCODE_SERVER, 0)),
               smtpcode_id(rule));
    else
        append(out, "by a phrase that many servers use (%s)",
               smtpcode_id(rule));
}

/* "by the known words of Gmail ..." */
static void append_basis(struct text *out, answered *r) {
    const smtpcode_entry *rule = smtpcode_result_related(r, SMTPCODE_RULE, 0);

    switch (smtpcode_result_number(r, SMTPCODE_BASIS, 0)) {
    case SMTPCODE_BASIS_TOKEN:
        append(out, "by the reason id %s of %s",
               smtpcode_text(rule, SMTPCODE_LINE, 0), name_of(speaker(r)));
        break;
    case SMTPCODE_BASIS_TEMPLATE:
        append(out, "by the known words of %s", name_of(speaker(r)));
        break;
    case SMTPCODE_BASIS_PHRASE:
        append_phrase_basis(out, rule);
        break;
    case SMTPCODE_BASIS_OWN_CODE:
        append(out, "by what %s means by %s", name_of(speaker(r)),
               bare_code(rule));
        break;
    case SMTPCODE_BASIS_DOTLESS:
        append(out, "by the code read as %s; its words are not known",
               smtpcode_id(rule));
        break;
    default:
        append(out, "by the code %s alone; its words are not known",
               smtpcode_id(rule));
    }
}

/* Rule R4: what the words show, anybody can write. */
static void append_evidence(struct text *out, answered *r) {
    const smtpcode_entry *server =
        smtpcode_result_related(r, SMTPCODE_SERVER, 0);
    int evidence = smtpcode_result_number(r, SMTPCODE_SERVER_EVIDENCE, 0);

    if (!server)
        return;
    if (evidence == SMTPCODE_EVIDENCE_HOST) {
        append(out, "; the host is one of %s", name_of(server));
        if (speaker(r) && speaker(r) != server)
            append(out, ", the words are not");
    } else if (options.hints.peer) {
        append(out, "; but the peer is no host of %s that is known here",
               name_of(server));
    } else {
        append(out, "; text evidence only: --peer HOST confirms who said it");
    }
}

void print_verdict(const struct diagnosis *d) {
    answered *r = &d->result;
    const char *detail = smtpcode_result_text(r, SMTPCODE_DETAIL, 0);
    struct text text = {NULL, 0, 0};

    append(&text, "%s%s%s",
           smtpcode_id(smtpcode_result_related(r, SMTPCODE_CONDITION, 0)),
           detail ? "/" : "", detail ? detail : "");
    if (is_known(d)) {
        append(&text, ", %d of 100, ",
               smtpcode_result_number(r, SMTPCODE_CONFIDENCE, 0));
        append_basis(&text, r);
    } else {
        append(&text, ": its words are in no table, its codes do not say why");
    }
    append_evidence(&text, r);
    fact("Verdict", text_of(&text));
    free_text(&text);
}

void print_flags(const struct diagnosis *d) {
    static const struct {
        unsigned flag;
        const char *sentence;
    } notes[] = {
        {SMTPCODE_FLAG_CONFLICT,
         "Its codes or its words contradict each other: go by neither alone."},
        {SMTPCODE_FLAG_AMBIGUOUS,
         "Several replies begin like this; the verdict "
         "is what they have in common."},
        {SMTPCODE_FLAG_FIRST_LINE_ONLY,
         "Only the first line came through: the mail log has the rest."},
        {SMTPCODE_FLAG_LAST_LINE_ONLY,
         "Only the last line came through: the mail log has the rest."},
        {SMTPCODE_FLAG_TRUNCATED,
         "The reply is long: its middle was not read."},
        {SMTPCODE_FLAG_BUDGET,
         "It was not compared with everything: it is made to take long."},
        {SMTPCODE_FLAG_MIXED_CODES,
         "Its lines carry different codes; the first one counts."},
        {SMTPCODE_FLAG_FORWARDED, "The mail was forwarded on its way."},
        {SMTPCODE_FLAG_BAD_UTF8,
         "Some bytes are no text; \\xNN stands for each."},
    };

    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
        if (smtpcode_result_flags(&d->result) & notes[i].flag)
            fact("Note", notes[i].sentence);
}

/* ---- what the code says officially ---- */

static const smtpcode_entry *registered(answered *r) {
    int code = smtpcode_result_number(r, SMTPCODE_ENHANCED_CODE, 0);
    const smtpcode_entry *e =
        smtpcode_find_enhanced(code / 1000000, code / 1000 % 1000, code % 1000);

    if (code % 1000000 == 0) /* none, or x.0.0, which says nothing */
        return NULL;
    return smtpcode_match_of(e) == SMTPCODE_MATCH_EXACT ? e : NULL;
}

/* Where the words decided, and the code says something else. */
void print_official(const struct diagnosis *d) {
    answered *r = &d->result;
    const smtpcode_entry *e = registered(r);
    const smtpcode_entry *says = smtpcode_related(e, SMTPCODE_CONDITION, 0);
    const char *name = smtpcode_text(e, SMTPCODE_NAME, 0);
    struct text text = {NULL, 0, 0};

    if (!name ||
        smtpcode_result_number(r, SMTPCODE_BASIS, 0) <= SMTPCODE_BASIS_ENHANCED)
        return;
    if (says && says == smtpcode_result_related(r, SMTPCODE_CONDITION, 0))
        return;
    append(&text, "%s officially says \"%s\"", smtpcode_id(e), name);
    int rfc = smtpcode_number(e, SMTPCODE_STANDARD_RFC, 0);
    if (rfc)
        append(&text, " (RFC %d)", rfc);
    fact("Code", text_of(&text));
    free_text(&text);
}
