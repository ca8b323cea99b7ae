/*
 * test_short.c - short patterns: rows of small sets, the ways a phrase is
 * written, every phrase of the data in its own example, and random sets
 * against a search that tries everything.
 */
#define _DEFAULT_SOURCE /* scandir */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <dirent.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "../tools/gen/gen.h"

enum { HITS = 64, MOST_IN_SET = 8 };

static const char *refused; /* why the last pattern was */

static void refuse(const struct short_pattern *p, const char *why) {
    (void)p;
    refused = why;
}

/* TEXT as a pattern, a leading '~' for one that yields; NULL if it is none. */
static struct short_pattern *new_short(const char *text, const char *charset,
                                       unsigned number) {
    struct short_pattern *p = calloc(1, sizeof *p);

    p->number = number;
    if (*text == '~') {
        p->flags = SMTPCODE_SHORT_YIELDS;
        text++;
    }
    p->text = text;
    if ((refused = read_short(text, true, charset, p))) {
        free(p);
        return NULL;
    }
    return p;
}

static void free_tables(struct short_tables *t) {
    free(t->heads);
    free(t->grams);
    free(t->records.at);
}

/* HITS as "1@0-4 2@8-12". */
static const char *describe(const struct smtpcode_hit *hits, size_t n) {
    static char text[HITS * 24];
    size_t len = 0;

    text[0] = '\0';
    for (size_t i = 0; i < n; i++)
        len += (size_t)sprintf(text + len, "%s%u@%u-%u", i ? " " : "",
                               hits[i].entry, (unsigned)hits[i].offset,
                               (unsigned)hits[i].offset + hits[i].length);
    return text;
}

/* ---- rows ---- */

