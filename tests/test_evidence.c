/*
 * test_evidence.c - what speaks in a reply besides templates: every phrase's
 * example and what is not it, every token, mark and blocklist; and that only
 * the caller's peer, on label boundaries, says who it is for certain (R4).
 */
#include <ctype.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "smtpcode.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

enum { SHOWN = 12 };

static smtpcode_reply reply;
static smtpcode_result result;
static unsigned complaints, asked; /* of the test that runs */

static bool is(const char *text, const char *other) {
    return text && other && strcmp(text, other) == 0;
}

static const smtpcode_entry *answer(enum smtpcode_field field) {
    return smtpcode_result_related(&result, field, 0);
}

static const char *id_of(const smtpcode_entry *e) {
    return e ? smtpcode_id(e) : "nothing";
}

static void complain(const char *id, const char *what) {
    size_t len;
    const char *words = smtpcode_reply_words(&reply, &len);

    if (complaints++ < SHOWN)
        print_error("%s: %s; by %s: %s: %d '%.*s'\n", id, what,
                    id_of(answer(SMTPCODE_RULE)),
                    id_of(answer(SMTPCODE_CONDITION)),
                    smtpcode_reply_code(&reply), (int)len, words);
}

static void diagnose(const char *text, int stage) {
    smtpcode_hints hints = {.size = sizeof hints,
                            .stage = (enum smtpcode_stage)stage};

    asked++;
    assert_int_equal(smtpcode_reply_read(&reply, text, strlen(text)),
                     SMTPCODE_OK);
    assert_int_equal(smtpcode_diagnose(&reply, &hints, &result), SMTPCODE_OK);
}

/* A stage at which E counts; 0: at any. */
static int first_stage(const smtpcode_entry *e) {
    return smtpcode_number(e, SMTPCODE_STAGES, 0);
}

static const smtpcode_entry *condition_at(const smtpcode_entry *e, int stage) {
    int at;

    for (size_t i = 0; (at = smtpcode_number(e, SMTPCODE_AT_STAGE, i)); i++)
        if (at == stage)
            return smtpcode_related(e, SMTPCODE_AT_CONDITION, i);
    return smtpcode_related(e, SMTPCODE_CONDITION, 0);
}

/* ---- phrases ---- */

static const char *text_in(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

/* Its own words decide, or wording that means the same, or a server's own code
 * that says so too; a weak phrase yields to any enhanced code that does. */
static void check_example(const smtpcode_entry *e, const char *example) {
    diagnose(example, first_stage(e));
    if (answer(SMTPCODE_CONDITION) !=
        condition_at(e, smtpcode_result_number(&result, SMTPCODE_STAGE, 0)))
        complain(smtpcode_id(e), "its example means something else");
    else if (!is(id_of(answer(SMTPCODE_CONDITION)), "unknown") &&
             !smtpcode_number(e, SMTPCODE_WEAK, 0) &&
             smtpcode_result_number(&result, SMTPCODE_BASIS, 0) <
                 SMTPCODE_BASIS_OWN_CODE)
        complain(smtpcode_id(e), "no words decide its example");
}

static void check_phrase(const char *language, const json_t *phrase) {
    const json_t *others = json_object_get(phrase, "not"), *other;
    char id[200];
    size_t i;

    snprintf(id, sizeof id, "%s/%s", language, text_in(phrase, "id"));
    const smtpcode_entry *e = smtpcode_find(id, strlen(id));
    assert_non_null(e);
    assert_non_null(text_in(phrase, "example"));
    check_example(e, text_in(phrase, "example"));
    json_array_foreach(others, i, other) {
        diagnose(json_string_value(other), first_stage(e));
        if (is(id_of(answer(SMTPCODE_CONDITION)), text_in(phrase, "condition")))
            complain(id, "what is not this condition is");
    }
}

static void test_phrases(void **state) {
    glob_t files;
    size_t n = 0;

    (void)state;
    complaints = asked = 0;
    assert_int_equal(glob("data/phrases/*.json", 0, NULL, &files), 0);
    for (size_t f = 0; f < files.gl_pathc; f++) {
        json_t *root = json_load_file(files.gl_pathv[f], 0, NULL), *phrase;
        json_t *list = json_object_get(root, "phrases");
        size_t i;
        assert_non_null(root);
        json_array_foreach(list, i, phrase)
            check_phrase(text_in(root, "language"), phrase);
        n += json_array_size(list);
        json_decref(root);
    }
    globfree(&files);
    print_message("%zu phrases, %u replies\n", n, asked);
    assert_true(n > 300 && asked > n);
    assert_int_equal(complaints, 0);
}

/* ---- tokens, marks, blocklists ---- */

static void test_tokens(void **state) {
    (void)state;
    complaints = asked = 0;
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_TOKEN));) {
        char text[600];
        int stage = first_stage(e);
        snprintf(text, sizeof text, "550 qqzzy xyzzq %s plugh",
                 smtpcode_text(e, SMTPCODE_LINE, 0));
        diagnose(text, stage);
        if (answer(SMTPCODE_RULE) != e || answer(SMTPCODE_TOKEN) != e)
            complain(smtpcode_id(e), "it does not decide");
        else if (answer(SMTPCODE_CONDITION) != condition_at(e, stage))
            complain(smtpcode_id(e), "not its condition");
    }
    print_message("%u tokens\n", asked);
    assert_true(asked > 100);
    assert_int_equal(complaints, 0);
}

