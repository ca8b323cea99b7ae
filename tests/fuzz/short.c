/* short.c - libFuzzer target: any bytes as words to mask and to search. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../libsmtpcode/tables.h"

enum { HITS = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int truth) {
    if (!truth)
        abort();
}

/* In order, within the words, each once. */
static void check_hits(const struct smtpcode_hit *hits, size_t n, size_t len) {
    expect(n <= HITS);
    for (size_t i = 0; i < n; i++) {
        expect(hits[i].entry > 0 && hits[i].entry < smtpcode_nentries);
        expect(hits[i].length >= SMTPCODE_SHORT_GRAM);
        expect(hits[i].offset <= len && hits[i].length <= len - hits[i].offset);
        expect(i == 0 || hits[i].offset >= hits[i - 1].offset);
        for (size_t k = 0; k < i; k++)
            expect(memcmp(&hits[i], &hits[k], sizeof *hits) != 0);
    }
}

static void check_masked(const char *words, const char *masked, size_t len) {
    for (size_t i = 0; i < len; i++)
        expect(masked[i] == words[i] ||
               (masked[i] == SMTPCODE_MASKED && words[i] != ' '));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *words = malloc(size + 1), *masked;
    struct smtpcode_hit hits[HITS];
    size_t len = smtpcode_normalise((const char *)data, size, words);

    words = realloc(words, len + !len); /* so that ASan sees what is beyond */
    masked = malloc(len + !len);
    check_hits(hits, smtpcode_find_names(words, len, hits, HITS), len);
    smtpcode_mask(words, len, masked);
    check_masked(words, masked, len);
    check_hits(hits, smtpcode_find_phrases(masked, len, hits, HITS), len);
    free(words);
    free(masked);
    return 0;
}