static const struct row {
    const char *name;
    const char *patterns[MOST_IN_SET]; /* entries 1, 2, ... */
    const char *words;                 /* '#': masked */
    const char *hits;
} rows[] = {
    {"none", {"full"}, "mailbox empty", ""},
    {"alone", {"full"}, "full", "1@0-4"},
    {"among words", {"is full"}, "mailbox is full now", "1@8-15"},
    {"short words", {"full"}, "ful", ""},
    {"no words", {"full"}, "", ""},
    {"several", {"full", "quota"}, "quota full quota", "2@0-5 1@6-10 2@11-16"},
    {"overlap", {"is full", "full now"}, "is full now", "1@0-7 2@3-11"},
    {"within a longer one",
     {"full", "is full"},
     "full, is full",
     "1@0-4 2@6-13"},
    {"equal place, several entries", {"full", "full"}, "full", "1@0-4 2@0-4"},
    {"same begin", {"user", "user unknown"}, "user unknown", "2@0-12"},
    {"same end", {"unknown", "user unknown"}, "user unknown", "2@0-12"},
    {"one that yields hides none",
     {"full", "~is full"},
     "is full",
     "2@0-7 1@3-7"},
    {"one that yields is hidden", {"~full", "is full"}, "is full", "2@0-7"},

    {"edge: letter before", {"full"}, "awfull full", "1@7-11"},
    {"edge: letter behind", {"full"}, "fully full", "1@6-10"},
    {"edge: digit", {"tss04"}, "tss041 xtss04 tss04", "1@14-19"},
    {"edge: punctuation", {"tss04"}, "[tss04]", "1@1-6"},
    {"edge: underscore and dash", {"full"}, "a_full-b", "1@2-6"},
    {"no edge asked", {"?p=no", "id="}, "x?p=no", "1@1-6"},
    {"no edge at one end", {"(rp-"}, "a(rp-001)", "1@1-5"},
    {"edge: masked", {"full"}, "##full##", "1@2-6"},
    {"edge: accent behind", {"limit"}, "limit\xc3\xa9 limit", "1@8-13"},
    {"edge: accent before",
     {"etat"},
     "\xc3\xa9"
     "etat etat",
     "1@7-11"},
    {"edge: combining accent", {"limite"}, "limite\xcc\x81 limite", "1@9-15"},
    {"edge: vietnamese", {"thue"}, "thue\xe1\xba\xbf thue", "1@8-12"},
    {"edge: times sign",
     {"full"},
     "\xc3\x97"
     "full\xc3\xb7",
     "1@2-6"},
    {"edge: iso-8859-1", {"limit"}, "limit\xe9 limit", "1@7-12"},
    {"edge: iso-8859-1 at the end", {"limit"}, "limit\xe9", ""},
    {"edge: iso-8859-1 before",
     {"etat"},
     "\xe9"
     "etat d\xe9"
     "etat",
     ""},
    {"edge: chinese", {"smtp"}, "\xe7\x94\xa8smtp\xe6\x88\xb7", "1@3-7"},
    {"edge: chinese in gb18030", {"smtp"}, "\xd3\xc3smtp\xbb\xa7", "1@2-6"},
    {"edge: typographic quotes",
     {"full"},
     "\xe2\x80\x9c"
     "full\xe2\x80\x9d",
     "1@3-7"},
    {"edge: cyrillic", {"smtp"}, "\xd0\xb0smtp\xd0\xb1", "1@2-6"},
    {"no edge beyond ASCII",
     {"\xd0\xb0\xd0\xb1\xd0\xb2"},
     "\xd0\xb3\xd0\xb0\xd0\xb1\xd0\xb2\xd0\xb3",
     "1@2-8"},

    {"some: none", {"box {some} full"}, "a box full", "1@2-10"},
    {"some: three", {"box {some} full"}, "box of bob now full", "1@0-8"},
    {"some: four", {"box {some} full"}, "box of bob here now full", ""},
    {"some: not", {"box {some} full"}, "box is not full", ""},
    {"some: no", {"box {some} full"}, "box has no full", ""},
    {"some: the next sentence", {"box {some} full"}, "box ok. disk full", ""},
    {"some: masked", {"box {some} full"}, "box of ##### full", "1@0-8"},
    {"some: a word's begin", {"box {some} full"}, "box is fully", ""},
    {"some: a word's end", {"box {some} full"}, "inbox is full", ""},
    {"some: no end of a sentence",
     {"mailbox {some} one"},
     "mailbox no. one",
     ""},
    {"some: short ones", {"in {some} up"}, "a in bob up b", "1@2-7"},
    {"some: short ones at the ends", {"in {some} up"}, "in bob up", ""},
    {"some: behind nothing", {"ill {some} mailbox"}, " mailbox", ""},
    {"some: two of them",
     {"box {some} full", "user {some} full"},
     "user bob box now full",
     "2@0-9 1@9-17"},
    {"some: the nearer one", {"box {some} full"}, "box a box b full", "1@6-14"},
    {"some: again", {"box {some} full"}, "box full box full", "1@0-8 1@9-17"},
    {"some: once for each end", {"box {some} full"}, "box full full", "1@0-8"},
    {"some: hides none",
     {"box {some} full", "full"},
     "box is full",
     "1@0-8 2@7-11"},
    {"any: a word", {"user {any} unknown"}, "user bob unknown", "1@0-16"},
    {"any: masked", {"user {any} unknown"}, "user #####: unknown", "1@0-19"},
    {"any: not nothing", {"user {any} unknown"}, "user  unknown", ""},
    {"any: not two words", {"user {any} unknown"}, "user a b unknown", ""},
    {"any: 64 bytes",
     {"to {any} full"},
     "to 1234567890123456789012345678901234567890123456789012345678901234 full",
     "1@0-72"},
    {"any: 65 bytes",
     {"to {any} full"},
     "to 12345678901234567890123456789012345678901234567890123456789012345 "
     "full",
     ""},
    {"any: 70 bytes masked",
     {"to {any} full"},
     "to <####################################################################>"
     " full",
     "1@0-78"},
    {"any: part of a word",
     {"user <{any}> unknown"},
     "user <bob> unknown",
     "1@0-18"},
    {"any: and punctuation",
     {"user {any}: unknown"},
     "user bob:: unknown",
     "1@0-18"},
    {"any: punctuation missing",
     {"user {any}: unknown"},
     "user bob unknown",
     ""},
    {"any: last without a blank", {"address {any}!"}, "address a!b!", "1@0-10"},
    {"any: last with an edge", {"address a{any}z"}, "address azzy az z z", ""},
    {"any: last with an edge, further on",
     {"address a{any}z"},
     "address a1zz-z",
     "1@0-12"},
    {"any: first without a blank",
     {"id={any} is bad"},
     "xid=id=7 is bad",
     "1@4-15"},
    {"any: first with an edge", {"id{any} is bad"}, "xid7 is bad", ""},
    {"any: several",
     {"the {any} of {any} is full"},
     "the box of bob is full",
     "1@0-22"},
    {"any: at the end of the words", {"user {any} unknown"}, "user bob", ""},
    {"any: at the begin", {"user {any} unknown"}, "bob unknown", ""},
    {"any: nearest", {"user {any} is"}, "user user x is", "1@5-14"},
    {"any: between chinese words",
     {"\xe7\x94\xa8{any}\xe4\xb8\x8d\xe5\xad\x98"},
     "\xe7\x94\xa8###\xe4\xb8\x8d\xe5\xad\x98",
     "1@0-12"},
    {"capitals in a pattern", {"TSS04"}, "tss04", "1@0-5"},
};
enum { NROWS = sizeof rows / sizeof *rows };

