/*
 * test_result.c - the answer to bytes that nobody sends: replies with bytes
 * flipped, put in and cut out.  Whatever it is, it is sane, and its JSON is
 * JSON.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "filled.h"
#include "hostile.h"
#include "sane_answer.h"
#include "wrapper_cases.h"

enum { MUTATIONS = 10000, MOST_JSON = 1 << 17 };

static smtpcode_reply reply;
static smtpcode_result result;
static char json[MOST_JSON];

/* The same numbers on every machine. */
static uint32_t next_random(void) {
    static uint32_t state = 2463534242u;

    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static size_t below(size_t n) { return n ? next_random() % n : 0; }

/* ---- texts to begin with ---- */

static const smtpcode_entry *next_template(void) {
    static const smtpcode_entry *e;

    for (size_t i = 0, n = below(40); i <= n; i++) {
        e = smtpcode_next(e, SMTPCODE_KIND_TEMPLATE);
        e = e ? e : smtpcode_next(NULL, SMTPCODE_KIND_TEMPLATE);
    }
    return e;
}

static void choose(struct filled *f, size_t nwrappers) {
    char text[MOST_TEXT];

    if (below(3) == 0) {
        const struct wrapper_case *c = &wrapper_cases[below(nwrappers)];
        f->len = 0;
        append(f, c->columns[1], c->len);
        return;
    }
    const smtpcode_entry *e = next_template();
    template_text(e, 0, smtpcode_count(e, SMTPCODE_LINE), text, sizeof text);
    fill(text, (unsigned)below(NSETS), f);
}

/* ---- mutations ---- */

static void cut(struct filled *f) {
    size_t from = below(f->len), n = below(f->len - from) % 40;

    memmove(f->text + from, f->text + from + n, f->len - from - n);
    f->len -= n;
}

static void put_in(struct filled *f, const char *bytes, size_t n) {
    size_t at = below(f->len + 1);

    if (f->len + n >= sizeof f->text)
        return;
    memmove(f->text + at + n, f->text + at, f->len - at);
    memcpy(f->text + at, bytes, n);
    f->len += n;
}

/* Not seen, or turning what follows around: U+200B, U+202E, U+2066, ... */
static const char *const invisible[] = {
    "\xe2\x80\x8b", "\xe2\x80\x8e", "\xe2\x80\xa8", "\xe2\x80\xae",
    "\xe2\x81\xa6", "\xef\xbb\xbf", "\xc2\x9b",     "\x1b[31m"};

static void mutate(struct filled *f) {
    const char *piece =
        next_random() & 0x100
            ? hostile[below(sizeof hostile / sizeof *hostile)]
            : invisible[below(sizeof invisible / sizeof *invisible)];
    char byte = (char)next_random();

    switch (next_random() >> 8 & 3) {
    case 0:
        if (f->len)
            f->text[below(f->len)] = byte;
        break;
    case 1:
        put_in(f, &byte, 1);
        break;
    case 2:
        put_in(f, piece, strlen(piece));
        break;
    default:
        cut(f);
    }
}

static void random_hints(smtpcode_hints *hints) {
    static const char peer[] = "mx1.mail.protection.outlook.com";

    *hints = (smtpcode_hints){.size = sizeof *hints};
    hints->stage = (enum smtpcode_stage)below(SMTPCODE_STAGE_QUIT + 1);
    hints->role = (enum smtpcode_role)below(SMTPCODE_ROLE_RELAY + 1);
    hints->peer = peer;
    hints->peer_length = below(sizeof peer);
}

/* ---- the tests ---- */

static void check_json(const struct filled *f, size_t len) {
    json_error_t error;
    json_t *root = json_loadb(json, len, JSON_REJECT_DUPLICATES, &error);

    if (!root)
        fail_msg("%s at %d: %s\n%.*s", error.text, error.position, json,
                 (int)f->len, f->text);
    json_decref(root);
}

static void check(const struct filled *f) {
    smtpcode_hints hints;

    random_hints(&hints);
    smtpcode_reply_read(&reply, f->text, f->len);
    assert_int_equal(smtpcode_diagnose(&reply, &hints, &result), SMTPCODE_OK);
    size_t len = smtpcode_json(&result, json, sizeof json);
    assert_true(len < sizeof json);
    const char *wrong = wrong_answer(&reply, &result, json, len);
    if (wrong)
        fail_msg("%s\n%.*s", wrong, (int)f->len, f->text);
    check_json(f, len);
}

static void test_mutations(void **state) {
    size_t nwrappers = load_wrappers("tests/cases/wrappers.tsv");
    static struct filled f;

    (void)state;
    for (int i = 0; i < MUTATIONS; i++) {
        choose(&f, nwrappers);
        for (size_t n = below(6); n-- > 0;)
            mutate(&f);
        check(&f);
    }
}

/* Any byte in the words of a template, before each byte that ends something
 * or that UTF-8 goes on with. */
static void test_every_byte(void **state) {
    static const char behind[] = "\0\t\n\r \"'<>\\{a9\x7f\x80\xbf\xc2\xff";
    static struct filled f;

    (void)state;
    for (int a = 0; a < 256; a++)
        for (size_t b = 0; b < sizeof behind - 1; b++) {
            const char bytes[2] = {(char)a, behind[b]};
            fill("550 5.1.1 <", 0, &f);
            append(&f, bytes, sizeof bytes);
            append(&f, "@example.org>: Recipient address rejected", 41);
            check(&f);
        }
}

/* A hint that is none: said so, and answered as without. */
static void test_bad_hints(void **state) {
    const smtpcode_hints bad[] = {
        {.size = 0},
        {.size = sizeof *bad - 1},
        {.size = sizeof *bad, .stage = (enum smtpcode_stage)11},
        {.size = sizeof *bad, .stage = (enum smtpcode_stage) - 1},
        {.size = sizeof *bad, .role = (enum smtpcode_role)3},
        {.size = sizeof *bad, .peer_length = 3}};
    static char without[MOST_JSON];

    (void)state;
    smtpcode_reply_read(&reply, "550 5.1.1 User unknown", 22);
    smtpcode_diagnose(&reply, NULL, &result);
    smtpcode_json(&result, without, sizeof without);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(smtpcode_diagnose(&reply, &bad[i], &result),
                         SMTPCODE_ERR_BAD_HINT);
        smtpcode_json(&result, json, sizeof json);
        assert_string_equal(json, without);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        {"10,000 mutations", test_mutations, NULL, NULL, NULL},
        {"every byte", test_every_byte, NULL, NULL, NULL},
        {"hints that are none", test_bad_hints, NULL, NULL, NULL},
    };

    return cmocka_run_group_tests_name("result", tests, NULL, NULL);
}
