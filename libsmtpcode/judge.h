/*
 * judge.h - what the parts of a diagnosis share; for the library only.
 *
 * evidence.c gathers what speaks in a reply, server.c who said it, judge.c
 * decides and draws the consequences, wait.c reads how long to wait; result.c
 * and result_json.c tell the answer.
 */
#ifndef SMTPCODE_JUDGE_H
#define SMTPCODE_JUDGE_H

#include "reply.h"
#include "tables.h"

enum {
    MOST_CANDIDATES = 10,
    MOST_ADVISERS = 3 /* rule, own code, condition */
};

/* A row that fits the reply. */
struct candidate {
    uint32_t detail;    /* offset into smtpcode_codes_pool */
    uint16_t entry;     /* all of these: indexes into smtpcode_entries */
    uint16_t condition; /* 0: a gate keeps it out */
    uint16_t length;    /* of its words */
    uint8_t basis;
    uint8_t reason; /* why it does not decide: vocabulary REASON */
    uint8_t codes;  /* SMTPCODE_CODES_* */
    uint8_t part;   /* enum smtpcode_part */
};

enum { /* vocabulary REASON */
       REASON_DECIDES = 1,
       REASON_AGREES,
       REASON_LESS_EXACT,
       REASON_WRONG_STAGE,
       REASON_WEAK,
       REASON_SHORTER
};

struct captured {
    uint16_t offset; /* in the reply's words */
    uint16_t length;
    uint8_t kind;
};

/* What smtpcode_result is inside. */
struct
#if defined(__GNUC__)
    __attribute__((may_alias))
#endif
    result {
    const struct reply *reply;
    uint32_t detail;
    int32_t retry_after;
    uint16_t rule, condition, server, software, token, blocklist, own;
    uint16_t named;  /* the server one of whose hosts the words name */
    uint16_t who_if; /* 1 + the place in the condition's list, 0: none */
    uint16_t flags;
    uint16_t minutes[2];
    uint16_t advisers[MOST_ADVISERS]; /* rows with sentences, best first */
    uint8_t evidence, basis, confidence, stage, side, role;
    uint8_t who, retry, suppress, scope, fix_at;
    uint8_t stated, judged, final;
    uint8_t nadvisers, ncandidates, ncaptures;
    struct candidate candidates[MOST_CANDIDATES];
    struct captured captures[SMTPCODE_MOST_CAPTURES];
};

/* A reply while it is judged. */
struct inquiry {
    const struct reply *reply;
    const smtpcode_hints *hints; /* NULL: none */
    struct result *out;
    char *words; /* normalised */
    size_t len;
    bool unfolded;            /* and without the folds of long words */
    uint16_t marked;          /* the server whose mark was found */
    uint16_t marked_software; /* and the software */
    uint16_t sayer;           /* the one whose template's words these are */
    uint8_t nrivals; /* templates of other conditions with the same words */
    struct smtpcode_hit weak; /* a phrase that yields to the enhanced code */
    size_t condensed;         /* bytes of the words that phrases stood in */
    uint16_t peer;            /* the one the caller is connected to */
    uint16_t rivals[SMTPCODE_MOST_ROWS];
};

static inline const struct smtpcode_verdict *verdict_of(uint16_t entry) {
    return &smtpcode_verdicts[entry];
}

static inline uint16_t index_of(const smtpcode_entry *entry) {
    return entry ? (uint16_t)(entry - smtpcode_entries) : 0;
}

#pragma GCC visibility push(hidden)
/* Fill the candidates, the captures and the flags that come with them. */
void smtpcode_gather(struct inquiry *q);

/* The server one of whose hosts is called HOST, or 0. */
uint16_t smtpcode_server_of_host(const char *host, size_t len);

/* Who said it: server, software and how that is known. */
void smtpcode_attribute(struct inquiry *q);

/* A mark of SERVER stands in the words. */
void smtpcode_take_mark(struct inquiry *q, uint16_t server);

/* SERVER as what speaks, where nothing better is known. */
void smtpcode_take_server(struct result *r, uint16_t server, int evidence);

/* The most that may be said about dropping the address. */
uint8_t smtpcode_most_suppress(const struct result *r);

/* The condition of ENTRY at STAGE. */
uint16_t smtpcode_condition_at(uint16_t entry, int stage);

/* Seconds that WORDS (normalised) ask to wait, or 0. */
int32_t smtpcode_read_wait(const char *words, size_t len);
#pragma GCC visibility pop

#endif
