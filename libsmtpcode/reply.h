/*
 * reply.h - what the parts of the reply reader share; for the library only.
 *
 * unwrap.c finds where in a text the reply is (finder.h names its parts),
 * decode.c copies it into the object without escapes, join.c takes the codes
 * off its lines in place, reply.c is the object.
 */
#ifndef SMTPCODE_REPLY_H
#define SMTPCODE_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "smtpcode.h"

enum {
    REPLY_HEAD = 3072, /* bytes kept of the start of a longer reply, */
    REPLY_TAIL = 1024, /* and of its end */
    REPLY_JOINS = 64,
    REPLY_PEER = 255
};

/* An enhanced code as one number: 5007001 for 5.7.1, 0 for none. */
#define ENHANCED(code_class, subject, detail) \
    ((uint32_t)(code_class)*1000000u + (uint32_t)(subject)*1000u + (detail))

/* What smtpcode_reply is inside; the rest of its 8 KiB is the matcher's. */
struct
#if defined(__GNUC__)
    __attribute__((may_alias))
#endif
    reply {
    size_t put; /* bytes put so far; beyond HEAD they go round in TAIL */
    size_t span;
    size_t span_length;
    size_t count;
    uint32_t length; /* of words */
    uint32_t enhanced;
    uint16_t code;
    uint16_t outer;
    uint16_t flags;
    uint8_t stage;
    uint8_t side;
    uint8_t stated; /* class that the wrapper states, for want of codes */
    uint8_t final;
    uint8_t peer_length;
    uint16_t njoins;
    uint16_t joins[REPLY_JOINS]; /* blanks in words that were line breaks */
    char words[REPLY_HEAD + REPLY_TAIL];
    char peer[REPLY_PEER];
};

/* Where the reply is in a text, and what the text around it tells. */
struct found {
    size_t start;
    size_t end;
    size_t count;
    uint32_t enhanced; /* said beside the reply */
    uint16_t code;     /* the same */
    uint16_t outer;
    uint16_t flags;
    uint8_t stage;
    uint8_t side;
    uint8_t stated;
    uint8_t final;
    uint8_t peer_length;
    const char *peer;
    char quote; /* the reply is a string of a program's source, or 0 */
    char mark;  /* its lines begin with "<<< " or the like: '<', or 0 */
    bool quoted_printable;
    bool html; /* entities stand for bytes */
    bool log;  /* qmail's: underscores for blanks, slashes for breaks */
};

static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

static inline bool is_alpha(char c) {
    return (unsigned char)((c | 0x20) - 'a') < 26;
}

static inline bool is_blank(char c) { return (unsigned char)c <= ' '; }

#pragma GCC visibility push(hidden)
/* The reply code at S, or 0: three digits, 200 to 599, and no more word. */
int smtpcode_read_reply_code(const char *s, const char *end);

/* The enhanced code at S, or 0; *AFTER is where it ends. */
uint32_t smtpcode_read_enhanced(const char *s, const char *end,
                                const char **after);

/* Find the reply in TEXT.  The whole text where nothing tells its place. */
void smtpcode_unwrap(const char *text, size_t len, struct found *found);

/* Put the reply that FOUND describes, its line breaks as LF. */
void smtpcode_decode(struct reply *reply, const char *text,
                     const struct found *found);

void smtpcode_put(struct reply *reply, const char *text, size_t len);

/* From what was put to codes and words. */
void smtpcode_join(struct reply *reply);

/* The same of a reply that needs no decoding, in one pass over TEXT; false: it
 * does. */
bool smtpcode_join_plain(struct reply *reply, const char *text,
                         const struct found *found);

bool smtpcode_is_utf8(const char *text, size_t len);

/* The words without the blanks of folds inside a URL or another long token,
 * into OUT, which has room for them all; the length, or 0: no such blank. */
size_t smtpcode_unfold(const struct reply *reply, char *out);
#pragma GCC visibility pop

#endif
