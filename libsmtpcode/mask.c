/*
 * mask.c - what a reply only passes on is taken out of its words, so that no
 * phrase is found in an address such as blocked@spam.example.
 *
 * Nothing that is masked holds a blank, so each word is looked at by itself,
 * and most words not at all: only those with a byte in them that some masked
 * thing must have.  What opens and never closes is remembered for the rest of
 * its word: linear.
 */
#include <string.h>

#include "block.h"
#include "tables.h"

struct word {
    const char *words;
    char *out;
    size_t begin, end;
    unsigned unclosed; /* bit KIND: no more closers in this word */
    int colons;        /* more than one: needed for IPv6 */
};

/* By ASCII byte: bit 0 of a word for bytes 0, 32, 64, 96.  Written out, as a
 * table of 256 would need more cache than code. */
typedef uint32_t set[4];

/* . @ : < [ " ' */
static const set triggers = {0, 0x14004084u, 0x08000001u, 0};
/* RFC 5322 3.2.3 atext, and the dot: ! # $ % & ' * + - . / = ? ^ _ ` { | } ~ */
static const set local_part = {0, 0xa3ffecfau, 0xc0000000u, 0x7fffffffu};
/* letters, digits, + - . */
static const set scheme = {0, 0x03ff6800u, 0, 0x07fffffeu};
/* all but control bytes, blank, " < > */
static const set url = {0, 0xaffffffau, 0xffffffffu, 0x7fffffffu};
/* ! " ' ) , . : ; > ? ] } */
static const set trailing = {0, 0xcc005286u, 0x20000000u, 0x20000000u};

static unsigned byte_of(char c) { return (unsigned char)c; }

static int is_in(const uint32_t *members, char c) {
    unsigned b = byte_of(c);

    return b < 0x80 && members[b >> 5] >> (b & 31) & 1;
}

static int is_digit(char c) { return c >= '0' && c <= '9'; }
static int is_letter(char c) { return c >= 'a' && c <= 'z'; }
static int is_alnum(char c) { return is_digit(c) || is_letter(c); }

static void cover(const struct word *w, size_t begin, size_t end) {
    for (; begin < end; begin++)
        w->out[begin] = SMTPCODE_MASKED;
}

/* The first place from AT to END whose byte is not of MEMBERS. */
static size_t run_of(const struct word *w, const uint32_t *members, size_t at) {
    while (at < w->end && is_in(members, w->words[at]))
        at++;
    return at;
}

/* ---- quotes and brackets ---- */

/* Chinese and Japanese write whole sentences without a blank: what is masked
 * must have something that a name, number or address has. */
static int has_ascii(const struct word *w, size_t at, size_t end) {
    for (; at < end; at++)
        if (is_alnum(w->words[at]) || w->words[at] == '@')
            return 1;
    return 0;
}

enum { /* what may open, see opener_at() */
       NOTHING,
       ANGLE,
       SQUARE,
       DOUBLE,
       SINGLE,
       CURLY_DOUBLE,
       CURLY_SINGLE,
       GUILLEMET,
       GUILLEMET_INWARD,
       GUILLEMET_SINGLE,
       CORNER
};

/* Bytes of the quote E2 80 LAST and its like at AT: 3, or 0. */
static unsigned quote_at(const struct word *w, size_t at) {
    if (w->end - at < 3 || byte_of(w->words[at]) != 0xe2 ||
        byte_of(w->words[at + 1]) != 0x80)
        return 0;
    return byte_of(w->words[at + 2]);
}

static unsigned pair_at(const struct word *w, size_t at, unsigned lead) {
    return w->end - at >= 2 && byte_of(w->words[at]) == lead
               ? byte_of(w->words[at + 1])
               : 0;
}

static int corner_at(const struct word *w, size_t at, unsigned last) {
    return w->end - at >= 3 && pair_at(w, at, 0xe3) == 0x80 &&
           byte_of(w->words[at + 2]) == last;
}

/* Where the bytes before AT are a whole character of UTF-8 or ASCII, a '[' is
 * one; else it may be half of a letter in Shift_JIS or Big5. */
