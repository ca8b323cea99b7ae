/* test_reply.c - the reply in its wrapper: codes, words, stage, side. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reply.h"
#include "wrapper_cases.h"

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
    assert_in_range(smtpcode_reply_final(r), 0, SMTPCODE_FINAL_TRYING);
    assert_true(start <= len && span <= len - start);
    assert_true(code == 0 || (code >= 200 && code <= 599));
    assert_true(smtpcode_reply_subject(r) <= 999);
    assert_int_equal(status == SMTPCODE_OK,
                     code || smtpcode_reply_class(r) || words);
    assert_int_equal(status == SMTPCODE_OK, smtpcode_reply_count(r) > 0);
}

/* ---- wrappers.tsv ---- */

static unsigned expected_flags(const char *keeps, const char *flag) {
    unsigned flags =
        strcmp(keeps, "first-line") == 0  ? SMTPCODE_FLAG_FIRST_LINE_ONLY
        : strcmp(keeps, "last-line") == 0 ? SMTPCODE_FLAG_LAST_LINE_ONLY
                                          : 0;

    return flags | (strcmp(flag, "forwarded") == 0 ? SMTPCODE_FLAG_FORWARDED
                    : strcmp(flag, "maybe-delivered") == 0
                        ? SMTPCODE_FLAG_MAYBE_DELIVERED
                        : 0);
}

static const char *const sides[] = {"", "ours", "theirs", "between"};
static const char *const finals[] = {"", "stopped", "trying"};

