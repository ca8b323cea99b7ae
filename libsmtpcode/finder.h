/*
 * finder.h - what the parts of the finder share: unwrap.c makes the pass,
 * lead.c looks at where a reply may begin, beside.c takes what a text tells
 * about the reply, own.c knows the words of our own mail server and the
 * names of hosts.
 */
#ifndef SMTPCODE_FINDER_H
#define SMTPCODE_FINDER_H

#include "reply.h"
#include "scan.h"
#include "wrappers.h"

enum { LOOK_AHEAD = 64 /* blanks between a lead and its reply */ };

/* What a text tells of a reply beside it. */
struct beside {
    const char *peer;  /* where the name of the host is, */
    bool peer_before;  /* or where it ends */
    bool told;         /* an enhanced code, perhaps x.0.0 */
    bool forwarded;    /* to another address than the sender's */
    uint8_t final;     /* enum smtpcode_final */
    uint32_t enhanced; /* 0: none */
};

/* A place where a reply is. */
struct candidate {
    const char *start;
    const char *end;
    struct beside beside;
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
    bool sealed;  /* a reply in it is about the sender: it stays */
    bool quotes;  /* it is sealed, and such a reply has begun */
    bool html;    /* it stands in HTML: entities, and a tag ends it */
    bool log;     /* qmail's: underscores for blanks, slashes for breaks */
    char entity;  /* the one that ends it: quote, 0: none */
};

/* The state of the pass. */
struct finder {
    const char *text;
    const char *end;
    const char *first; /* byte of the text that is no blank */
    const char *at;
    struct candidate open; /* start is NULL: none */
    struct candidate best;
    struct candidate *last; /* that ended in this block: fields may follow it */
    struct beside line;     /* what the fields of this log line tell, */
    struct beside block;    /* and those of this block of headers */
    size_t count;
    uint32_t parts;  /* of an enhanced code so far */
    uint32_t status; /* the one that all the Status: fields agree on, */
    bool differ;     /* unless they differ */
    bool last_here;  /* LAST ended in this line */
    int apart;       /* a reply code beside the reply */
    int spelled;     /* one whose digits are spelled out, so far */
    uint8_t words;   /* how many of them */
    uint8_t stage;
    uint8_t side;
    uint8_t kept_stage;
    uint8_t final; /* what the text's sentences tell */
    bool later;    /* past the first line */
    bool kept;     /* stage and side outlive the line */
    bool json;     /* inside a string of JSON */
    bool coded;    /* a field "code" had a number */
    bool quoted_printable;
};

/* "=" before a line break: RFC 2045 6.7. */
static inline bool is_soft_break(const char *s, const char *end) {
    return *s == '=' && end - s > 1 && (s[1] == '\n' || s[1] == '\r');
}

static inline int read_number(const char *s, const char *end, unsigned *value) {
    int digits = 0;

    for (*value = 0; s < end && is_digit(*s) && digits < 4; digits++)
        *value = *value * 10 + (unsigned)(*s++ - '0');
    return digits >= 1 && digits <= 3;
}

static inline const char *skip_blanks(const char *s, const char *end) {
    const char *limit = end - s > LOOK_AHEAD ? s + LOOK_AHEAD : end;

    while (s < limit && (is_blank(*s) || is_soft_break(s, limit)))
        s++;
    return s;
}

/* Where the word before END begins; END if it is too long for one. */
static inline const char *before_word(const char *text, const char *end) {
    enum { LONGEST = 320 };
    const char *s = end;

    while (s > text && !is_blank(s[-1]) && end - s < LONGEST)
        s--;
    return end - s < LONGEST ? s : end;
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

/* Ends "&quot;" or the like with the ";" at AT?  The quote, '<' for another
 * entity, or 0. */
char smtpcode_entity_before(const char *text, const char *at);

/* AT is a ">": an arrow or a tag may end there.  A "<" may begin a tag that
 * ends the open reply. */
void smtpcode_take_angle(struct finder *f, const char *at);

/* Open a reply behind "SMTP error" or the like at S, where a line begins. */
void smtpcode_read_labelled(struct finder *f, const char *s);

/* Nothing was found: where a code stands behind "SMTP error", "#" or a dash,
 * or NULL. */
const char *smtpcode_find_labelled(const struct finder *f);

/* S without the quote and blanks before a value. */
const char *smtpcode_open_value(const struct finder *f, const char *s);

/* Take what row W says about a reply; S is after its lead. */
void smtpcode_read_beside(struct finder *f, const struct wrapper *w,
                          const char *s);

/* What C has not itself is told beside it. */
void smtpcode_take_beside(struct finder *f, struct candidate *c);

/* A line begins at S: a sentence may tell what becomes of the mail.  The line
 * before has ended. */
void smtpcode_read_sentence(struct finder *f, const char *s);
void smtpcode_end_line(struct finder *f, const char *s);

/* What became of the mail, by the word at S; enum smtpcode_final. */
uint8_t smtpcode_read_final(const char *s, const char *end);

/* What a lead before AT that holds a name tells; true: our own words follow. */
bool smtpcode_read_named(struct finder *f, const char *at);

/* C has no code: are its words those of our own server? */
void smtpcode_read_own(const struct finder *f, struct candidate *c,
                       struct found *found);

/* Are the words at S such? */
bool smtpcode_is_own(const char *s, const char *end);

/* Where such words begin in a text that has no reply, or S. */
const char *smtpcode_find_own_words(const char *s, const char *end);

/* "host h [i]" may end before END. */
void smtpcode_tell_host(struct finder *f, const char *end);

/* The name of the host beside C. */
void smtpcode_read_peer(const struct finder *f, const struct candidate *c,
                        struct found *found);
#pragma GCC visibility pop

#endif
