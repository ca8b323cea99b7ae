/*
 * test_diagnose.c - every template of the data, filled with values, is
 * diagnosed as itself: as it comes, in capitals, folded anywhere; the verdict
 * follows from it and the values come back.  With other codes than its own,
 * text never turns "try again" into "drop the address"; with a letter that
 * only looks the same it is another reply.
 */
#include "answered.h"

/* Value I as it came; where blanks were line breaks or several, as one. */
static bool is_value(const char *want, size_t i, bool upper) {
    struct smtpcode_span span;
    size_t len, n = strlen(want);
    const char *words = smtpcode_reply_words(&reply, &len);

    if (!smtpcode_result_capture(&result, i, &span) ||
        span.offset + span.length > len || span.length != n)
        return false;
    for (size_t k = 0; k < n; k++)
        if (words[span.offset + k] !=
            (upper && want[k] > 0 ? toupper(want[k]) : want[k]))
            return false;
    return true;
}

static void check_values(const struct template *t, const struct filled *f,
                         bool upper) {
    if (!is_candidate(t->entry))
        return; /* one with the same words, whose kinds may be others */
    for (size_t i = 0; i < f->nvalues; i++)
        if (!is_value(f->values[i].text, i, upper)) {
            struct smtpcode_span s = {0, 0, 0};
            size_t len;
            const char *words = smtpcode_reply_words(&reply, &len);
            smtpcode_result_capture(&result, i, &s);
            complain("a value does not come back", t);
            print_error("    value %zu is '%.*s', not '%s'\n", i, (int)s.length,
                        words + s.offset, f->values[i].text);
        }
}

/* At each stage where T is said, and where the stage is not known. */
static void check_stages(const struct template *t, enum keeps keeps,
                         const char *form) {
    for (int stage = 0; stage <= SMTPCODE_STAGE_QUIT; stage++) {
        if (stage && t->stages && !(t->stages >> stage & 1))
            continue;
        diagnose(stage);
        check_answer(t, keeps, form);
        if (stage == 0 && !t->stages)
            continue;
        if (stage && t->stages && keeps == WHOLE &&
            answer(SMTPCODE_CONDITION) != condition_at(t->entry, stage))
            complain("not its condition at its stage", t);
    }
}

static void check_whole(const struct template *t, const struct filled *f) {
    read_lines(f->text, f->len);
    check_stages(t, WHOLE, "as lines");
    check_values(t, f, false);
    read_text(f->text, f->len);
    diagnose(0);
    check_answer(t, WHOLE, "as a text");
    check_values(t, f, false);
}

static void check_upper(const struct template *t, const struct filled *f) {
    char text[MOST_TEXT];

    for (size_t i = 0; i < f->len; i++)
        text[i] = (char)(f->text[i] > 0 ? toupper(f->text[i]) : f->text[i]);
    read_lines(text, f->len);
    diagnose(0);
    check_answer(t, WHOLE, "in capitals");
    check_values(t, f, true);
}

/* ---- folded ---- */

/* "550-5.1.1 ", or nothing of what the template does not have. */
static void code_of_line(const struct template *t, char mark, char out[32]) {
    int n = 0;

    out[0] = '\0';
    if (t->code)
        n = snprintf(out, 32, "%d%c", t->code, mark);
    if (t->enhanced)
        snprintf(out + n, 32 - (size_t)n, "%d.%d.%d ", t->enhanced / 1000000,
                 t->enhanced / 1000 % 1000, t->enhanced % 1000);
}

/* Whether the words go on with a code: at the begin of a line nobody could
 * tell it from that of the line. */
static bool is_code(const char *words, size_t len) {
    size_t n = 0;

    while (n < len && (isdigit((unsigned char)words[n]) || words[n] == '.'))
        n++;
    return n >= 3 && (n == len || words[n] == ' ');
}

/* Break at blank I of the words? */
static bool breaks_at(const char *words, size_t len, size_t i) {
    size_t last = i;

    while (last > 0 && words[last - 1] != ' ')
        last--;
    return words[i] == ' ' && !is_code(words + i + 1, len - i - 1) &&
           !is_code(words + last, len - last);
}

