/*
 * test_match.c - the matcher: each template of the data finds itself, and on
 * random templates and words it agrees with one that tries everything.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../tools/gen/gen.h"

/* ---- the normaliser ---- */

static const struct normal_case {
    const char *name, *text, *words;
} normal_cases[] = {
    {"letters small", "User UNKNOWN", "user unknown"},
    {"blanks", "a \t\r\n b", "a b"},
    {"begin and end", "  a ", " a "},
    {"only blanks", " \n ", " "},
    {"nothing", "", ""},
    {"marks stay", "<A@B>: [Z]{`@}", "<a@b>: [z]{`@}"},
    {"bytes above ASCII stay", "\xc3\x84 \xff", "\xc3\x84 \xff"},
    {"DEL stays", "a\x7f", "a\x7f"},
};
enum { NNORMAL = sizeof normal_cases / sizeof *normal_cases };

static void test_normal(void **state) {
    const struct normal_case *c = *state;
    char words[64];
    size_t len = smtpcode_normalise(c->text, strlen(c->text), words);

    words[len] = '\0';
    assert_string_equal(words, c->words);
}

static void test_normal_nul(void **state) {
    char words[4];

    (void)state;
    assert_int_equal(smtpcode_normalise("A\0\0B", 4, words), 3);
    assert_memory_equal(words, "a b", 3);
}

/* ---- every template of the data ---- */

/* ORDER PLACEHOLDER, without blanks at their ends. */
static const char *const value_sets[][15] = {
    {"", "something", "192.0.2.1", "user@example.org", "sender@example.com",
     "somebody@example.net", "example.org", "mx.example.net",
     "https://help.example.com/a?b=1", "a1b2c3d4-5e.f6", "42", "1024", "300",
     "2026-11-23", "bl.example.com"},
    {"", "Two Words, or three", "2001:db8::25", "o'Brien+Tag@Example.ORG",
     "bounce-7=user=example.org@lists.example.com", "\xc3\xa4@xn--p1ai",
     "sub.example.co.uk", "mail-1_2.EXAMPLE.net",
     "http://[2001:db8::1]:8080/(x);y,z", "QK7=x/1+2", "5,242,880", "25MB",
     "00:04:59", "2026-11-23T10:00:00+00:00", "zen.example.org"},
    {"", "a", "::1", "a@b", "c@d", "e@f", "g", "h", "i://j", "k", "7", "1",
     "5m", "1", "l"},
};
enum { NSETS = sizeof value_sets / sizeof *value_sets };

static const struct pattern *pattern_of(const smtpcode_entry *e,
                                        struct pattern *p) {
    const char *lines[64];
    size_t n = 0;

    memset(p, 0, sizeof *p);
    while (n < 64 && (lines[n] = smtpcode_text(e, SMTPCODE_LINE, n)))
        n++;
    p->words = read_words(lines, n, p);
    assert_null(read_pattern(p));
    return p;
}

/* Templates with the same words are found as the first of them. */
static int says(unsigned entry, const struct pattern *p) {
    struct pattern other;

    return entry && strcmp(pattern_of(&smtpcode_entries[entry], &other)->words,
                           p->words) == 0;
}

/* What each placeholder was filled with, in the reply's own words. */
static void check_captures(const struct pattern *p, const char *const *values,
                           const char *words,
                           const struct smtpcode_match_result *found) {
    char value[256];

    assert_int_equal(found->ncaptures, p->nplaceholders);
    for (size_t i = 0; i < p->n; i++) {
        const struct element *e = &p->elements[i];
        if (!e->placeholder)
            continue;
        const struct smtpcode_capture *c = &found->captures[e->index];
        const char *want = values[e->placeholder];
        size_t len = smtpcode_normalise(want, strlen(want), value);
        assert_int_equal(c->kind, e->placeholder);
        if (c->length != len || memcmp(words + c->offset, value, len) != 0)
            fail_msg("%s: captured '%.*s' of '%s'", p->words, (int)c->length,
                     words + c->offset, words);
    }
}

static unsigned most_steps;

