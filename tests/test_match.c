/*
 * test_match.c - the matcher: each template of the data finds itself, whole
 * and by its first and last line, and on random templates and words it agrees
 * with one that tries everything.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../libsmtpcode/reply.h"
#include "slow_match.h"

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

static const struct joins_case {
    const char *name, *text;
    uint16_t joins[3], normal[3]; /* up to a 0 */
} joins_cases[] = {
    {"joins stay", "a b c", {1, 3}, {1, 3}},
    {"blanks before a join", "a  b \r\nc d", {6, 8}, {3, 5}},
    {"a join among blanks", "ab \t cd", {3}, {2}},
    {"joins side by side", "ab   cd", {2, 3, 4}, {2, 2, 2}},
    {"behind blanks at the begin", "  a b", {3}, {2}},
};
enum { NJOINS = sizeof joins_cases / sizeof *joins_cases };

static void test_joins(void **state) {
    const struct joins_case *c = *state;
    uint16_t normal[3];
    size_t n = 0;

    while (n < 3 && c->joins[n])
        n++;
    smtpcode_normalise_joins(c->text, c->joins, n, normal);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(normal[i], c->normal[i]);
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
    {"", "x", "IPv6:2001:DB8::", "a@b", "c@d", "e@f", "g", "h", "i://j", "k",
     "7", "1", "2 days, 3 hours and 1 second", "1", "l"},
};
enum { NSETS = sizeof value_sets / sizeof *value_sets };

/* What the generator makes of the templates, from what the library says. */
static struct pattern *patterns[4096];
static size_t npatterns;

static size_t lines_of(const smtpcode_entry *e, const char **lines) {
    size_t n = 0;

    while (n < MOST_LINES && (lines[n] = smtpcode_text(e, SMTPCODE_LINE, n)))
        n++;
    return n;
}

static struct pattern *pattern_of(unsigned number, const char *const *lines,
                                  size_t n) {
    struct pattern *p = calloc(1, sizeof *p);

    p->number = number;
    p->words = read_words(lines, n, p);
    if (*p->words && !read_pattern(p))
        return p;
    free(p);
    return NULL;
}

static void collect(void) {
    const char *lines[MOST_LINES];

    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_TEMPLATE));)
        patterns[npatterns++] = pattern_of((unsigned)(e - smtpcode_entries),
                                           lines, lines_of(e, lines));
}