/* The words broken at their blanks number FROM to TO. */
static void fold(const struct template *t, const char *words, size_t len,
                 size_t from, size_t to, struct filled *out) {
    char between[32], last[32];
    size_t blank = 0, lines = 0, line = 0;

    for (size_t i = 0; i < len; i++)
        lines += breaks_at(words, len, i) && blank++ - from < to - from;
    out->len = blank = 0;
    code_of_line(t, lines ? '-' : ' ', between);
    code_of_line(t, ' ', last);
    append(out, between, strlen(between));
    for (size_t i = 0; i < len; i++) {
        if (!breaks_at(words, len, i) || blank++ - from >= to - from) {
            append(out, words + i, 1);
            continue;
        }
        const char *codes = ++line < lines ? between : last;
        append(out, "\r\n", 2);
        append(out, codes, strlen(codes));
    }
}

/* A leading {any} takes no more than its own line. */
static bool begins_open(const struct template *t) {
    return (unsigned char)t->words[0] == (0x80 | ('A' + 1));
}

static void check_fold(const struct template *t, const struct filled *f,
                       const char *words, size_t len, size_t from, size_t to) {
    static struct filled folded;

    fold(t, words, len, from, to, &folded);
    read_lines(folded.text, folded.len);
    diagnose(0);
    check_answer(t, WHOLE, "folded");
    if (!begins_open(t))
        check_values(t, f, false);
}

/* At each blank, and at all of them. */
static void check_folds(const struct template *t, const struct filled *f) {
    char words[MOST_TEXT];
    size_t len, blanks = 0;

    read_lines(f->text, f->len);
    const char *w = smtpcode_reply_words(&reply, &len);
    memcpy(words, w, len);
    for (size_t i = 0; i < len; i++)
        blanks += breaks_at(words, len, i);
    for (size_t i = 0; i < blanks; i++)
        check_fold(t, f, words, len, i, i + 1);
    check_fold(t, f, words, len, 0, blanks);
}

static void test_template(void **state) {
    const struct template *t = *state;
    static struct filled f;
    char text[MOST_TEXT];

    complaints = 0;
    template_text(t->entry, 0, t->nlines, text, sizeof text);
    for (unsigned set = 0; set < NSETS; set++) {
        fill(text, set, &f);
        check_whole(t, &f);
        check_upper(t, &f);
        check_folds(t, &f);
    }
    assert_int_equal(complaints, 0);
}

/* ---- other codes: text never drops an address (R5) ---- */

static const int other_codes[] = {250, 421, 450, 451, 452,
                                  535, 550, 552, 553, 554};

/* T's words after CODE and an enhanced code of CLASS (0: none). */
static void check_codes(const struct template *t, const char *words, size_t len,
                        int code, int class) {
    static struct filled f;
    char codes[64];
    int status = t->enhanced % 1000000 ? t->enhanced % 1000000 : 7001;

    f.len = 0;
    snprintf(codes, sizeof codes, class ? "%d %d.%d.%d " : "%d ", code, class,
             status / 1000, status % 1000);
    append(&f, codes, strlen(codes));
    append(&f, words, len);
    read_lines(f.text, f.len);
    for (int stage = 0; stage <= SMTPCODE_STAGE_QUIT; stage++) {
        diagnose(stage);
        check_consistent(t);
        if (answer(SMTPCODE_RULE))
            check_verdict(t);
    }
}

static void test_codes(void **state) {
    static struct filled f;
    char text[MOST_TEXT], words[MOST_TEXT];
    size_t len;

    (void)state;
    complaints = 0;
    for (size_t i = 0; i < ntemplates; i++) {
        const struct template *t = &templates[i];
        template_text(t->entry, 0, t->nlines, text, sizeof text);
        fill(text, 0, &f);
        read_lines(f.text, f.len);
        memcpy(words, smtpcode_reply_words(&reply, &len), sizeof words / 2);
        for (size_t c = 0; c < COUNT(other_codes); c++) {
            check_codes(t, words, len, other_codes[c], 0);
            check_codes(t, words, len, other_codes[c], 4);
            check_codes(t, words, len, other_codes[c], 5);
        }
    }
    assert_int_equal(complaints, 0);
}

/* ---- letters that look the same ---- */

/* A letter of another script that looks like C: Cyrillic where it has one,
 * else full-width. */
