/* test_entry.c - accessors, the walk over all entries, and vocabularies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "smtpcode.h"

static const smtpcode_entry *entry(const char *id) {
    const smtpcode_entry *e = smtpcode_find(id, strlen(id));

    assert_non_null(e);
    return e;
}

static void test_kinds(void **state) {
    static const struct {
        const char *id;
        enum smtpcode_kind kind;
    } cases[] = {{"451", SMTPCODE_KIND_REPLY_CODE},
                 {"4xx", SMTPCODE_KIND_REPLY_CODE},
                 {"x.7.1", SMTPCODE_KIND_ENHANCED_STATUS},
                 {"mailbox-full", SMTPCODE_KIND_CONDITION},
                 {"postfix", SMTPCODE_KIND_SERVER}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(smtpcode_kind_of(entry(cases[i].id)), cases[i].kind);
}

/* Each kind's walk gives what the walk over all gives, in the same order. */
static void test_walk(void **state) {
    size_t all = 0, by_kind = 0;
    const smtpcode_entry *before = NULL;

    (void)state;
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_ANY));) {
        assert_ptr_not_equal(e, before);
        before = e;
        all++;
    }
    for (int kind = SMTPCODE_KIND_REPLY_CODE; kind <= SMTPCODE_KIND_BLOCKLIST;
         kind++)
        for (const smtpcode_entry *e = NULL;
             (e = smtpcode_next(e, (enum smtpcode_kind)kind));) {
            assert_int_equal(smtpcode_kind_of(e), kind);
            by_kind++;
        }
    assert_true(all > 80 + 4 * 81 + 56);
    assert_int_equal(all, by_kind);
}

static void test_code_order(void **state) {
    int before = 0;

    (void)state;
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_REPLY_CODE));) {
        if (smtpcode_match_of(e) != SMTPCODE_MATCH_EXACT)
            break; /* classes and servers' own follow */
        assert_true(smtpcode_number(e, SMTPCODE_NUMBER, 0) > before);
        before = smtpcode_number(e, SMTPCODE_NUMBER, 0);
    }
    assert_int_equal(before, 571);
}

/* Every entry is found by its own id, and every id once. */
static void test_ids(void **state) {
    (void)state;
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_ANY));)
        assert_ptr_equal(entry(smtpcode_id(e)), e);
}

/* A field read with the wrong accessor, or past its end, is absent. */
static void test_wrong_reads(void **state) {
    const smtpcode_entry *e = entry("451");
    static const int fields[] = {-1, 0, 31, 47, 63, 95, 123, 65535, 1 << 30};

    (void)state;
    assert_int_equal(smtpcode_number(e, SMTPCODE_TITLE, 0), 0);
    assert_int_equal(smtpcode_number(e, SMTPCODE_CONDITION, 0), 0);
    assert_int_equal(smtpcode_number(e, SMTPCODE_NUMBER, 1), 0);
    assert_int_equal(smtpcode_number(e, SMTPCODE_NUMBER, SIZE_MAX), 0);
    assert_null(smtpcode_text(e, SMTPCODE_NUMBER, 0));
    assert_null(smtpcode_text(e, SMTPCODE_CONDITION, 0));
    assert_null(smtpcode_text(e, SMTPCODE_TITLE, 1));
    assert_null(smtpcode_text(e, SMTPCODE_TITLE, SIZE_MAX));
    assert_null(smtpcode_related(e, SMTPCODE_NUMBER, 0));
    assert_null(smtpcode_related(e, SMTPCODE_TITLE, 0));
    assert_null(smtpcode_related(e, SMTPCODE_ENHANCED, SIZE_MAX));
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        enum smtpcode_field field = (enum smtpcode_field)fields[i];
        assert_int_equal(smtpcode_number(e, field, 0), 0);
        assert_null(smtpcode_text(e, field, 0));
        assert_null(smtpcode_related(e, field, 0));
        assert_int_equal(smtpcode_count(e, field), 0);
    }
}

