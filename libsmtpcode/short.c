/*
 * short.c - which of many short patterns a reply has: four bytes are enough
 * for one, so the gram of four at every byte is looked up.
 *
 * Two bits in a Bloom table say that most grams belong to no pattern; the
 * others lead to a bucket of records, each with the literal around its gram,
 * and from there the rest is compared.  An {any} is bounded and a literal
 * between two of them has a blank, so there is nothing to try twice: linear.
 */
#include <string.h>

#include "tables.h"

#define NOWHERE ((size_t)-1)

enum { YIELDS = 1 << 15 }; /* in a hit's length, as long as we search */

/* The left side of a pair that was seen last. */
struct left {
    uint32_t begin, end; /* END is a blank; 0: there is none */
};

struct search {
    const struct smtpcode_shorts *tables;
    const char *words;
    size_t len;
    struct smtpcode_hit *hits;
    size_t n, most;
    struct left *lefts; /* one for each pair */
    size_t least; /* the hit that makes room for another, if N is MOST */
};

static uint32_t load(const char *bytes) { /* smtpcode_load(), but inline */
    const unsigned char *b = (const unsigned char *)bytes;

    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
           (uint32_t)b[3] << 24;
}

static uint32_t hash_gram(uint32_t gram) { return gram * 0x9e3779b1u; }

static uint32_t bits_of(uint32_t hash) {
    return 1u << (hash >> 14 & 31) | 1u << (hash >> 9 & 31);
}

uint32_t smtpcode_short_hash(uint32_t gram) { return hash_gram(gram); }
uint32_t smtpcode_short_bits(uint32_t hash) { return bits_of(hash); }

/* ---- word edges ---- */

static unsigned byte_at(const struct search *s, size_t at) {
    return at < s->len ? (unsigned char)s->words[at] : 0;
}

