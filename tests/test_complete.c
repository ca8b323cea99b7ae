/*
 * test_complete.c - nothing that the standards and the registry list is
 * missing, and every entry says what its kind must say.  The lists in
 * tests/cases are plain, so that they can be compared with their sources.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "smtpcode.h"

/* Call CHECK for each line of tests/cases/FILE; how many there were. */
static size_t each_line(const char *file,
                        void (*check)(const smtpcode_entry *)) {
    char path[200], line[80];
    size_t n = 0;

    snprintf(path, sizeof path, "tests/cases/%s", file);
    FILE *f = fopen(path, "r");
    if (!f)
        fail_msg("%s cannot be read", path);
    for (; fgets(line, sizeof line, f); n++) {
        line[strcspn(line, "\n")] = '\0';
        const smtpcode_entry *e = smtpcode_find(line, strlen(line));
        if (!e || strcmp(smtpcode_id(e), line) != 0)
            fail_msg("%s: no entry '%s'", file, line);
        check(e);
    }
    fclose(f);
    return n;
}

static void need(const smtpcode_entry *e, enum smtpcode_field field,
                 size_t least, const char *what) {
    if (smtpcode_count(e, field) < least)
        fail_msg("%s has %zu %s, not %zu", smtpcode_id(e),
                 smtpcode_count(e, field), what, least);
}

static void check_code(const smtpcode_entry *e) {
    assert_int_equal(smtpcode_match_of(e), SMTPCODE_MATCH_EXACT);
    need(e, SMTPCODE_TITLE, 1, "titles");
    need(e, SMTPCODE_NAME, 1, "names");
    need(e, SMTPCODE_MEANING, 1, "sentences of meaning");
    need(e, SMTPCODE_ANSWER_WHO, 1, "answers to 'who?'");
    need(e, SMTPCODE_ANSWER_AGAIN, 1, "answers to 'again?'");
    need(e, SMTPCODE_ANSWER_ADDRESS, 1, "answers to 'address?'");
    need(e, SMTPCODE_STATUS, 1, "status");
    assert_int_not_equal(smtpcode_number(e, SMTPCODE_SUPPRESS, 0), 0);
}

/* The bar: at least as complete as the page that started the project. */
static void check_full(const smtpcode_entry *e) {
    check_code(e);
    need(e, SMTPCODE_CAUSE, 3, "causes");
    need(e, SMTPCODE_REMEDY, 3, "remedies");
    need(e, SMTPCODE_STANDARD_RFC, 1, "standards");
    size_t clues = 0;
    for (size_t i = 0; i < smtpcode_count(e, SMTPCODE_CAUSE); i++)
        clues += smtpcode_text(e, SMTPCODE_CAUSE_CLUE, i) != NULL;
    if (clues < 3)
        fail_msg("%s has words that give away %zu causes only", smtpcode_id(e),
                 clues);
}

static void check_rfc_code(const smtpcode_entry *e) {
    int status = smtpcode_number(e, SMTPCODE_STATUS, 0);

    check_full(e);
    assert_true(status >= 1 && status <= 3); /* standard ... experimental */
    need(e, SMTPCODE_DIGIT, 3, "digits");
    need(e, SMTPCODE_COMMAND, 1, "commands");
}

/* Codes that no RFC defines say so by their status. */
static void check_status(const smtpcode_entry *e) {
    int status = smtpcode_number(e, SMTPCODE_STATUS, 0);
    int not_smtp = smtpcode_id(e)[0] == '1';

    check_code(e);
    assert_int_equal(smtpcode_number(e, SMTPCODE_NUMBER, 0) < 200, not_smtp);
    if (not_smtp)
        assert_string_equal(smtpcode_word(SMTPCODE_WORDS_STATUS, status),
                            "not-smtp");
}

