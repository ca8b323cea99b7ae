/*
 * test_judge.c - what is made of a reply: tests/cases/diagnose.tsv, a row
 * each: the reply, hints, and what must be in the JSON answer.
 */
#define _GNU_SOURCE /* getline, strsep */
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

enum { MOST_ROWS = 1000 };
enum { NAME, HINTS, TEXT, WANT, NCOLUMNS };

static char *rows[MOST_ROWS][NCOLUMNS];
static size_t nrows;

/* "\n" of two characters is a line break, as in the command's filter. */
static size_t unescape(char *text) {
    size_t n = 0;

    for (const char *c = text; *c; c++)
        if (c[0] == '\\' && c[1] == 'n' && c++)
            text[n++] = '\n';
        else
            text[n++] = *c;
    text[n] = '\0';
    return n;
}

static int word_value(enum smtpcode_vocabulary words, const char *word) {
    const char *known;

    for (int i = 1; (known = smtpcode_word(words, i)); i++)
        if (strcmp(known, word) == 0)
            return i;
    fail_msg("no such word: %s", word);
    return 0;
}

/* "stage=rcpt peer=mx.example.org role=submission" */
static void read_hints(char *text, smtpcode_hints *hints) {
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

static json_t *answer(const char *text, size_t len,
                      const smtpcode_hints *hints) {
    static char json[1 << 17];
    static smtpcode_reply reply;
    smtpcode_result result;

    assert_int_equal(smtpcode_reply_read(&reply, text, len), SMTPCODE_OK);
    assert_int_equal(smtpcode_diagnose(&reply, hints, &result), SMTPCODE_OK);
    assert_true(smtpcode_json(&result, json, sizeof json) < sizeof json);
    json_t *root = json_loads(json, 0, NULL);
    assert_non_null(root);
    return root;
}

/* "condition=user-unknown suppress=no detail=null flags=conflict": each must
 * hold; "who!sender" must not. */
static void compare(const char *name, json_t *root, char *want) {
    for (char *item = strtok(want, " "); item; item = strtok(NULL, " ")) {
        size_t key = strcspn(item, "=!");
        int other = item[key] == '!';
        const char *value = item + key + 1;
        item[key] = '\0';
        const json_t *have = json_object_get(root, item);
        char text[200] = "null";
        if (json_is_string(have))
            snprintf(text, sizeof text, "%s", json_string_value(have));
        else if (json_is_integer(have))
            snprintf(text, sizeof text, "%d", (int)json_integer_value(have));
        else if (json_is_boolean(have))
            snprintf(text, sizeof text, "%s",
                     json_is_true(have) ? "true" : "false");
        else if (json_is_array(have)) {
            size_t i;
            const json_t *one;
            text[0] = '\0';
            json_array_foreach(have, i, one)
                snprintf(text + strlen(text), sizeof text - strlen(text),
                         "%s%s", i ? "," : "", json_string_value(one));
        } else if (!have)
            fail_msg("%s: the answer has no key %s", name, item);
        if ((strcmp(text, value) == 0) == other)
            fail_msg("%s: %s is %s, %s%s", name, item, text,
                     other ? "just what it must not be" : "not ",
                     other ? "" : value);
    }
}

static void check_row(void **state) {
    char **row = *state;
    smtpcode_hints hints;

    read_hints(row[HINTS], &hints);
    json_t *root = answer(row[TEXT], unescape(row[TEXT]), &hints);
    compare(row[NAME], root, row[WANT]);
    json_decref(root);
}

static void read_rows(const char *path) {
    char *line = NULL;
    size_t size = 0;
    FILE *f = fopen(path, "r");

    if (!f) {
        fprintf(stderr, "test_judge: %s cannot be read\n", path);
        exit(1);
    }
    while (nrows < MOST_ROWS && getline(&line, &size, f) > 0) {
        char *rest = line;
        line[strcspn(line, "\n")] = '\0';
        if (*line == '#' || !*line)
            continue;
        for (int i = NAME; i < NCOLUMNS; i++) {
            char *cell = strsep(&rest, "\t");
            if (!cell) {
                fprintf(stderr, "test_judge: too few columns: %s\n", line);
                exit(1);
            }
            rows[nrows][i] = strdup(cell);
        }
        nrows++;
    }
    free(line);
    fclose(f);
}

int main(void) {
    static struct CMUnitTest tests[MOST_ROWS];

    read_rows("tests/cases/diagnose.tsv");
    for (size_t i = 0; i < nrows; i++)
        tests[i] =
            (struct CMUnitTest){rows[i][NAME], check_row, NULL, NULL, rows[i]};
    return _cmocka_run_group_tests("judge", tests, nrows, NULL, NULL);
}