static void assert_peer(const smtpcode_reply *r, const char *expected) {
    char got[256] = "";
    size_t len;
    const char *peer = smtpcode_reply_peer(r, &len);

    assert_true(len <= 255);
    memcpy(got, peer, len);
    assert_string_equal(got, expected);
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
    assert_string_equal(sides[smtpcode_reply_side(&r)], c->columns[7]);
    assert_string_equal(finals[smtpcode_reply_final(&r)], c->columns[8]);
    assert_peer(&r, c->columns[9]);
    assert_int_equal(smtpcode_reply_flags(&r),
                     expected_flags(c->columns[2], c->columns[10]));
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

/* ---- replies as they are, and texts with several ---- */

struct read_case {
    const char *name;
    const char *text;
    size_t len; /* 0: strlen(text) */
    int code;
    const char *enhanced;
    const char *words;
    unsigned flags;
    size_t count;
    int outer;
    enum smtpcode_side side;
};

#define MIXED SMTPCODE_FLAG_MIXED_CODES
#define BAD SMTPCODE_FLAG_BAD_UTF8
#define OURS SMTPCODE_SIDE_OURS
#define THEIRS SMTPCODE_SIDE_THEIRS

static const struct read_case read_cases[] = {
    {"code alone", "550", 0, 550, "", "", 0, 1, 0, 0},
    {"code and a full stop", "550.", 0, 550, "", "", 0, 1, 0, 0},
    {"code and enhanced code alone", "550 5.1.1", 0, 550, "5.1.1", "", 0, 1, 0,
     0},
    {"plain", "550 5.1.1 User unknown", 0, 550, "5.1.1", "User unknown", 0, 1,
     0, 0},
    {"blanks around", " \t\r\n550  5.1.1\tUser  unknown \r\n", 0, 550, "5.1.1",
     "User  unknown", 0, 1, 0, 0},
    {"no enhanced code", "451 Try again later", 0, 451, "", "Try again later",
     0, 1, 0, 0},
    {"enhanced code only", "5.1.1 User unknown", 0, 0, "5.1.1", "User unknown",
     0, 1, 0, 0},
    {"enhanced code after #", "550 #5.1.0 Address rejected.", 0, 550, "5.1.0",
     "Address rejected.", 0, 1, 0, 0},
    {"enhanced code and a colon", "554 5.7.1: Relay access denied", 0, 554,
     "5.7.1", "Relay access denied", 0, 1, 0, 0},
    {"words only", "User unknown", 0, 0, "", "User unknown", 0, 1, 0, 0},
    {"unknown code", "585 5.1.1 No such user here.", 0, 585, "5.1.1",
     "No such user here.", 0, 1, 0, 0},
    {"positive", "250 2.0.0 Ok: queued as 4F1C", 0, 250, "2.0.0",
     "Ok: queued as 4F1C", 0, 1, 0, 0},
    {"code of four digits", "5501 things", 0, 0, "", "5501 things", 0, 1, 0, 0},
    {"first digit 6", "650 things", 0, 0, "", "650 things", 0, 1, 0, 0},
    {"address is no enhanced code", "550 5.1.1.7 listed", 0, 550, "",
     "5.1.1.7 listed", 0, 1, 0, 0},
    {"leading zero is no enhanced code", "550 5.01.1 x", 0, 550, "", "5.01.1 x",
     0, 1, 0, 0},
    {"detail of four digits", "550 5.7.1234 x", 0, 550, "", "5.7.1234 x", 0, 1,
     0, 0},
    {"class 3 is no enhanced code", "550 3.1.1 x", 0, 550, "", "3.1.1 x", 0, 1,
     0, 0},
    {"highest", "559 5.999.999 x", 0, 559, "5.999.999", "x", 0, 1, 0, 0},
    {"empty", "", 0, 0, "", "", 0, 0, 0, 0},
    {"blanks", " \r\n\t ", 0, 0, "", "", 0, 0, 0, 0},
    {"NULs", "\0\0\0\0", 4, 0, "", "", 0, 0, 0, 0},
    {"NUL in the words", "550 a\0b", 7, 550, "", NULL, 0, 1, 0, 0},
    {"Latin-1", "550 Bo\xeete pleine", 0, 550, "", "Bo\xeete pleine", BAD, 1, 0,
     0},
    {"GBK", "550 \xd3\xc3\xbb\xa7\xb2\xbb\xb4\xe6\xd4\xda", 0, 550, "",
     "\xd3\xc3\xbb\xa7\xb2\xbb\xb4\xe6\xd4\xda", BAD, 1, 0, 0},
    {"UTF-8", "550 \xe7\x94\xa8\xe6\x88\xb7", 0, 550, "",
     "\xe7\x94\xa8\xe6\x88\xb7", 0, 1, 0, 0},
    {"surrogate in UTF-8", "550 \xed\xa0\x80", 0, 550, "", "\xed\xa0\x80", BAD,
     1, 0, 0},

    {"two lines", "550-5.1.1 No such\r\n550 5.1.1 user", 0, 550, "5.1.1",
     "No such user", 0, 1, 0, 0},
    {"two lines, LF", "550-No such\n550 user", 0, 550, "", "No such user", 0, 1,
     0, 0},
    {"two lines, CR", "550-No such\r550 user", 0, 550, "", "No such user", 0, 1,
     0, 0},
    {"two lines, literal \\n", "550-No such\\n550 user", 0, 550, "",
     "No such user", 0, 1, 0, 0},
    {"two lines, literal \\r\\n", "550-No such\\r\\n550 user", 0, 550, "",
     "No such user", 0, 1, 0, 0},
    {"two lines, escaped twice", "550-No such\\\\n550 user", 0, 550, "",
     "No such user", 0, 1, 0, 0},
    {"enhanced code on the first line only", "550-5.1.1 No such\n550 user", 0,
     550, "5.1.1", "No such user", 0, 1, 0, 0},
    {"enhanced code on the last line only", "550-No such\n550 5.1.1 user", 0,
     550, "5.1.1", "No such user", 0, 1, 0, 0},
    {"enhanced codes without reply codes", "550 5.1.1 No such\n5.1.1 user", 0,
     550, "5.1.1", "No such user", 0, 1, 0, 0},
    {"empty lines of a reply", "550-a\n550-\n550 b", 0, 550, "", "a b", 0, 1, 0,
     0},
    {"joined by a blank", "550-a b 550-c 550 d", 0, 550, "", "a b c d", 0, 1, 0,
     0},
    {"joined by a blank, enhanced", "550 5.1.1 a 550 5.1.1 b", 0, 550, "5.1.1",
     "a b", 0, 1, 0, 0},
    {"joined by a blank, two blanks", "5.1.1 a 5.1.1  b", 0, 0, "5.1.1", "a b",
     0, 1, 0, 0},
    {"a number in the words", "550 limit is 550 messages", 0, 550, "",
     "limit is 550 messages", 0, 1, 0, 0},
    {"a code quoted in the words", "550 5.1.1 see 5.1.1 in the list", 0, 550,
     "5.1.1", "see 5.1.1 in the list", 0, 1, 0, 0},
    {"numbers are no codes",
     "553 5.3.0 flpd575 DNSBL:RBL 521< 192.0.2.1 >_is_blocked.For", 0, 553,
     "5.3.0", "flpd575 DNSBL:RBL 521< 192.0.2.1 >_is_blocked.For", 0, 1, 0, 0},
    {"mixed reply codes", "550-No such\n554 user", 0, 550, "", "No such user",
     MIXED, 1, 0, 0},
    {"mixed codes of both kinds", "550-5.7.1 a\n451 4.7.1 b", 0, 550, "5.7.1",
     "a b", MIXED, 1, 0, 0},
    {"mixed enhanced codes", "550-5.1.1 No such\n550 5.7.1 user", 0, 550,
     "5.1.1", "No such 5.7.1 user", MIXED, 1, 0, 0},
    {"a fold inside of words", "550 5.7.1 Our\n    system has\n\tdetected", 0,
     550, "5.7.1", "Our system has detected", 0, 1, 0, 0},
    {"a pasted text", "550 5.7.1 Our system has\ndetected this.", 0, 550,
     "5.7.1", "Our system has detected this.", 0, 1, 0, 0},
    {"an empty line ends it", "550 5.7.1 No\n\nOriginal message", 0, 550,
     "5.7.1", "No", 0, 1, 0, 0},
    {"a path is no line break", "550 no \\server\\share", 0, 550, "",
     "no \\server\\share", 0, 1, 0, 0},
    {"a backslash at the end", "550 no\\", 0, 550, "", "no\\", 0, 1, 0, 0},
    {"equals signs", "550 a=3Db == c=", 0, 550, "", "a=3Db == c=", 0, 1, 0, 0},

    {"two replies", "550 5.1.1 a\n554 5.7.1 b", 0, 550, "5.1.1", "a", 0, 2, 0,
     0},
    {"a failure among successes",
     "<-  250 Ok\n<** 554 5.7.1 b\n<-  221 2.0.0 Bye", 0, 554, "5.7.1", "b", 0,
     3, 0, 0},
    {"the last of successes", "<-  220 Hello\n<-  250 2.0.0 queued", 0, 250,
     "2.0.0", "queued", 0, 2, 0, 0},
    {"said: beats a code before it",
     "554 5.0.0 Service unavailable\n\nhost h said: 450 4.2.1 busy (in reply "
     "to RCPT TO command)",
     0, 450, "4.2.1", "busy", 0, 2, 0, THEIRS},
    {"a probe of a recipient, not of a sender",
     "450 4.1.1 <u@x>: Recipient address rejected: unverified address: host "
     "h[192.0.2.1] said: 550 5.1.1 No",
     0, 550, "5.1.1", "No", 0, 2, 450, THEIRS},
    {"a reply in a reply",
     "450 4.1.1 <u@x>: unverified address: host h[192.0.2.1] said: 550 5.1.1 "
     "No (in reply to RCPT TO command)",
     0, 550, "5.1.1", "No", 0, 2, 450, THEIRS},
    {"our own rejection",
     "NOQUEUE: reject: RCPT from h[192.0.2.1]: 554 5.7.1 <a>: Relay access "
     "denied; from=<b> to=<a>",
     0, 554, "5.7.1", "<a>: Relay access denied", 0, 1, 0, OURS},
    {"a callout's inner reply is a quotation",
     "550-Verification failed for <me@example.org>\n"
     "550-Response: 550 5.1.1 No such user\n550 Sender verify failed",
     0, 550, "",
     "Verification failed for <me@example.org> Response: 5.1.1 No such user "
     "Sender verify failed",
     0, 1, 0, 0},
    {"a port is no reply code", "Could not connect to host, port: 587 x", 0, 0,
     "", "Could not connect to host, port: 587 x", 0, 1, 0, 0},
    {"an address begins a line",
     "550 5.7.26 SPF did not pass with ip:\n[192.0.2.1]. To protect\n"
     "[2001:db8::1] too",
     0, 550, "5.7.26",
     "SPF did not pass with ip: [192.0.2.1]. To protect [2001:db8::1] too", 0,
     1, 0, 0},
    {"a log's time begins a line", "550 5.7.1 Blocked\n[10:00:00] next", 0, 550,
     "5.7.1", "Blocked", 0, 1, 0, 0},
    {"571 after a lead",
     "SMTP error from remote mail server after DATA: 571 Not authorized", 0,
     571, "", "Not authorized", 0, 1, 0, THEIRS},
    {"SMTP; in the words",
     "530 5.7.57 SMTP; Client was not authenticated to send mail", 0, 530,
     "5.7.57", "SMTP; Client was not authenticated to send mail", 0, 1, 0, 0},
    {"words quoted without a code",
     "4.7.0 SASL authentication failed; server h[192.0.2.1] said: no", 0, 0,
     "4.7.0", "SASL authentication failed; server h[192.0.2.1] said: no", 0, 1,
     0, 0},
    {"a string in the words",
     "550 5.7.1 Blocked. Reason: \"550 5.7.1 virus\" found (see https://x)", 0,
     550, "5.7.1", "Blocked. Reason: \"550 5.7.1 virus\" found (see https://x)",
     0, 1, 0, 0},
    {"a class that is none", "\"code\":550,\"class\":6,\"detail\":1", 0, 550,
     "", "", 0, 1, 0, 0},
    {"a line that begins with an RFC",
     "x: 550 5.7.1 see and review\nRFC 5322 specifications.", 0, 550, "5.7.1",
     "see and review RFC 5322 specifications.", 0, 1, 0, 0},
    {"somebody else says", "550 5.1.1 no such user; he said: 421 4.7.0 wait", 0,
     550, "5.1.1", "no such user; he said: 421 4.7.0 wait", 0, 1, 0, 0},
    {"MIME between", "host h said: 550 a\n--boundary\nStatus: 5.1.1", 0, 550,
     "5.1.1", "a", 0, 1, 0, THEIRS},
};

static void test_read(void **state) {
    const struct read_case *c = *state;
    size_t len = c->len ? c->len : strlen(c->text);
    smtpcode_reply r;
    enum smtpcode_status status = smtpcode_reply_read(&r, c->text, len);

    assert_sane(&r, status, len);
    if (c->words)
        assert_words(&r, c->words, strlen(c->words));
    else
        assert_words(&r, "a\0b", 3);
    assert_int_equal(smtpcode_reply_code(&r), c->code);
    assert_enhanced(&r, c->enhanced);
    assert_int_equal(smtpcode_reply_flags(&r), c->flags);
    assert_int_equal(smtpcode_reply_count(&r), c->count);
    assert_int_equal(smtpcode_reply_outer_code(&r), c->outer);
    assert_int_equal(smtpcode_reply_side(&r), c->side);
}

/* ---- a code apart ---- */

struct set_case {
    const char *name;
    int code;
    const char *text;
    int expected;
    const char *enhanced;
    const char *words;
    unsigned flags;
};

static const struct set_case set_cases[] = {
    {"set: smtplib", 535, "5.7.8 Not accepted. See\n5.7.8  https://x", 535,
     "5.7.8", "Not accepted. See https://x", 0},
    {"set: repeated code", 550, "550-5.1.1 No such\r\n550 5.1.1 user", 550,
     "5.1.1", "No such user", 0},
    {"set: other code", 550, "554 No", 550, "", "No", MIXED},
    {"set: no text", 553, "", 553, "", "", 0},
    {"set: no code", 0, "No such user", 0, "", "No such user", 0},
    {"set: not a code", 999, "No such user", 0, "", "No such user", 0},
    {"set: nothing", 0, "", 0, "", "", 0},
    {"set: nothing is unwrapped", 550, "host h said: 554 No", 550, "",
     "host h said: 554 No", 0},
};

static void test_set(void **state) {
    const struct set_case *c = *state;
    smtpcode_reply r;
    enum smtpcode_status status =
        smtpcode_reply_set(&r, c->code, c->text, strlen(c->text));

    assert_sane(&r, status, strlen(c->text));
    assert_words(&r, c->words, strlen(c->words));
    assert_int_equal(smtpcode_reply_code(&r), c->expected);
    assert_enhanced(&r, c->enhanced);
    assert_int_equal(smtpcode_reply_flags(&r), c->flags);
}

static void test_lines(void **state) {
    static const char *const lines[] = {"550-5.1.1 No \\n such\r\n",
                                        "550-5.1.1 \r\n", "550 5.1.1 user"};
    smtpcode_reply r;

    (void)state;
    smtpcode_reply_begin(&r);
    for (size_t i = 0; i < COUNT(lines); i++)
        smtpcode_reply_line(&r, lines[i], strlen(lines[i]));
    assert_int_equal(smtpcode_reply_end(&r), SMTPCODE_OK);
    assert_words(&r, "No \\n such user", 15);
    assert_int_equal(smtpcode_reply_code(&r), 550);
    assert_enhanced(&r, "5.1.1");

    smtpcode_reply_begin(&r);
    assert_int_equal(smtpcode_reply_end(&r), NOT_A_REPLY);
}

/* ---- for the judge only ---- */

static const struct reply *inside(const smtpcode_reply *r) {
    return (const struct reply *)r->opaque;
}

struct stated_case {
    const char *name;
    const char *text;
    int stated;
};

static const struct stated_case stated_cases[] = {
    {"stated: permanent", "permanent: gmx.net Service not available", 5},
    {"stated: transient", "transient: Greylisted", 4},
    {"stated: not by the words", "this is permanent: no", 0},
    {"stated: dsn=", "dsn=5.0.0, status=bounced (User unknown)", 5},
    {"stated: Status", "Status: 4.0.0\nDiagnostic-Code: smtp; Later", 4},
    {"stated: nothing", "User unknown", 0},
};

static void test_stated(void **state) {
    const struct stated_case *c = *state;
    smtpcode_reply r;

    smtpcode_reply_read(&r, c->text, strlen(c->text));
    assert_int_equal(inside(&r)->stated, c->stated);
}

struct unfold_case {
    const char *name;
    const char *text;
    const char *expected; /* NULL: nothing to unfold */
};

static const struct unfold_case unfold_cases[] = {
    {"unfold: one line", "550 5.7.1 See https://example.org/a b", NULL},
    {"unfold: a sentence", "550-No such\n550 user", NULL},
    {"unfold: a URL", "550-See https://example.org/?p=No\n550 SuchUser now",
     "See https://example.org/?p=NoSuchUser now"},
    {"unfold: a URL in three",
     "550-See <https://example.org/\n550-mail/?p=No\n550 Such>",
     "See <https://example.org/mail/?p=NoSuch>"},
    {"unfold: a host",
     "550 Denied [AM0EUR02FT038.eop-EUR02.\n prod.protection.outlook.com]",
     "Denied [AM0EUR02FT038.eop-EUR02.prod.protection.outlook.com]"},
    {"unfold: the end of a sentence", "550-It is over.\n550 Go", NULL},
    {"unfold: no words", "550", NULL},
    {"unfold: two breaks in one place",
     "550-5.7.1 See https://a\n550-5.7.1 \n550 5.7.1 b", "See https://ab"},
    {"unfold: a break at the end", "550-See https://a\n550 \n", NULL},
    {"unfold: found by fuzzing",
     "{\ne '535-5.7.8 3!5 5.7.8 \n}\xff"
     "x",
     NULL},
};

static void test_unfold(void **state) {
    const struct unfold_case *c = *state;
    smtpcode_reply r;
    char out[4096];

    smtpcode_reply_read(&r, c->text, strlen(c->text));
    size_t n = smtpcode_unfold(inside(&r), out);
    assert_int_equal(n, c->expected ? strlen(c->expected) : 0);
    assert_memory_equal(out, c->expected ? c->expected : "", n);
}

/* A name of 255 bytes is kept, a longer one is none. */
static void test_long_peer(void **state) {
    (void)state;
    for (size_t n = 250; n < 330; n++) {
        char text[600];
        smtpcode_reply r;
        size_t len;
        memset(text, 'a', sizeof text);
        memcpy(text, "host ", 5);
        memcpy(text + 5 + n - 4, ".org said: 550 No", 17);
        smtpcode_reply_read(&r, text, 5 + n + 13);
        const char *peer = smtpcode_reply_peer(&r, &len);
        assert_int_equal(len, n <= 255 ? n : 0);
        assert_memory_equal(peer, text + 5, len);
    }
}

/* ---- long texts ---- */

enum { MEGABYTE = 1 << 20 };

/* An empty text may be nowhere, as that of a C++ string_view is. */
static void test_nowhere(void **state) {
    smtpcode_reply reply;

    (void)state;
    assert_int_equal(smtpcode_reply_read(&reply, NULL, 0),
                     SMTPCODE_ERR_NOT_A_REPLY);
    assert_int_equal(smtpcode_reply_set(&reply, 550, NULL, 0), SMTPCODE_OK);
    assert_int_equal(smtpcode_reply_code(&reply), 550);
    smtpcode_reply_begin(&reply);
    smtpcode_reply_line(&reply, NULL, 0);
    smtpcode_reply_line(&reply, "550 no", 6);
    assert_int_equal(smtpcode_reply_end(&reply), SMTPCODE_OK);
    assert_int_equal(smtpcode_reply_code(&reply), 550);
}

/* The reply stands after 1 MB of text, and is not cut. */
static void test_far(void **state) {
    static char text[MEGABYTE + 64];
    static const char reply[] = "\nhost h said: 550 5.1.1 No such user";
    smtpcode_reply r;
    size_t span;

    (void)state;
    for (size_t i = 0; i < MEGABYTE; i++)
        text[i] = "Lorem ipsum: (dolor) = \n 17;"[i % 28];
    memcpy(text + MEGABYTE, reply, sizeof reply - 1);
    assert_int_equal(smtpcode_reply_read(&r, text, MEGABYTE + sizeof reply - 1),
                     SMTPCODE_OK);
    assert_words(&r, "No such user", 12);
    assert_int_equal(smtpcode_reply_code(&r), 550);
    assert_int_equal(smtpcode_reply_flags(&r), 0);
    assert_int_equal(smtpcode_reply_source_span(&r, &span), MEGABYTE + 14);
    assert_int_equal(span, 22);
}

/* Bytes FROM to TO of a long reply's words, each of which tells its place. */
static void fill(char *text, size_t len) {
    for (size_t i = 0; i < len; i++)
        text[i] = (char)('a' + i % 17);
}

static void test_truncated(void **state) {
    static char text[MEGABYTE];
    static const size_t lengths[] = {4096, 4097,  4098,         5119,    5120,
                                     5121, 10000, MEGABYTE - 1, MEGABYTE};

    (void)state;
    fill(text, sizeof text);
    memcpy(text, "550 ", 4);
    for (size_t i = 0; i < COUNT(lengths); i++) {
        smtpcode_reply r;
        size_t len, n = lengths[i];
        assert_int_equal(smtpcode_reply_read(&r, text, n), SMTPCODE_OK);
        const char *words = smtpcode_reply_words(&r, &len);
        assert_int_equal(smtpcode_reply_flags(&r),
                         n > 4096 ? SMTPCODE_FLAG_TRUNCATED : 0);
        assert_int_equal(len, 4092);
        assert_memory_equal(words, text + 4, 3068);
        assert_memory_equal(words + len - 1023, text + n - 1023, 1023);
        if (n > 4096)
            assert_int_equal(words[3068], ' ');
    }
}

/* The same object, whatever it held before, and by lines of any size. */
static void test_line_sizes(void **state) {
    static char text[20000];

    (void)state;
    fill(text, sizeof text);
    for (size_t size = 1; size < 9000; size += 1 + size / 3) {
        smtpcode_reply a, b;
        memset(&a, 0xff, sizeof a);
        memset(&b, 0, sizeof b);
        smtpcode_reply_begin(&a);
        smtpcode_reply_begin(&b);
        for (size_t at = 0; at < sizeof text; at += size) {
            size_t n = sizeof text - at < size ? sizeof text - at : size;
            smtpcode_reply_line(&a, text + at, n);
            smtpcode_reply_line(&b, text + at, n);
        }
        assert_int_equal(smtpcode_reply_end(&a), SMTPCODE_OK);
        assert_int_equal(smtpcode_reply_end(&b), SMTPCODE_OK);
        size_t na, nb;
        const char *wa = smtpcode_reply_words(&a, &na);
        const char *wb = smtpcode_reply_words(&b, &nb);
        assert_int_equal(na, nb);
        assert_memory_equal(wa, wb, na);
        assert_true(smtpcode_reply_flags(&a) & SMTPCODE_FLAG_TRUNCATED);
    }
}

static void test_strerror(void **state) {
    (void)state;
    assert_string_equal(smtpcode_strerror(SMTPCODE_OK), "success");
    assert_string_equal(smtpcode_strerror(NOT_A_REPLY),
                        "no SMTP reply in the text");
    assert_string_equal(smtpcode_strerror((enum smtpcode_status) - 99),
                        "unknown error");
}

/* ---- the rows of wrappers.inc ---- */

struct row {
    char third, second, last;
    const char *lead;
};

static const struct row rows[] = {
#define W(third, second, last, lead, ...) {third, second, last, lead},
#include "wrappers.inc"
#undef W
};

/* The bytes that each row has apart are its lead's, rows that end alike stand
 * together, and no two endings share a number (ENDING in wrappers.c). */
static void test_rows(void **state) {
    static const char *ending[512];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *end = rows[i].lead + strlen(rows[i].lead);
        unsigned n = ((unsigned)rows[i].third + 23u * (unsigned)rows[i].second +
                      (unsigned)rows[i].last) %
                     512;
        assert_int_equal(rows[i].last, end[-1]);
        assert_int_equal(rows[i].second, end[-2]);
        assert_int_equal(rows[i].third, end[-2] == ' ' ? ' ' : end[-3]);
        if (ending[n]) {
            assert_true(i > 0);
            assert_int_equal(rows[i].third, rows[i - 1].third);
            assert_int_equal(rows[i].second, rows[i - 1].second);
            assert_int_equal(rows[i].last, rows[i - 1].last);
        }
        ending[n] = rows[i].lead;
    }
}

