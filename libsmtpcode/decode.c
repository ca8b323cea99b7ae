/*
 * decode.c - copy a reply out of a text and undo what its wrapper did to its
 * bytes: escapes of program source, quoted-printable, marks before lines.
 */
#include <string.h>

#include "reply.h"
#include "scan.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

struct decoder {
    struct reply *reply;
    const struct found *found;
    const char *begin;
    const char *in;
    const char *end;
};

/* Bytes that need more than copying.  '=' and quotes only sometimes do. */
SCANNER(special,
        c == '\n' || c == '\r' || c == '\\' || c == '=' || c == '"' ||
            c == '\'' || c == '&',
        scan_bits(_mm_or_si128(
            _mm_or_si128(_mm_or_si128(scan_eq(v, '\n'), scan_eq(v, '\r')),
                         _mm_or_si128(scan_eq(v, '"'), scan_range(v, '&', 1))),
            _mm_or_si128(scan_eq(v, '\\'), scan_eq(v, '=')))));
PASS(special);
SCANNER(high, (unsigned char)c >= 0x80, scan_bits(v));
PASS(high);

static void put_byte(struct decoder *d, unsigned c) {
    char byte = (char)c;

    smtpcode_put(d->reply, &byte, 1);
}

static int hex_digit(char c) {
    if (is_digit(c))
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The number that N hexadecimal digits at S make, or -1. */
static long read_hex(const char *s, const char *end, int n) {
    long value = 0;

    if (end - s < n)
        return -1;
    for (int i = 0; i < n; i++) {
        int digit = hex_digit(s[i]);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

static void put_utf8(struct decoder *d, unsigned long c) {
    if (c < 0x80) {
        put_byte(d, (unsigned)c);
    } else if (c < 0x800) {
        put_byte(d, (unsigned)(0xc0 | c >> 6));
        put_byte(d, (unsigned)(0x80 | (c & 0x3f)));
    } else if (c < 0x10000) {
        put_byte(d, (unsigned)(0xe0 | c >> 12));
        put_byte(d, (unsigned)(0x80 | (c >> 6 & 0x3f)));
        put_byte(d, (unsigned)(0x80 | (c & 0x3f)));
    } else {
        put_byte(d, (unsigned)(0xf0 | c >> 18));
        put_byte(d, (unsigned)(0x80 | (c >> 12 & 0x3f)));
        put_byte(d, (unsigned)(0x80 | (c >> 6 & 0x3f)));
        put_byte(d, (unsigned)(0x80 | (c & 0x3f)));
    }
}

/* \uXXXX, or two of them for one character outside the first plane. */
static bool decode_unicode(struct decoder *d, const char *s) {
    long c = read_hex(s, d->end, 4);

    if (c < 0)
        return false;
    s += 4;
    if (c >= 0xd800 && c < 0xdc00 && d->end - s > 5 && s[0] == '\\' &&
        s[1] == 'u') {
        long low = read_hex(s + 2, d->end, 4);
        if (low >= 0xdc00 && low < 0xe000) {
            c = 0x10000 + (c - 0xd800) * 0x400 + (low - 0xdc00);
            s += 6;
        }
    }
    put_utf8(d, c >= 0xd800 && c < 0xe000 ? 0xfffd : (unsigned long)c);
    d->in = s;
    return true;
}

/* The line break that begins at D->in has been taken; now the next line's
 * mark.  Without a code it goes on where the last one was cut. */
static void decode_line_start(struct decoder *d) {
    const char *s = d->in;

    if (d->found->mark && d->end - s > 4 && *s == '<' && s[3] == ' ') {
        d->in = s + 4;
        if (s[1] == '<' && !smtpcode_read_reply_code(d->in, d->end))
            return;
    }
    put_byte(d, '\n');
}

/* After a backslash, which S follows; false: it stands for itself. */
static bool decode_escape(struct decoder *d, const char *s) {
    long value;

    while (s < d->end - 1 && *s == '\\' && (s[1] == 'n' || s[1] == 'r'))
        s++; /* escaped twice */
    if (s >= d->end)
        return false;
    switch (*s) {
    case 'n':
    case 'r':
        d->in = s + 1;
        decode_line_start(d);
        return true;
    case '\\':
    case '"':
    case '\'':
    case '/':
        put_byte(d, (unsigned char)*s);
        d->in = s + 1;
        return true;
    case 't':
        if (!d->found->quote) /* DOMAIN\tom */
            return false;
        put_byte(d, '\t');
        d->in = s + 1;
        return true;
    case 'u':
        return decode_unicode(d, s + 1);
    case 'x':
        value = read_hex(s + 1, d->end, 2);
        if (value < 0)
            return false;
        put_byte(d, (unsigned)value);
        d->in = s + 3;
        return true;
    }
    return false;
}

static const char *skip_line_break(const char *s, const char *end) {
    if (s < end && *s == '\r')
        s++;
    if (s < end && *s == '\n')
        s++;
    return s;
}

/* RFC 2045 6.7: "=3D" is a byte, "=" before a line break is nothing. */
static bool decode_quoted_printable(struct decoder *d, const char *s) {
    const char *next = skip_line_break(s, d->end);

    if (next > s && (d->in == d->begin || d->in[-1] != '=')) {
        d->in = next;
        return true;
    }
    long value = d->found->quoted_printable ? read_hex(s, d->end, 2) : -1;
    if (value < 0)
        return false;
    put_byte(d, (unsigned)value);
    d->in = s + 2;
    return true;
}

/* 'one\n' + 'two': a string in two parts. */
static bool decode_concatenation(struct decoder *d, const char *s) {
    if (!d->found->quote || s[-1] != d->found->quote)
        return false;
    while (s < d->end && is_blank(*s))
        s++;
    if (s >= d->end || *s != '+')
        return false;
    for (s++; s < d->end && is_blank(*s); s++)
        ;
    if (s >= d->end || *s != d->found->quote)
        return false;
    d->in = s + 1;
    return true;
}

struct entity {
    char name[8];
    char byte;
};

static const struct entity entities[] = {
    {"lt;", '<'},   {"gt;", '>'},    {"amp;", '&'},  {"quot;", '"'},
    {"#34;", '"'},  {"apos;", '\''}, {"#39;", '\''}, {"#x27;", '\''},
    {"nbsp;", ' '}, {"#160;", ' '}};

/* S is after the "&". */
static bool decode_entity(struct decoder *d, const char *s) {
    for (size_t i = 0; d->found->html && i < COUNT(entities); i++) {
        size_t n = 0;
        while (n < (size_t)(d->end - s) && entities[i].name[n] &&
               s[n] == entities[i].name[n])
            n++;
        if (entities[i].name[n])
            continue;
        put_byte(d, (unsigned char)entities[i].byte);
        d->in = s + n;
        return true;
    }
    return false;
}

static bool decode_special(struct decoder *d) {
    switch (*d->in) {
    case '\\':
        return decode_escape(d, d->in + 1);
    case '=':
        return decode_quoted_printable(d, d->in + 1);
    case '"':
    case '\'':
        return decode_concatenation(d, d->in + 1);
    case '&':
        return decode_entity(d, d->in + 1);
    }
    d->in = skip_line_break(d->in, d->end);
    decode_line_start(d);
    return true;
}

/* qmail-send logs blanks as underscores and line breaks as slashes.  Slashes
 * are a line break only before a code, for URLs have them too. */
static void decode_log(struct decoder *d) {
    for (; d->in < d->end; d->in++) {
        const char *s = d->in;
        bool line = *s == '/' && d->end - s > 4 && is_digit(s[1]) &&
                    is_digit(s[2]) && is_digit(s[3]) &&
                    (s[4] == '_' || s[4] == '-');
        put_byte(d, line ? '\n' : *s == '_' ? ' ' : (unsigned char)*s);
    }
}

void smtpcode_decode(struct reply *r, const char *text,
                     const struct found *found) {
    struct decoder d = {r, found, text + found->start, text + found->start,
                        text + found->end};

    struct scan pass = {0};
    const char *from = d.in;

    if (found->log) {
        decode_log(&d);
        return;
    }
    while ((d.in = special_next(&pass, d.begin, d.in, d.end)) < d.end) {
        smtpcode_put(r, from, (size_t)(d.in - from));
        from = d.in;
        if (decode_special(&d))
            from = d.in;
        else
            d.in++; /* it stands for itself */
    }
    smtpcode_put(r, from, (size_t)(d.in - from));
}

/* How many bytes the character at S has, or 0 where it is none (RFC 3629). */
static size_t utf8_length(const unsigned char *s, size_t len) {
    unsigned c = s[0];
    size_t n = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

    if (n == 0 || c > 0xf4 || n > len)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((c == 0xe0 && s[1] < 0xa0) || (c == 0xed && s[1] > 0x9f) ||
        (c == 0xf0 && s[1] < 0x90) || (c == 0xf4 && s[1] > 0x8f))
        return 0;
    return n;
}

bool smtpcode_is_utf8(const char *text, size_t len) {
    const char *s = text, *end = text + len;
    struct scan pass = {0};

    while ((s = high_next(&pass, text, s, end)) < end) {
        while (s < end && (unsigned char)*s >= 0x80) {
            size_t n = utf8_length((const unsigned char *)s, (size_t)(end - s));
            if (n == 0)
                return false;
            s += n;
        }
    }
    return true;
}
