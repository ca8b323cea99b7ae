/* builtin.c - the matcher with the tables that the library was built with. */
#include "tables.h"

int smtpcode_match(const char *words, size_t len, int reply_code, int enhanced,
                   struct smtpcode_match_result *out) {
    const struct smtpcode_matcher builtin = {
        smtpcode_match_bloom,   smtpcode_match_heads,
        smtpcode_match_grams,   smtpcode_match_records,
        smtpcode_match_starts,  smtpcode_match_classes,
        smtpcode_match_nstarts, smtpcode_match_bucket_shift};

    return smtpcode_match_in(&builtin, words, len, reply_code, enhanced, out);
}
