/*
 * redact.c - libFuzzer target: any bytes are redacted, and no address is left,
 * nor in what is left.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpcode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 2000, ROOM = 64 << 10 };

static void expect(int truth) {
    if (!truth)
        abort();
}

static int is_alnum(char c) {
    return (c >= '0' && c <= '9') || (unsigned char)((c | 0x20) - 'a') < 26;
}

static void check_order(const struct smtpcode_span *spans, size_t n,
                        size_t size) {
    size_t at = 0;

    for (size_t i = 0; i < n; i++) {
        expect(spans[i].length > 0 && spans[i].offset >= at);
        expect(spans[i].offset <= size &&
               spans[i].length <= size - spans[i].offset);
        expect(smtpcode_word(SMTPCODE_WORDS_CAPTURE, spans[i].kind) != NULL);
        at = spans[i].offset + spans[i].length;
    }
}

/* TEXT with placeholders in OUT; returns its length. */
static size_t replace(const char *text, size_t size,
                      const struct smtpcode_span *spans, size_t n, char *out) {
    size_t at = 0, put = 0;

    for (size_t i = 0; i < n; i++) {
        memcpy(out + put, text + at, spans[i].offset - at);
        put += spans[i].offset - at;
        put += (size_t)sprintf(
            out + put, "[%s 0a1b2c]",
            smtpcode_word(SMTPCODE_WORDS_CAPTURE, spans[i].kind));
        at = spans[i].offset + spans[i].length;
    }
    memcpy(out + put, text + at, size - at);
    return put + size - at;
}

/* An @ at AT between letters or digits, which are no escape's. */
static int is_address(const char *text, size_t at) {
    for (size_t i = 2; i <= 6 && i <= at; i++)
        if (text[at - i] == '\\')
            return 0;
    return text[at] == '@' && is_alnum(text[at - 1]) && is_alnum(text[at + 1]);
}

static void check(const char *text, size_t size, const smtpcode_result *result,
                  int depth) {
    static char outs[2][ROOM];
    struct smtpcode_span spans[MOST];
    size_t n = smtpcode_redact(text, size, result, spans, MOST);

    expect(smtpcode_redact(text, size, result, NULL, 0) == n);
    if (n > MOST)
        return;
    check_order(spans, n, size);
    size_t len = replace(text, size, spans, n, outs[depth]);
    for (size_t i = 1; i + 1 < len; i++)
        expect(!is_address(outs[depth], i));
    if (depth == 0)
        check(outs[0], len, NULL, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    smtpcode_reply reply;
    smtpcode_result result;

    if (size > 1000)
        return 0;
    check(text, size, NULL, 0);
    if (smtpcode_reply_read(&reply, text, size) != SMTPCODE_OK)
        return 0;
    smtpcode_diagnose(&reply, NULL, &result);
    check(text, size, &result, 0);
    return 0;
}