static bool says(const smtpcode_entry *server) {
    return answer(SMTPCODE_SERVER) == server ||
           answer(SMTPCODE_SOFTWARE) == server;
}

static void test_marks(void **state) {
    const char *mark;

    (void)state;
    complaints = asked = 0;
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_SERVER));)
        for (size_t i = 0; (mark = smtpcode_text(e, SMTPCODE_MARK, i)); i++) {
            char text[600];
            snprintf(text, sizeof text, "550 qqzzy xyzzq %s plugh", mark);
            diagnose(text, 0);
            if (!says(e))
                complain(smtpcode_id(e), mark);
            else if (answer(SMTPCODE_SERVER) == e &&
                     smtpcode_result_number(&result, SMTPCODE_SERVER_EVIDENCE,
                                            0) != SMTPCODE_EVIDENCE_TEXT)
                complain(smtpcode_id(e), "a mark is evidence by text");
        }
    print_message("%u marks\n", asked);
    assert_true(asked > 50);
    assert_int_equal(complaints, 0);
}

/* What a listing of this kind means. */
static bool is_listing(const smtpcode_entry *list) {
    const char *lists = smtpcode_word(SMTPCODE_WORDS_LISTS,
                                      smtpcode_number(list, SMTPCODE_LISTS, 0));
    const char *condition = id_of(answer(SMTPCODE_CONDITION));

    return is(lists, "ip") ? is(condition, "ip-blocklisted")
                           : is(condition, "domain-blocklisted") ||
                                 is(condition, "ip-blocklisted");
}

static void test_blocklists(void **state) {
    const char *zone;

    (void)state;
    complaints = asked = 0;
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_BLOCKLIST));)
        for (size_t i = 0; (zone = smtpcode_text(e, SMTPCODE_ZONE, i)); i++) {
            char text[600];
            snprintf(text, sizeof text, "550 5.7.1 blocked, see %s", zone);
            diagnose(text, 0);
            if (answer(SMTPCODE_BLOCKLIST) != e)
                complain(smtpcode_id(e), zone);
            else if (!is_listing(e))
                complain(smtpcode_id(e), "not a listing");
        }
    print_message("%u zones\n", asked);
    assert_true(asked > 20);
    assert_int_equal(complaints, 0);
}

/* ---- who the peer is ---- */

static void diagnose_from(const char *peer, size_t len) {
    smtpcode_hints hints = {
        .size = sizeof hints, .peer = peer, .peer_length = len};

    asked++;
    smtpcode_reply_read(&reply, "550 qqzzy", 9);
    assert_int_equal(smtpcode_diagnose(&reply, &hints, &result), SMTPCODE_OK);
}

/* HOST is one of SERVER's, or NULL: nobody's. */
static void check_host(const char *host, size_t len,
                       const smtpcode_entry *server) {
    int evidence;

    diagnose_from(host, len);
    evidence = smtpcode_result_number(&result, SMTPCODE_SERVER_EVIDENCE, 0);
    if (server ? !says(server)
               : answer(SMTPCODE_SERVER) || answer(SMTPCODE_SOFTWARE))
        complain(server ? smtpcode_id(server) : host, host);
    else if (evidence != (answer(SMTPCODE_SERVER) ? SMTPCODE_EVIDENCE_HOST
                                                  : SMTPCODE_EVIDENCE_NONE))
        complain(server ? smtpcode_id(server) : host, "the kind of evidence");
}