static void check_found(const struct pattern *p, const char *const *values,
                        const char *reply) {
    struct smtpcode_match_result found;
    char words[8192];
    size_t len = smtpcode_normalise(reply, strlen(reply), words);

    words[len] = '\0';
    if (!smtpcode_match(words, len, p->reply, p->enhanced, &found) ||
        !says(found.entry, p))
        fail_msg("'%s' is found as '%s'", words,
                 smtpcode_id(&smtpcode_entries[found.entry]));
    assert_int_equal(found.codes, SMTPCODE_CODES_AGREE);
    assert_int_equal(found.end, len);
    if (found.steps > (SMTPCODE_BUDGET + SMTPCODE_BUDGET_BYTE * len) / 4)
        fail_msg("%u steps for '%s'", (unsigned)found.steps, words);
    most_steps = found.steps > most_steps ? found.steps : most_steps;
    check_captures(p, values, words, &found);
}

static void upper(char *text) {
    for (; *text; text++)
        *text = (char)toupper((unsigned char)*text);
}

/* Each blank as a fold: CR, LF and a tab. */
static char *fold(const char *text) {
    char *out = malloc(3 * strlen(text) + 1), *at = out;

    for (; *text; text++)
        if (*text == ' ')
            at += snprintf(at, 4, "\r\n\t");
        else
            *at++ = *text;
    *at = '\0';
    return out;
}

static void check_template(const smtpcode_entry *e) {
    struct pattern p;

    pattern_of(e, &p);
    for (int set = 0; set < NSETS; set++) {
        char *words = fill_words(&p, value_sets[set]);
        char *folded = fold(words);
        check_found(&p, value_sets[set], words);
        check_found(&p, value_sets[set], folded);
        upper(words);
        check_found(&p, value_sets[set], words);
        free(words);
        free(folded);
    }
}

static void test_every_template(void **state) {
    int n = 0;

    (void)state;
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_TEMPLATE)); n++)
        check_template(e);
    print_message("%d templates, at most %u steps\n", n, most_steps);
    assert_true(n >= 600);
}

/* ---- against a matcher that tries everything ---- */

static int trails(char c) { return c && strchr(".,:;", c); }

static int in_class(int placeholder, char c) {
    return class_table()[(unsigned char)c] & smtpcode_class_of(placeholder);
}

/* Whether AT to END is a value: of its class, as long as can be, and without
 * the punctuation that trails it. */
static int is_value(int placeholder, const char *words, size_t at, size_t end) {
    size_t i;

    for (i = at; i < end; i++)
        if (!in_class(placeholder, words[i]))
            return 0;
    while (words[i] && trails(words[i]) && in_class(placeholder, words[i]))
        i++;
    return !trails(words[end - 1]) && !in_class(placeholder, words[i]);
}

static int is_edge(const char *words, size_t at) {
    return at == 0 || !isalnum((unsigned char)words[at - 1]) ||
           !isalnum((unsigned char)words[at]);
}

static int fits(const struct pattern *p, size_t i, const char *words,
                size_t at) {
    const struct element *e = &p->elements[i];
    size_t len = strlen(words);

    if (i == p->n)
        return p->elements[i - 1].placeholder ||
               !isalnum((unsigned char)e[-1].bytes[e[-1].len - 1]) ||
               is_edge(words, at);
    if (!e->placeholder)
        return strncmp(words + at, e->bytes, e->len) == 0 &&
               fits(p, i + 1, words, at + e->len);
    for (size_t end = at + !is_any(e); end <= len; end++)
        if ((is_any(e) || is_value(e->placeholder, words, at, end)) &&
            fits(p, i + 1, words, end))
            return 1;
    return 0;
}

static int fits_somewhere(const struct pattern *p, const char *words) {
    if (!p->open)
        return fits(p, 0, words, 0);
    for (size_t at = 0; words[at]; at++)
        if ((!isalnum((unsigned char)*p->elements[0].bytes) ||
             is_edge(words, at)) &&
            fits(p, 0, words, at))
            return 1;
    return 0;
}

static uint32_t seed = 1;