/* Templates with the same words, codes and stages are found together. */
static int is_among(const struct smtpcode_match_result *found,
                    const struct pattern *p) {
    for (unsigned i = 0; i < found->nentries; i++)
        if (found->entries[i] == p->number)
            return 1;
    return 0;
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

/* Templates with equal words capture by the names of the first. */
static const struct pattern *first_of(const struct smtpcode_match_result *r,
                                      const struct pattern *p) {
    for (size_t i = 0; i < npatterns; i++)
        if (patterns[i]->number == r->entry)
            return patterns[i];
    return p;
}

static void check_found(const struct pattern *p, const char *const *values,
                        const char *reply) {
    struct smtpcode_match_result found;
    char words[8192];
    size_t len = smtpcode_normalise(reply, strlen(reply), words);
    struct smtpcode_said said = {words, len, NULL, 0, p->reply, p->enhanced, 0};

    words[len] = '\0';
    if (!smtpcode_match(&said, &found) || !is_among(&found, p))
        fail_msg("'%s' is found as '%s'", words,
                 smtpcode_id(&smtpcode_entries[found.entry]));
    assert_int_equal(found.codes, SMTPCODE_CODES_AGREE);
    assert_int_equal(found.part, SMTPCODE_LINES_ALL);
    assert_int_equal(found.begin, 0);
    assert_int_equal(found.end, len);
    if (found.steps > (SMTPCODE_BUDGET + SMTPCODE_BUDGET_BYTE * len) / 4)
        fail_msg("%u steps for '%s'", (unsigned)found.steps, words);
    most_steps = found.steps > most_steps ? found.steps : most_steps;
    check_captures(first_of(&found, p), values, words, &found);
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

static void check_template(const struct pattern *p) {
    for (int set = 0; set < NSETS; set++) {
        char *words = fill_words(p, value_sets[set], NULL);
        char *folded = fold(words);
        check_found(p, value_sets[set], words);
        check_found(p, value_sets[set], folded);
        upper(words);
        check_found(p, value_sets[set], words);
        free(words);
        free(folded);
    }
}

static void test_every_template(void **state) {
    (void)state;
    for (size_t i = 0; i < npatterns; i++)
        check_template(patterns[i]);
    print_message("%zu templates, at most %u steps\n", npatterns, most_steps);
    assert_true(npatterns >= 600);
}

/* ---- through the reader: with codes, and lines as servers break them ---- */

/* A line of a template with values in place, to AT; its end. */
static char *put_line(char *at, const char *line, const char *const *values) {
    struct pattern p = {.words = line};

    read_pattern(&p); /* the parts are wanted, not whether they will do */
    char *filled = fill_words(&p, values, NULL);
    at += sprintf(at, "%s\n", filled);
    free(filled);
    return at;
}

/* What the library makes of the N LINES with VALUES in place. */
static void match_lines(const char *const *lines, size_t n,
                        const char *const *values,
                        struct smtpcode_match_result *found) {
    static char text[16384], words[4096];
    static smtpcode_reply reply;
    uint16_t joins[REPLY_JOINS];
    const struct reply *r = (const struct reply *)(const void *)&reply;
    char *at = text;

    for (size_t i = 0; i < n; i++)
        at = put_line(at, lines[i], values);
    smtpcode_reply_set(&reply, 0, text, (size_t)(at - text));
    smtpcode_normalise_joins(r->words, r->joins, r->njoins, joins);
    struct smtpcode_said said = {
        words,   smtpcode_normalise(r->words, r->length, words),
        joins,   r->njoins,
        r->code, (int)r->enhanced,
        0};
    smtpcode_match(&said, found);
}

static int has_number(const struct smtpcode_match_result *found,
                      unsigned number) {
    const struct pattern p = {.number = number};

    return is_among(found, &p);
}

/* A line that a server might say before that of P, with the same codes. */
static const char *line_before(const struct pattern *p) {
    static char line[64];
    int n = p->reply ? sprintf(line, "%d-", p->reply) : 0;

    if (p->enhanced)
        n += sprintf(line + n, "%d.%d.%d ", p->enhanced / 1000000,
                     p->enhanced / 1000 % 1000, p->enhanced % 1000);
    sprintf(line + n, "something before it");
    return line;
}

/* The whole of it, also behind a line of something else. */
static void check_reply(const struct pattern *p, const char *const *values) {
    const smtpcode_entry *e = &smtpcode_entries[p->number];
    const char *lines[MOST_LINES + 1] = {line_before(p)};
    struct smtpcode_match_result found;
    size_t n = lines_of(e, lines + 1);

    match_lines(lines + 1, n, values, &found);
    if (!is_among(&found, p) || found.part || found.begin > 0 ||
        found.codes != SMTPCODE_CODES_AGREE)
        fail_msg("%s is found as %s", smtpcode_id(e),
                 smtpcode_id(&smtpcode_entries[found.entry]));
    match_lines(lines, n + 1, values, &found);
    if (!is_among(&found, p) || found.part || found.begin != 20 ||
        found.codes != SMTPCODE_CODES_AGREE)
        fail_msg("behind a line, %s is found as %s", smtpcode_id(e),
                 smtpcode_id(&smtpcode_entries[found.entry]));
}

static void test_every_reply(void **state) {
    (void)state;
    for (size_t i = 0; i < npatterns; i++)
        for (int set = 0; set < NSETS; set++)
            check_reply(patterns[i], value_sets[set]);
}

/* Whether LINE is to be known alone: it is long enough, and the data does not
 * say that others say it too. */
static int stands(const smtpcode_entry *e, const char *line,
                  enum smtpcode_lines part) {
    const struct entry *data =
        find_entry(SMTPCODE_KIND_TEMPLATE, smtpcode_id(e));
    const char *shared =
        json_string_value(json_object_get(data->json, "shared"));
    struct pattern *p = pattern_of(1, &line, 1);
    const char *other = part == SMTPCODE_LINES_FIRST ? "last" : "first";

    if (!p)
        return 0;
    p->part = part;
    int alone = stands_alone(p) && (!shared || strcmp(shared, other) == 0);
    free(p);
    return alone;
}

static unsigned nparts, nwhole, nnothing, nambiguous;

static void check_part(const smtpcode_entry *e, const char *line,
                       enum smtpcode_lines part) {
    struct smtpcode_match_result found;

    for (int set = 0; set < NSETS; set++) {
        match_lines(&line, 1, value_sets[set], &found);
        if (found.entry && !found.part) {
            nwhole++;
        } else if (!stands(e, line, part)) {
            nnothing++; /* too short, or shared */
        } else {
            if (!has_number(&found, (unsigned)(e - smtpcode_entries)) ||
                found.begin > 0 || found.codes != SMTPCODE_CODES_AGREE)
                fail_msg("part %d of %s is found as %s", part, smtpcode_id(e),
                         smtpcode_id(&smtpcode_entries[found.entry]));
            nparts++;
            nambiguous += found.ambiguous;
        }
    }
}

static void test_every_part(void **state) {
    const char *lines[MOST_LINES];

    (void)state;
    read_sources("data");
    build_entries();
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_TEMPLATE));) {
        size_t n = lines_of(e, lines);
        if (n < 2)
            continue;
        check_part(e, lines[0], SMTPCODE_LINES_FIRST);
        check_part(e, lines[n - 1], SMTPCODE_LINES_LAST);
    }
    print_message("%u first and last lines found as such (%u in groups of "
                  "several conditions), %u as whole replies, %u not\n",
                  nparts, nambiguous, nwhole, nnothing);
    assert_true(nparts > 5 * nnothing && nparts > 5 * nwhole);
}