static const char some[] = " {some} ";

/* The two patterns that LEFT {some} RIGHT is. */
static size_t new_sides(struct short_tables *t, const char *text,
                        unsigned number, struct short_pattern **patterns) {
    const char *gap = strstr(text, some);
    const char *texts[] = {join_text("%.*s", (int)(gap - text), text),
                           gap + sizeof some - 1};

    unsigned pair =
        new_pair(t, number, SMTPCODE_SHORT_SOME | SMTPCODE_SHORT_YIELDS);
    for (unsigned i = 0; i < 2; i++) {
        patterns[i] = calloc(1, sizeof **patterns);
        patterns[i]->text = text;
        assert_null(read_side(texts[i],
                              i ? SMTPCODE_SHORT_RIGHT : SMTPCODE_SHORT_LEFT,
                              pair, "utf-8", patterns[i]));
    }
    return 2;
}

static size_t compile_row(struct short_tables *t, const char *const *texts,
                          struct short_pattern **patterns) {
    size_t n = 0;

    memset(t, 0, sizeof *t);
    for (unsigned i = 0; i < MOST_IN_SET && texts[i]; i++)
        if (strstr(texts[i], some))
            n += new_sides(t, texts[i], i + 1, patterns + n);
        else if ((patterns[n] = new_short(texts[i], "utf-8", i + 1)))
            n++;
    compile_shorts(t, patterns, n, NULL, 0, refuse);
    return n;
}

static void test_row(void **state) {
    const struct row *r = *state;
    struct short_tables t = {.npairs = 0};
    struct short_pattern *patterns[MOST_IN_SET];
    struct smtpcode_hit hits[HITS];
    size_t len = strlen(r->words);
    char *words = malloc(len + 1); /* so that ASan sees what is beyond */

    compile_row(&t, r->patterns, patterns);
    struct smtpcode_shorts s = view_shorts(&t);
    for (size_t i = 0; i < len; i++)
        words[i] = (char)(r->words[i] == '#' ? SMTPCODE_MASKED : r->words[i]);
    size_t n = smtpcode_find_short(&s, words, len, hits, HITS);
    assert_string_equal(describe(hits, n), r->hits);
    free(words);
    free_tables(&t);
}

/* ---- what is refused ---- */

static const struct wrong {
    const char *text, *charset, *why;
} wrongs[] = {
    {"abc", "utf-8", "no 4 bytes of words"},
    {"ab {any} cd", "utf-8", "no 4 bytes of words"},
    {"{any} is full", "utf-8", "{any} at its begin or end"},
    {"full is {any}", "utf-8", "{any} at its begin or end"},
    {"user {any}{any} full", "utf-8", "{any} twice in a row"},
    {"user {any}@{any} full", "utf-8", "hold no blank"},
    {"user {name} full", "utf-8", "an unknown placeholder"},
    {"user {any full", "utf-8", "an unknown placeholder"},
    {"user any} full", "utf-8", "an unknown placeholder"},
    {"a {any} b {any} c {any} d {any} e {any} f {any} g {any} h {any} i {any} "
     "j {any} k {any} l {any} m {any} n {any} o {any} p {any} full",
     "utf-8", "more than 16 parts"},
    {"\xd1\x8f\xd1\x89\xd1\x8f", "koi8-r", "no 4 bytes of words"},
    {"\xd1\x8f\xd1\x89\xd0\xb8\xd0\xba", "iso-8859-1", "has not its letters"},
};

