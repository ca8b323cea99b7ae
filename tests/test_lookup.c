/* test_lookup.c - from a code or a name to its entry, on the real data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "smtpcode.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

struct find_case {
    const char *name;
    const char *text;
    size_t len;     /* 0: strlen(text) */
    const char *id; /* NULL: not found */
    enum smtpcode_match match;
};

static const struct find_case find_cases[] = {
    {"reply code", "451", 0, "451", SMTPCODE_MATCH_EXACT},
    {"lowest reply code of the base", "101", 0, "101", SMTPCODE_MATCH_EXACT},
    {"highest reply code of the base", "571", 0, "571", SMTPCODE_MATCH_EXACT},
    {"unregistered 2xx", "299", 0, "2xx", SMTPCODE_MATCH_CLASS},
    {"unregistered 3xx", "300", 0, "3xx", SMTPCODE_MATCH_CLASS},
    {"unregistered 4xx", "498", 0, "4xx", SMTPCODE_MATCH_CLASS},
    {"unregistered 5xx", "599", 0, "5xx", SMTPCODE_MATCH_CLASS},
    {"first digit by name", "4xx", 0, "4xx", SMTPCODE_MATCH_CLASS},
    {"second digit by name", "x5x", 0, "x5x", SMTPCODE_MATCH_CLASS},
    {"1xx is not SMTP", "199", 0, NULL, 0},
    {"below all", "099", 0, NULL, 0},
    {"above all", "600", 0, NULL, 0},
    {"three zeros", "000", 0, NULL, 0},
    {"empty", "", 0, NULL, 0},
    {"two digits", "45", 0, NULL, 0},
    {"four digits", "4510", 0, NULL, 0},
    {"digits and a letter", "451x", 0, NULL, 0},
    {"eleven digits", "99999999999", 0, NULL, 0},
    {"negative", "-451", 0, NULL, 0},
    {"a blank before", " 451", 0, NULL, 0},
    {"a blank behind", "451 ", 0, NULL, 0},
    {"a line break behind", "451\n", 0, NULL, 0},
    {"Arabic digits", "\xd9\xa4\xd9\xa5\xd9\xa1", 0, NULL, 0},
    {"full-width digits", "\xef\xbc\x94\xef\xbc\x95\xef\xbc\x91", 0, NULL, 0},
    {"length ends it before more text", "451 4.7.1", 3, "451",
     SMTPCODE_MATCH_EXACT},
    {"NUL inside a code", "4\0001", 3, NULL, 0},
    {"NUL behind a code", "451\0", 4, NULL, 0},
    {"NUL inside a name", "mailbox\0full", 12, NULL, 0},

    {"enhanced code", "4.7.1", 0, "4.7.1", SMTPCODE_MATCH_EXACT},
    {"any class", "x.7.1", 0, "x.7.1", SMTPCODE_MATCH_EXACT},
    {"any class, capital", "X.7.1", 0, "x.7.1", SMTPCODE_MATCH_EXACT},
    {"success class", "2.1.5", 0, "2.1.5", SMTPCODE_MATCH_EXACT},
    {"two-digit detail", "5.7.30", 0, "5.7.30", SMTPCODE_MATCH_EXACT},
    {"last detail of a subject", "5.1.10", 0, "5.1.10", SMTPCODE_MATCH_EXACT},
    {"first code of all", "x.0.0", 0, "x.0.0", SMTPCODE_MATCH_EXACT},
    {"just past the registered", "4.0.1", 0, "4.0.x", SMTPCODE_MATCH_CLASS},
    {"unregistered detail", "4.7.998", 0, "4.7.x", SMTPCODE_MATCH_CLASS},
    {"unregistered detail, any class", "x.6.998", 0, "x.6.x",
     SMTPCODE_MATCH_CLASS},
    {"unregistered subject", "5.8.1", 0, "5.x.x", SMTPCODE_MATCH_CLASS},
    {"three-digit subject", "4.999.999", 0, "4.x.x", SMTPCODE_MATCH_CLASS},
    {"unregistered subject, any class", "x.8.1", 0, NULL, 0},
    {"subject by name", "5.7.x", 0, "5.7.x", SMTPCODE_MATCH_CLASS},
    {"class by name", "5.x.x", 0, "5.x.x", SMTPCODE_MATCH_CLASS},
    {"class 3 does not exist", "3.1.1", 0, NULL, 0},
    {"class 1 does not exist", "1.1.1", 0, NULL, 0},
    {"class 0 does not exist", "0.7.1", 0, NULL, 0},
    {"detail too long", "5.7.1000", 0, NULL, 0},
    {"subject too long", "5.99999.1", 0, NULL, 0},
    {"detail far too long", "5.1.99999999999999999999", 0, NULL, 0},
    {"leading zero in the detail", "5.7.01", 0, NULL, 0},
    {"leading zero in the subject", "5.07.1", 0, NULL, 0},
    {"two numbers", "5.7", 0, NULL, 0},
    {"two numbers and a dot", "5.7.", 0, NULL, 0},
    {"four numbers", "5.7.1.2", 0, NULL, 0},
    {"dots only", "...", 0, NULL, 0},
    {"dot at the begin", ".7.1.1", 0, NULL, 0},
    {"letter in the detail", "5.7.a", 0, NULL, 0},
    {"minus in the detail", "5.7.-1", 0, NULL, 0},
    {"length ends it", "5.7.26", 5, "5.7.2", SMTPCODE_MATCH_EXACT},

    {"before a server's range", "4.7.499", 0, "4.7.x", SMTPCODE_MATCH_CLASS},
    {"first of a server's range", "4.7.500", 0, "microsoft/4.7.500-699",
     SMTPCODE_MATCH_RANGE},
    {"last of a server's range", "4.7.699", 0, "microsoft/4.7.500-699",
     SMTPCODE_MATCH_RANGE},
    {"behind a server's range", "4.7.700", 0, "4.7.x", SMTPCODE_MATCH_CLASS},
    {"another class than the range's", "2.7.606", 0, "2.7.x",
     SMTPCODE_MATCH_CLASS},
    {"same detail, range of each class", "5.7.606", 0, "microsoft/5.7.606-649",
     SMTPCODE_MATCH_RANGE},
    {"the same with 4", "4.7.606", 0, "microsoft/4.7.500-699",
     SMTPCODE_MATCH_RANGE},
    {"a code inside a range", "5.7.703", 0, "microsoft/5.7.703",
     SMTPCODE_MATCH_VENDOR},
    {"own code of two servers: the most met", "5.7.57", 0, "microsoft/5.7.57",
     SMTPCODE_MATCH_VENDOR},
    {"its neighbour", "5.7.704", 0, "microsoft/5.7.700-749",
     SMTPCODE_MATCH_RANGE},

    {"condition", "mailbox-full", 0, "mailbox-full", SMTPCODE_MATCH_NONE},
    {"condition in capitals", "MAILBOX-FULL", 0, "mailbox-full",
     SMTPCODE_MATCH_NONE},
    {"prefix of a condition", "mailbox-ful", 0, NULL, 0},
    {"condition and more", "mailbox-fulll", 0, NULL, 0},
    {"prefix by length", "mailbox-full", 11, NULL, 0},
    {"server", "postfix", 0, "postfix", SMTPCODE_MATCH_NONE},
    {"a name of 63 bytes",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0, NULL,
     0},
    {"a name of 64 bytes",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0,
     NULL, 0},
    {"bytes that are not UTF-8", "\xff\xfe\xfd", 0, NULL, 0},
};