static int follows_whole(const struct word *w, size_t at) {
    size_t n = 0;

    while (n < 3 && at - n > w->begin &&
           (byte_of(w->words[at - n - 1]) & 0xc0) == 0x80)
        n++;
    if (at - n == w->begin)
        return n == 0;
    unsigned lead = byte_of(w->words[at - n - 1]);
    size_t want = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    return lead < 0x80 ? n == 0 : lead >= 0xc2 && n == want;
}

static int opens_word(const struct word *w, size_t at) {
    return at == w->begin || !is_alnum(w->words[at - 1]);
}

/* What opens at AT; its bytes go to LEN. */
static int opener_at(const struct word *w, size_t at, size_t *len) {
    unsigned q;

    *len = 1;
    switch (byte_of(w->words[at])) {
    case '<':
        return ANGLE;
    case '[':
        return follows_whole(w, at) ? SQUARE : NOTHING;
    case '"':
        return opens_word(w, at) ? DOUBLE : NOTHING;
    case '\'': /* not the one of don't */
        return opens_word(w, at) ? SINGLE : NOTHING;
    case 0xc2:
        *len = 2;
        q = pair_at(w, at, 0xc2);
        return q == 0xab ? GUILLEMET : q == 0xbb ? GUILLEMET_INWARD : NOTHING;
    case 0xe2:
        *len = 3;
        q = quote_at(w, at);
        return q == 0x9c || q == 0x9d || q == 0x9e ? CURLY_DOUBLE
               : q == 0x98 || q == 0x9a            ? CURLY_SINGLE
               : q == 0xb9                         ? GUILLEMET_SINGLE
                                                   : NOTHING;
    case 0xe3:
        *len = 3;
        return corner_at(w, at, 0x8c) ? CORNER : NOTHING;
    }
    return NOTHING;
}

static int ends_word(const struct word *w, size_t at) {
    return at >= w->end || !is_alnum(w->words[at]);
}

/* The bytes of what closes KIND at AT, or 0. */
static size_t closer_at(const struct word *w, size_t at, int kind) {
    unsigned q;

    switch (kind) {
    case ANGLE:
        return w->words[at] == '>';
    case SQUARE:
        return w->words[at] == ']';
    case DOUBLE:
        return w->words[at] == '"' && ends_word(w, at + 1);
    case SINGLE:
        return w->words[at] == '\'' && ends_word(w, at + 1);
    case CURLY_DOUBLE:
        q = quote_at(w, at);
        return q == 0x9c || q == 0x9d ? 3 : 0;
    case CURLY_SINGLE:
        q = quote_at(w, at);
        return (q == 0x98 || q == 0x99) && ends_word(w, at + 3) ? 3 : 0;
    case GUILLEMET:
        return pair_at(w, at, 0xc2) == 0xbb ? 2 : 0;
    case GUILLEMET_INWARD:
        return pair_at(w, at, 0xc2) == 0xab ? 2 : 0;
    case GUILLEMET_SINGLE:
        return quote_at(w, at) == 0xba ? 3 : 0;
    default:
        return corner_at(w, at, 0x8d) ? 3 : 0;
    }
}

/* The end of the quotes or brackets that open at AT, masked; else AT. */
static size_t mask_enclosed(struct word *w, size_t at) {
    size_t opener, closer;
    int kind = opener_at(w, at, &opener);

    if (kind == NOTHING || w->unclosed >> kind & 1)
        return at;
    for (size_t i = at + opener; i < w->end; i++) {
        if (!(closer = closer_at(w, i, kind)))
            continue;
        if (has_ascii(w, at + opener, i))
            cover(w, at, i + closer);
        return i + closer;
    }
    w->unclosed |= 1u << kind;
    return at;
}

/* ---- names of hosts ---- */

/* A label of up to 8 letters as a number: -ffreestanding has no inline
 * memcmp(). */
static uint64_t pack(const char *label, size_t len) {
    uint64_t packed = 0;

    for (size_t i = 0; i < len; i++)
        packed = packed << 8 | byte_of(label[i]);
    return packed;
}