static int is_plain_letter(unsigned c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

/* U+00C0 to U+024F, and the accents U+0300 to U+036F that follow a letter. */
static int is_latin_pair(unsigned lead, unsigned next) {
    if ((next & 0xc0) != 0x80)
        return 0;
    if (lead == 0xc3)
        return next != 0x97 && next != 0xb7; /* times, divided by */
    return (lead >= 0xc4 && lead <= 0xc8) || (lead == 0xc9 && next <= 0x8f) ||
           lead == 0xcc || (lead == 0xcd && next <= 0xaf);
}

/* U+1E00 to U+1EFF, which Vietnamese needs. */
static int is_latin_triple(unsigned a, unsigned b, unsigned c) {
    return a == 0xe1 && b >= 0xb8 && b <= 0xbb && (c & 0xc0) == 0x80;
}

/* ISO 8859-1 and its like: one high byte on its own.  Two in a row are UTF-8,
 * or an encoding of Chinese, Japanese, Korean, Cyrillic. */
static int is_latin_byte(unsigned c, unsigned beyond) {
    return c >= 0xc0 && c != 0xd7 && c != 0xf7 && beyond < 0x80;
}

/* Whether a word goes on at AT: with a letter, digit, or a Latin letter that
 * has an accent.  Other scripts are an edge: some write no blanks, and a word
 * of ASCII letters does not go on in them. */
static int goes_on(const struct search *s, size_t at) {
    unsigned a = byte_at(s, at), b = byte_at(s, at + 1);

    if (a < 0x80)
        return is_plain_letter(a);
    return is_latin_pair(a, b) || is_latin_byte(a, b) ||
           is_latin_triple(a, b, byte_at(s, at + 2));
}

static int came_before(const struct search *s, size_t at) {
    unsigned a = at > 0 ? byte_at(s, at - 1) : 0;
    unsigned b = at > 1 ? byte_at(s, at - 2) : 0;

    if (a < 0x80)
        return is_plain_letter(a);
    return is_latin_pair(b, a) || is_latin_byte(a, b) ||
           is_latin_triple(at > 2 ? byte_at(s, at - 3) : 0, b, a);
}

/* ---- one record ---- */

static const unsigned char *next_literal(const unsigned char *literal) {
    return literal + 2 + *literal;
}

static int stands_at(const struct search *s, const unsigned char *literal,
                     size_t at) {
    return at <= s->len && *literal <= s->len - at &&
           memcmp(s->words + at, literal + 2, *literal) == 0;
}

/* Whether FROM to TO, which has no blank, can be an {any}. */
static int is_any(const struct search *s, size_t from, size_t to) {
    size_t plain = 0;

    if (to <= from || to - from > SMTPCODE_ANY_ALL)
        return 0;
    for (size_t i = from; i < to; i++)
        plain += s->words[i] != SMTPCODE_MASKED;
    return plain <= SMTPCODE_ANY_PLAIN;
}

/* One byte more of an {any}: 0 where it ends at the latest. */
static int lengthens(const struct search *s, size_t at, size_t *plain,
                     size_t *all) {
    *plain += s->words[at] != SMTPCODE_MASKED;
    return s->words[at] != ' ' && *plain <= SMTPCODE_ANY_PLAIN &&
           ++*all <= SMTPCODE_ANY_ALL;
}

/* The end of the last LITERAL, which has no blank, behind the shortest {any}
 * from AT on; NOWHERE if there is none. */
static size_t find_last(const struct search *s, const unsigned char *literal,
                        size_t at, unsigned flags) {
    size_t plain = 0, all = 0;

    while (at < s->len && lengthens(s, at++, &plain, &all))
        if (stands_at(s, literal, at) &&
            !(flags & SMTPCODE_SHORT_ENDS && goes_on(s, at + *literal)))
            return at + *literal;
    return NOWHERE;
}

/* The begin of the first LITERAL, which has no blank, before the shortest
 * {any} that ends at AT. */
static size_t find_first(const struct search *s, const unsigned char *literal,
                         size_t at, unsigned flags) {
    size_t plain = 0, all = 0;

    while (at > 0 && lengthens(s, --at, &plain, &all))
        if (at >= *literal && stands_at(s, literal, at - *literal) &&
            !(flags & SMTPCODE_SHORT_BEGINS && came_before(s, at - *literal)))
            return at - *literal;
    return NOWHERE;
}

/* The end of LITERAL behind the {any} that begins at AT: the word that holds
 * this one ends at the literal's first blank. */
static size_t pass_right(const struct search *s, const unsigned char *literal,
                         size_t at) {
    size_t most = SMTPCODE_ANY_ALL + 1u + literal[1];
    const char *blank =
        memchr(s->words + at, ' ', s->len - at < most ? s->len - at : most);
    size_t end = blank ? (size_t)(blank - s->words) : 0;

    if (!blank || end - at < literal[1])
        return NOWHERE;
    end -= literal[1];
    return is_any(s, at, end) && stands_at(s, literal, end) ? end + *literal
                                                            : NOWHERE;
}

/* The begin of LITERAL before the {any} that ends at AT. */
static size_t pass_left(const struct search *s, const unsigned char *literal,
                        size_t at) {
    size_t most = SMTPCODE_ANY_ALL + literal[1], begin = at;

    while (begin > 0 && at - begin <= most && s->words[begin - 1] != ' ')
        begin--;
    begin += literal[1];
    return is_any(s, begin, at) && begin >= *literal &&
                   stands_at(s, literal, begin - *literal)
               ? begin - *literal
               : NOWHERE;
}

/* The end of all that follows the gram's literal, which ends at AT. */
static size_t match_right(const struct search *s, const unsigned char *literal,
                          size_t at, unsigned flags) {
    for (; *literal && at != NOWHERE; literal = next_literal(literal)) {
        if (literal[1] == SMTPCODE_NO_BLANK)
            return find_last(s, literal, at, flags);
        at = pass_right(s, literal, at);
    }
    return at != NOWHERE && flags & SMTPCODE_SHORT_ENDS && goes_on(s, at)
               ? NOWHERE
               : at;
}

static size_t match_left(const struct search *s, const unsigned char *literal,
                         size_t at, unsigned flags) {
    for (; *literal && at != NOWHERE; literal = next_literal(literal)) {
        if (literal[1] == SMTPCODE_NO_BLANK)
            return find_first(s, literal, at, flags);
        at = pass_left(s, literal, at);
    }
    return at != NOWHERE && flags & SMTPCODE_SHORT_BEGINS && came_before(s, at)
               ? NOWHERE
               : at;
}

/* ---- pairs ---- */

enum { SOME_WORDS = 3 };

static int is_no(const char *word, size_t len) {
    return (len == 3 && memcmp(word, "not", len) == 0) ||
           (len == 2 && memcmp(word, "no", len) == 0);
}

/* Whether a word may stand between: none that turns the meaning or ends what
 * is said. */
static int may_pass(const struct search *s, size_t begin, size_t end) {
    return is_any(s, begin, end) && !memchr(".,;:!?", s->words[end - 1], 6) &&
           !is_no(s->words + begin, end - begin);
}

/* Whether a few words at most stand between two blanks. */
static int are_few(const struct search *s, size_t from, size_t to) {
    if (to - from > SOME_WORDS * (SMTPCODE_ANY_ALL + 1u))
        return 0;
    for (int n = 0; from < to && n < SOME_WORDS; n++) {
        const char *blank = memchr(s->words + from + 1, ' ', to - from);
        size_t end = blank ? (size_t)(blank - s->words) : to;
        if (!may_pass(s, from + 1, end))
            return 0;
        from = end;
    }
    return from == to;
}

/* ---- the hits ---- */

static size_t length_of(const struct smtpcode_hit *h) {
    return h->length & (YIELDS - 1u);
}

/* Whether INNER, a shorter one, stands within OUTER and is left out for it. */
static int hides(const struct smtpcode_hit *outer,
                 const struct smtpcode_hit *inner) {
    return !(outer->length & YIELDS) && length_of(outer) > length_of(inner) &&
           outer->offset <= inner->offset &&
           inner->offset + length_of(inner) <= outer->offset + length_of(outer);
}

static int is_before(const struct smtpcode_hit *a,
                     const struct smtpcode_hit *b) {
    if (a->offset != b->offset)
        return a->offset < b->offset;
    if (length_of(a) != length_of(b))
        return length_of(a) > length_of(b);
    return a->entry < b->entry;
}

static int is_same(const struct smtpcode_hit *a, const struct smtpcode_hit *b) {
    return a->entry == b->entry && a->offset == b->offset &&
           length_of(a) == length_of(b);
}

static void take_out(struct search *s, size_t i) {
    s->n--;
    for (; i < s->n; i++)
        s->hits[i] = s->hits[i + 1];
}

/* The shortest hit, the last of several. */
static size_t find_least(const struct search *s) {
    size_t least = 0;

    for (size_t i = 1; i < s->n; i++)
        if (length_of(&s->hits[i]) <= length_of(&s->hits[least]))
            least = i;
    return least;
}

/* Whether the least of as many hits as may be makes room for H.  If not, H
 * hides none of them either. */
static int makes_room(const struct search *s, const struct smtpcode_hit *h) {
    const struct smtpcode_hit *least = &s->hits[s->least];

    if (s->most == 0 || length_of(least) > length_of(h))
        return 0;
    return length_of(least) < length_of(h) || !is_before(least, h);
}

static void keep(struct search *s, const struct smtpcode_hit *h) {
    if (s->n == s->most && !makes_room(s, h))
        return;
    for (size_t i = 0; i < s->n; i++)
        if (hides(&s->hits[i], h) || is_same(&s->hits[i], h))
            return;
    for (size_t i = s->n; i-- > 0;)
        if (hides(h, &s->hits[i]))
            take_out(s, i);
    if (s->n == s->most)
        take_out(s, s->least);
    size_t i = s->n++;
    for (; i > 0 && is_before(h, &s->hits[i - 1]); i--)
        s->hits[i] = s->hits[i - 1];
    s->hits[i] = *h;
    if (s->n == s->most)
        s->least = find_least(s);
}

/* ---- the search ---- */

/* The right side of PAIR, LEN bytes with the blank before it, stands at AT. The
 * words between do not count. */
static void try_pair(struct search *s, unsigned pair, size_t at, size_t len) {
    const struct left *left = &s->lefts[pair];
    const struct smtpcode_pair *p = &s->tables->pairs[pair];

    if (left->end == 0 || left->end > at ||
        (left->end < at && !(p->flags & SMTPCODE_SHORT_SOME)) ||
        !are_few(s, left->end, at))
        return;
    struct smtpcode_hit h = {
        p->entry, (uint16_t)(left->end - left->begin + len), left->begin};
    if (p->flags & SMTPCODE_SHORT_YIELDS)
        h.length |= YIELDS;
    keep(s, &h);
}

/* One side of pairs, whose LITERAL stands at AT, with the blank beside it. */
static void try_side(struct search *s, unsigned flags,
                     const unsigned char *literal, size_t at) {
    const unsigned char *pair = next_literal(literal) + 2;
    size_t len = *literal;
    /* A short side has a blank at its other end as well. */
    size_t begin = at + (literal[2] == ' '), end = at + len;

    if (flags & SMTPCODE_SHORT_LEFT
            ? flags & SMTPCODE_SHORT_BEGINS && came_before(s, at)
            : flags & SMTPCODE_SHORT_ENDS && goes_on(s, at + len))
        return;
    for (unsigned n = *pair++; n > 0; n--, pair += 2) {
        unsigned number = pair[0] | (unsigned)pair[1] << 8;
        if (flags & SMTPCODE_SHORT_LEFT)
            s->lefts[number] =
                (struct left){(uint32_t)begin, (uint32_t)(end - 1)};
        else
            try_pair(s, number, at, len - (s->words[end - 1] == ' '));
    }
}

/* RECORD, if the literal of its gram stands at AT and the rest fits. */
static void try_record(struct search *s, const unsigned char *record,
                       size_t at) {
    unsigned flags = record[2];
    const unsigned char *literal = record + 3, *left = next_literal(literal);

    if (!stands_at(s, literal, at))
        return;
    if (flags & (SMTPCODE_SHORT_LEFT | SMTPCODE_SHORT_RIGHT)) {
        try_side(s, flags, literal, at);
        return;
    }
    size_t end = match_right(s, left, at + *literal, flags);
    if (end == NOWHERE)
        return;
    while (*left)
        left = next_literal(left);
    size_t begin = match_left(s, left + 1, at, flags);
    if (begin == NOWHERE)
        return;
    struct smtpcode_hit h = {(uint16_t)(record[0] | record[1] << 8),
                             (uint16_t)(end - begin), (uint32_t)begin};
    if (flags & SMTPCODE_SHORT_YIELDS)
        h.length |= YIELDS;
    keep(s, &h);
}

static void search_bucket(struct search *s, size_t at) {
    const struct smtpcode_shorts *t = s->tables;
    uint32_t gram = load(s->words + at);
    uint32_t bucket = hash_gram(gram) >> t->bucket_shift;

    for (uint32_t i = t->heads[bucket]; i < t->heads[bucket + 1]; i++) {
        const struct smtpcode_short_gram *g = &t->grams[i];
        size_t offset = g->place & 255;
        if (g->bytes == gram && offset <= at)
            try_record(s, t->records + (g->place >> 8), at - offset);
    }
}

/* A block at a time and without a branch, as match.c does. */
static void search_grams(struct search *s) {
    enum { BLOCK = 128 };
    const uint32_t *bloom = s->tables->bloom;
    const uint8_t shift = s->tables->bloom_shift;
    size_t grams =
        s->len < SMTPCODE_SHORT_GRAM ? 0 : s->len - SMTPCODE_SHORT_GRAM + 1;
    uint32_t places[BLOCK];

    for (size_t begin = 0; begin < grams; begin += BLOCK) {
        size_t n = 0, end = grams - begin < BLOCK ? grams : begin + BLOCK;
        for (size_t at = begin; at < end; at++) {
            uint32_t hash = hash_gram(load(s->words + at));
            uint32_t word = bloom[hash >> shift];
            places[n] = (uint32_t)at;
            n += word >> (hash >> 14 & 31) & word >> (hash >> 9 & 31) & 1;
        }
        for (size_t i = 0; i < n; i++)
            search_bucket(s, places[i]);
    }
}

size_t smtpcode_find_short(const struct smtpcode_shorts *tables,
                           const char *words, size_t len,
                           struct smtpcode_hit *hits, size_t most) {
    struct left lefts[SMTPCODE_SHORT_PAIRS];
    struct search s = {tables, words, len, hits, 0, most, lefts, 0};

    memset(lefts, 0, tables->npairs * sizeof *lefts);
    search_grams(&s);
    for (size_t i = 0; i < s.n; i++)
        hits[i].length &= YIELDS - 1;
    return s.n;
}