/* ---- a reply that quotes another ---- */

static int any_begins_line(const struct pattern *p) {
    for (size_t i = 0; i < p->n; i++) {
        if (!is_any(&p->elements[i]))
            continue;
        if (i == 0)
            return 1;
        for (size_t k = 0; k < p->njoins; k++)
            if (p->words + p->joins[k] + 1 ==
                p->elements[i - 1].bytes + p->elements[i - 1].len)
                return 1;
    }
    return 0;
}

/* The outer reply wins, or one that begins where it does; the inner one only
 * where its words begin a line. */
static void check_quote(const struct pattern *outer, const char *inner,
                        const struct pattern *inside, unsigned *lost) {
    const char *values[15];
    uint16_t joins[MOST_LINES];
    struct smtpcode_match_result found;

    memcpy(values, value_sets[0], sizeof values);
    values[SMTPCODE_PLACEHOLDER_ANY] = inner;
    char *words = fill_words(outer, values, joins);
    struct smtpcode_said said = {
        words,        strlen(words),   joins, outer->njoins,
        outer->reply, outer->enhanced, 0};
    smtpcode_match(&said, &found);
    if (!is_among(&found, outer)) {
        if (!found.entry || (found.begin > 0 && !any_begins_line(outer)))
            fail_msg("%s in %s is found as %s",
                     smtpcode_id(&smtpcode_entries[inside->number]),
                     smtpcode_id(&smtpcode_entries[outer->number]),
                     smtpcode_id(&smtpcode_entries[found.entry]));
        ++*lost;
    }
    free(words);
}

static int has_any(const struct pattern *p) {
    for (size_t i = 0; i < p->n; i++)
        if (is_any(&p->elements[i]))
            return 1;
    return 0;
}

static void test_every_quote(void **state) {
    const char *whole = getenv("SMTPCODE_WHOLE");
    size_t step = whole && *whole == '1' ? 1 : 4;
    unsigned n = 0, lost = 0;

    (void)state;
    for (size_t i = 0; i < npatterns; i++) {
        char *inner = fill_words(patterns[i], value_sets[0], NULL);
        for (size_t k = i % step; k < npatterns; k += step)
            if (k != i && has_any(patterns[k])) {
                check_quote(patterns[k], inner, patterns[i], &lost);
                n++;
            }
        free(inner);
    }
    print_message("%u replies in another's {any}: the outer one but %u times\n",
                  n, lost);
    assert_true(n > 50000 && lost < n / 100);
}