static char small(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Does LEAD end before END? */
static int leads(const char *text, const char *end, const char *lead) {
    size_t n = strlen(lead);

    if ((size_t)(end - text) < n)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (small(end[(long)i - (long)n]) != lead[i])
            return 0;
    return 1;
}

/* Does a longer lead than LEAD end before END? */
static int is_part(const char *text, const char *end, const char *lead) {
    for (size_t i = 0; i < COUNT(rows); i++)
        if (strlen(rows[i].lead) > strlen(lead) &&
            leads(text, end, rows[i].lead))
            return 1;
    return 0;
}

static int reads_alike(const smtpcode_reply *a, const smtpcode_reply *b) {
    size_t na, nb, pa, pb;
    const char *wa = smtpcode_reply_words(a, &na);
    const char *wb = smtpcode_reply_words(b, &nb);

    smtpcode_reply_peer(a, &pa);
    smtpcode_reply_peer(b, &pb);
    return na == nb && memcmp(wa, wb, na) == 0 && pa == pb &&
           smtpcode_reply_code(a) == smtpcode_reply_code(b) &&
           smtpcode_reply_class(a) == smtpcode_reply_class(b) &&
           smtpcode_reply_subject(a) == smtpcode_reply_subject(b) &&
           smtpcode_reply_detail(a) == smtpcode_reply_detail(b) &&
           smtpcode_reply_stage(a) == smtpcode_reply_stage(b) &&
           smtpcode_reply_side(a) == smtpcode_reply_side(b) &&
           smtpcode_reply_final(a) == smtpcode_reply_final(b) &&
           smtpcode_reply_flags(a) == smtpcode_reply_flags(b);
}

/* Does example C read otherwise when a letter of LEAD is another?  Within the
 * reply: does it begin elsewhere? */
static int needs_lead(const struct wrapper_case *c, const char *lead) {
    smtpcode_reply whole, spoilt;
    size_t span, ignored, n = strlen(lead),
                          letter = strcspn(lead, "abcdefghijklmnopqrstuvwxyz");
    char copy[4096];

    smtpcode_reply_read(&whole, c->columns[1], c->len);
    size_t start = smtpcode_reply_source_span(&whole, &span);
    for (size_t at = n; at <= c->len && c->len < sizeof copy; at++) {
        if (!leads(c->columns[1], c->columns[1] + at, lead) ||
            is_part(c->columns[1], c->columns[1] + at, lead))
            continue;
        int inside = at > start && at - n < start + span;
        memcpy(copy, c->columns[1], c->len);
        copy[at - n + letter] = '#';
        smtpcode_reply_read(&spoilt, copy, c->len);
        if (inside ? smtpcode_reply_source_span(&spoilt, &ignored) != start
                   : !reads_alike(&whole, &spoilt))
            return 1;
    }
    return 0;
}

/* Each row has an example that would be read otherwise without it. */
static void test_row_examples(void **state) {
    size_t missing = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t k = 0;
        while (k < MAX_WRAPPERS && wrapper_cases[k].columns[1] &&
               !needs_lead(&wrapper_cases[k], rows[i].lead))
            k++;
        if (k == MAX_WRAPPERS || !wrapper_cases[k].columns[1]) {
            print_error("no example needs '%s'\n", rows[i].lead);
            missing++;
        }
    }
    assert_int_equal(missing, 0);
}

