/*
 * diagnose.c - libFuzzer target: any bytes as a reply, any as hints; the
 * answer is sane (sane_answer.h), and the same each time.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../sane_answer.h"

enum { HINTS = 3, MOST_JSON = 1 << 18 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int truth, const char *what) {
    if (truth)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

static void check(const smtpcode_reply *reply, const smtpcode_hints *hints) {
    static char json[MOST_JSON], again[MOST_JSON];
    smtpcode_result result, second;

    memset(&result, 0xa5, sizeof result);
    memset(&second, 0x5a, sizeof second);
    expect(smtpcode_diagnose(reply, hints, &result) == SMTPCODE_OK, "hints");
    size_t len = smtpcode_json(&result, json, sizeof json);
    expect(len < sizeof json, "a longer JSON than any should be");
    const char *wrong = wrong_answer(reply, &result, json, len);
    expect(!wrong, wrong);
    smtpcode_diagnose(reply, hints, &second);
    smtpcode_json(&second, again, sizeof again);
    expect(strcmp(json, again) == 0, "another answer the second time");
}

/* The first bytes are hints, and which way the rest comes in; its begin is
 * the peer's name too. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    smtpcode_hints hints = {.size = sizeof hints};
    static smtpcode_reply reply;

    if (size < HINTS)
        return 0;
    const char *text = (const char *)data + HINTS;
    hints.stage = (enum smtpcode_stage)(data[0] % (SMTPCODE_STAGE_QUIT + 1));
    hints.role = (enum smtpcode_role)(data[1] % (SMTPCODE_ROLE_RELAY + 1));
    hints.peer = text;
    hints.peer_length = data[2] < size - HINTS ? data[2] : size - HINTS;
    if (data[1] < 0xc0)
        smtpcode_reply_read(&reply, text, size - HINTS);
    else
        smtpcode_reply_set(&reply, data[0] * 2 + 100, text, size - HINTS);
    check(&reply, data[1] & 0x20 ? NULL : &hints);
    return 0;
}