static void check_enhanced(const smtpcode_entry *e) {
    static const char classes[] = "245";

    check_code(e);
    need(e, SMTPCODE_STANDARD_RFC, 1, "standards");
    for (const char *c = classes; *c; c++) {
        char id[12];
        snprintf(id, sizeof id, "%c%s", *c, smtpcode_id(e) + 1);
        const smtpcode_entry *of_class = smtpcode_find(id, strlen(id));
        assert_non_null(of_class);
        assert_string_equal(smtpcode_id(of_class), id);
        check_code(of_class);
        need(of_class, SMTPCODE_DIGIT, 3, "digits");
    }
}

/* A page shows one reply, of one class: answers have a form for each. */
static void check_one_class(const smtpcode_entry *e,
                            enum smtpcode_field field) {
    const char *text;

    for (size_t i = 0; (text = smtpcode_text(e, field, i)); i++)
        if (strstr(text, "4xx") || strstr(text, "5xx"))
            fail_msg("%s: \"%s\" names a class", smtpcode_id(e), text);
}

static void check_condition(const smtpcode_entry *e) {
    assert_int_equal(smtpcode_kind_of(e), SMTPCODE_KIND_CONDITION);
    need(e, SMTPCODE_TITLE, 1, "titles");
    need(e, SMTPCODE_MEANING, 1, "definitions");
    need(e, SMTPCODE_ANSWER_WHO, 1, "answers to 'who?'");
    check_one_class(e, SMTPCODE_ANSWER_AGAIN);
    check_one_class(e, SMTPCODE_ANSWER_ADDRESS);
    check_one_class(e, SMTPCODE_ANSWER_AGAIN_4XX);
    check_one_class(e, SMTPCODE_ANSWER_ADDRESS_4XX);
    need(e, SMTPCODE_CAUSE, 3, "causes");
    need(e, SMTPCODE_REMEDY, 3, "remedies");
}

static void test_reply_codes(void **state) {
    (void)state;
    assert_int_equal(each_line("reply-codes.txt", check_status), 80);
}

static void test_rfc_codes(void **state) {
    (void)state;
    assert_int_equal(each_line("reply-codes-rfc.txt", check_rfc_code), 45);
}

static void test_enhanced_codes(void **state) {
    (void)state;
    assert_int_equal(each_line("enhanced-codes.txt", check_enhanced), 81);
}

static void test_most_met_codes(void **state) {
    (void)state;
    assert_int_equal(each_line("enhanced-most-met.txt", check_full), 60);
}

static void test_conditions(void **state) {
    (void)state;
    assert_int_equal(each_line("conditions.txt", check_condition), 56);
}

static void test_classes_and_subjects(void **state) {
    char id[12];

    (void)state;
    for (const char *c = "2345"; *c; c++) {
        snprintf(id, sizeof id, "%cxx", *c);
        const smtpcode_entry *e = smtpcode_find(id, 3);
        assert_non_null(e);
        need(e, SMTPCODE_NOTE, 1, "notes");
        need(e, SMTPCODE_ANSWER_AGAIN, 1, "answers to 'again?'");
    }
    for (const char *c = "245"; *c; c++)
        for (int subject = -1; subject < 8; subject++) {
            if (subject < 0)
                snprintf(id, sizeof id, "%c.x.x", *c);
            else
                snprintf(id, sizeof id, "%c.%d.x", *c, subject);
            const smtpcode_entry *e = smtpcode_find(id, strlen(id));
            if (!e || strcmp(smtpcode_id(e), id) != 0)
                fail_msg("no entry '%s'", id);
            need(e, SMTPCODE_TITLE, 1, "titles");
            need(e, SMTPCODE_ANSWER_AGAIN, 1, "answers to 'again?'");
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reply_codes),
        cmocka_unit_test(test_rfc_codes),
        cmocka_unit_test(test_enhanced_codes),
        cmocka_unit_test(test_most_met_codes),
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_classes_and_subjects),
    };
    return cmocka_run_group_tests_name("complete", tests, NULL, NULL);
}