static void test_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        assert_null(new_short(wrongs[i].text, wrongs[i].charset, 1));
        if (!strstr(refused, wrongs[i].why))
            fail_msg("'%s': %s", wrongs[i].text, refused);
    }
    assert_non_null(new_short("\xd1\x8f\xd1\x89\xd1\x8f", "utf-8", 1));
}

static void test_charsets(void **state) {
    (void)state;
    assert_null(lint_charset("utf-8"));
    assert_null(lint_charset("shift_jis"));
    assert_null(lint_charset("gb18030"));
    assert_string_equal(lint_charset("utf-99"), "no such charset");
    assert_non_null(lint_charset("utf-16"));
    assert_non_null(lint_charset("utf-7"));
    assert_non_null(lint_charset("iso-2022-jp"));
    assert_non_null(lint_charset("cp037"));
}

/* ---- letters ---- */

/* The alphabets that mail servers write in, against the C library. */
static void test_capitals(void **state) {
    static const uint32_t spans[][2] = {
        {0xdf, 0xff},   {0x100, 0x17e}, {0x218, 0x21b}, {0x3ac, 0x3ce},
        {0x400, 0x45f}, {0x460, 0x481}, {0x48a, 0x52f}, {0x1ea0, 0x1eff}};

    (void)state;
    if (!setlocale(LC_CTYPE, "C.UTF-8")) {
        print_message("no locale C.UTF-8: not compared\n");
        return;
    }
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        for (uint32_t c = spans[i][0]; c <= spans[i][1]; c++)
            assert_int_equal(capital_of(c), towupper((wint_t)c));
    setlocale(LC_CTYPE, "C");
}

static const struct form_row {
    const char *text, *language;
    const char *forms[8]; /* some that must be there */
    size_t count;
} form_rows[] = {
    {"mailbox full", "en", {"mailbox full"}, 1},
    {"\xc3\xbc"
     "berf\xc3\xbcllt",
     "de",
     {"\xc3\x9c"
      "berf\xc3\xbcllt",
      "\xc3\x9c"
      "berf\xc3\x9cllt",
      "uberfullt", "ueberfuellt"},
     5},
    {"n'existe pas",
     "fr",
     {"n\xe2\x80\x99"
      "existe pas"},
     2},
    {"\xd1\x8f\xd1\x89\xd0\xb8\xd0\xba {any} \xd1\x91",
     "ru",
     {"\xd0\xaf\xd1\x89\xd0\xb8\xd0\xba {any} \xd1\x91",
      "\xd0\xaf\xd0\xa9\xd0\x98\xd0\x9a {any} \xd0\x81",
      "\xd0\xaf\xd1\x89\xd0\xb8\xd0\xba {any} \xd0\x81",
      "\xd1\x8f\xd1\x89\xd0\xb8\xd0\xba {any} \xd0\xb5"},
     8},
    {"iletilemedi",
     "tr",
     {"\xc4\xb0"
      "letilemedi",
      "\xc4\xb0let\xc4\xb0lemed\xc4\xb0"},
     3},
};

static void test_forms(void **state) {
    const char *forms[MOST_FORMS];

    (void)state;
    for (size_t i = 0; i < sizeof form_rows / sizeof *form_rows; i++) {
        const struct form_row *r = &form_rows[i];
        size_t n = forms_of(r->text, r->language, forms);
        assert_string_equal(forms[0], r->text);
        for (size_t k = 0; k < 8 && r->forms[k]; k++) {
            size_t f = 0;
            while (f < n && strcmp(forms[f], r->forms[k]) != 0)
                f++;
            if (f == n)
                fail_msg("'%s' is not written '%s'", r->text, r->forms[k]);
        }
        assert_int_equal(n, r->count);
    }
}

