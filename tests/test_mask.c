/*
 * test_mask.c - what is masked of a reply's words and what is not.  In the
 * rows a '#' stands for a masked byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As where the compiler has no SIMD, beside the library's. */
#ifndef SMTPCODE_PLAIN
#define SMTPCODE_PLAIN
#endif
#define smtpcode_mask plain_mask
#include "../libsmtpcode/mask.c"
#undef smtpcode_mask
void smtpcode_mask(const char *words, size_t len, char *out);

static const struct row {
    const char *words, *masked;
} rows[] = {
    /* nothing to mask */
    {"", ""},
    {" ", " "},
    {"mailbox full", "mailbox full"},
    {"mailbox full. try later: yes, e.g. today", ""},
    {"5.1.1 the e.g. of x.y, i.e. v=spf1 at 4.7.650", ""},
    {"said:mailbox full", ""},
    {"mailbox is full.please try again", ""},
    {"user unknown.it is gone", ""},
    {"5.1.1.user unknown", ""},
    {"5.1.1.user.unknown", ""},
    {"4.2.2.mailbox.is.full", ""},
    {"don't, users' and it's", ""},
    {"10:20:30 1:2:3", ""},
    {"wait...what", ""},
    {"2024-09-01 12:30, 5,242,880 bytes (100%)", ""},
    {"smtp.mailfrom and header.from differ", ""},
    {"user@ and @ and a @ b", ""},
    {"a :: b ::", ""},
    {"error::none some::", ""},
    {"< > [ ] \" ' \"\" '' <> []", ""},
    {"<mailbox [full \"of 'spam", ""},

    /* addresses */
    {"alice@example.com", "#################"},
    {"550 5.1.1 <alice@unblocked.dev>: mailbox not found",
     "550 5.1.1 #####################: mailbox not found"},
    {"(user@host:blocked)", "(#########:blocked)"},
    {"user=blocked@x", "##############"},
    {"rcpt:user@x", "rcpt:######"},
    {"mailto:x", "########"},
    {"mailto:blocked@x.example?subject=spam.",
     "#####################################."},
    {"blocked.spam@example.com. mailbox full",
     "########################. mailbox full"},
    {"user@example.com.mailbox full", "################.mailbox full"},
    {"user@example.com... user unknown", "################... user unknown"},
    {"user@host... user unknown", "#########... user unknown"},
    {"bounce-spam=x.org+blocked@y.example,blocked",
     "###################################,blocked"},
    {"o'brien@example.ie's box", "##################'s box"},
    {"@relay.example,@b.example:c@d.example",
     "@#############,@#########:###########"},
    {"a@b@c@d", "#######"},
    {"blocked@[192.0.2.1] is", "################### is"},
    {"blocked@[ipv6:2001:db8::1]:", "##########################:"},
    {"\xe7\x94\xa8\xe6\x88\xb7"
     "a@b.cn\xe4\xb8\x8d\xe5\xad\x98\xe5\x9c\xa8",
     "\xe7\x94\xa8\xe6\x88\xb7######\xe4\xb8\x8d\xe5\xad\x98\xe5\x9c\xa8"},
    {"{spam}%full!box@x", "#################"},

    /* numbers of hosts */
    {"192.0.2.1", "#########"},
    {"ip 192.0.2.1. blocked", "ip #########. blocked"},
    {"(192.0.2.1)", "(#########)"},
    {"ip=192.0.2.255:25", "ip=###########:25"},
    {"192.0.2.256", ""},
    {"1.2.3", ""},
    {"1.2.3.4.5", ""},
    {"192.0.2.1.please try", "#########.please try"},
    {"300.0.2.1.please try", ""},
    {"a.1.please", ""},
    {"192.0.2.0/24", "############"}, /* as a URL would go on */
    {"2001:db8::1", "###########"},
    {"from 2001:db8:0:0:0:0:0:25: blocked",
     "from #####################: blocked"},
    {"::1 fe80::dead:beef.", "### ###############."},
    {"::ffff:192.0.2.1", "################"},
    {"(2001:db8::25)", "(############)"},
    {"1:2:3:4:5:6:7", ""},
    {"1:2:3:4:5:6:7:8", "###############"},
    {"1:2:3:4:5:6:7::8", ""},
    {"1:2:3:4:5:6:7:8:9", ""},
    {"0000:0000:0000:0000:0000:ffff:255.255.255.255",
     "#############################################"},
    {"1:2:3:4:5:6:192.0.2.1.", "#####################."},
    {"dead:beef", ""},

    /* hosts and URLs */
    {"mx.example.com", "##############"},
    {"host blocked.example.com[192.0.2.1] said: full",
     "host ############################## said: full"},
    {"mx1.blocked.example.com:25", "#######################:25"},
    {"2.0.0.127.zen.spamhaus.org", "##########################"},
    {"spam.com.", "########."},
    {"spam.de, blocked.local", "#######, #############"},
    {"blocked.xn--p1ai", "################"},
    {"mx.example.com.please try", "##############.please try"},
    {"_dmarc.spam.example.org", "_######################"},
    {"163.com 126.com", "####### #######"},
    {"http://spam.example/blocked?a=user",
     "##################################"},
    {"see https://x.example/a(b). full", "see #####################). full"},
    {"(http://[2001:db8::1]:8080/full)", "(##############################)"},
    {"url=http://x/user;full", "url=##################"},
    {"<http://x/y>", "############"},
    {"example.com/mailbox/full, please", "########################, please"},
    {"example.com?id=full", "###################"},
    {"http:// mailbox", ""},
    {"a://b \"http://x/y\"", "##### ############"},

    /* brackets and quotes */
    {"<blocked>", "#########"},
    {"<>", ""},
    {"<mailbox full>", ""},
    {"a[blocked]b", "a#########b"},
    {"[[spam]]", "#######]"},
    {"\"spam\"", "######"},
    {"(\"spam\").", "(######)."},
    {"\"mailbox full\"", ""},
    {"'blocked'", "#########"},
    {"'user's' mailbox", "######## mailbox"},
    {"x'spam' don't'", ""},
    {"\xe2\x80\x9cspam\xe2\x80\x9d", "##########"},
    {"\xe2\x80\x9espam\xe2\x80\x9c", "##########"},
    {"\xe2\x80\x98spam\xe2\x80\x99", "##########"},
    {"l\xe2\x80\x99"
     "adresse n\xe2\x80\x99"
     "existe",
     ""},
    {"\xc2\xabspam\xc2\xbb", "########"},
    {"\xc2\xbbspam\xc2\xab", "########"},
    {"\xe3\x80\x8cspam\xe3\x80\x8d", "##########"},
    {"\xe2\x80\x9c\xe9\x82\xae\xe7\xae\xb1\xe5\xb7\xb2\xe6\xbb\xa1\xe2\x80\x9d",
     ""},                         /* a whole sentence in Chinese */
    {"\x83[\x83\x8b\x83]ab", ""}, /* Shift_JIS: half letters */
    {"\xe5\x9d\x80[1.2.3.4]", "\xe5\x9d\x80#########"},
    {"\xc1\x81[ab]", ""},
    {"<a[b]", "<a###"},
    {"reason=\"spam\"", "reason=######"},
};
enum { NROWS = sizeof rows / sizeof *rows };

