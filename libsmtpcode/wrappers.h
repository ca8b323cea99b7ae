/*
 * wrappers.h - the forms in which replies arrive, a row per form.
 */
#ifndef SMTPCODE_WRAPPERS_H
#define SMTPCODE_WRAPPERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What stands after a lead. */
enum wrapper_what {
    WRAPS_NOTHING,
    WRAPS_REPLY,     /* a reply; words without a code are enough */
    WRAPS_CODED,     /* a reply if a code follows */
    WRAPS_RECIPIENT, /* an address, a colon, a reply */
    WRAPS_PROTOCOL,  /* a reply, unless codes stand before: RFC 3464 2.3.6 */
    WRAPS_TOLD,      /* a reply, if its code was told */
    WRAPS_RAW,       /* a reply, which was told in other words before */
    WRAPS_COOKED,    /* a reply, unless it was told word by word */
    WRAPS_SPEECH,    /* a reply, if a server is named before */
    WRAPS_LOG,       /* a reply as qmail logs it */
    WRAPS_SENDER,    /* nothing: what the open reply quotes is no answer */
    WRAPS_STAGE,     /* nothing: the lead itself tells the stage */
    WRAPS_COMMAND,   /* the command that was answered */
    WRAPS_REJECT,    /* the command that our own server refused */
    WRAPS_CODE,      /* the reply code, apart from its text */
    WRAPS_EITHER,    /* the reply code, or else the reply */
    WRAPS_ENHANCED,  /* an enhanced code beside the reply */
    WRAPS_CLASS,     /* its three parts, as numbers */
    WRAPS_SUBJECT,
    WRAPS_DETAIL,
    WRAPS_WORD,     /* a digit of the reply code, spelled out */
    WRAPS_ENCODING, /* quoted-printable, perhaps */
    WRAPS_FINAL,    /* what became of the mail; else the reply, where RANK_ */
    WRAPS_PEER,     /* the name of the host that was asked */
    WRAPS_ORIGINAL, /* the recipient before it was rewritten */
    WRAPS_EXIM      /* nothing: before it stand recipient and outcome */
};

/* How sure a place is that of the reply; failures rank by it. */
enum wrapper_rank {
    RANK_NONE,
    RANK_WORDS,    /* words that are perhaps the client's own */
    RANK_POSITIVE, /* 2xx and 3xx: not what went wrong */
    RANK_CODE,     /* a code where one may stand */
    RANK_SURE      /* the wrapper says that a server speaks */
};

enum wrapper_trait {
    TRAIT_INNER = 1,      /* counts inside of another reply too */
    TRAIT_BLOCK = 2,      /* the reply goes on to the next empty line */
    TRAIT_LINE_START = 4, /* the lead counts at the start of a line only */
    TRAIT_KEPT = 8,       /* what it tells holds for the whole text */
    TRAIT_BOTH = 16,      /* both codes must follow */
    TRAIT_TEMPORARY = 32, /* the lead states the class of a code it lacks */
    TRAIT_PERMANENT = 64,
    TRAIT_SAID = 128 /* before the lead stands who said it */
};

enum wrapper_tail {
    TAIL_NONE,
    TAIL_NGINX,
    TAIL_PLEASE,
    TAIL_FIELD,
    TAIL_HASH,
    TAIL_PHPMAILER,
    TAIL_QMAIL
};

struct wrapper {
    char lead[40]; /* lower case; a blank stands for any run of them */
    uint16_t ending;
    uint8_t length;
    uint8_t what;
    uint8_t rank;
    uint8_t stage;
    uint8_t side;
    uint8_t traits;
    uint8_t flags;
    uint8_t tail;
};

#pragma GCC visibility push(hidden)
/* The row whose lead ends with the byte AT, or NULL. */
const struct wrapper *smtpcode_wrapper_at(const char *text, const char *at);

/* Is LEAD, N bytes, what ends before END? */
bool smtpcode_ends_with(const char *text, const char *end, const char *lead,
                        size_t n);

/* The stage that a command or its description at S names. */
uint8_t smtpcode_read_stage(const char *s, const char *end);

/* Quicker than the next: can S begin with LOWER, by its first byte? */
static inline bool may_begin(const char *s, const char *end,
                             const char *lower) {
    return s < end && ((*s | 0x20) == *lower || *s == '=');
}

/* Does S begin with LOWER (a blank: any run of them)?  Where it ends there,
 * or NULL. */
const char *smtpcode_begins(const char *s, const char *end, const char *lower);

/* Where TAIL begins in the text, or END. */
const char *smtpcode_find_tail(const char *s, const char *end, uint8_t tail);
#pragma GCC visibility pop

#endif
