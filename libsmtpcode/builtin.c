/* builtin.c - the searches with the tables that the library was built with. */
#include "tables.h"

int smtpcode_match(const struct smtpcode_said *said,
                   struct smtpcode_match_result *out) {
    const struct smtpcode_matcher builtin = {
        smtpcode_match_bloom,   smtpcode_match_heads,
        smtpcode_match_grams,   smtpcode_match_records,
        smtpcode_match_starts,  smtpcode_match_classes,
        smtpcode_match_nstarts, smtpcode_match_bucket_shift};

    return smtpcode_match_in(&builtin, said, out);
}

#define BUILTIN(name)                                                     \
    {                                                                     \
        smtpcode_##name##_bloom, smtpcode_##name##_heads,                 \
            smtpcode_##name##_grams, smtpcode_##name##_records,           \
            smtpcode_##name##_bloom_shift,                                \
            smtpcode_##name##_bucket_shift, smtpcode_##name##_npairs,     \
            smtpcode_##name##_pairs                                       \
    }

size_t smtpcode_find_names(const char *words, size_t len,
                           struct smtpcode_hit *hits, size_t most) {
    const struct smtpcode_shorts builtin = BUILTIN(names);

    return smtpcode_find_short(&builtin, words, len, hits, most);
}

size_t smtpcode_find_phrases(const char *words, size_t len,
                             struct smtpcode_hit *hits, size_t most) {
    const struct smtpcode_shorts builtin = BUILTIN(phrases);

    return smtpcode_find_short(&builtin, words, len, hits, most);
}
