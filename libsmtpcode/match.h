/* match.h - what match.c and value.c share; for the library only. */
#ifndef SMTPCODE_MATCH_H
#define SMTPCODE_MATCH_H

#include "tables.h"

#define NOWHERE ((size_t)-1)

/* What was learnt of a unit beyond an {any}. */
struct known {
    const unsigned char *unit;
    /* Right of the anchor: PLACE is its leftmost one from LIMIT on.  Left of
     * it: PLACE is the one that ends nearest before LIMIT, at END; what stands
     * between and ends beyond LIMIT begins at LATE or further right. */
    size_t limit, place, end, late;
};

enum { NKNOWN = 16 };

struct search {
    const struct smtpcode_matcher *tables;
    const struct smtpcode_said *said;
    const char *words;
    size_t begin, len;
    size_t budget; /* steps that are left: 0 ends everything */
    struct smtpcode_match_result *best;
    const unsigned char *winner;       /* record of the best */
    size_t from, to;                   /* what the last template matched */
    struct smtpcode_capture *captures; /* of the template that is tried */
    struct smtpcode_capture *kept;     /* of the best */
    struct smtpcode_capture spare[SMTPCODE_MOST_CAPTURES];
    unsigned ncaptures;
    unsigned is_known; /* bit I: known[I] is set */
    struct known known[NKNOWN];
};

static inline void spend(struct search *s, size_t steps) {
    s->budget = s->budget > steps ? s->budget - steps : 0;
}

#pragma GCC visibility push(hidden)
/* The end of the value of PLACEHOLDER that begins at AT, or NOWHERE. */
size_t smtpcode_value_end(struct search *s, int placeholder, size_t at);

/* The begin of the value that ends at END, or NOWHERE; the generator sees to
 * it that the literal left of the value cannot be taken for a part of it. */
size_t smtpcode_value_begin(struct search *s, int placeholder, size_t end);
#pragma GCC visibility pop

#endif