static void test_find(void **state) {
    const struct find_case *c = *state;
    size_t len = c->len ? c->len : strlen(c->text);
    const smtpcode_entry *e = smtpcode_find(c->text, len);

    if (!c->id) {
        assert_null(e);
        return;
    }
    assert_non_null(e);
    assert_string_equal(smtpcode_id(e), c->id);
    assert_int_equal(smtpcode_match_of(e), c->match);
}

struct number_case {
    const char *name;
    int code_class, subject, detail; /* subject -1: a reply code */
    const char *id;
};

static const struct number_case number_cases[] = {
    {"reply 451", 451, -1, 0, "451"},
    {"reply just below the table", 99, -1, 0, NULL},
    {"reply just above the table", 600, -1, 0, NULL},
    {"reply 100 has no entry", 100, -1, 0, NULL},
    {"reply that wraps in 16 bits", 65536 + 451, -1, 0, NULL},
    {"reply that is negative", -451, -1, 0, NULL},
    {"lowest int", INT32_MIN, -1, 0, NULL},
    {"highest int", INT32_MAX, -1, 0, NULL},
    {"enhanced 4.7.1", 4, 7, 1, "4.7.1"},
    {"enhanced of any class", 0, 7, 1, "x.7.1"},
    {"class 1", 1, 7, 1, NULL},
    {"class 3", 3, 7, 1, NULL},
    {"class 6", 6, 7, 1, NULL},
    {"class that wraps in 8 bits", 256 + 4, 7, 1, NULL},
    {"negative subject", 4, -2, 1, NULL},
    {"negative detail", 4, 7, -1, NULL},
    {"subject 999", 4, 999, 1, "4.x.x"},
    {"subject 1000", 4, 1000, 1, NULL},
    {"detail 999", 4, 3, 999, "4.3.x"},
    {"detail 1000", 4, 3, 1000, NULL},
    {"highest subject and detail", 5, INT32_MAX, INT32_MAX, NULL},
};

static void test_number(void **state) {
    const struct number_case *c = *state;
    const smtpcode_entry *e =
        c->subject == -1
            ? smtpcode_find_reply(c->code_class)
            : smtpcode_find_enhanced(c->code_class, c->subject, c->detail);

    if (!c->id) {
        assert_null(e);
        return;
    }
    assert_non_null(e);
    assert_string_equal(smtpcode_id(e), c->id);
}

