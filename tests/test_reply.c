/* test_reply.c - the reply in its wrapper: codes, words, stage, side. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "smtpcode.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])
#define NOT_A_REPLY SMTPCODE_ERR_NOT_A_REPLY

static void assert_words(const smtpcode_reply *r, const char *words,
                         size_t expected) {
    size_t len;
    const char *got = smtpcode_reply_words(r, &len);

    if (len != expected || memcmp(got, words, len) != 0)
        fail_msg("words are '%.*s', not '%.*s'", (int)len, got, (int)expected,
                 words);
}

static void assert_enhanced(const smtpcode_reply *r, const char *expected) {
    char got[32] = "";

    if (smtpcode_reply_class(r))
        snprintf(got, sizeof got, "%d.%d.%d", smtpcode_reply_class(r),
                 smtpcode_reply_subject(r), smtpcode_reply_detail(r));
    assert_string_equal(got, expected);
}

/* What holds for any reply read from LEN bytes. */
static void assert_sane(const smtpcode_reply *r, enum smtpcode_status status,
                        size_t len) {
    size_t words, span;
    size_t start = smtpcode_reply_source_span(r, &span);
    int code = smtpcode_reply_code(r);

    smtpcode_reply_words(r, &words);
    assert_true(words <= 4096);
    assert_true(start <= len && span <= len - start);
    assert_true(code == 0 || (code >= 200 && code <= 599));
    assert_true(smtpcode_reply_subject(r) <= 999);
    assert_int_equal(status == SMTPCODE_OK,
                     code || smtpcode_reply_class(r) || words);
    assert_int_equal(status == SMTPCODE_OK, smtpcode_reply_count(r) > 0);
}

/* ---- wrappers.tsv ---- */

enum { MAX_WRAPPERS = 200, NCOLUMNS = 7 };

struct wrapper_case {
    char *columns[NCOLUMNS]; /* name, wrapped, keeps, code, ... */
    size_t len;              /* of wrapped */
};

static struct wrapper_case wrapper_cases[MAX_WRAPPERS];

/* Undo the file's own escapes, in place; the length. */
static size_t unescape(char *s) {
    char *out = s, *from = s;

    for (; *s; s++) {
        if (*s == '\\' && s[1]) {
            s++;
            *out++ = (char)(*s == 'n'   ? '\n'
                            : *s == 'r' ? '\r'
                            : *s == 't' ? '\t'
                                        : *s);
        } else {
            *out++ = *s;
        }
    }
    *out = '\0';
    return (size_t)(out - from);
}

static size_t load_wrappers(const char *file) {
    static char text[1 << 18];
    size_t n = 0;
    FILE *f = fopen(file, "r");

    if (!f || fread(text, 1, sizeof text - 1, f) == 0) {
        perror(file);
        exit(2);
    }
    fclose(f);
    for (char *line = strtok(text, "\n"); line && n < MAX_WRAPPERS;
         line = strtok(NULL, "\n")) {
        if (*line == '#' || strncmp(line, "name\t", 5) == 0)
            continue;
        struct wrapper_case *c = &wrapper_cases[n++];
        for (int i = 0; i < NCOLUMNS; i++) {
            c->columns[i] = line;
            line += strcspn(line, "\t");
            if (*line)
                *line++ = '\0';
        }
        c->len = unescape(c->columns[1]);
    }
    return n;
}

static unsigned expected_flags(const char *keeps) {
    return strcmp(keeps, "first-line") == 0 ? SMTPCODE_FLAG_FIRST_LINE_ONLY
           : strcmp(keeps, "last-line") == 0 ? SMTPCODE_FLAG_LAST_LINE_ONLY
                                             : 0;
}

static void test_wrapper(void **state) {
    const struct wrapper_case *c = *state;
    smtpcode_reply r;
    enum smtpcode_status status =
        smtpcode_reply_read(&r, c->columns[1], c->len);
    const char *stage =
        smtpcode_word(SMTPCODE_WORDS_STAGE, (int)smtpcode_reply_stage(&r));

    assert_sane(&r, status, c->len);
    assert_int_equal(status, strcmp(c->columns[2], "nothing") == 0
                                 ? NOT_A_REPLY
                                 : SMTPCODE_OK);
    assert_words(&r, c->columns[5], strlen(c->columns[5]));
    assert_int_equal(smtpcode_reply_code(&r), atoi(c->columns[3]));
    assert_enhanced(&r, c->columns[4]);
    assert_string_equal(stage ? stage : "", c->columns[6]);
    assert_int_equal(smtpcode_reply_flags(&r), expected_flags(c->columns[2]));
}

/* Cut anywhere, from either end, an example is read without harm; the copy
 * has its exact size, so that a sanitizer sees a byte too far. */
static void test_wrapper_prefixes(void **state) {
    const struct wrapper_case *c = *state;

    for (size_t n = 0; n <= c->len; n++) {
        smtpcode_reply r;
        char *copy = malloc(n + (n == 0));
        memcpy(copy, c->columns[1], n);
        assert_sane(&r, smtpcode_reply_read(&r, copy, n), n);
        memcpy(copy, c->columns[1] + c->len - n, n);
        assert_sane(&r, smtpcode_reply_read(&r, copy, n), n);
        free(copy);
    }
}

int main(void) {
    static struct CMUnitTest tests[2 * MAX_WRAPPERS];
    static char names[MAX_WRAPPERS][80];
    size_t nwrappers = load_wrappers("tests/cases/wrappers.tsv"), n = 0;

    for (size_t i = 0; i < nwrappers; i++) {
        void *c = &wrapper_cases[i];
        const char *name = wrapper_cases[i].columns[0];
        snprintf(names[i], sizeof names[i], "%s, cut anywhere", name);
        tests[n++] = (struct CMUnitTest){name, test_wrapper, NULL, NULL, c};
        tests[n++] = (struct CMUnitTest){names[i], test_wrapper_prefixes, NULL,
                                         NULL, c};
    }
    return _cmocka_run_group_tests("reply", tests, n, NULL, NULL);
}
