/*
 * filled.h - the templates of the built-in data as replies: their lines with
 * values in place of the placeholders, in several forms.  For test_diagnose.c
 * and answers.c, through the public header only.
 */
#ifndef TESTS_FILLED_H
#define TESTS_FILLED_H

#include <stdio.h>
#include <string.h>

#include "smtpcode.h"

enum { NSETS = 3, NKINDS = 15, MOST_VALUES = 16, MOST_TEXT = 8192 };

/* Values by the vocabulary CAPTURE.  What they are made of is README.md's: all
 * that a kind may have, with capitals, and nothing that punctuation ends. */
static const char *const values[NSETS][NKINDS] = {
    {"", "Something else", "192.0.2.1", "User@example.org",
     "sender@example.com", "some.body@Example.net", "Example.org",
     "MX.example.net", "https://Help.example.com/a?b=1", "A1b2C3d4-5e.f6", "42",
     "1024", "300", "2026-11-23", "bl.Example.com"},
    {"", "x", "IPv6:2001:DB8::17", "first+tag=x@Mail.Example.ORG", "",
     "j.doe@example.com", "xn--bcher-kva.example", "mail-01.example",
     "http://a.example/Path", "0AB9x", "1,024", "25MB", "5 Minutes",
     "2026-11-23T10:00:00+01:00", "Zen.list.example"},
    {"", "", "2001:db8::", "j\xc3\xb6rg@ex\xc3\xa4mple.org",
     "a/b!c#d@B.example", "a&b@sub.example.net", "a_b.c.Sub.example.co.uk",
     "host.example:25", "https://x.example/?q=A,b;c(d)'e&f=%20#g", "Z", "7",
     "1.5", "2 days, 3 hours and 1 Minute", "11/23/26", "b"}};

struct filled {
    char text[MOST_TEXT];
    size_t len;
    size_t nvalues;
    struct {
        int kind;
        const char *text;
    } values[MOST_VALUES];
};

/* The kind of placeholder that TEXT begins with, or 0. */
static inline int placeholder_at(const char *text, size_t *len) {
    const char *name;

    for (int i = 1;
         *text == '{' && (name = smtpcode_word(SMTPCODE_WORDS_CAPTURE, i));
         i++) {
        *len = strlen(name) + 2;
        if (strncmp(text + 1, name, *len - 2) == 0 && text[*len - 1] == '}')
            return i;
    }
    return 0;
}

static inline void append(struct filled *f, const char *text, size_t len) {
    size_t left = sizeof f->text - 1 - f->len;

    if (len > left)
        len = left;
    memcpy(f->text + f->len, text, len);
    f->len += len;
    f->text[f->len] = '\0';
}

/* Whether a blank, or no word at all, is at this place. */
static inline int is_apart(char c) {
    return c == '\0' || c == ' ' || c == '\r' || c == '\n';
}

/* The value of set SET.  Nothing stands for an address only between < and >,
 * and for {any} only where no two blanks would meet, or end the reply: those
 * are not the template's words any more. */
static inline const char *value_of(int kind, unsigned set, char before,
                                   char behind) {
    const char *value = values[set][kind];

    if (kind == 1) /* '-': behind the code of a line */
        return *value || !is_apart(behind) ||
                       !(is_apart(before) || before == '-')
                   ? value
                   : "several words, (17) marks; and so on";
    return *value || (before == '<' && behind == '>') ? value : values[0][kind];
}

/* TEXT with values of SET in place of its placeholders. */
static inline void fill(const char *text, unsigned set, struct filled *f) {
    f->len = f->nvalues = 0;
    for (const char *at = text; *at;) {
        size_t len = 1;
        int kind = placeholder_at(at, &len);
        const char *value =
            kind ? value_of(kind, set, at > text ? at[-1] : '\0', at[len]) : at;
        if (kind && f->nvalues < MOST_VALUES) {
            f->values[f->nvalues].kind = kind;
            f->values[f->nvalues++].text = value;
        }
        append(f, value, kind ? strlen(value) : 1);
        at += len;
    }
}

/* Lines FROM to TO of TEMPLATE, as they come from the network. */
static inline void template_text(const smtpcode_entry *template, size_t from,
                                 size_t to, char *out, size_t size) {
    size_t n = 0;

    out[0] = '\0';
    for (size_t i = from; i < to && n < size; i++)
        n += (size_t)snprintf(out + n, size - n, "%s%s", i > from ? "\r\n" : "",
                              smtpcode_text(template, SMTPCODE_LINE, i));
}

#endif
