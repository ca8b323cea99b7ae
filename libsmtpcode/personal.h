/*
 * personal.h - what the parts of the redaction share; for the library only.
 *
 * personal.c passes over a text and knows by what stands around it where
 * something personal begins; forms.c knows how far an address, a host, a URL
 * goes; redact.c adds what the answer captured and puts both in order.
 */
#ifndef SMTPCODE_PERSONAL_H
#define SMTPCODE_PERSONAL_H

#include "judge.h"

enum { /* vocabulary CAPTURE; up to here it is enum smtpcode_placeholder */
       KIND_AUTH = SMTPCODE_PLACEHOLDER_BLOCKLIST + 1,
       KIND_REPLY
};

/* A pass over a text.  What begins before AT is told. */
struct personal {
    const char *text;
    size_t len;
    size_t at;
    size_t line;     /* where the line begins */
    size_t run;      /* the end of the run that AT is in, once it was read */
    uint8_t secrets; /* lines in which a word by itself is a secret */
    bool exim;       /* the line has an id as those of Exim's log have */
    bool sasl;       /* the line speaks of SASL */
    bool header;     /* a header field may begin here */
};

#pragma GCC visibility push(hidden)
/* The next part from AT on that is personal whatever the reply means; its
 * length is 0 where none is left. */
struct smtpcode_span smtpcode_next_personal(struct personal *p);

/* forms.c.  Each returns the end of what begins at AT, or AT. */

/* A run of what words, names and local parts are made of. */
size_t smtpcode_run_end(const char *text, size_t len, size_t at);

/* "@example.org", several of them, "@[192.0.2.1]". */
size_t smtpcode_domain_end(const char *text, size_t len, size_t at);

/* The labels of a name that may begin at AT, without what trails them. */
size_t smtpcode_labels_end(const char *text, size_t len, size_t at);

/* The name or IPv4 address in the labels from AT to END; its kind. */
size_t smtpcode_host_end(const char *text, size_t at, size_t end, int *kind);

size_t smtpcode_ip4_end(const char *text, size_t len, size_t at);
size_t smtpcode_ip6_end(const char *text, size_t len, size_t at);

/* The rest of a URL whose scheme ends at AT. */
size_t smtpcode_url_end(const char *text, size_t len, size_t at);

/* A placeholder "[recipient 3f9a1c]". */
size_t smtpcode_placeholder_end(const char *text, size_t len, size_t at);

/* A character of UTF-8 that is punctuation, such as a quote. */
size_t smtpcode_mark_end(const char *text, size_t len, size_t at);

/* "\n", "\r\n", "\t", "\x3c" or "\u003c" of so many characters. */
size_t smtpcode_escape_end(const char *text, size_t len, size_t at);
#pragma GCC visibility pop

static inline char small(char c) {
    return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static inline bool is_alnum(char c) { return is_digit(c) || is_alpha(c); }

/* Of a name: a letter, a digit, a part of a letter beyond ASCII. */
static inline bool is_word(char c) {
    return is_alnum(c) || (unsigned char)c >= 0x80;
}

static inline bool is_hex(char c) {
    return is_digit(c) || (small(c) >= 'a' && small(c) <= 'f');
}

#endif