/* Lists that run in step have the same length in every entry. */
static void test_lists_in_step(void **state) {
    static const enum smtpcode_field steps[][2] = {
        {SMTPCODE_CAUSE, SMTPCODE_CAUSE_CLUE},
        {SMTPCODE_CAUSE, SMTPCODE_CAUSE_WHO},
        {SMTPCODE_CAUSE, SMTPCODE_CAUSE_CONDITION},
        {SMTPCODE_CAUSE, SMTPCODE_CAUSE_MINUTES_MOST},
        {SMTPCODE_REMEDY, SMTPCODE_REMEDY_FOR},
        {SMTPCODE_DONT, SMTPCODE_DONT_SINCE},
        {SMTPCODE_CHECK, SMTPCODE_CHECK_FOR},
        {SMTPCODE_CHECK, SMTPCODE_CHECK_COMMAND},
        {SMTPCODE_CONFLICT, SMTPCODE_CONFLICT_SOURCE},
        {SMTPCODE_STANDARD_RFC, SMTPCODE_STANDARD_OBSOLETED_BY},
        {SMTPCODE_STANDARD_RFC, SMTPCODE_STANDARD_DRAFT},
        {SMTPCODE_WHO_IF, SMTPCODE_WHO_IF_WHO},
        {SMTPCODE_WHO_IF, SMTPCODE_WHO_IF_WHEN},
        {SMTPCODE_DIGIT, SMTPCODE_DIGIT_TITLE},
        {SMTPCODE_AT_STAGE, SMTPCODE_AT_CONDITION},
    };
    (void)state;
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_ANY));)
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
            assert_int_equal(smtpcode_count(e, steps[i][0]),
                             smtpcode_count(e, steps[i][1]));
}

static void test_451(void **state) {
    const smtpcode_entry *e = entry("451");

    (void)state;
    assert_int_equal(smtpcode_number(e, SMTPCODE_RETRY, 0),
                     SMTPCODE_RETRY_LATER);
    assert_int_equal(smtpcode_number(e, SMTPCODE_SUPPRESS, 0),
                     SMTPCODE_SUPPRESS_NO);
    assert_string_equal(smtpcode_text(e, SMTPCODE_DIGIT, 0), "4");
    assert_string_equal(smtpcode_text(e, SMTPCODE_DIGIT, 1), "5");
    assert_string_equal(smtpcode_text(e, SMTPCODE_DIGIT, 2), "1");
    assert_int_equal(smtpcode_number(e, SMTPCODE_STANDARD_RFC, 0), 5321);
    assert_true(smtpcode_count(e, SMTPCODE_CAUSE) >= 3);
    assert_true(smtpcode_count(e, SMTPCODE_TEMPLATES) >= 1);
}

/* 4.7.1 and 5.7.1 differ where the class changes the meaning, and share the
 * very same bytes where it does not. */
static void test_classes_share(void **state) {
    const smtpcode_entry *four = entry("4.7.1"), *five = entry("5.7.1");

    (void)state;
    assert_string_not_equal(smtpcode_text(four, SMTPCODE_TITLE, 0),
                            smtpcode_text(five, SMTPCODE_TITLE, 0));
    assert_int_equal(smtpcode_number(four, SMTPCODE_RETRY, 0),
                     SMTPCODE_RETRY_LATER);
    assert_int_equal(smtpcode_number(five, SMTPCODE_RETRY, 0),
                     SMTPCODE_RETRY_AFTER_FIX);
    assert_ptr_equal(smtpcode_text(four, SMTPCODE_NAME, 0),
                     smtpcode_text(five, SMTPCODE_NAME, 0));
}

static const char *bare(const smtpcode_entry *e) {
    const char *slash = strchr(smtpcode_id(e), '/');

    return slash ? slash + 1 : smtpcode_id(e);
}

/* R5: nothing temporary advises to drop an address for good; nor does a
 * server's own code that stands for every class. */
static void test_temporary_never_drops(void **state) {
    (void)state;
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_ANY));) {
        int temporary =
            bare(e)[0] == '4' || (bare(e)[0] == 'x' && bare(e)[1] == '.' &&
                                  bare(e) != smtpcode_id(e));
        if (temporary &&
            smtpcode_number(e, SMTPCODE_SUPPRESS, 0) == SMTPCODE_SUPPRESS_YES)
            fail_msg("%s drops the address", smtpcode_id(e));
        if (smtpcode_number(e, SMTPCODE_SUPPRESS_4XX, 0) ==
            SMTPCODE_SUPPRESS_YES)
            fail_msg("%s drops the address on a 4xx", smtpcode_id(e));
    }
}

