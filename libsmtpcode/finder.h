/*
 * finder.h - what the two halves of the finder share: lead.c, which looks at
 * where a reply may begin, and unwrap.c, which makes the pass.
 */
#ifndef SMTPCODE_FINDER_H
#define SMTPCODE_FINDER_H

#include "reply.h"
#include "wrappers.h"

enum { LOOK_AHEAD = 64 /* blanks between a lead and its reply */ };

/* A place where a reply is. */
struct candidate {
    const char *start;
    const char *end;
    uint32_t enhanced; /* in its own text, as the code */
    int code;
    int apart; /* the code beside it */
    uint16_t outer;
    uint8_t rank;
    uint8_t stage;
    uint8_t side;
    uint8_t flags;
    uint8_t traits;
    uint8_t tail;
    char quote;
    char mark;
    bool escaped; /* its quotes stand after backslashes */
    bool bracket; /* it stands in brackets */
    bool dashed;  /* its last line with a code had "550-" */
};

/* The state of the pass. */
struct finder {
    const char *text;
    const char *end;
    const char *first; /* byte of the text that is no blank */
    const char *at;
    struct candidate open; /* start is NULL: none */
    struct candidate best;
    size_t count;
    uint32_t beside; /* an enhanced code beside the reply */
    uint32_t parts;  /* the same as a class, subject and detail */
    int apart;       /* a reply code beside the reply */
    int spelled;     /* one whose digits are spelled out, so far */
    uint8_t words;   /* how many of them */
    uint8_t stage;
    uint8_t side;
    uint8_t kept_stage;
    bool later; /* past the first line */
    bool kept;  /* stage and side outlive the line */
    bool json;  /* inside a string of JSON */
    bool quoted_printable;
};

static inline const char *skip_blanks(const char *s, const char *end) {
    const char *limit = end - s > LOOK_AHEAD ? s + LOOK_AHEAD : end;

    while (s < limit && is_blank(*s))
        s++;
    return s;
}

static inline const char *skip_line_blanks(const char *s, const char *end) {
    while (s < end && (*s == ' ' || *s == '\t'))
        s++;
    return s;
}

#pragma GCC visibility push(hidden)
/* The open reply ends at END, and competes with the best so far. */
void smtpcode_close_reply(struct finder *f, const char *end);

/* Where the string at S begins, its quote noted in C; or S. */
const char *smtpcode_open_quote(const struct finder *f, const char *s,
                                struct candidate *c);

/* Open a reply at S if codes stand there; the rest as in LIKE. */
void smtpcode_read_coded(struct finder *f, const char *s,
                         const struct candidate *like);

/* Take what follows the lead that ends with AT; false: no lead ends there. */
bool smtpcode_take_wrapper(struct finder *f, const char *at);

/* AT is one of : = ; ( */
void smtpcode_take_lead(struct finder *f, const char *at);
#pragma GCC visibility pop

#endif