#define P2(a, b) ((uint64_t)(a) << 8 | (b))
#define P3(a, b, c) (P2(a, b) << 8 | (c))
#define P4(a, b, c, d) (P3(a, b, c) << 8 | (d))
#define P5(a, b, c, d, e) (P4(a, b, c, d) << 8 | (e))
#define P7(a, b, c, d, e, f, g) (P5(a, b, c, d, e) << 16 | P2(f, g))
#define P8(a, b, c, d, e, f, g, h) (P7(a, b, c, d, e, f, g) << 8 | (h))

/* Last labels after which two labels are a host.  Others are more often the
 * end of one sentence and the begin of the next: "mailbox is full.please". */
static const uint64_t top_levels[] = {
    P3('c', 'o', 'm'),
    P3('n', 'e', 't'),
    P3('o', 'r', 'g'),
    P3('e', 'd', 'u'),
    P3('g', 'o', 'v'),
    P3('m', 'i', 'l'),
    P3('i', 'n', 't'),
    P4('i', 'n', 'f', 'o'),
    P3('b', 'i', 'z'),
    P4('a', 'r', 'p', 'a'),
    P5('l', 'o', 'c', 'a', 'l'),
    P3('l', 'a', 'n'),
    P4('c', 'o', 'r', 'p'),
    P4('h', 'o', 'm', 'e'),
    P8('i', 'n', 't', 'e', 'r', 'n', 'a', 'l'),
    P7('e', 'x', 'a', 'm', 'p', 'l', 'e'),
    P7('i', 'n', 'v', 'a', 'l', 'i', 'd'),
    P4('t', 'e', 's', 't'),
    P3('a', 'p', 'p'),
    P3('d', 'e', 'v'),
    P3('p', 'r', 'o'),
    P3('x', 'y', 'z'),
    P4('s', 'i', 't', 'e'),
    P4('s', 'h', 'o', 'p'),
    P4('c', 'l', 'u', 'b'),
    P4('t', 'e', 'c', 'h'),
    P4('a', 's', 'i', 'a'),
    P4('m', 'o', 'b', 'i'),
    P5('c', 'l', 'o', 'u', 'd'),
    P5('s', 't', 'o', 'r', 'e'),
};

/* Countries that a sentence may begin with. */
static const uint64_t country_words[] = {
    P2('i', 't'), P2('i', 'n'), P2('t', 'o'), P2('n', 'o'), P2('i', 's'),
    P2('m', 'y'), P2('m', 'e'), P2('s', 'o'), P2('b', 'e'), P2('d', 'o'),
    P2('a', 't'), P2('a', 's'), P2('u', 's'), P2('b', 'y'), P2('a', 'm'),
};

static int is_country(const char *label) {
    const uint64_t packed = pack(label, 2);

    for (size_t i = 0; i < sizeof country_words / sizeof *country_words; i++)
        if (country_words[i] == packed)
            return 0;
    return is_letter(label[0]) && is_letter(label[1]);
}

static int is_top_level(const char *label, size_t len) {
    if (len == 2)
        return is_country(label);
    const uint64_t packed = len <= 8 ? pack(label, len) : 0; /* none is 0 */
    for (size_t i = 0; i < sizeof top_levels / sizeof *top_levels; i++)
        if (top_levels[i] == packed)
            return 1;
    return len > 4 && pack(label, 4) == P4('x', 'n', '-', '-');
}

struct labels {
    size_t count, end;
    size_t last, before;       /* where the last one and the one before begin */
    size_t leading;            /* numbers at the begin */
    int octets;                /* none of those is over 255 */
    int digits, digits_before; /* whether the last, the one before is one */
};

static int is_octet(const char *digits, size_t len) {
    return len < 3 || (len == 3 && pack(digits, 3) <= P3('2', '5', '5'));
}

static int all_letters(const char *text, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (!is_letter(text[i]))
            return 0;
    return 1;
}

static int is_dash(char c) { return c == '-' || c == '_'; }

/* Whether a label follows the full stop at AT. */
static int label_follows(const struct word *w, size_t at) {
    if (at + 1 < w->end && is_alnum(w->words[at + 1]))
        return 1;
    return at + 2 < w->end && w->words[at + 1] == '_' &&
           is_alnum(w->words[at + 2]);
}

static void add_label(struct labels *l, const char *words, size_t at,
                      size_t end, int digits) {
    l->before = l->last;
    l->last = at;
    l->digits_before = l->digits;
    l->digits = digits;
    if (digits && l->leading == l->count) {
        l->leading++;
        l->octets = l->octets && is_octet(words + at, end - at);
    }
    l->count++;
    l->end = end;
}