/* A link by bare code means the code, not some server's sense of it. */
static void test_links_to_codes(void **state) {
    static const enum smtpcode_field fields[] = {
        SMTPCODE_SEE_ALSO, SMTPCODE_ENHANCED, SMTPCODE_REPLIES};

    (void)state;
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_ANY));)
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
            const smtpcode_entry *other;
            for (size_t i = 0; (other = smtpcode_related(e, fields[f], i));
                 i++) {
                const char *code = bare(other);
                const smtpcode_entry *registered =
                    smtpcode_find(code, strlen(code));
                if (other != registered &&
                    smtpcode_match_of(registered) == SMTPCODE_MATCH_EXACT)
                    fail_msg("%s points to %s", smtpcode_id(e),
                             smtpcode_id(other));
            }
        }
}

/* Whatever a find returned may be passed on unchecked. */
static void test_null(void **state) {
    char json[16];

    (void)state;
    assert_string_equal(smtpcode_id(NULL), "");
    assert_int_equal(smtpcode_kind_of(NULL), SMTPCODE_KIND_ANY);
    assert_int_equal(smtpcode_match_of(NULL), SMTPCODE_MATCH_NONE);
    assert_int_equal(smtpcode_number(NULL, SMTPCODE_NUMBER, 0), 0);
    assert_int_equal(smtpcode_count(NULL, SMTPCODE_TITLE), 0);
    assert_null(smtpcode_text(NULL, SMTPCODE_TITLE, 0));
    assert_null(smtpcode_related(NULL, SMTPCODE_SERVER, 0));
    assert_int_equal(smtpcode_entry_json(NULL, json, sizeof json), 4);
    assert_string_equal(json, "null");
}

static void test_numbers(void **state) {
    static const struct {
        const char *id;
        int number;
    } cases[] = {{"451", 451},
                 {"4xx", 0},
                 {"x.7.1", 7001},
                 {"4.7.1", 4007001},
                 {"4.7.x", 0},
                 {"5.x.x", 0},
                 {"greylisted", SMTPCODE_CONDITION_GREYLISTED},
                 {"gmail/x.7.27", 7027}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(
            smtpcode_number(entry(cases[i].id), SMTPCODE_NUMBER, 0),
            cases[i].number);
}

static void test_words(void **state) {
    static const struct {
        enum smtpcode_vocabulary words;
        int value;
        const char *word;
    } cases[] = {
        {SMTPCODE_WORDS_KIND, SMTPCODE_KIND_TEMPLATE, "template"},
        {SMTPCODE_WORDS_MATCH, SMTPCODE_MATCH_CLASS, "class"},
        {SMTPCODE_WORDS_WHO, SMTPCODE_WHO_SENDER, "sender"},
        {SMTPCODE_WORDS_WHO, SMTPCODE_WHO_NOBODY, "nobody"},
        {SMTPCODE_WORDS_WHO, 0, NULL},
        {SMTPCODE_WORDS_WHO, 7, NULL},
        {SMTPCODE_WORDS_WHO, -1, NULL},
        {SMTPCODE_WORDS_RETRY, SMTPCODE_RETRY_AFTER_FIX, "after-fix"},
        {SMTPCODE_WORDS_SUPPRESS, SMTPCODE_SUPPRESS_YES, "yes"},
        {SMTPCODE_WORDS_SCOPE, 9, "server"},
        {SMTPCODE_WORDS_FIX_AT, 9, "policy"},
        {SMTPCODE_WORDS_STAGE, 10, "quit"},
        {SMTPCODE_WORDS_STATUS, 1, "standard"},
        {SMTPCODE_WORDS_SERVER_KIND, 5, "blocklist-operator"},
        {SMTPCODE_WORDS_RULE, 6, "never"},
        {(enum smtpcode_vocabulary)99, 1, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *word = smtpcode_word(cases[i].words, cases[i].value);
        if (cases[i].word)
            assert_string_equal(word, cases[i].word);
        else
            assert_null(word);
    }
}

static void test_versions(void **state) {
    (void)state;
    assert_string_equal(smtpcode_version(), SMTPCODE_VERSION);
    assert_int_equal(strlen(smtpcode_data_version()), 16);
    assert_int_equal(strspn(smtpcode_data_version(), "0123456789abcdef"), 16);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_walk),
        cmocka_unit_test(test_code_order),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_wrong_reads),
        cmocka_unit_test(test_lists_in_step),
        cmocka_unit_test(test_451),
        cmocka_unit_test(test_classes_share),
        cmocka_unit_test(test_temporary_never_drops),
        cmocka_unit_test(test_links_to_codes),
        cmocka_unit_test(test_null),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_versions),
    };
    return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
