/* json_out.h - writing JSON into a buffer that may be too small, for
 * json.c and result_json.c. */
#ifndef SMTPCODE_JSON_OUT_H
#define SMTPCODE_JSON_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct out {
    char *buf;
    size_t size;
    size_t len; /* of the whole, written or not */
    char last;  /* last byte, to know where a comma belongs */
};

static inline void put(struct out *o, const char *s, size_t n) {
    if (n == 0)
        return;
    if (o->len < o->size) {
        size_t room = o->size - o->len;
        memcpy(o->buf + o->len, s, n < room ? n : room);
    }
    o->len += n;
    o->last = s[n - 1];
}

/* Without the call that a copy of any length is. */
static inline void put_byte(struct out *o, char c) {
    if (o->len < o->size)
        o->buf[o->len] = c;
    o->len++;
    o->last = c;
}

static inline void puts_raw(struct out *o, const char *s) {
    size_t n = 0;

    while (s[n])
        n++;
    put(o, s, n);
}

static inline void separate(struct out *o) {
    if (o->last != '{' && o->last != '[' && o->last != ':' && o->last != '\0')
        put_byte(o, ',');
}

/* The pool holds no control characters (tools/gen refuses them), so only the
 * quote and the backslash need care. */
static inline void put_escaped(struct out *o, const char *s) {
    static const bool ends[256] = {['\0'] = true, ['"'] = true, ['\\'] = true};

    while (*s) {
        size_t n = ends[(unsigned char)*s];
        if (n)
            put_byte(o, '\\');
        while (!ends[(unsigned char)s[n]])
            n++;
        put(o, s, n);
        s += n;
    }
}

static inline void put_string(struct out *o, const char *s) {
    separate(o);
    if (!s) {
        puts_raw(o, "null");
        return;
    }
    put_byte(o, '"');
    put_escaped(o, s);
    put_byte(o, '"');
}

static inline void put_number(struct out *o, int n) {
    char digits[12];
    size_t i = sizeof digits;

    separate(o);
    do
        digits[--i] = (char)('0' + n % 10);
    while ((n /= 10) > 0);
    put(o, digits + i, sizeof digits - i);
}

static inline void put_number_or_null(struct out *o, int n) {
    if (n)
        put_number(o, n);
    else
        put_string(o, NULL);
}

static inline void key(struct out *o, const char *name) {
    put_string(o, name);
    put_byte(o, ':');
}

static inline void open_in(struct out *o, const char *bracket) {
    separate(o);
    put_byte(o, *bracket);
}

static inline void close_with(struct out *o, const char *bracket) {
    put_byte(o, *bracket);
}

/* End with a NUL, whatever fits before it; the length of the whole. */
static inline size_t finish(struct out *o) {
    if (o->size > 0)
        o->buf[o->len < o->size ? o->len : o->size - 1] = '\0';
    return o->len;
}

#endif