/* The labels from AT on, where a letter or digit is; no dash trails them. */
static struct labels read_labels(const struct word *w, size_t at) {
    struct labels l = {0, 0, at, at, 0, 1, 0, 0};
    int digits = 1;

    for (size_t i = at;; i++) {
        char c = i < w->end ? w->words[i] : ' ';
        if (is_digit(c))
            continue;
        if (is_letter(c) || is_dash(c)) {
            digits = 0;
            continue;
        }
        int more = c == '.' && label_follows(w, i);
        add_label(&l, w->words, at, i, digits);
        if (!more)
            break;
        at = i + 1;
        digits = 1;
    }
    while (is_dash(w->words[l.end - 1]))
        l.end--;
    return l;
}

/* The end of the host name or IPv4 address that begins with the labels L, or
 * 0.  "5.1.1.user" is none; "mx.example.com.please" and "192.0.2.1.please" end
 * before their last label. */
static size_t host_end(const struct word *w, const struct labels *l) {
    const char *last = w->words + l->last;
    size_t length = l->end - l->last;

    if (l->leading == l->count)
        return l->count == 4 && l->octets ? l->end : 0;
    if (l->count < 2)
        return 0;
    if (is_top_level(last, length))
        return l->end;
    if (l->count < 3 || l->leading == 3 || length < 2 ||
        !all_letters(last, length))
        return 0;
    if (is_top_level(w->words + l->before, l->last - 1 - l->before))
        return l->last - 1;
    if (!l->digits_before)
        return l->end;
    return l->leading == 4 && l->count == 5 && l->octets ? l->last - 1 : 0;
}

/* ---- URLs and addresses ---- */

static size_t url_end(const struct word *w, size_t at) {
    size_t end = run_of(w, url, at);

    while (end > at && is_in(trailing, w->words[end - 1]))
        end--;
    return end;
}

/* Hosts, IPv4 and URLs without a scheme from AT to END. */
static size_t mask_names(const struct word *w, size_t at, size_t end) {
    while (at < end) {
        if (!is_alnum(w->words[at])) {
            at++;
            continue;
        }
        struct labels l = read_labels(w, at);
        size_t host = host_end(w, &l);
        if (host && host < w->end &&
            (w->words[host] == '/' || w->words[host] == '?'))
            l.end = host = url_end(w, host);
        if (host)
            cover(w, at, host);
        at = l.end;
    }
    return at;
}

/* The end of the domain of an address: one label is enough. */
static size_t domain_end(const struct word *w, size_t at) {
    if (at == w->end || !is_alnum(w->words[at]))
        return at;
    struct labels l = read_labels(w, at);
    size_t host = host_end(w, &l);
    return host ? host : l.end;
}

/* The end of the address whose local part ends at AT, or AT. */
static size_t address_end(const struct word *w, size_t at) {
    size_t end = at;

    while (end < w->end && w->words[end] == '@') {
        if (end + 1 < w->end && w->words[end + 1] == '[')
            return end + 1; /* the brackets are next */
        size_t domain = domain_end(w, end + 1);
        if (domain == end + 1)
            break;
        end = domain;
    }
    return end;
}

/* The end of the URL whose scheme ends at AT, where a colon is; else AT. */
static size_t schemed_end(const struct word *w, size_t at) {
    size_t rest = w->end - at, end;

    if (rest > 3 && memcmp(w->words + at, "://", 3) == 0)
        return (end = url_end(w, at + 3)) > at + 3 ? end : at;
    if (at - w->begin >= 6 && memcmp(w->words + at - 6, "mailto", 6) == 0)
        return (end = url_end(w, at + 1)) > at + 1 ? end : at;
    return at;
}

/* Where a run of what an address may begin with ends; an apostrophe belongs
 * to it within a word only. */
static size_t run_end(const struct word *w, size_t at) {
    size_t end = at + 1;

    while (end < w->end && is_in(local_part, w->words[end]) &&
           !(w->words[end] == '\'' && !is_alnum(w->words[end - 1])))
        end++;
    return end;
}

