/*
 * test_wait.c - how long a reply asks to wait: words as the judge has them
 * (small letters, one blank), and the seconds that they mean.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../libsmtpcode/judge.h"

static const struct {
    const char *words;
    int32_t seconds;
} waits[] = {
    /* what asks */
    {"try again in 5 minutes", 300},
    {"try again after 5 minutes", 300},
    {"retry in 5 minutes", 300},
    {"retry after 5 minutes", 300},
    {"retry-after 5 minutes", 300},
    {"retry at earliest 5 minutes on", 300},
    {"greylisted for 5 minutes", 300},
    {"graylisted for 5 minutes", 300},
    {"grey-listed for 5 minutes", 300},
    {"gray-listed for 5 minutes", 300},
    {"wait 5 minutes", 300},
    {"wait at least 5 minutes", 300},
    {"come back 5 minutes later", 300},
    {"delayed for 5 minutes", 300},
    {"delay for 5 minutes", 300},
    {"later in 5 minutes", 300},
    {"later (5 minutes)", 300},
    {"expires in 5 minutes", 300},
    {"again: 5 minutes", 300},
    {"back in 5 minutes", 300},
    {"deferred for 5 minutes", 300},
    {"blocked for 5 minutes", 300},
    {"bitte erneut in 5 minuten", 300},
    {"bitte nochmals in 5 minuten", 300},
    {"5 minutes", 0},
    {"not before 5 minutes", 0},
    {"retry in 30 seconds, not in 5 minutes", 30},
    /* units */
    {"wait 7 sec", 7},
    {"wait 7 secs.", 7},
    {"wait 7s", 7},
    {"wait 7s.", 7},
    {"wait 7 st", 0},
    {"wait 7 min", 420},
    {"wait 7m", 420},
    {"wait 7 mails", 0},
    {"wait 2 hour", 7200},
    {"wait 2hrs", 7200},
    {"wait 2h", 7200},
    {"wait 2 hops", 0},
    {"wait 2 days", 172800},
    {"wait 2 stunden", 7200},
    {"wait 2 tage", 172800},
    {"wait 7", 0},
    {"wait 7 se", 0},
    {"wait 7-min", 420},
    {"wait 7 - min", 420},
    {"wait 0 minutes", 0},
    /* several of them */
    {"wait 1 hour 30 minutes", 5400},
    {"wait 1 hour, 30 minutes", 5400},
    {"wait 1 hour and 30 minutes", 5400},
    {"wait 1h30m", 5400},
    {"wait 1h, and 30m", 5400},
    {"wait 1 hour and", 3600},
    {"wait 1 hour and ", 3600},
    {"wait 1 hour and more", 3600},
    {"wait 1 hour 30 mails", 3600},
    {"wait 1 hour 30", 3600},
    {"wait 3 minutes 2", 180},
    {"wait 1 hour 1:30", 90},
    /* clocks */
    {"come back in 00:04:59", 299},
    {"come back in 04:59", 299},
    {"come back in 1:00:00", 3600},
    {"come back in 04:", 0},
    {"come back in 04:5", 0},
    {"come back in 04:5 x", 0},
    {"come back in 04:x", 0},
    {"come back in 24:00:00", 86400},
    {"come back in 1440:59", 86459},
    {"come back in 00:04:59: no sooner", 299},
    {"come back in 00:04:59:", 299},
    {"greylisted, rule 17: come again", 0},
    {"greylisted: 2001:db8::1", 0},
    {"greylisted: 64:12::1", 0},
    {"greylisted: 64:12:ff9b", 0},
    /* no more than a week */
    {"wait 604800 seconds", 604800},
    {"wait 604801 seconds", 0},
    {"wait 168 hours", 604800},
    {"wait 169 hours", 0},
    {"wait 7 days", 604800},
    {"wait 7 days 1 second", 0},
    {"wait 8 days", 0},
    {"wait 99999999999999999999 seconds", 0},
    {"wait 4294967297 seconds", 0},
    {"come back in 1439:59:59", 0},
    {"come back in 167:59:60", 604800},
    {"come back in 167:59:61", 0},
    /* what is no wait */
    {"retry after 100 per 60 minutes", 0},
    {"wait: 100 mails per 60 minutes", 0},
    {"per 60 minutes", 0},
    {"at 60 minutes", 0},
    {"wait at 60 minutes", 0},
    {"hyper 60 minutes, wait", 0},
    {"retry at 14:30", 0},
    {"greylisted until 10:05", 0},
    {"wait, not until 10:05", 0},
    {"until now greylisted, no more than 10:05", 0},
    {"wait for x5 minutes", 0},
    {"wait for 1.5 minutes", 0},
    {"wait for a:5 minutes", 0},
    /* close behind it: 48 bytes */
    {"greylist xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 5 minutes", 300},
    {"greylist xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 5 minutes", 0},
    {"until wait xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 5 minutes", 0},
    {"until wait xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 5 minutes", 300},
    {"greylist 1 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 5 minutes", 300},
    {"wait after 20 mails; 3 are left; wait 10 minutes", 600},
    /* as HTTP has it */
    {"retry-after: 120", 120},
    {"retry-after:120", 120},
    {"retry-after=120", 120},
    {"retry-after 120", 120},
    {"retry-after120", 0},
    {"retry-later: 120", 0},
    {"x retry-after: 120", 120},
    {"etry-after: 120", 0},
    {"retry-after: 604800", 604800},
    {"retry-after: 604801", 0},
    {"retry-after: 2 minutes", 120},
    {"retry-after: x120", 0},
    {"550 retry-after: 120", 120},
    {"", 0},
    {"5", 0},
};

static void check_wait(void **state) {
    size_t i = (size_t)(uintptr_t)*state;

    assert_int_equal(smtpcode_read_wait(waits[i].words, strlen(waits[i].words)),
                     waits[i].seconds);
}

/* What follows the end is not read. */
static void check_cut(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++)
        for (size_t len = 0; len <= strlen(waits[i].words); len++) {
            char words[100];
            memcpy(words, waits[i].words, len);
            memcpy(words + len, "\0 minutes", 10);
            int32_t seconds = smtpcode_read_wait(words, len);
            memcpy(words + len, "6:6 hours", 10);
            assert_int_equal(smtpcode_read_wait(words, len), seconds);
        }
}

int main(void) {
    enum { N = sizeof waits / sizeof *waits };
    static struct CMUnitTest tests[N + 1];

    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){waits[i].words, check_wait, NULL, NULL,
                                       (void *)(uintptr_t)i};
    tests[N] = (struct CMUnitTest)cmocka_unit_test(check_cut);
    return _cmocka_run_group_tests("wait", tests, N + 1, NULL, NULL);
}