static bool has_name(const smtpcode_entry *e, enum smtpcode_field field,
                     const char *name) {
    const char *known;

    for (size_t i = 0; (known = smtpcode_text(e, field, i)); i++)
        if (is(known, name))
            return true;
    return false;
}

/* Whether some server has NAME, or what it is below of. */
static bool is_known(const char *name) {
    for (const char *at = name; at;
         at = strchr(at, '.') ? strchr(at, '.') + 1 : NULL)
        for (const smtpcode_entry *e = NULL;
             (e = smtpcode_next(e, SMTPCODE_KIND_SERVER));)
            for (size_t i = 0; i < 2; i++)
                if (has_name(e, i ? SMTPCODE_MX : SMTPCODE_DOMAIN, at))
                    return true;
    return false;
}

static void check_mx(const smtpcode_entry *e, const char *mx) {
    static const char *const forms[] = {"%s", "mx1.%s", "a-b.c.d.%s", "%s.",
                                        "mx1.%s."};
    static const char *const others[] = {"%s.evil.example",
                                         "not%s.example",
                                         "%s-evil.example",
                                         "%sx.example",
                                         "%s..",
                                         "evil.example/%s:25",
                                         " %s "};
    char host[400];

    for (size_t i = 0; i < COUNT(forms); i++) {
        snprintf(host, sizeof host, forms[i], mx);
        check_host(host, strlen(host), e);
        for (char *c = host; *c; c++)
            *c = (char)toupper((unsigned char)*c);
        check_host(host, strlen(host), e);
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        snprintf(host, sizeof host, others[i], mx);
        check_host(host, strlen(host), NULL);
    }
    snprintf(host, sizeof host, "not%s", mx);
    if (!is_known(host))
        check_host(host, strlen(host), NULL);
}

/* A NUL is a byte like others: it ends no name. */
static void check_nul(const smtpcode_entry *e, const char *mx) {
    char host[400];
    size_t n = strlen(mx);

    memcpy(host, mx, n);
    host[n] = '\0';
    memcpy(host + n + 1, ".evil.example", 13);
    check_host(host, n + 14, NULL);
    check_host(host, n + 1, NULL);
    host[0] = '\0';
    host[1] = '.';
    memcpy(host + 2, mx, n);
    check_host(host, n + 2, e); /* a host below, if an odd one */
    for (size_t i = 0; i < n; i++) {
        memcpy(host, mx, n);
        host[i] = '\0';
        diagnose_from(host, n);
        if (says(e) && !memchr(host + i, '.', n - i))
            complain(smtpcode_id(e), "a NUL within the name");
    }
}

static void test_hosts(void **state) {
    const char *mx;

    (void)state;
    complaints = asked = 0;
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_SERVER));)
        for (size_t i = 0; (mx = smtpcode_text(e, SMTPCODE_MX, i)); i++) {
            check_mx(e, mx);
            check_nul(e, mx);
        }
    print_message("%u hosts\n", asked);
    assert_true(asked > 1000);
    assert_int_equal(complaints, 0);
}

/* Words that anybody can write confirm nothing. */
static void test_text_is_no_proof(void **state) {
    static const char text[] =
        "550-5.1.1 The email account that you tried to reach does not exist. "
        "https://support.google.com/mail/?p=NoSuchUser a1 - gsmtp";
    static const char *const peers[] = {"", "evil.example",
                                        "google.com.evil.example"};

    (void)state;
    for (size_t i = 0; i < COUNT(peers); i++) {
        smtpcode_hints hints = {.size = sizeof hints,
                                .peer = peers[i],
                                .peer_length = strlen(peers[i])};
        smtpcode_reply_read(&reply, text, sizeof text - 1);
        smtpcode_diagnose(&reply, &hints, &result);
        assert_string_equal(id_of(answer(SMTPCODE_SERVER)), "gmail");
        assert_int_equal(
            smtpcode_result_number(&result, SMTPCODE_SERVER_EVIDENCE, 0),
            SMTPCODE_EVIDENCE_TEXT);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        {"every phrase", test_phrases, NULL, NULL, NULL},
        {"every token", test_tokens, NULL, NULL, NULL},
        {"every mark", test_marks, NULL, NULL, NULL},
        {"every zone of a blocklist", test_blocklists, NULL, NULL, NULL},
        {"hosts on label boundaries", test_hosts, NULL, NULL, NULL},
        {"words confirm no server", test_text_is_no_proof, NULL, NULL, NULL},
    };

    return cmocka_run_group_tests_name("evidence", tests, NULL, NULL);
}