static size_t mask_run(const struct word *w, size_t at) {
    size_t run = run_end(w, at), end = address_end(w, run), begin = run;

    if (end > run) {
        cover(w, at, end);
        return end;
    }
    if (run < w->end && w->words[run] == ':' &&
        (end = schemed_end(w, run)) > run) {
        while (begin > at && is_in(scheme, w->words[begin - 1]))
            begin--;
        mask_names(w, at, begin);
        cover(w, begin, end);
        return end;
    }
    return mask_names(w, at, run);
}

/* ---- IPv6 ---- */

static int is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

/* The end of the IPv6 address at AT, or AT.  45 bytes are the longest, so a
 * run that is none is not read again and again. */
static size_t ip6_end(const struct word *w, size_t at) {
    size_t end = at, colons = 0, group = 0, digits = 0, doubles = 0, dots = 0;

    for (; end < w->end && end - at < 46; end++) {
        char c = w->words[end];
        if (c == ':') {
            colons++;
            doubles += end > at && w->words[end - 1] == ':';
            group = 0;
        } else if (c == '.') {
            dots++; /* ::ffff:192.0.2.1 */
            group = 0;
        } else if (is_hex(c) && group < 4) {
            group++;
            digits++;
        } else {
            break;
        }
    }
    if (end < w->end && is_alnum(w->words[end]))
        return at;
    while (end > at && (w->words[end - 1] == '.' ||
                        (w->words[end - 1] == ':' && end - at > 1 &&
                         w->words[end - 2] != ':'))) {
        end--;
        colons -= w->words[end] == ':';
        dots -= w->words[end] == '.';
    }
    size_t words = colons + (dots == 3);
    return digits && (doubles == 1 ? words <= 7 : doubles == 0 && words == 7)
               ? end
               : at;
}

static size_t mask_ip6(const struct word *w, size_t at) {
    if (!is_hex(w->words[at]) && w->words[at] != ':')
        return at;
    if (!opens_word(w, at) || (at > w->begin && w->words[at - 1] == ':'))
        return at;
    size_t end = ip6_end(w, at);
    cover(w, at, end);
    return end;
}

/* ---- words ---- */

static void mask_word(struct word *w) {
    for (size_t at = w->begin, end; at < w->end; at = end) {
        end = at;
        if (!is_alnum(w->words[at])) /* else nothing opens */
            end = mask_enclosed(w, at);
        if (end == at && w->colons)
            end = mask_ip6(w, at);
        if (end == at && is_in(local_part, w->words[at]))
            end = mask_run(w, at);
        if (end == at)
            end++;
    }
}

/* Whether the byte at AT can be part of something masked: a full stop or a
 * colon at the end of a word cannot. */
static int is_trigger(const char *words, size_t len, size_t at) {
    unsigned c = byte_of(words[at]);

    if (c == '.' || c == ':')
        return at + 1 < len && words[at + 1] != ' ';
    return is_in(triggers, words[at]) || c == 0xc2 || c == 0xe2 || c == 0xe3;
}

/* The first trigger from AT on, or LEN. */
static size_t next_trigger(const char *words, size_t len, size_t at) {
#ifdef SMTPCODE_BLOCK
    for (; len - at >= SMTPCODE_BLOCK; at += SMTPCODE_BLOCK)
        for (unsigned bits = block_among(block_load(words + at), ".:@<[\"'");
             bits; bits &= bits - 1) {
            size_t place = at + (unsigned)__builtin_ctz(bits);
            if (is_trigger(words, len, place))
                return place;
        }
#endif
    while (at < len && !is_trigger(words, len, at))
        at++;
    return at;
}

void smtpcode_mask(const char *words, size_t len, char *out) {
    size_t before = 0; /* where the last word ended */

    memcpy(out, words, len);
    for (size_t at = 0; (at = next_trigger(words, len, at)) < len;) {
        size_t colons = 0;
        struct word w = {words, out, at, at, 0, 0};
        while (w.begin > before && words[w.begin - 1] != ' ')
            w.begin--;
        for (; w.end < len && words[w.end] != ' '; w.end++)
            colons += words[w.end] == ':';
        w.colons = colons > 1;
        mask_word(&w);
        before = at = w.end;
    }
}
