/* test_json.c - smtpcode_entry_json(): its contract with buffers, and that
 * what it writes is JSON.  That it has the published shape is tested by a
 * second reader, tests/entry_schema.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "smtpcode.h"

static const smtpcode_entry *entry(const char *id) {
    const smtpcode_entry *e = smtpcode_find(id, strlen(id));

    assert_non_null(e);
    return e;
}

static char *json_of(const smtpcode_entry *e) {
    size_t need = smtpcode_entry_json(e, NULL, 0);
    char *text = malloc(need + 1);

    assert_non_null(text);
    assert_int_equal(smtpcode_entry_json(e, text, need + 1), need);
    assert_int_equal(strlen(text), need);
    return text;
}

/* Whatever the size: the same length, a NUL, a prefix, nothing beyond. */
static void test_sizes(void **state) {
    const smtpcode_entry *e = entry("4.7.1");
    char *whole = json_of(e), *cut = malloc(strlen(whole) + 9);
    size_t need = strlen(whole);

    (void)state;
    assert_non_null(cut);
    for (size_t size = 0; size <= need + 2; size++) {
        size_t kept = size == 0 ? 0 : size > need ? need : size - 1;
        memset(cut, '#', need + 9);
        assert_int_equal(smtpcode_entry_json(e, cut, size), need);
        assert_memory_equal(cut, whole, kept);
        if (size > 0)
            assert_int_equal(cut[kept], '\0');
        assert_int_equal(cut[size > need ? need + 1 : size], '#');
    }
    free(cut);
    free(whole);
}

static void test_all_parse(void **state) {
    (void)state;
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_ANY));) {
        json_error_t error;
        char *text = json_of(e);
        json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
        if (!root)
            fail_msg("%s: %s at byte %d", smtpcode_id(e), error.text,
                     error.position);
        json_decref(root);
        free(text);
    }
}

/* What the JSON says is what the accessors say. */
static void test_values(void **state) {
    const smtpcode_entry *e = entry("451");
    char *text = json_of(e);
    json_t *root = json_loads(text, 0, NULL);

    (void)state;
    assert_non_null(root);
    assert_string_equal(json_string_value(json_object_get(root, "kind")),
                        "reply-code");
    assert_string_equal(json_string_value(json_object_get(root, "code")),
                        "451");
    assert_string_equal(json_string_value(json_object_get(root, "title")),
                        smtpcode_text(e, SMTPCODE_TITLE, 0));
    assert_string_equal(json_string_value(json_object_get(root, "retry")),
                        "later");
    assert_string_equal(json_string_value(json_object_get(root, "match")),
                        "exact");
    assert_int_equal(json_array_size(json_object_get(root, "digits")), 3);
    assert_int_equal(json_array_size(json_object_get(root, "causes")),
                     smtpcode_count(e, SMTPCODE_CAUSE));
    assert_int_equal(json_array_size(json_object_get(root, "examples")),
                     smtpcode_count(e, SMTPCODE_TEMPLATES));
    assert_true(json_is_null(json_object_get(root, "who")) ||
                json_is_string(json_object_get(root, "who")));
    json_decref(root);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_all_parse),
        cmocka_unit_test(test_values),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
