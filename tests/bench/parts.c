#include "parts.h"

#include "judge.h"

enum { MOST_HITS = 16 };

static unsigned match(const struct reply *reply, const char *words,
                      size_t len) {
    static struct smtpcode_match_result found;
    uint16_t joins[REPLY_JOINS];
    const struct smtpcode_said said = {.words = words,
                                       .len = len,
                                       .joins = joins,
                                       .njoins = reply->njoins,
                                       .reply_code = reply->code,
                                       .enhanced = (int)reply->enhanced,
                                       .stage = reply->stage};

    smtpcode_normalise_joins(reply->words, reply->joins, reply->njoins, joins);
    return (unsigned)smtpcode_match(&said, &found) + found.entry;
}

static unsigned find_phrases(const char *words, size_t len) {
    char masked[REPLY_HEAD + REPLY_TAIL];
    struct smtpcode_hit hits[MOST_HITS];

    smtpcode_mask(words, len, masked);
    return (unsigned)smtpcode_find_phrases(masked, len, hits, MOST_HITS);
}

unsigned run_steps(const char *text, size_t len, enum step step, int phrases) {
    static smtpcode_reply read;
    static smtpcode_result result;
    const struct reply *reply = (const struct reply *)read.opaque;
    char words[REPLY_HEAD + REPLY_TAIL];
    struct smtpcode_hit hits[MOST_HITS];
    unsigned sum = (unsigned)smtpcode_reply_read(&read, text, len);

    if (step == STEP_READ)
        return sum;
    if (step == STEP_ALL) {
        smtpcode_diagnose(&read, NULL, &result);
        return sum + smtpcode_result_flags(&result);
    }
    size_t n = smtpcode_normalise(reply->words, reply->length, words);
    sum += match(reply, words, n);
    if (step >= STEP_NAMES)
        sum += (unsigned)smtpcode_find_names(words, n, hits, MOST_HITS);
    if (step >= STEP_PHRASES && phrases)
        sum += find_phrases(words, n);
    return sum;
}

int took_phrases(const smtpcode_result *result) {
    const struct result *r = (const struct result *)result->opaque;

    for (unsigned i = 0; i < r->ncandidates; i++)
        if (r->candidates[i].basis == SMTPCODE_BASIS_TEMPLATE)
            return r->candidates[i].part == SMTPCODE_PART_LITTLE;
    return 1;
}