/* ---- against a matcher that tries everything ---- */

static uint32_t seed = 1;

static unsigned below(unsigned n) {
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

/* Few letters, so that words repeat themselves and overlap. */
static size_t random_literal(char *out) {
    static const char *const alphabets[] = {"ab",   "a: .", "ab <>",
                                            "a1.-", "1d m", "v6: "};
    const char *alphabet = alphabets[below(6)];
    size_t len = below(3) ? 1 + below(4) : 11 + below(5);

    for (size_t i = 0; i < len; i++)
        out[i] = alphabet[below((unsigned)strlen(alphabet))];
    return len;
}

static const char *random_template(void) {
    static const char *const placeholders[] = {
        "{any}",  "{any}", "{ip}", "<{recipient}>", "{domain}",  "{sender}",
        "{host}", "{url}", "{id}", "{number}",      "{duration}"};
    static char raw[256], words[256];
    size_t n = 0;

    for (unsigned parts = 1 + below(6), i = 0; i < parts; i++)
        if (below(2))
            n += random_literal(raw + n);
        else
            n += (size_t)sprintf(raw + n, "%s", placeholders[below(11)]);
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
        {"", "", "1.1", "a@b", "", "b", "a.b", "a-1", "a:b", "a", "1", "1",
         "1 d", "1", "a"},
        {"", "a b: <a> ", "ipv6:a::", "", "b.b", "ab", "aa", "bb", "ab:", "a1",
         "1.1", "1", "1 d, 1m and 1 d", "1", "aa"},
        {"", "aaaaaaaaaaaaaaaaaaa", "a::", "a", "a", "a", "a", "a", "a", "a",
         "1", "1", "11", "1", "a"}};
    char raw[4096];
    size_t n = 0;

    for (unsigned parts = 1 + below(3); parts; parts--) {
        char *filled = fill_words(p, values[below(3)], NULL);
        size_t len = strlen(filled), from = below(3) ? 0 : below((unsigned)len);
        if (below(3) == 0)
            n += random_literal(raw + n);
        else if (below(3) == 0)
            raw[n++] = ' ';
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

/* Some of the blanks as line breaks. */
static size_t random_joins(const char *words, uint16_t *joins) {
    unsigned one_of = 1 + below(6);
    size_t n = 0;

    for (size_t i = 0; words[i] && n < 64; i++)
        if (words[i] == ' ' && below(one_of) == 0)
            joins[n++] = (uint16_t)i;
    return n;
}

enum { MOST_IN_SET = 5, WORDS_IN_SET = 24, SETS = 60000 };

static struct pattern *random_pattern(unsigned number,
                                      const struct pattern *other) {
    struct pattern *p = calloc(1, sizeof *p);

    p->number = number;
    p->open = below(4) == 0;
    p->part =
        below(4) ? SMTPCODE_LINES_ALL : (enum smtpcode_lines)(1 + below(2));
    p->open = p->open && !p->part;
    p->reply = (int)below(2) * 450 + (int)below(2) * 100;
    p->stages = below(2) ? 1u << (6 + below(2)) : 0;
    p->condition = below(3);
    for (;;) {
        int same = other && below(4) == 0; /* a row more of a record */
        p->words = join_text("%s", same ? other->words : random_template());
        if (!read_pattern(p))
            return p;
        free((char *)(uintptr_t)p->words);
        p->n = p->literals = 0;
        p->nplaceholders = 0;
    }
}

static int compare_set(unsigned *found) {
    static struct tables t;
    struct pattern *order[MOST_IN_SET];
    const struct pattern *set[MOST_IN_SET];
    size_t n = 1 + below(MOST_IN_SET);
    struct smtpcode_match_result result, want;
    char words[8192];
    uint16_t joins[64];

    for (size_t i = 0; i < n; i++)
        set[i] = order[i] =
            random_pattern((unsigned)i + 1, i ? order[i - 1] : NULL);
    compile(&t, order, n, refuse);
    struct smtpcode_matcher m = view(&t);
    for (int i = 0; i < WORDS_IN_SET; i++) {
        size_t len = random_words(set[below((unsigned)n)], words);
        struct smtpcode_said said = {words,
                                     len,
                                     joins,
                                     random_joins(words, joins),
                                     (int)below(2) * 550,
                                     0,
                                     6 * (int)below(2)};
        slow_match(set, n, &said, &want);
        smtpcode_match_in(&m, &said, &result);
        *found += want.entry != 0;
        if (!slow_agrees(&want, &result))
            fail_msg("'%s' (%zu lines): %u, want %u '%s'", words,
                     said.njoins + 1, result.entry, want.entry,
                     set[(want.entry ? want.entry : result.entry) - 1]->words);
    }
    for (size_t i = 0; i < n; i++)
        free((char *)(uintptr_t)set[i]->words);
    for (size_t i = 0; i < n; i++)
        free(order[i]);
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

/* "a {any} b" with b again and again and no a: each byte is searched once.
 * With more such templates than are remembered, the budget ends it. */
static void search_in_vain(const struct smtpcode_matcher *m, int names) {
    static char words[1 << 16];
    struct smtpcode_match_result found;
    struct smtpcode_said said = {.words = words};

    for (size_t i = 0; i < sizeof words; i++) {
        char c = "begin *********** nowhere 123 "[i % 30];
        words[i] = (char)(c == '*' ? 'a' + (int)(i / 30) % names : c);
    }
    for (size_t len = 4096; len <= sizeof words; len *= 4) {
        size_t budget = SMTPCODE_BUDGET + SMTPCODE_BUDGET_BYTE * len;
        said.len = len;
        assert_int_equal(smtpcode_match_in(m, &said, &found), 0);
        assert_int_equal(found.budget_spent, names > 1);
        assert_in_range(found.steps, names > 1 ? 16 * len : len,
                        names > 1 ? budget : 8 * len);
    }
    memcpy(words, "nowhere 1234, begin aaaaaaaaaaa ", 32);
    said.len = 4096;
    assert_int_equal(smtpcode_match_in(m, &said, &found), 1);
}

static void test_budget(void **state) {
    enum { MANY = 26 };
    static struct pattern p[MANY];
    struct pattern *order[MANY];
    struct tables t;

    (void)state;
    for (int i = 0; i < MANY; i++) {
        char name[12] = "";
        memset(name, 'a' + i, 11);
        p[i].words = join_text("{any}nowhere 1234{any}begin %s", name);
        p[i].number = (unsigned)i + 1;
        order[i] = &p[i];
        assert_null(read_pattern(&p[i]));
    }
    compile(&t, order, MANY, refuse);
    struct smtpcode_matcher m = view(&t);
    search_in_vain(&m, 1);
    search_in_vain(&m, MANY);
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
        struct smtpcode_said said = {
            rows[i].words, strlen(rows[i].words), NULL, 0, rows[i].reply, 0, 0};
        smtpcode_match_in(&m, &said, &found);
        if (found.entry != rows[i].entry || found.codes != rows[i].codes)
            fail_msg("%d %s: %d, %d", rows[i].reply, rows[i].words, found.entry,
                     found.codes);
    }
}

#define ROW_TESTS(cases, count, test)            \
    for (size_t i = 0; i < (count); i++)         \
        tests[n++] = (struct CMUnitTest) {       \
            (cases)[i].name, test, NULL, NULL,   \
                (void *)(uintptr_t) & (cases)[i] \
        }

int main(void) {
    struct CMUnitTest tests[NNORMAL + NJOINS + 9];
    static const struct CMUnitTest rest[] = {
        cmocka_unit_test(test_normal_nul),
        cmocka_unit_test(test_every_template),
        cmocka_unit_test(test_every_reply),
        cmocka_unit_test(test_every_part),
        cmocka_unit_test(test_every_quote),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_budget),
        cmocka_unit_test(test_rank)};
    size_t n = 0;

    collect();
    ROW_TESTS(normal_cases, NNORMAL, test_normal);
    ROW_TESTS(joins_cases, NJOINS, test_joins);
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        tests[n++] = rest[i];
    return _cmocka_run_group_tests("match", tests, n, NULL, NULL);
}