/* In its charset, with other words around it, through the normaliser. */
static void test_encoded(void **state) {
    static const struct {
        const char *charset, *text, *reply;
    } samples[] = {
        {"koi8-r", "\xd1\x8f\xd1\x89\xd0\xb8\xd0\xba", "\xd1\xdd\xc9\xcb"},
        {"windows-1251", "\xd1\x8f\xd1\x89\xd0\xb8\xd0\xba",
         "\xff\xf9\xe8\xea"},
        {"iso-8859-1", "bo\xc3\xaete",
         "550 BO\xee"
         "TE pleine"},
        /* Shift_JIS: 8341 8343 83 5B, second bytes that are capitals */
        {"shift_jis", "\xe3\x82\xa2\xe3\x82\xa4\xe3\x83\xbc",
         "550 \x83\x41\x83\x43\x81\x5b"},
        {"gb18030", "\xe9\x82\xae\xe7\xae\xb1", "(\xd3\xca\xcf\xe4)"},
        {"big5", "\xe4\xbf\xa1\xe7\xae\xb1", "\xab\x48\xbd\x63"},
        {"euc-kr", "\xec\x9a\xb0\xed\x8e\xb8", "a\xbf\xec\xc6\xed"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct short_tables t = {.npairs = 0};
        struct short_pattern *p =
            new_short(samples[i].text, samples[i].charset, 7);
        char words[64];
        struct smtpcode_hit hit;
        size_t len = strlen(samples[i].reply);
        assert_non_null(p);
        compile_shorts(&t, &p, 1, NULL, 0, refuse);
        struct smtpcode_shorts s = view_shorts(&t);
        len = smtpcode_normalise(samples[i].reply, len, words);
        if (smtpcode_find_short(&s, words, len, &hit, 1) != 1)
            fail_msg("%s is not found", samples[i].charset);
        free_tables(&t);
    }
}

/* ---- more hits than there is room for ---- */

static void test_most(void **state) {
    static const char *const texts[MOST_IN_SET] = {"full", "quota", "spammer"};
    static const char words[] = "full quota full spammer quota full";
    struct short_tables t = {.npairs = 0};
    struct short_pattern *patterns[MOST_IN_SET];
    struct smtpcode_hit hits[HITS];

    (void)state;
    compile_row(&t, texts, patterns);
    struct smtpcode_shorts s = view_shorts(&t);
    static const char *const want[] = {"", "3@16-23", "2@5-10 3@16-23",
                                       "2@5-10 3@16-23 2@24-29",
                                       "1@0-4 2@5-10 3@16-23 2@24-29"};
    for (size_t most = 0; most < 5; most++) {
        size_t n = smtpcode_find_short(&s, words, sizeof words - 1, hits, most);
        assert_string_equal(describe(hits, n), want[most]);
    }
    free_tables(&t);
}

/* As many as 16 bits can number, and one more. */
static void test_too_many(void **state) {
    enum { MANY = UINT16_MAX + 1 };
    static struct short_pattern *patterns[MANY];
    static struct short_tables t;

    (void)state;
    for (unsigned i = 0; i < MANY; i++) {
        char *text = malloc(16);
        sprintf(text, "%08x", i * 0x9e3779b1u);
        patterns[i] = new_short(text, "utf-8", i);
        assert_non_null(patterns[i]);
    }
    refused = NULL;
    compile_shorts(&t, patterns, MANY - 1, NULL, 0, refuse);
    assert_null(refused);
    free_tables(&t);
    compile_shorts(&t, patterns, MANY, NULL, 0, refuse);
    assert_string_equal(refused, too_many_grams);
    free_tables(&t);
}

/* An address is at most 254 bytes; an {any} may have a few more around it. */
static void test_long_any(void **state) {
    static const char *const texts[MOST_IN_SET] = {"to {any}> full"};
    struct short_tables t = {.npairs = 0};
    struct short_pattern *patterns[MOST_IN_SET];
    struct smtpcode_hit hit;

    (void)state;
    compile_row(&t, texts, patterns);
    struct smtpcode_shorts s = view_shorts(&t);
    for (size_t any = 319; any <= 322; any++) {
        char words[400] = "to ";
        memset(words + 3, SMTPCODE_MASKED, any);
        strcpy(words + 3 + any, "> full");
        assert_int_equal(smtpcode_find_short(&s, words, strlen(words), &hit, 1),
                         any <= SMTPCODE_ANY_ALL);
    }
    free_tables(&t);
}

/* ---- the data ---- */

/* The phrase, or a server's sentence that it stands in, of the same condition.
 */
static int is_of(const smtpcode_entry *hit, const smtpcode_entry *phrase) {
    return hit == phrase ||
           (smtpcode_kind_of(hit) == SMTPCODE_KIND_TEMPLATE &&
            smtpcode_related(hit, SMTPCODE_CONDITION, 0) ==
                smtpcode_related(phrase, SMTPCODE_CONDITION, 0));
}

static int is_hit(const char *reply, const char *id, char *words, size_t size) {
    struct smtpcode_hit hits[HITS];
    const smtpcode_entry *phrase = smtpcode_find(id, strlen(id));
    size_t len = strlen(reply);

    assert_true(len < size);
    len = smtpcode_normalise(reply, len, words);
    smtpcode_mask(words, len, words);
    char condensed[4096 + 2];
    len = smtpcode_condense(words, len, condensed);
    size_t n = smtpcode_find_phrases(condensed, len, hits, HITS);
    for (size_t i = 0; i < n; i++)
        if (is_of(&smtpcode_entries[hits[i].entry], phrase))
            return 1;
    return 0;
}

static unsigned nphrases;

static unsigned check_phrases(const char *path) {
    json_t *root = json_load_file(path, 0, NULL), *one;
    const char *language = json_string_value(json_object_get(root, "language"));
    unsigned missed = 0;
    size_t i;

    json_array_foreach(json_object_get(root, "phrases"), i, one) {
        char id[128], words[4096];
        nphrases++;
        snprintf(id, sizeof id, "%s/%s", language,
                 json_string_value(json_object_get(one, "id")));
        if (!is_hit(json_string_value(json_object_get(one, "example")), id,
                    words, sizeof words)) {
            print_message("%s is not in its example '%s'\n", id, words);
            missed++;
        }
    }
    json_decref(root);
    return missed;
}

/* Every phrase is found in its example; another one within it may decide. */
static void test_examples(void **state) {
    struct dirent **names;
    int n = scandir("data/phrases", &names, NULL, alphasort);
    unsigned missed = 0;

    (void)state;
    for (int i = 0; i < n; i++) {
        char path[512];
        if (strstr(names[i]->d_name, ".json")) {
            snprintf(path, sizeof path, "data/phrases/%s", names[i]->d_name);
            missed += check_phrases(path);
        }
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    print_message("%u phrases\n", nphrases);
    assert_int_equal(missed, 0);
    assert_true(n < 0 || nphrases > 0);
}

/* Each token and mark, zone and name stands in itself. */
static void expect_name(const smtpcode_entry *e, const char *text) {
    char words[512];
    struct smtpcode_hit hits[HITS];
    size_t len = smtpcode_normalise(text, strlen(text), words);
    size_t n = smtpcode_find_names(words, len, hits, HITS);

    for (size_t i = 0; i < n; i++)
        if (&smtpcode_entries[hits[i].entry] == e && hits[i].length == len)
            return;
    fail_msg("'%s' is not found in itself", text);
}

static void test_names(void **state) {
    static const struct {
        enum smtpcode_kind kind;
        enum smtpcode_field field;
    } where[] = {{SMTPCODE_KIND_SERVER, SMTPCODE_MARK},
                 {SMTPCODE_KIND_TOKEN, SMTPCODE_LINE},
                 {SMTPCODE_KIND_BLOCKLIST, SMTPCODE_ZONE},
                 {SMTPCODE_KIND_BLOCKLIST, SMTPCODE_CALLED}};
    unsigned n = 0;

    (void)state;
    for (size_t k = 0; k < 4; k++)
        for (const smtpcode_entry *e = NULL;
             (e = smtpcode_next(e, where[k].kind));)
            for (size_t i = 0; i < smtpcode_count(e, where[k].field); i++, n++)
                expect_name(e, smtpcode_text(e, where[k].field, i));
    print_message("%u names\n", n);
    assert_true(n > 50);
}

/* ---- against a search that tries everything ---- */

static uint32_t seed = 1;

static unsigned below(unsigned n) {
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static const char *const atoms[] = {
    "a",        "b", "ab", "aba",  " ",  " ",  "-",
    "\xc3\xa9", "1", "ba", "\xe9", "a ", " b", "\xe7\x94\xa8"};
enum { NATOMS = sizeof atoms / sizeof *atoms };

static void random_text(char *out, unsigned parts, int any) {
    *out = '\0';
    for (; parts; parts--) {
        unsigned a = below(NATOMS);
        if (a == 10)
            a = 0; /* a byte that is no UTF-8: in words only */
        strcat(out, any && below(5) == 0 ? "{any}" : atoms[a]);
    }
}

static void random_words(struct short_pattern *const *p, size_t n, char *out) {
    *out = '\0';
    for (unsigned parts = 1 + below(6); parts; parts--) {
        const struct short_pattern *one = p[below((unsigned)n)];
        for (size_t i = 0; i < one->n; i++) {
            if (below(8))
                strncat(out, one->pieces[i].bytes, one->pieces[i].len);
            for (unsigned more = below(4); more; more--)
                strcat(out, below(4) ? atoms[below(NATOMS)] : "\1");
        }
        if (below(16) == 0)
            for (unsigned k = 50 + below(30); k; k--)
                strcat(out, "ab");
    }
}

static int latin_before(const unsigned char *w, size_t at, size_t len) {
    (void)len;
    return at > 0 && (isalnum(w[at - 1]) || (at > 1 && w[at - 2] == 0xc3) ||
                      (w[at - 1] == 0xe9 && (at < 2 || w[at - 2] < 0x80)));
}

static int latin_behind(const unsigned char *w, size_t at, size_t len) {
    return at < len && (isalnum(w[at]) || w[at] == 0xc3 ||
                        (w[at] == 0xe9 && (at + 1 == len || w[at + 1] < 0x80)));
}

static int can_be_any(const char *words, size_t from, size_t to) {
    size_t plain = 0;

    for (size_t i = from; i < to; i++) {
        if (words[i] == ' ')
            return 0;
        plain += words[i] != 1;
    }
    return to > from && to - from <= 320 && plain <= 64;
}

static int piece_at(const struct piece *p, const char *words, size_t len,
                    size_t at) {
    return at <= len && p->len <= len - at &&
           memcmp(words + at, p->bytes, p->len) == 0;
}

/* The least end of pieces I on, when the one before ends at AT; 0: none. */
static size_t try_right(const struct short_pattern *p, size_t i,
                        const char *words, size_t len, size_t at) {
    size_t least = 0;

    if (i == p->n)
        return p->flags & SMTPCODE_SHORT_ENDS &&
                       latin_behind((const unsigned char *)words, at, len)
                   ? 0
                   : at;
    for (size_t to = at + 1; to <= len && !least; to++)
        if (can_be_any(words, at, to) &&
            piece_at(&p->pieces[i], words, len, to))
            least = try_right(p, i + 1, words, len, to + p->pieces[i].len);
    return least;
}

/* The greatest begin + 1 of pieces before I, which begins at AT; 0: none. */
static size_t try_left(const struct short_pattern *p, size_t i,
                       const char *words, size_t len, size_t at) {
    size_t most = 0;

    if (i == 0)
        return p->flags & SMTPCODE_SHORT_BEGINS &&
                       latin_before((const unsigned char *)words, at, len)
                   ? 0
                   : at + 1;
    size_t before = p->pieces[i - 1].len;
    for (size_t from = at; from-- > before && !most;)
        if (can_be_any(words, from, at) &&
            piece_at(&p->pieces[i - 1], words, len, from - before))
            most = try_left(p, i - 1, words, len, from - before);
    if (!most && at > before && can_be_any(words, before, at) &&
        piece_at(&p->pieces[i - 1], words, len, 0))
        most = try_left(p, i - 1, words, len, 0);
    return most;
}

struct found {
    struct smtpcode_hit hit;
    int yields;
};

static int hides(const struct found *a, const struct found *b) {
    return !a->yields && a->hit.length > b->hit.length &&
           a->hit.offset <= b->hit.offset &&
           a->hit.offset + a->hit.length >= b->hit.offset + b->hit.length;
}

static int by_place(const void *left, const void *right) {
    const struct smtpcode_hit *a = left, *b = right;

    if (a->offset != b->offset)
        return a->offset < b->offset ? -1 : 1;
    if (a->length != b->length)
        return a->length > b->length ? -1 : 1;
    return (a->entry > b->entry) - (a->entry < b->entry);
}

static size_t try_all(struct short_pattern *const *p, size_t n,
                      const char *words, size_t len,
                      struct smtpcode_hit *hits) {
    static struct found all[4096];
    size_t count = 0, kept = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t at = 0; at < len; at++) {
            size_t a = p[i]->anchor, begin, end;
            if (!piece_at(&p[i]->pieces[a], words, len, at) ||
                !(begin = try_left(p[i], a, words, len, at)) ||
                !(end = try_right(p[i], a + 1, words, len,
                                  at + p[i]->pieces[a].len)))
                continue;
            all[count++] = (struct found){
                {(uint16_t)p[i]->number, (uint16_t)(end - begin + 1),
                 (uint32_t)begin - 1},
                !!(p[i]->flags & SMTPCODE_SHORT_YIELDS)};
        }
    for (size_t i = 0; i < count; i++) {
        int hidden = 0;
        for (size_t k = 0; k < count && !hidden; k++)
            hidden = hides(&all[k], &all[i]) ||
                     (k < i && by_place(&all[k].hit, &all[i].hit) == 0);
        if (!hidden)
            hits[kept++] = all[i].hit;
    }
    qsort(hits, kept, sizeof *hits, by_place);
    return kept;
}

static size_t random_set(struct short_pattern **p) {
    static char texts[MOST_IN_SET][256];
    size_t n = 0;

    for (unsigned number = 1; n < 1 + below(MOST_IN_SET);) {
        char *text = texts[n];
        *text = '\0';
        if (below(4) == 0)
            strcpy(text, "~");
        random_text(text + strlen(text), 2 + below(7), below(2) == 0);
        if (text[strlen(text) - 1] != ' ' && !strstr(text, "  ") &&
            (p[n] = new_short(text, "utf-8", number)))
            n++, number++;
    }
    return n;
}

static void compare(const struct smtpcode_shorts *s,
                    struct short_pattern *const *p, size_t n, unsigned *found) {
    static struct smtpcode_hit have[4096], want[4096];
    static char raw[8192];
    random_words(p, n, raw);
    size_t len = strlen(raw);
    char *words = malloc(len + 1);

    memcpy(words, raw, len);
    size_t wanted = try_all(p, n, words, len, want);
    size_t had = smtpcode_find_short(s, words, len, have, 4096);
    if (had != wanted || memcmp(have, want, had * sizeof *have) != 0) {
        for (size_t i = 0; i < n; i++)
            print_message("%u '%s'\n", p[i]->number, p[i]->text);
        fail_msg("'%s': %zu, want %zu: %s", raw, had, wanted,
                 describe(want, wanted < HITS ? wanted : HITS));
    }
    *found += had > 0;
    free(words);
}

enum { SETS = 20000, WORDS_IN_SET = 5 };

static void test_random(void **state) {
    unsigned found = 0;

    (void)state;
    for (int set = 0; set < SETS; set++) {
        struct short_pattern *made[MOST_IN_SET], *p[MOST_IN_SET];
        size_t n = random_set(made);
        struct short_tables t = {.npairs = 0};
        memcpy(p, made, n * sizeof *p);
        compile_shorts(&t, p, n, NULL, 0, refuse);
        struct smtpcode_shorts s = view_shorts(&t);
        for (int i = 0; i < WORDS_IN_SET; i++)
            compare(&s, p, t.npatterns, &found);
        for (size_t i = 0; i < n; i++) {
            for (size_t k = 0; k < made[i]->n; k++)
                free((char *)(uintptr_t)made[i]->pieces[k].bytes);
            free(made[i]);
        }
        free_tables(&t);
    }
    print_message("%d words, %u with hits\n", SETS * WORDS_IN_SET, found);
    assert_true(found > SETS);
}

int main(void) {
    struct CMUnitTest tests[NROWS + 11] = {
        cmocka_unit_test(test_refused),  cmocka_unit_test(test_charsets),
        cmocka_unit_test(test_capitals), cmocka_unit_test(test_forms),
        cmocka_unit_test(test_encoded),  cmocka_unit_test(test_most),
        cmocka_unit_test(test_examples), cmocka_unit_test(test_names),
        cmocka_unit_test(test_random),   cmocka_unit_test(test_long_any),
        cmocka_unit_test(test_too_many)};

    for (size_t i = 0; i < NROWS; i++)
        tests[i + 11] = (struct CMUnitTest){rows[i].name, test_row, NULL, NULL,
                                            (void *)(uintptr_t)&rows[i]};
    return cmocka_run_group_tests_name("short", tests, NULL, NULL);
}