/* Every [2-5]xx and [245].y.z has an answer; what is registered is exact. */
static void test_all_reply_codes(void **state) {
    (void)state;
    for (int code = 200; code <= 599; code++) {
        const smtpcode_entry *e = smtpcode_find_reply(code);
        assert_non_null(e);
        if (smtpcode_match_of(e) == SMTPCODE_MATCH_EXACT)
            assert_int_equal(smtpcode_number(e, SMTPCODE_NUMBER, 0), code);
        else
            assert_int_equal(smtpcode_id(e)[0], '0' + code / 100);
    }
}

static void test_all_enhanced_codes(void **state) {
    static const int classes[] = {2, 4, 5};
    (void)state;
    for (size_t i = 0; i < COUNT(classes); i++)
        for (int subject = 0; subject <= 999; subject++)
            for (int detail = 0; detail <= 999; detail++) {
                const smtpcode_entry *e =
                    smtpcode_find_enhanced(classes[i], subject, detail);
                if (!e)
                    fail_msg("%d.%d.%d has no answer", classes[i], subject,
                             detail);
                if (smtpcode_match_of(e) == SMTPCODE_MATCH_EXACT &&
                    smtpcode_number(e, SMTPCODE_NUMBER, 0) !=
                        classes[i] * 1000000 + subject * 1000 + detail)
                    fail_msg("%d.%d.%d is answered with %s", classes[i],
                             subject, detail, smtpcode_id(e));
            }
}

/* By text and by number the same. */
static void test_text_and_number_agree(void **state) {
    (void)state;
    for (int code = 0; code <= 999; code++) {
        char text[] = {(char)('0' + code / 100), (char)('0' + code / 10 % 10),
                       (char)('0' + code % 10)};
        assert_ptr_equal(smtpcode_find(text, 3), smtpcode_find_reply(code));
    }
}

struct for_case {
    const char *name;
    const char *server;
    const char *text;
    const char *id;
};

static const struct for_case for_cases[] = {
    {"Google's meaning of a registered code", "gmail", "5.7.27",
     "gmail/x.7.27"},
    {"the registered meaning without a server", NULL, "5.7.27", "5.7.27"},
    {"a code that the server leaves alone", "gmail", "5.1.1", "5.1.1"},
    {"its own code with another class", "gmail", "2.4.5", "2.4.5"},
    {"two servers, each its own: Google", "gmail", "5.7.1", "gmail/5.7.1"},
    {"two servers, each its own: Apple", "apple", "5.7.1", "apple/5.7.1"},
    {"only another server has it", "gmail", "5.7.703", "microsoft/5.7.703"},
    {"a reply code", "oci", "254", "oci/254"},
    {"not a server", "451", "5.7.1", "5.7.1"},
    {"a condition is no code", "gmail", "mailbox-full", "mailbox-full"},
    {"nothing of that name", "gmail", "nonsense", NULL},
};

static void test_find_for(void **state) {
    const struct for_case *c = *state;
    const smtpcode_entry *server =
        c->server ? smtpcode_find(c->server, strlen(c->server)) : NULL;
    const smtpcode_entry *e =
        smtpcode_find_for(server, c->text, strlen(c->text));

    assert_true(!c->server || server);
    if (!c->id) {
        assert_null(e);
        return;
    }
    assert_non_null(e);
    assert_string_equal(smtpcode_id(e), c->id);
}

int main(void) {
    static struct CMUnitTest
        tests[COUNT(find_cases) + COUNT(number_cases) + COUNT(for_cases) + 3];
    size_t n = 0;

    for (size_t i = 0; i < COUNT(find_cases); i++)
        tests[n++] =
            (struct CMUnitTest){find_cases[i].name, test_find, NULL, NULL,
                                (void *)(uintptr_t)&find_cases[i]};
    for (size_t i = 0; i < COUNT(number_cases); i++)
        tests[n++] =
            (struct CMUnitTest){number_cases[i].name, test_number, NULL, NULL,
                                (void *)(uintptr_t)&number_cases[i]};
    for (size_t i = 0; i < COUNT(for_cases); i++)
        tests[n++] =
            (struct CMUnitTest){for_cases[i].name, test_find_for, NULL, NULL,
                                (void *)(uintptr_t)&for_cases[i]};
    tests[n++] = (struct CMUnitTest){"every reply code has an answer",
                                     test_all_reply_codes, NULL, NULL, NULL};
    tests[n++] = (struct CMUnitTest){"every enhanced code has an answer",
                                     test_all_enhanced_codes, NULL, NULL, NULL};
    tests[n++] =
        (struct CMUnitTest){"text and number find the same",
                            test_text_and_number_agree, NULL, NULL, NULL};
    return cmocka_run_group_tests_name("lookup", tests, NULL, NULL);
}
