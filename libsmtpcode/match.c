/*
 * match.c - which template's words a reply has, among thousands, in about the
 * time of reading it.
 *
 * Every fourth byte of the words begins a gram of eight; two bits in a Bloom
 * table say that most of them belong to no template.  The others lead to a
 * bucket of records, each with its template's anchor, and from the anchor's
 * place the rest is compared.
 *
 * Literals joined by typed placeholders are a unit.  A typed value is the
 * longest run of its class, less trailing `. , : ;`, so where a unit begins
 * decides where it ends, and of two places the one further left never ends
 * further right.  Hence, right of the anchor, the leftmost place of the next
 * unit is as good as any, and left of it the nearest: nothing is ever retried.
 */
#include <string.h>

#include "tables.h"

#define NOWHERE ((size_t)-1)

struct search {
    const struct smtpcode_matcher *tables;
    const char *words;
    size_t begin, len;
    int reply_code, enhanced;
    size_t budget; /* steps that are left: 0 ends everything */
    struct smtpcode_match_result *best;
    int captures; /* write them down */
};

uint32_t smtpcode_load(const char *bytes) {
    const unsigned char *b = (const unsigned char *)bytes;

    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
           (uint32_t)b[3] << 24;
}

uint32_t smtpcode_hash_gram(const char *bytes) {
    return smtpcode_load(bytes) * 0x9e3779b1u ^
           smtpcode_load(bytes + 4) * 0x85ebca77u;
}

uint32_t smtpcode_bucket(uint32_t hash, uint8_t shift) {
    return (hash ^ hash >> 15) * 0x2c1b3c6du >> shift;
}

uint32_t smtpcode_bloom_bits(uint32_t hash) {
    return 1u << (hash & 31) | 1u << (hash >> 5 & 31);
}

uint8_t smtpcode_class_of(int placeholder) {
    /* ORDER PLACEHOLDER, ORDER CLASS: classes[] in tools/gen/pattern.c. */
    static const uint8_t bits[] = {0,  0,  1,  2,   2,   2,   4, 8,
                                   16, 32, 64, 128, 128, 128, 4};

    return bits[placeholder];
}

static unsigned number_at(const unsigned char *bytes) {
    return bytes[0] | (unsigned)bytes[1] << 8;
}

static void spend(struct search *s, size_t steps) {
    s->budget = s->budget > steps ? s->budget - steps : 0;
}

static int in_class(const struct search *s, uint8_t bits, size_t at) {
    return s->tables->classes[(unsigned char)s->words[at]] & bits;
}

static int trails(char c) {
    return c == '.' || c == ',' || c == ':' || c == ';';
}

/* The end of the value that begins at AT, or NOWHERE if there is none. */
static size_t value_end(struct search *s, int placeholder, size_t at) {
    uint8_t bits = smtpcode_class_of(placeholder);
    size_t end = at;

    while (end < s->len && in_class(s, bits, end))
        end++;
    spend(s, end - at + 4);
    while (end > at && trails(s->words[end - 1]))
        end--;
    return end > at ? end : NOWHERE;
}

/* The begin of the value that ends at END: the literal left of it does not
 * end within the class, the generator sees to that. */
static size_t value_begin(struct search *s, int placeholder, size_t end) {
    uint8_t bits = smtpcode_class_of(placeholder);
    size_t at = end;

    while (at > s->begin && in_class(s, bits, at - 1))
        at--;
    spend(s, end - at + 4);
    return at < end && value_end(s, placeholder, at) == end ? at : NOWHERE;
}