static void test_size(void **state) {
    (void)state;
    assert_int_equal(sizeof(smtpcode_reply), 8192);
}

static const struct CMUnitTest other_tests[] = {
    {"by lines", test_lines, NULL, NULL, NULL},
    {"no text at all", test_nowhere, NULL, NULL, NULL},
    {"1 MB before the reply", test_far, NULL, NULL, NULL},
    {"longer than the object", test_truncated, NULL, NULL, NULL},
    {"lines of any size", test_line_sizes, NULL, NULL, NULL},
    {"a text for each status", test_strerror, NULL, NULL, NULL},
    {"a peer of any length", test_long_peer, NULL, NULL, NULL},
    {"rows of wrappers", test_rows, NULL, NULL, NULL},
    {"an example of each row", test_row_examples, NULL, NULL, NULL},
    {"8 KiB", test_size, NULL, NULL, NULL},
};

/* A test for each row of CASES, under the row's name. */
#define ADD(cases, test)                                                  \
    for (size_t i = 0; i < COUNT(cases); i++)                             \
        tests[n++] = (struct CMUnitTest) {                                \
            cases[i].name, test, NULL, NULL, (void *)(uintptr_t)&cases[i] \
        }

int main(void) {
    static struct CMUnitTest tests[2 * MAX_WRAPPERS + COUNT(read_cases) +
                                   COUNT(set_cases) + COUNT(stated_cases) +
                                   COUNT(unfold_cases) + COUNT(other_tests)];
    static char names[MAX_WRAPPERS][80];
    size_t nwrappers = load_wrappers("tests/cases/wrappers.tsv"), n = 0;

    for (size_t i = 0; i < nwrappers; i++) {
        void *c = &wrapper_cases[i];
        const char *name = wrapper_cases[i].columns[0];
        snprintf(names[i], sizeof names[i], "%s, cut anywhere", name);
        tests[n++] = (struct CMUnitTest){name, test_wrapper, NULL, NULL, c};
        tests[n++] =
            (struct CMUnitTest){names[i], test_wrapper_prefixes, NULL, NULL, c};
    }
    ADD(read_cases, test_read);
    ADD(set_cases, test_set);
    ADD(stated_cases, test_stated);
    ADD(unfold_cases, test_unfold);
    memcpy(tests + n, other_tests, sizeof other_tests);
    n += COUNT(other_tests);
    return _cmocka_run_group_tests("reply", tests, n, NULL, NULL);
}
