/*
 * answers.c - the JSON of an answer for each template, each wrapper and some
 * bytes that nobody sends, one a line: for the schema check of test_json.sh.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filled.h"
#include "hostile.h"
#include "wrapper_cases.h"

static unsigned nanswers;

static void answer(const char *text, size_t len) {
    static char json[1 << 17];
    static smtpcode_reply reply;
    smtpcode_result result;
    /* One in three with hints, so that all keys have a value somewhere. */
    const smtpcode_hints hints = {sizeof hints, SMTPCODE_STAGE_RCPT,
                                  SMTPCODE_ROLE_RELAY,
                                  "mx1.mail.protection.outlook.com", 31};

    smtpcode_reply_read(&reply, text, len);
    smtpcode_diagnose(&reply, ++nanswers % 3 ? NULL : &hints, &result);
    if (smtpcode_json(&result, json, sizeof json) >= sizeof json)
        exit(1);
    puts(json);
}

int main(void) {
    size_t n = load_wrappers("tests/cases/wrappers.tsv");
    static struct filled f;
    char text[MOST_TEXT];

    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_TEMPLATE));) {
        template_text(e, 0, smtpcode_count(e, SMTPCODE_LINE), text,
                      sizeof text);
        fill(text, nanswers % NSETS, &f);
        answer(f.text, f.len);
    }
    for (size_t i = 0; i < n; i++)
        answer(wrapper_cases[i].columns[1], wrapper_cases[i].len);
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++)
        answer(hostile[i], strlen(hostile[i]));
    answer("", 0);
    return ferror(stdout) || fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
