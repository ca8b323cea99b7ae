/*
 * judged.h - rows of what is made of a reply: a name, hints, the reply, and
 * what the answer says.  For test_judge.c and test_fixture.c.
 */
#ifndef TESTS_JUDGED_H
#define TESTS_JUDGED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "rows.h"
#include "smtpcode.h"

enum { MOST_ROWS = 1000 };
enum { NAME, HINTS, TEXT, WANT, NCOLUMNS };

static char *rows[MOST_ROWS][NCOLUMNS];
static size_t nrows;

static inline int word_value(enum smtpcode_vocabulary words, const char *word) {
    const char *known;

    for (int i = 1; (known = smtpcode_word(words, i)); i++)
        if (strcmp(known, word) == 0)
            return i;
    fail_msg("no such word: %s", word);
    return 0;
}

/* "stage=rcpt peer=mx.example.org role=submission" */
static inline void read_hints(char *text, smtpcode_hints *hints) {
    memset(hints, 0, sizeof *hints);
    hints->size = sizeof *hints;
    for (char *hint = strtok(text, " "); hint; hint = strtok(NULL, " ")) {
        char *value = strchr(hint, '=');
        if (!value)
            continue; /* "-": none */
        *value++ = '\0';
        if (strcmp(hint, "stage") == 0)
            hints->stage =
                (enum smtpcode_stage)word_value(SMTPCODE_WORDS_STAGE, value);
        else if (strcmp(hint, "role") == 0)
            hints->role = strcmp(value, "submission") == 0
                              ? SMTPCODE_ROLE_SUBMISSION
                              : SMTPCODE_ROLE_RELAY;
        else if (strcmp(hint, "peer") == 0) {
            hints->peer = value;
            hints->peer_length = strlen(value);
        } else
            fail_msg("no such hint: %s", hint);
    }
}

/* "token:mailgate/late:decides" for each row that fits. */
static inline json_t *candidates(const smtpcode_result *result) {
    json_t *list = json_array();
    const smtpcode_entry *e;

    for (size_t i = 0;
         (e = smtpcode_result_related(result, SMTPCODE_CANDIDATE, i)); i++)
        json_array_append_new(
            list,
            json_sprintf(
                "%s:%s:%s",
                smtpcode_word(SMTPCODE_WORDS_BASIS,
                              smtpcode_result_number(
                                  result, SMTPCODE_CANDIDATE_BASIS, i)),
                smtpcode_id(e),
                smtpcode_word(SMTPCODE_WORDS_REASON,
                              smtpcode_result_number(
                                  result, SMTPCODE_CANDIDATE_REASON, i))));
    return list;
}

/* The answer's JSON, and what else its rows may ask for. */
static inline json_t *answer(const char *text, size_t len,
                             const smtpcode_hints *hints) {
    static char json[1 << 17];
    static smtpcode_reply reply;
    smtpcode_result result;

    assert_int_equal(smtpcode_reply_read(&reply, text, len), SMTPCODE_OK);
    assert_int_equal(smtpcode_diagnose(&reply, hints, &result), SMTPCODE_OK);
    assert_true(smtpcode_json(&result, json, sizeof json) < sizeof json);
    json_t *root = json_loads(json, 0, NULL);
    assert_non_null(root);
    json_object_set_new(root, "candidates", candidates(&result));
    const smtpcode_entry *own =
        smtpcode_result_related(&result, SMTPCODE_OWN_CODE, 0);
    json_object_set_new(root, "own",
                        own ? json_string(smtpcode_id(own)) : json_null());
    return root;
}

/* What is at PATH, "captures.0.text"; NULL: an object on it has no such key. */
static inline const json_t *value_at(const json_t *root, const char *path) {
    char key[40];

    for (; root; path += *path == '.') {
        size_t len = strcspn(path, ".");
        snprintf(key, sizeof key, "%.*s", (int)len, path);
        path += len;
        if (json_is_array(root))
            root = (size_t)atoi(key) < json_array_size(root)
                       ? json_array_get(root, (size_t)atoi(key))
                       : json_null();
        else
            root = json_object_get(root, key);
        if (!*path || json_is_null(root))
            break;
    }
    return root;
}

static inline void put_json(const json_t *value, char *text, size_t size) {
    const json_t *one;
    size_t i;

    snprintf(text, size, "null");
    if (json_is_string(value))
        snprintf(text, size, "%s", json_string_value(value));
    else if (json_is_integer(value))
        snprintf(text, size, "%d", (int)json_integer_value(value));
    else if (json_is_boolean(value))
        snprintf(text, size, "%s", json_is_true(value) ? "true" : "false");
    else if (json_is_array(value)) {
        *text = '\0';
        json_array_foreach(value, i, one) {
            size_t len = strlen(text) + (i > 0);
            if (i)
                strcat(text, ",");
            put_json(one, text + len, size - len);
        }
    }
    for (char *blank = text; (blank = strchr(blank, ' '));)
        *blank = '_';
}

/* "condition=user-unknown suppress=no detail=null flags=conflict": each must
 * hold; "who!sender" must not.  An underscore stands for a blank. */
static inline void compare(const char *name, const json_t *root, char *want) {
    for (char *item = strtok(want, " "); item; item = strtok(NULL, " ")) {
        size_t key = strcspn(item, "=!");
        int other = item[key] == '!';
        const char *value = item + key + 1;
        char text[1000];
        item[key] = '\0';
        const json_t *have = value_at(root, item);
        if (!have)
            fail_msg("%s: the answer has no key %s", name, item);
        put_json(have, text, sizeof text);
        if ((strcmp(text, value) == 0) == other)
            fail_msg("%s: %s is %s, %s%s", name, item, text,
                     other ? "just what it must not be" : "not ",
                     other ? "" : value);
    }
}

static inline void check_row(void **state) {
    char **row = *state;
    smtpcode_hints hints;

    read_hints(row[HINTS], &hints);
    json_t *root = answer(row[TEXT], unescape_breaks(row[TEXT]), &hints);
    compare(row[NAME], root, row[WANT]);
    json_decref(root);
}

static inline void read_rows(const char *path) {
    nrows = read_cells(path, &rows[0][0], NCOLUMNS, nrows, MOST_ROWS);
}

/* A test each into TESTS; how many. */
static inline size_t tests_of_rows(struct CMUnitTest *tests) {
    for (size_t i = 0; i < nrows; i++)
        tests[i] =
            (struct CMUnitTest){rows[i][NAME], check_row, NULL, NULL, rows[i]};
    return nrows;
}

#endif