static void look_alike(char c, char out[5]) {
    static const struct {
        char ascii;
        const char *cyrillic;
    } pairs[] = {{'a', "\xd0\xb0"}, {'c', "\xd1\x81"}, {'e', "\xd0\xb5"},
                 {'i', "\xd1\x96"}, {'j', "\xd1\x98"}, {'o', "\xd0\xbe"},
                 {'p', "\xd1\x80"}, {'s', "\xd1\x95"}, {'x', "\xd1\x85"},
                 {'y', "\xd1\x83"}, {'A', "\xd0\x90"}, {'B', "\xd0\x92"},
                 {'C', "\xd0\xa1"}, {'E', "\xd0\x95"}, {'H', "\xd0\x9d"},
                 {'I', "\xd0\x86"}, {'K', "\xd0\x9a"}, {'M', "\xd0\x9c"},
                 {'O', "\xd0\x9e"}, {'P', "\xd0\xa0"}, {'S', "\xd0\x85"},
                 {'T', "\xd0\xa2"}, {'X', "\xd0\xa5"}};

    snprintf(out, 5, "\xef%c%c", c >= 'a' ? 0xbd : 0xbc,
             (c >= 'a' ? c - 'a' + 0x81 : c - 'A' + 0xa1) & 0xff);
    for (size_t i = 0; i < COUNT(pairs); i++)
        if (pairs[i].ascii == c)
            snprintf(out, 5, "%s", pairs[i].cyrillic);
}

/* TEXT with the first letter of its words, outside of placeholders, changed;
 * 0: it has none. */
static bool change_letter(const char *text, char *out, size_t size) {
    char other[5];
    size_t len;

    for (const char *at = text; *at; at += len) {
        if (placeholder_at(at, &len))
            continue;
        len = 1;
        if (!isalpha((unsigned char)*at))
            continue;
        look_alike(*at, other);
        snprintf(out, size, "%.*s%s%s", (int)(at - text), text, other, at + 1);
        return true;
    }
    return false;
}

static void test_look_alikes(void **state) {
    static struct filled f;
    char text[MOST_TEXT], changed[MOST_TEXT];

    (void)state;
    complaints = 0;
    for (size_t i = 0; i < ntemplates; i++) {
        const struct template *t = &templates[i];
        template_text(t->entry, 0, t->nlines, text, sizeof text);
        if (!change_letter(text, changed, sizeof changed))
            continue;
        fill(changed, 0, &f);
        read_lines(f.text, f.len);
        diagnose(0);
        if (is_candidate(t->entry) && /* not by a sentence further on */
            smtpcode_result_number(&result, SMTPCODE_BASIS, 0) ==
                SMTPCODE_BASIS_TEMPLATE)
            complain("a letter only looks the same", t);
    }
    assert_int_equal(complaints, 0);
}

static struct excuse excused[] = {
    {"exim/recipient-callout-user-unknown", "folded",
     "its words hold a code, which a code at a line's begin makes a break",
     false},
    {"postfix/verification-user-unknown", "as a text",
     "its {any} is another server's reply, which the reader takes", false},
    {"postfix/client-listed-open-resolver", NULL,
     "\"Error: open resolver\" is Spamhaus's own token, and means the same",
     false},
    {"sendmail/own-connection-refused", "as a text",
     "the reader takes \"Deferred:\" for a lead; without it, \"refused by\" "
     "may "
     "be followed by anything",
     false},
};

int main(void) {
    static struct CMUnitTest tests[MOST_TEMPLATES + 3];
    size_t n = 0;

    load_templates();
    excuses = excused;
    nexcuses = COUNT(excused);
    for (size_t i = 0; i < ntemplates; i++)
        tests[n++] =
            (struct CMUnitTest){smtpcode_id(templates[i].entry), test_template,
                                NULL, NULL, &templates[i]};
    tests[n++] =
        (struct CMUnitTest){"with other codes", test_codes, NULL, NULL, NULL};
    tests[n++] = (struct CMUnitTest){"letters that look the same",
                                     test_look_alikes, NULL, NULL, NULL};
    tests[n++] = (struct CMUnitTest){"every excuse is needed", test_excuses,
                                     NULL, NULL, NULL};
    return _cmocka_run_group_tests("diagnose", tests, n, NULL, NULL);
}