static int is_letter(const struct search *s, size_t at) {
    unsigned char c = (unsigned char)s->words[at];

    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

static int is_edge(const struct search *s, size_t at) {
    return at == 0 || at == s->len || !is_letter(s, at - 1) ||
           !is_letter(s, at);
}

static void capture(struct search *s, const unsigned char *op, size_t at,
                    size_t end) {
    struct smtpcode_match_result *best = s->best;

    if (!s->captures)
        return;
    best->captures[op[1]] =
        (struct smtpcode_capture){(uint32_t)at, (uint32_t)(end - at), op[0]};
    if (best->ncaptures <= op[1])
        best->ncaptures = (uint8_t)(op[1] + 1);
}

static int ends_unit(unsigned char op) {
    return op == SMTPCODE_OP_END || op == SMTPCODE_PLACEHOLDER_ANY;
}

static const unsigned char *next_op(const unsigned char *op) {
    return op + (*op > SMTPCODE_OP_LITERAL ? *op - SMTPCODE_OP_LITERAL + 1
                 : *op == SMTPCODE_OP_EDGE ? 1
                                           : 2);
}

static const unsigned char *unit_end(const unsigned char *op) {
    while (!ends_unit(*op))
        op = next_op(op);
    return op;
}

static int is_literal(const struct search *s, const unsigned char *op,
                      size_t at) {
    size_t len = (size_t)(*op - SMTPCODE_OP_LITERAL);

    return len <= s->len - at && memcmp(s->words + at, op + 1, len) == 0;
}

/* The end of the unit OP if it stands at AT, else NOWHERE. */
static size_t match_unit(struct search *s, const unsigned char *op, size_t at) {
    spend(s, 8);
    for (; at != NOWHERE && !ends_unit(*op); op = next_op(op)) {
        if (*op == SMTPCODE_OP_EDGE) {
            at = is_edge(s, at) ? at : NOWHERE;
        } else if (*op > SMTPCODE_OP_LITERAL) {
            at = is_literal(s, op, at) ? at + *op - SMTPCODE_OP_LITERAL
                                       : NOWHERE;
        } else {
            size_t end = value_end(s, *op, at);
            capture(s, op, at, end);
            at = end;
        }
    }
    return at;
}

/* The begin of the part of a unit that OP lists backwards and that ends at
 * AT, else NOWHERE. */
static size_t match_back(struct search *s, const unsigned char *op, size_t at) {
    for (; at != NOWHERE && *op; op = next_op(op)) {
        size_t len = (size_t)(*op - SMTPCODE_OP_LITERAL);
        if (*op == SMTPCODE_OP_EDGE) {
            at = is_edge(s, at) ? at : NOWHERE;
        } else if (*op > SMTPCODE_OP_LITERAL) {
            at = len <= at - s->begin && is_literal(s, op, at - len) ? at - len
                                                                     : NOWHERE;
        } else {
            size_t begin = value_begin(s, *op, at);
            capture(s, op, begin, at);
            at = begin;
        }
    }
    return at;
}

/* The leftmost place of the unit OP from AT on; its end goes to *END. */
static size_t find_right(struct search *s, const unsigned char *op, size_t at,
                         size_t *end) {
    while (s->budget && at < s->len) {
        const char *hit = memchr(s->words + at, op[1], s->len - at);
        spend(s, (hit ? (size_t)(hit - s->words) - at : s->len - at) / 16 + 4);
        if (!hit)
            break;
        at = (size_t)(hit - s->words);
        if ((*end = match_unit(s, op, at)) != NOWHERE)
            return at;
        at++;
    }
    return NOWHERE;
}

/* The place of the unit OP nearest left of LIMIT. */
static size_t find_left(struct search *s, const unsigned char *op, size_t limit,
                        size_t *end) {
    const unsigned char *literal = *op == SMTPCODE_OP_EDGE ? op + 1 : op;

    for (size_t at = limit; s->budget && at-- > s->begin;) {
        spend(s, 1);
        if ((unsigned char)s->words[at] != literal[1] &&
            *literal > SMTPCODE_OP_LITERAL)
            continue;
        *end = match_unit(s, op, at);
        if (*end != NOWHERE && *end <= limit)
            return at;
    }
    return NOWHERE;
}

/* The rest of the anchor's unit at AT, and the units right of it. */
static int match_right(struct search *s, const unsigned char *op, size_t at) {
    size_t end = match_unit(s, op, at);

    for (op = unit_end(op); end != NOWHERE && *op; op = unit_end(op)) {
        const unsigned char *any = op;
        size_t from = end, place = s->len;
        op += 2;
        if (*op && (place = find_right(s, op, from, &end)) == NOWHERE)
            return 0;
        capture(s, any, from, place);
        if (!*op)
            end = s->len; /* {any} takes the rest */
    }
    if (s->captures)
        s->best->end = (uint32_t)end;
    return end != NOWHERE;
}

/* The units left of LIMIT, where the anchor's unit begins.  The first one of
 * a template that is not FREE stands at the begin of the words. */
static int match_left(struct search *s, const unsigned char *op, size_t limit,
                      int is_free) {
    size_t end;

    while (*op) {
        const unsigned char *any = op, *unit = op + 2;
        size_t place = s->begin;
        op = unit_end(unit);
        if (op == unit) { /* the template begins with {any} */
            capture(s, any, s->begin, limit);
            return 1;
        }
        if (*op == SMTPCODE_OP_END && !is_free)
            end = match_unit(s, unit, s->begin);
        else if ((place = find_left(s, unit, limit, &end)) == NOWHERE)
            return 0;
        if (end == NOWHERE || end > limit)
            return 0;
        capture(s, any, end, limit);
        limit = place;
    }
    return is_free || limit == s->begin;
}

/* Whether RECORD's template stands where its anchor would be at AT. */
static int match_record(struct search *s, const unsigned char *record,
                        size_t at) {
    const unsigned char *anchor =
        record + SMTPCODE_RECORD_ROWS + record[3] * SMTPCODE_ROW_SIZE;
    const unsigned char *back = record + number_at(record + 4), *left = back;
    size_t len = record[6];

    spend(s, 16);
    if (len > s->len - at || memcmp(s->words + at, anchor, len) != 0)
        return 0;
    size_t begin = match_back(s, back, at);
    if (begin == NOWHERE)
        return 0;
    while (*left)
        left = next_op(left);
    return match_left(s, left + 1, begin, record[2]) &&
           match_right(s, anchor + len, at + len);
}

/* How one code of a template goes with that of the reply; code / UNIT is its
 * first digit. */
static uint8_t agree(int ours, int theirs, int unit) {
    if (ours == theirs)
        return SMTPCODE_CODES_AGREE;
    if (!ours || !theirs)
        return SMTPCODE_CODES_SILENT;
    return ours / unit == theirs / unit ? SMTPCODE_CODES_DIFFER
                                        : SMTPCODE_CODES_OPPOSE;
}

static uint8_t row_codes(const struct search *s, const unsigned char *row) {
    int reply = (int)number_at(row + 2);
    int enhanced = (int)(number_at(row + 4) | (unsigned)row[6] << 16);
    uint8_t a = agree(reply, s->reply_code, 100);
    uint8_t b = agree(enhanced, s->enhanced, 1000000);

    return a < b ? a : b;
}

/* The row of RECORD whose codes go best with the reply's; of equals the one
 * with the lowest entry, which comes first. */
static const unsigned char *
best_row(const struct search *s, const unsigned char *record, uint8_t *codes) {
    const unsigned char *row = record + SMTPCODE_RECORD_ROWS, *best = row;

    *codes = row_codes(s, row);
    for (unsigned i = 1; i < record[3]; i++) {
        row += SMTPCODE_ROW_SIZE;
        uint8_t c = row_codes(s, row);
        if (c > *codes) {
            *codes = c;
            best = row;
        }
    }
    return best;
}

/* design.md 4: codes agree, literal bytes, lower id. */
static int beats(const struct smtpcode_match_result *best, uint8_t codes,
                 unsigned literals, unsigned entry) {
    if (!best->entry)
        return 1;
    if (codes != best->codes)
        return codes > best->codes;
    if (literals != best->literals)
        return literals > best->literals;
    return entry < best->entry;
}

/* Once more for the winner, so that the search itself need not write down
 * what it passes. */
static void read_captures(const struct search *s, const unsigned char *record,
                          size_t at) {
    struct search again = *s;

    again.budget = NOWHERE;
    again.captures = 1;
    s->best->ncaptures = 0;
    match_record(&again, record, at);
}

/* Take RECORD if it stands at AT and is better than what was found so far. */
static void try_record(struct search *s, const unsigned char *record,
                       size_t at) {
    uint8_t codes;
    const unsigned char *row = best_row(s, record, &codes);
    unsigned literals = number_at(record), entry = number_at(row);

    if (!beats(s->best, codes, literals, entry) || !match_record(s, record, at))
        return;
    s->best->entry = (uint16_t)entry;
    s->best->literals = (uint16_t)literals;
    s->best->codes = codes;
    read_captures(s, record, at);
}

static void search_bucket(struct search *s, size_t at, uint32_t hash) {
    const struct smtpcode_matcher *t = s->tables;
    uint32_t bucket = smtpcode_bucket(hash, t->bucket_shift);

    for (uint32_t i = t->heads[bucket]; i < t->heads[bucket + 1]; i++) {
        const struct smtpcode_gram *g = &t->grams[i];
        const unsigned char *record = t->records + (g->place >> 8);
        size_t offset = g->place & 255;
        if (g->hash != hash || s->begin + offset > at)
            continue;
        if (!beats(s->best, SMTPCODE_CODES_AGREE, number_at(record), 0))
            return; /* sorted: nor does any that follows */
        try_record(s, record, at - offset);
    }
}

/* The grams that belong to a template, most likely.  A block at a time, and
 * without a branch: it would be mispredicted at each of them. */
static void search_grams(struct search *s) {
    enum { BLOCK = 64 };
    const uint32_t *bloom = s->tables->bloom;
    size_t places[BLOCK];

    for (size_t at = 0; at + SMTPCODE_GRAM <= s->len && s->budget;) {
        size_t n = 0;
        for (int i = 0; i < BLOCK && at + SMTPCODE_GRAM <= s->len; i++) {
            uint32_t hash = smtpcode_hash_gram(s->words + at);
            uint32_t word = bloom[hash >> 20];
            places[n] = at;
            n += word >> (hash & 31) & word >> (hash >> 5 & 31) & 1;
            at += SMTPCODE_STRIDE;
        }
        for (size_t i = 0; i < n && s->budget; i++)
            search_bucket(s, places[i],
                          smtpcode_hash_gram(s->words + places[i]));
    }
}

/* Templates without an anchor: those that begin as the words do. */
static void search_starts(struct search *s) {
    const struct smtpcode_matcher *t = s->tables;
    size_t low = 0, high = t->nstarts;

    if (s->len - s->begin < 4)
        return;
    uint32_t bytes = smtpcode_load(s->words + s->begin);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (t->starts[mid].bytes < bytes)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < t->nstarts && t->starts[low].bytes == bytes; low++)
        try_record(s, t->records + t->starts[low].record, s->begin);
}

int smtpcode_match_in(const struct smtpcode_matcher *matcher, const char *words,
                      size_t len, int reply_code, int enhanced,
                      struct smtpcode_match_result *out) {
    size_t budget = SMTPCODE_BUDGET + SMTPCODE_BUDGET_BYTE * len;
    struct search s = {matcher, words,      len > 0 && words[0] == ' ',
                       len,     reply_code, enhanced,
                       budget,  out,        0};

    out->entry = out->literals = 0; /* the captures are many: left as is */
    out->codes = out->ncaptures = 0;
    out->end = 0;
    search_starts(&s);
    search_grams(&s);
    out->budget_spent = s.budget == 0;
    out->steps = (uint32_t)(budget - s.budget);
    return out->entry != 0;
}