static unsigned below(unsigned n) {
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

/* Few letters, so that words repeat themselves and overlap. */
static size_t random_literal(char *out) {
    static const char *const alphabets[] = {"ab", "a: .", "ab <>", "a1.-"};
    const char *alphabet = alphabets[below(4)];
    size_t len = below(3) ? 1 + below(4) : 11 + below(5);

    for (size_t i = 0; i < len; i++)
        out[i] = alphabet[below((unsigned)strlen(alphabet))];
    return len;
}

static const char *random_template(void) {
    static const char *const placeholders[] = {
        "{any}",  "{any}", "{ip}", "{recipient}", "{domain}",
        "{host}", "{url}", "{id}", "{number}"};
    static char raw[256], words[256];
    size_t n = 0;

    for (unsigned parts = 1 + below(6), i = 0; i < parts; i++)
        if (below(2))
            n += random_literal(raw + n);
        else
            n += (size_t)sprintf(raw + n, "%s", placeholders[below(9)]);
    n = smtpcode_normalise(raw, n, words);
    while (n && words[n - 1] == ' ')
        n--;
    words[n] = '\0';
    return *words == ' ' ? words + 1 : words;
}

static void refuse(const struct pattern *p, const char *why) {
    (void)why;
    ((struct pattern *)(uintptr_t)p)->record = SIZE_MAX;
}

/* Words like those of the template P: filled, cut, doubled, mixed. */
static size_t random_words(const struct pattern *p, char *words) {
    static const char *const values[][15] = {
        {"", "", "1.1", "a@b", "a", "b", "a.b", "a-1", "a:b", "a", "1", "1",
         "1", "1", "a"},
        {"", "a b: <a> ", "a:1", "a.a", "b.b", "ab", "aa", "bb", "ab:", "a1",
         "1.1", "1", "1", "1", "aa"},
        {"", "aaaaaaaaaaaaaaaaaaa", "a", "a", "a", "a", "a", "a", "a", "a", "1",
         "1", "1", "1", "a"}};
    char raw[4096];
    size_t n = 0;

    for (unsigned parts = 1 + below(3); parts; parts--) {
        char *filled = fill_words(p, values[below(3)]);
        size_t len = strlen(filled), from = below(3) ? 0 : below((unsigned)len);
        if (below(3) == 0)
            n += random_literal(raw + n);
        memcpy(raw + n, filled + from, len - from);
        n += len - from;
        if (below(4) == 0)
            raw[below((unsigned)n)] = "ab .:<"[below(6)];
        free(filled);
    }
    n = smtpcode_normalise(raw, n, words);
    words[n] = '\0';
    return n;
}

enum { MOST_IN_SET = 5, WORDS_IN_SET = 24, SETS = 40000 };

static unsigned best_by_trying(const struct pattern *patterns, size_t n,
                               const char *words) {
    const struct pattern *best = NULL;

    for (size_t i = 0; i < n; i++)
        if (patterns[i].record != SIZE_MAX &&
            (!best || patterns[i].literals > best->literals) &&
            fits_somewhere(&patterns[i], words + (*words == ' ')))
            best = &patterns[i];
    return best ? best->number : 0;
}

static size_t make_set(struct pattern *patterns, struct pattern **order) {
    size_t n = 0, want = 1 + below(MOST_IN_SET);

    while (n < want) {
        struct pattern *p = &patterns[n];
        memset(p, 0, sizeof *p);
        p->words = join_text("%s", random_template());
        p->number = (unsigned)n + 1;
        p->open = below(4) == 0;
        if (read_pattern(p)) {
            free((char *)(uintptr_t)p->words);
            continue;
        }
        order[n++] = p;
    }
    return n;
}

static int compare_set(unsigned *found) {
    static struct tables t;
    struct pattern patterns[MOST_IN_SET], *order[MOST_IN_SET];
    size_t n = make_set(patterns, order);
    struct smtpcode_match_result result;
    char words[8192];

    compile(&t, order, n, refuse);
    struct smtpcode_matcher m = view(&t);
    for (int i = 0; i < WORDS_IN_SET; i++) {
        size_t len = random_words(&patterns[below((unsigned)n)], words);
        unsigned want = best_by_trying(patterns, n, words);
        smtpcode_match_in(&m, words, len, 0, 0, &result);
        *found += want != 0;
        if (result.entry != want)
            fail_msg("'%s': %u, want %u '%s'", words, result.entry, want,
                     patterns[(want ? want : result.entry) - 1].words);
    }
    for (size_t i = 0; i < n; i++)
        free((char *)(uintptr_t)patterns[i].words);
    free(t.heads);
    free(t.grams);
    free(t.starts);
    free(t.records.at);
    return 1;
}

static void test_random(void **state) {
    unsigned found = 0;

    (void)state;
    for (int i = 0; i < SETS; i++)
        compare_set(&found);
    print_message("%d words, %u with a template\n", SETS * WORDS_IN_SET, found);
    assert_true(found > SETS * WORDS_IN_SET / 20);
}

/* "a {any} b" with b again and again and no a: the search ends by itself. */
static void test_budget(void **state) {
    static char words[1 << 16];
    struct pattern p = {.words = "{any}nowhere 1234{any}beginning of it",
                        .number = 1};
    struct pattern *order[] = {&p};
    struct tables t;
    struct smtpcode_match_result found;

    (void)state;
    assert_null(read_pattern(&p));
    compile(&t, order, 1, refuse);
    struct smtpcode_matcher m = view(&t);
    for (size_t i = 0; i < sizeof words; i++)
        words[i] = "beginning of it. nowhere 123 "[i % 29];
    for (size_t len = 4096; len <= sizeof words; len *= 4) {
        assert_int_equal(smtpcode_match_in(&m, words, len, 0, 0, &found), 0);
        assert_int_equal(found.budget_spent, 1);
        assert_in_range(found.steps, 16 * len,
                        SMTPCODE_BUDGET + SMTPCODE_BUDGET_BYTE * len);
    }
    memcpy(words, "nowhere 1234, beginning of it", 29);
    assert_int_equal(smtpcode_match_in(&m, words, 4096, 0, 0, &found), 1);
}

/* Codes before words, words before the order of the data. */
static void test_rank(void **state) {
    struct pattern p[] = {
        {.words = "user is unknown here", .number = 1, .reply = 550},
        {.words = "user is unknown here", .number = 2, .reply = 450},
        {.words = "user is unknown {any} now", .number = 3, .reply = 551},
        {.words = "user is unknown here and", .number = 4, .reply = 550}};
    struct pattern *order[] = {&p[0], &p[1], &p[2], &p[3]};
    static const struct {
        const char *words;
        int reply, entry, codes;
    } rows[] = {{"user is unknown here", 550, 1, SMTPCODE_CODES_AGREE},
                {"user is unknown here", 450, 2, SMTPCODE_CODES_AGREE},
                {"user is unknown here", 0, 1, SMTPCODE_CODES_SILENT},
                {"user is unknown here", 553, 1, SMTPCODE_CODES_DIFFER},
                {"user is unknown here", 250, 1, SMTPCODE_CODES_OPPOSE},
                {"user is unknown here now", 551, 3, SMTPCODE_CODES_AGREE},
                {"user is unknown here and", 550, 4, SMTPCODE_CODES_AGREE},
                {"user is unknown here and", 450, 2, SMTPCODE_CODES_AGREE},
                {"user is unknown here and", 0, 4, SMTPCODE_CODES_SILENT},
                {"user is unknown hereby", 550, 0, 0},
                {"my user is unknown here", 550, 0, 0}};
    struct tables t;
    struct smtpcode_match_result found;

    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_null(read_pattern(&p[i]));
    compile(&t, order, 4, refuse);
    struct smtpcode_matcher m = view(&t);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        smtpcode_match_in(&m, rows[i].words, strlen(rows[i].words),
                          rows[i].reply, 0, &found);
        if (found.entry != rows[i].entry || found.codes != rows[i].codes)
            fail_msg("%d %s: %d, %d", rows[i].reply, rows[i].words, found.entry,
                     found.codes);
    }
}

int main(void) {
    struct CMUnitTest tests[NNORMAL + 5];

    for (size_t i = 0; i < NNORMAL; i++)
        tests[i] =
            (struct CMUnitTest){normal_cases[i].name, test_normal, NULL, NULL,
                                (void *)(uintptr_t)&normal_cases[i]};
    tests[NNORMAL] = (struct CMUnitTest)cmocka_unit_test(test_normal_nul);
    tests[NNORMAL + 1] =
        (struct CMUnitTest)cmocka_unit_test(test_every_template);
    tests[NNORMAL + 3] = (struct CMUnitTest)cmocka_unit_test(test_budget);
    tests[NNORMAL + 4] = (struct CMUnitTest)cmocka_unit_test(test_rank);
    tests[NNORMAL + 2] = (struct CMUnitTest)cmocka_unit_test(test_random);
    return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}
