/* reply.c - libFuzzer target: any bytes as a reply, each way in. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int truth) {
    if (!truth)
        abort();
}

static void check(const smtpcode_reply *r, enum smtpcode_status status,
                  size_t size) {
    size_t words, span;
    size_t start = smtpcode_reply_source_span(r, &span);
    const char *w = smtpcode_reply_words(r, &words);
    int code = smtpcode_reply_code(r);

    expect(words <= 4096 && start <= size && span <= size - start);
    expect(code == 0 || (code >= 200 && code <= 599));
    expect(smtpcode_reply_class(r) <= 5 && smtpcode_reply_subject(r) <= 999);
    expect(smtpcode_reply_detail(r) <= 999 && smtpcode_reply_flags(r) < 1024);
    expect(smtpcode_reply_stage(r) <= SMTPCODE_STAGE_QUIT);
    expect(smtpcode_reply_final(r) <= SMTPCODE_FINAL_TRYING);
    expect(smtpcode_reply_peer(r, &span) && span <= 255);
    expect((status == SMTPCODE_OK) == (smtpcode_reply_count(r) > 0));
    char unfolded[4096];
    expect(smtpcode_unfold((const struct reply *)r->opaque, unfolded) <= words);
    /* Words have no blank at their ends. */
    expect(words == 0 ||
           ((unsigned char)w[0] > ' ' && (unsigned char)w[words - 1] > ' '));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    size_t half = size / 2;
    smtpcode_reply a, b;

    memset(&a, 0xa5, sizeof a);
    check(&a, smtpcode_reply_read(&a, text, size), size);
    check(&b, smtpcode_reply_set(&b, size % 700, text, size), size);
    smtpcode_reply_begin(&a);
    smtpcode_reply_line(&a, text, half);
    smtpcode_reply_line(&a, text + half, size - half);
    check(&a, smtpcode_reply_end(&a), 0);
    return 0;
}