static void expect(const char *words, const char *masked) {
    size_t len = strlen(words);
    char *out = malloc(len + 1);

    smtpcode_mask(words, len, out);
    char *plain = malloc(len + 1);
    plain_mask(words, len, plain);
    assert_memory_equal(out, plain, len);
    free(plain);
    for (size_t i = 0; i < len; i++)
        out[i] = (char)(out[i] == SMTPCODE_MASKED ? '#' : out[i]);
    out[len] = '\0';
    if (strcmp(out, masked) != 0)
        fail_msg("'%s' is masked as '%s'", words, out);
    free(out);
}

/* By itself, and between other words. */
static void test_row(void **state) {
    const struct row *r = *state;
    const char *masked = *r->masked ? r->masked : r->words;
    char words[256], want[256];

    expect(r->words, masked);
    snprintf(words, sizeof words, "550 %s now", r->words);
    snprintf(want, sizeof want, "550 %s now", masked);
    expect(words, want);
}

/* Any bytes: only bytes of words are masked, and what stands in one word is
 * masked alike whatever the others are. */
static void test_random(void **state) {
    static const char alphabet[] = "ab.1:@<>[]\"'/= \xe2\x80\x9c\x9d\xc2\xab";
    char words[64], out[64], alone[64];
    uint32_t seed = 1;
    unsigned masked = 0;

    (void)state;
    for (int round = 0; round < 200000; round++) {
        size_t len = (seed >> 8) % sizeof words, begin = 0;
        for (size_t i = 0; i < len; i++) {
            seed = seed * 1664525u + 1013904223u;
            words[i] = alphabet[(seed >> 8) % (sizeof alphabet - 1)];
        }
        seed = seed * 1664525u + 1013904223u;
        smtpcode_mask(words, len, out);
        plain_mask(words, len, alone);
        assert_memory_equal(alone, out, len);
        for (size_t i = 0; i <= len; i++)
            if (i == len || words[i] == ' ') {
                smtpcode_mask(words + begin, i - begin, alone);
                assert_memory_equal(alone, out + begin, i - begin);
                begin = i + 1;
            }
        for (size_t i = 0; i < len; i++) {
            assert_true(out[i] == words[i] || out[i] == SMTPCODE_MASKED);
            assert_true(words[i] != ' ' || out[i] == ' ');
            masked += out[i] != words[i];
        }
    }
    assert_true(masked > 1000000);
}

int main(void) {
    struct CMUnitTest tests[NROWS + 1];

    for (size_t i = 0; i < NROWS; i++)
        tests[i] = (struct CMUnitTest){*rows[i].words ? rows[i].words : "empty",
                                       test_row, NULL, NULL,
                                       (void *)(uintptr_t)&rows[i]};
    tests[NROWS] = (struct CMUnitTest)cmocka_unit_test(test_random);
    return cmocka_run_group_tests_name("mask", tests, NULL, NULL);
}
