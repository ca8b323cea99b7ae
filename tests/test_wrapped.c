/*
 * test_wrapped.c - every template of the data in every wrapper that keeps the
 * text of a reply, in place of the reply that the wrapper's row has; and its
 * first and last line in those that keep no more.  SMTPCODE_WHOLE=1 takes all
 * values and not a part of them.
 */
#include "answered.h"
#include "wrapper_cases.h"

/* A wrapper with a hole where its row has the reply. */
struct wrapper {
    const struct wrapper_case *row;
    size_t from, to;   /* the hole, in the row's text */
    bool has_code;     /* in the hole; else it is beside it, or nowhere */
    bool has_enhanced; /* the same */
    char quote;        /* that the reply stands in, 0: none */
    bool is_json;
    bool is_python;           /* b'', bytes as \xc3 */
    bool is_quoted_printable; /* =C3 */
    char between[40];         /* two lines; empty: the row has one line */
    bool repeats_codes;
    enum keeps keeps;
};

static struct wrapper wrappers[MAX_WRAPPERS];
static size_t nwrappers;
static unsigned nsets = 1;

/* ---- the wrappers ---- */

static const char *text_of(const struct wrapper *w) {
    return w->row->columns[1];
}

static bool begins_with(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

/* What is between two lines in the hole, the last of them: from the break to
 * the code or the words of the next line. */
static void find_break(struct wrapper *w) {
    static const char *const breaks[] = {"\\r\\n", "\\n", "\r\n", "\n"};
    const char *end = text_of(w) + w->to;

    for (const char *at = text_of(w) + w->from; at < end; at++)
        for (size_t i = 0; i < COUNT(breaks); i++) {
            size_t n = strlen(breaks[i]);
            if (!begins_with(at, breaks[i]))
                continue;
            n += strspn(at + n, " \t\n+'<>~*");
            memset(w->between, 0, sizeof w->between);
            memcpy(w->between, at, n);
            w->repeats_codes = isdigit((unsigned char)at[n]);
            at += n - 1;
            break;
        }
}

static void find_quote(struct wrapper *w) {
    const char *hole = text_of(w) + w->from;
    char before = w->from > 0 ? hole[-1] : '\0', behind = text_of(w)[w->to];

    w->is_json = text_of(w)[0] == '{' && strstr(text_of(w), "\":") &&
                 memchr(text_of(w), '"', w->from);
    if (w->is_json)
        w->quote = '"';
    else if ((before == '"' || before == '\'') &&
             (behind == before || w->between[0] || behind == '>' ||
              behind == '\r'))
        w->quote = before;
    w->is_python = w->from > 1 && hole[-2] == 'b' && w->quote;
    w->is_quoted_printable = strstr(text_of(w), "quoted-printable") != NULL;
}

/* Whether the hole begins with the row's CODE; "55=" is broken off. */
static bool begins_as(const char *hole, const char *code) {
    return *code && (begins_with(hole, code) ||
                     (strncmp(hole, code, 2) == 0 && hole[2] == '='));
}

static void add_wrapper(const struct wrapper_case *row, enum keeps keeps) {
    struct wrapper *w = &wrappers[nwrappers++];
    const char *const *columns = (const char *const *)row->columns;
    size_t len;

    assert_int_equal(smtpcode_reply_read(&reply, columns[1], row->len),
                     SMTPCODE_OK);
    *w = (struct wrapper){.row = row, .keeps = keeps};
    w->from = smtpcode_reply_source_span(&reply, &len);
    w->to = w->from + len;
    const char *hole = text_of(w) + w->from;
    w->has_code = begins_as(hole, columns[3]);
    w->has_enhanced =
        begins_as(hole, columns[4]) ||
        (w->has_code && (begins_as(hole + 4, columns[4]) || hole[2] == '='));
    find_break(w);
    find_quote(w);
    if (w->is_quoted_printable && strstr(hole, "=\n"))
        w->between[0] = '\0'; /* a soft break: no line ends there */
}

static void load(void) {
    size_t n = load_wrappers("tests/cases/wrappers.tsv");

    for (size_t i = 0; i < n; i++) {
        const char *keeps = wrapper_cases[i].columns[2];
        if (is(keeps, "text"))
            add_wrapper(&wrapper_cases[i], WHOLE);
        else if (is(keeps, "first-line"))
            add_wrapper(&wrapper_cases[i], FIRST_LINE);
        else if (is(keeps, "last-line"))
            add_wrapper(&wrapper_cases[i], LAST_LINE);
    }
}

/* ---- a reply in the hole ---- */

static void write_enhanced(int enhanced, char out[64]) {
    snprintf(out, 64, "%d.%d.%d", enhanced / 1000000, enhanced / 1000 % 1000,
             enhanced % 1000);
}

/* Texts of the row, outside of the hole, that T's own codes replace. */
struct swap {
    char from[64], to[64];
};

static void json_enhanced(int enhanced, char out[64]) {
    snprintf(out, 64, "\"class\":%d,\"subject\":%d,\"detail\":%d",
             enhanced / 1000000, enhanced / 1000 % 1000, enhanced % 1000);
}

/* Where T has no enhanced code it is x.0.0, as Postfix logs it. */
static void find_swaps(const struct wrapper *w, const struct template *t,
                       struct swap swaps[3]) {
    int ours = t->enhanced ? t->enhanced : t->code / 100 * 1000000;
    int class = 0, subject = 0, detail = 0;

    memset(swaps, 0, 3 * sizeof *swaps);
    snprintf(swaps[0].from, sizeof swaps->from, "%s", w->row->columns[3]);
    snprintf(swaps[0].to, sizeof swaps->to, "%d", t->code);
    if (sscanf(w->row->columns[4], "%d.%d.%d", &class, &subject, &detail) < 3)
        return;
    snprintf(swaps[1].from, sizeof swaps->from, "%s", w->row->columns[4]);
    write_enhanced(ours, swaps[1].to);
    json_enhanced(class * 1000000 + subject * 1000 + detail, swaps[2].from);
    json_enhanced(ours, swaps[2].to);
}

static bool stands_at(const char *text, const char *at, const char *number) {
    size_t n = strlen(number);

    return n > 0 && memcmp(at, number, n) == 0 &&
           (at == text || (!isdigit((unsigned char)at[-1]) && at[-1] != '.')) &&
           !isdigit((unsigned char)at[n]);
}

/* The row's text from FROM to TO, with T's codes where the row has its own. */
static void put_around(const struct wrapper *w, const struct template *t,
                       size_t from, size_t to, struct filled *out) {
    struct swap swaps[3];

    find_swaps(w, t, swaps);
    for (const char *at = text_of(w) + from; at < text_of(w) + to;) {
        const struct swap *swap = NULL;
        for (size_t i = 0; i < 3; i++)
            if (stands_at(text_of(w), at, swaps[i].from))
                swap = &swaps[i];
        append(out, swap ? swap->to : at, swap ? strlen(swap->to) : 1);
        at += swap ? strlen(swap->from) : 1;
    }
}

/* A byte as the wrapper writes it. */
static void put_byte(const struct wrapper *w, char c, struct filled *out) {
    unsigned char byte = (unsigned char)c;
    char text[8];

    if (c == w->quote || (w->quote && c == '\\'))
        snprintf(text, sizeof text, "\\%c", c);
    else if (w->is_python && byte >= 0x80)
        snprintf(text, sizeof text, "\\x%02x", byte);
    else if (w->is_quoted_printable && (byte >= 0x80 || c == '='))
        snprintf(text, sizeof text, "=%02X", byte);
    else
        snprintf(text, sizeof text, "%c", c);
    append(out, text, strlen(text));
}

/* The codes that line I of the reply begins with in this wrapper. */
static void put_codes(const struct wrapper *w, const struct template *t,
                      bool is_last, struct filled *out) {
    char text[64];
    /* A row without enhanced code can have one in the words. */
    bool enhanced = t->enhanced && (w->has_enhanced || !*w->row->columns[4]) &&
                    *w->row->columns[3];

    if (t->enhanced && w->has_enhanced)
        enhanced = true;
    if (w->has_code && t->code) {
        snprintf(text, sizeof text, "%d%c", t->code, is_last ? ' ' : '-');
        append(out, text, strlen(text));
    }
    if (enhanced) {
        write_enhanced(t->enhanced, text);
        append(out, text, strlen(text));
        append(out, " ", 1);
    }
}

/* Line I of T's reply TEXT, without its codes, filled before. */
static const char *line_words(const struct filled *line, size_t *len) {
    read_lines(line->text, line->len);
    return smtpcode_reply_words(&reply, len);
}

static void put_line(const struct wrapper *w, const struct template *t,
                     size_t i, unsigned set, struct filled *out) {
    static struct filled line;
    char text[MOST_TEXT];
    size_t len;

    template_text(t->entry, i, i + 1, text, sizeof text);
    fill(text, set, &line);
    const char *words = line_words(&line, &len);
    for (size_t k = 0; k < len; k++)
        put_byte(w, words[k], out);
}

/* Lines FROM to TO of T in the wrapper; on one line where its row has one, as
 * Postfix logs them. */
static void wrap(const struct wrapper *w, const struct template *t, size_t from,
                 size_t to, unsigned set, struct filled *out) {
    out->len = out->nvalues = 0;
    put_around(w, t, 0, w->from, out);
    put_codes(w, t, from + 1 == to || !w->between[0], out);
    for (size_t i = from; i < to; i++) {
        if (i > from) {
            const char *between = w->between[0] ? w->between : " ";
            append(out, between, strlen(between));
            if (w->between[0] && w->repeats_codes)
                put_codes(w, t, i + 1 == to, out);
        }
        put_line(w, t, i, set, out);
    }
    put_around(w, t, w->to, w->row->len, out);
}

/* ---- the tests ---- */

/* Rows whose reader wants an enhanced code at the begin of the reply, since
 * anything else might stand at this place. */
static const char *const wants_enhanced[] = {
    "mailkit",          "mailkit credentials",
    "libetpan",         "roundcube",
    "roundcube sender", "dotnet",
    "postfix milter",   "nodemailer object, no code in the response"};
/* Rows that are known by their words, not by what stands around them. */
static const char *const known_by_words[] = {"postfix connection refused",
                                             "exim log, timeout"};

static bool is_one_of(const struct wrapper *w, const char *const *names,
                      size_t count) {
    for (size_t i = 0; i < count; i++)
        if (is(w->row->columns[0], names[i]))
            return true;
    return false;
}

/* Whether T is met in this wrapper.  A server's own words, without a code, are
 * met in its own logs and bounces, the replies of others anywhere else; and
 * where a client drops the reply code it keeps the enhanced one. */
static bool is_met(const struct wrapper *w, const struct template *t) {
    bool is_coded = *w->row->columns[3];
    bool is_ours = is(w->row->columns[7], "ours");

    if (!t->enhanced && is_one_of(w, wants_enhanced, COUNT(wants_enhanced)))
        return false;
    if (is_one_of(w, known_by_words, COUNT(known_by_words)))
        return false;
    if (t->code == 0)
        return !is_coded && (is_ours || !*w->row->columns[7]);
    return is_coded || !is_ours;
}

/* The form as complaints name it: words that lost their codes are alike. */
static const char *form_of(const struct wrapper *w) {
    return *w->row->columns[3] || *w->row->columns[4] ? w->row->columns[0]
                                                      : "words alone";
}

static void test_wrapper(void **state) {
    const struct wrapper *w = *state;
    static struct filled f;

    complaints = 0;
    for (size_t i = 0; i < ntemplates; i++)
        for (unsigned set = 0; set < nsets; set++) {
            const struct template *t = &templates[i];
            if (!is_met(w, t))
                continue;
            wrap(w, t, 0, t->nlines, set, &f);
            read_text(f.text, f.len);
            diagnose(0);
            check_answer(t, CODES_DIFFER, form_of(w));
        }
    assert_int_equal(complaints, 0);
}

/* Whether what decided is a whole template with which this line of T begins,
 * and which means the same. */
static bool is_that_line(const struct template *t, enum keeps keeps) {
    const smtpcode_entry *rule = answer(SMTPCODE_RULE);
    const struct template *other = rule ? template_of(rule) : NULL;

    return other && same_verdict(t->entry, rule) &&
           begins_with(keeps == FIRST_LINE ? t->first : t->last, other->words);
}

/* T's first or last line alone: T, or one with the same line; and the answer
 * says that it is no more. */
static void check_line(const struct template *t, enum keeps keeps,
                       const char *form) {
    bool must = keeps == FIRST_LINE ? t->first_counts : t->last_counts;
    const smtpcode_entry *rule = answer(SMTPCODE_RULE);
    enum smtpcode_flag flag = keeps == FIRST_LINE
                                  ? SMTPCODE_FLAG_FIRST_LINE_ONLY
                                  : SMTPCODE_FLAG_LAST_LINE_ONLY;

    check_consistent(t);
    if (is_that_line(t, keeps) || (!must && rule != t->entry))
        return;
    if (!is_answered(t, keeps))
        complain(form, t);
    else
        check_verdict(t);
    if (rule && template_of(rule) &&
        smtpcode_result_number(&result, SMTPCODE_BASIS, 0) ==
            SMTPCODE_BASIS_TEMPLATE &&
        !has_flag(flag))
        complain("not flagged as a line of the reply", t);
}

static void test_line_wrapper(void **state) {
    const struct wrapper *w = *state;
    static struct filled f;

    complaints = 0;
    for (size_t i = 0; i < ntemplates; i++) {
        const struct template *t = &templates[i];
        size_t line = w->keeps == FIRST_LINE ? 0 : t->nlines - 1;
        if (t->nlines < 2 || !is_met(w, t))
            continue;
        for (unsigned set = 0; set < NSETS; set++) {
            wrap(w, t, line, line + 1, set, &f);
            read_text(f.text, f.len);
            diagnose(0);
            check_line(t, w->keeps, w->row->columns[0]);
        }
    }
    assert_int_equal(complaints, 0);
}

/* The same lines without any wrapper. */
static void check_bare_lines(enum keeps keeps, const char *form) {
    static struct filled f;
    char text[MOST_TEXT];

    for (size_t i = 0; i < ntemplates; i++) {
        const struct template *t = &templates[i];
        size_t line = keeps == FIRST_LINE ? 0 : t->nlines - 1;
        for (unsigned set = 0; t->nlines > 1 && set < NSETS; set++) {
            template_text(t->entry, line, line + 1, text, sizeof text);
            fill(text, set, &f);
            read_lines(f.text, f.len);
            diagnose(0);
            check_line(t, keeps, form);
        }
    }
}

static void test_lines(void **state) {
    (void)state;
    complaints = 0;
    check_bare_lines(FIRST_LINE, "first line alone");
    check_bare_lines(LAST_LINE, "last line alone");
    assert_int_equal(complaints, 0);
}

/* The rows above are not empty sets. */
static void test_counts(void **state) {
    size_t first = 0, last = 0, whole = 0;

    (void)state;
    for (size_t i = 0; i < ntemplates; i++) {
        first += templates[i].first_counts;
        last += templates[i].last_counts;
    }
    for (size_t i = 0; i < nwrappers; i++)
        whole += wrappers[i].keeps == WHOLE;
    print_message("%zu templates, %zu first and %zu last lines; %zu wrappers\n",
                  ntemplates, first, last, whole);
    assert_true(first >= 30 && last >= 30 && whole >= 75);
}

static struct excuse excused[] = {
    {"postfix/verification-user-unknown", NULL,
     "its {any} is another server's reply, which the reader takes", false},
    {"postfix/own-relayhost-login-failed", NULL, "the same", false},
    {"exim/recipient-callout-user-unknown", NULL,
     "its words hold the codes of another server's reply", false},
    {"postfix/client-listed-open-resolver", NULL,
     "\"Error: open resolver\" is Spamhaus's own token, and means the same",
     false},
    {"oci/suppressed", NULL,
     "254 is a success: a failure in the same text comes first", false},
    {"exchange/anonymous-mail", NULL,
     "without codes before it, \"SMTP;\" is the lead of a reply", false},
    {"microsoft/not-logged-in", NULL, "the same", false},
    {"microsoft/no-right-as-sender", NULL, "the same", false},
    {"exim/header-address-not-verified", "magento",
     "\"rejected after DATA:\" leads Exim's own words in its log", false},
    {"gmail/unauthenticated", NULL,
     "a line of it is empty, which ends a reply whose lines have no codes",
     false},
    {"gmail/unauthenticated-2025", NULL, "the same", false},
    {"gmail/unauthenticated-2023", "sendmail reason",
     "its first line opens a bracket that it does not close", false},
    {"gmail/unauthenticated-deferred-2023", "sendmail reason", "the same",
     false},
    {"haraka/envelope-domain", "exchange",
     "Exchange does not escape the quote that ends its quotation", false},
    {"haraka/host-list", "exchange", "the same", false},
    {"gmail/no-from-2018", "exchange", "the same", false},
    {"microsoft/unrecognized-command", "exchange", "the same", false},
    {"sendmail/own-connection-refused", NULL,
     "the reader takes \"Deferred:\" for a lead; without it, \"refused by\" "
     "may "
     "be followed by anything",
     false},
};

int main(void) {
    static struct CMUnitTest tests[MAX_WRAPPERS + 4];
    const char *whole = getenv("SMTPCODE_WHOLE");
    size_t n = 0;

    load_templates();
    load();
    excuses = excused;
    nexcuses = COUNT(excused);
    if (whole && *whole == '1')
        nsets = NSETS;
    for (size_t i = 0; i < nwrappers; i++)
        tests[n++] = (struct CMUnitTest){
            wrappers[i].row->columns[0],
            wrappers[i].keeps == WHOLE ? test_wrapper : test_line_wrapper, NULL,
            NULL, &wrappers[i]};
    tests[n++] =
        (struct CMUnitTest){"a line alone", test_lines, NULL, NULL, NULL};
    tests[n++] = (struct CMUnitTest){"how many", test_counts, NULL, NULL, NULL};
    tests[n++] = (struct CMUnitTest){"every excuse is needed", test_excuses,
                                     NULL, NULL, NULL};
    return _cmocka_run_group_tests("wrapped", tests, n, NULL, NULL);
}
