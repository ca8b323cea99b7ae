/*
 * match.c - which template's words a reply has, among thousands, in about the
 * time of reading it.
 *
 * Every fourth byte of the words begins a gram of eight; two bits in a Bloom
 * table say that most of them belong to no template.  The others lead to a
 * bucket of records, each with its template's anchor, and from the anchor's
 * place the rest is compared.
 *
 * Literals joined by typed placeholders are a unit.  Where a unit begins
 * decides where it ends, and of two places the one further left never ends
 * further right (value.c).  Hence, right of the anchor, the leftmost place of
 * the next unit is as good as any, and left of it the nearest, or for the
 * first unit the nearest line: nothing is ever retried.
 */
#include <string.h>

#include "match.h"

/* These are asked of each gram: static, so that compilers put them in line. */
static uint32_t load(const char *bytes) {
    const unsigned char *b = (const unsigned char *)bytes;

    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
           (uint32_t)b[3] << 24;
}

static uint32_t hash_gram(const char *bytes) {
    return load(bytes) * 0x9e3779b1u ^ load(bytes + 4) * 0x85ebca77u;
}

static uint32_t bucket_of(uint32_t hash, uint8_t shift) {
    return (hash ^ hash >> 15) * 0x2c1b3c6du >> shift;
}

uint32_t smtpcode_load(const char *bytes) { return load(bytes); }
uint32_t smtpcode_hash_gram(const char *bytes) { return hash_gram(bytes); }

uint32_t smtpcode_bucket(uint32_t hash, uint8_t shift) {
    return bucket_of(hash, shift);
}

uint32_t smtpcode_bloom_bits(uint32_t hash) {
    return 1u << (hash & 31) | 1u << (hash >> 5 & 31);
}

static unsigned number_at(const unsigned char *bytes) {
    return bytes[0] | (unsigned)bytes[1] << 8;
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
    s->captures[op[1]] =
        (struct smtpcode_capture){(uint32_t)at, (uint32_t)(end - at), op[0]};
    if (s->ncaptures <= op[1])
        s->ncaptures = op[1] + 1u;
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

/* The end of the unit *OP if it stands at AT, and *OP what follows it; else
 * NOWHERE. */
static size_t pass_unit(struct search *s, const unsigned char **op, size_t at) {
    const unsigned char *o = *op;

    spend(s, 8);
    for (; at != NOWHERE && !ends_unit(*o); o = next_op(o)) {
        if (*o == SMTPCODE_OP_EDGE) {
            at = is_edge(s, at) ? at : NOWHERE;
        } else if (*o > SMTPCODE_OP_LITERAL) {
            at = is_literal(s, o, at) ? at + *o - SMTPCODE_OP_LITERAL : NOWHERE;
        } else {
            size_t end = smtpcode_value_end(s, *o, at);
            capture(s, o, at, end);
            at = end;
        }
    }
    *op = o;
    return at;
}

static size_t match_unit(struct search *s, const unsigned char *op, size_t at) {
    return pass_unit(s, &op, at);
}

/* The begin of the part of a unit that *OP lists backwards and that ends at
 * AT, and *OP its END; else NOWHERE. */
static size_t pass_back(struct search *s, const unsigned char **op, size_t at) {
    const unsigned char *o = *op;

    for (; at != NOWHERE && *o; o = next_op(o)) {
        size_t len = (size_t)(*o - SMTPCODE_OP_LITERAL);
        if (*o == SMTPCODE_OP_EDGE) {
            at = is_edge(s, at) ? at : NOWHERE;
        } else if (*o > SMTPCODE_OP_LITERAL) {
            at = len <= at - s->begin && is_literal(s, o, at - len) ? at - len
                                                                    : NOWHERE;
        } else {
            size_t begin = smtpcode_value_begin(s, *o, at);
            capture(s, o, begin, at);
            at = begin;
        }
    }
    *op = o;
    return at;
}

/* ---- units beyond an {any} ----
 *
 * What was learnt of a unit is kept, as its template's anchor may stand in a
 * text again and again: each byte is searched once. */

static struct known *slot_of(struct search *s, const unsigned char *unit) {
    return &s->known[(size_t)(unit - s->tables->records) % NKNOWN];
}

static const struct known *recall(struct search *s, const unsigned char *unit) {
    struct known *k = slot_of(s, unit);

    return s->is_known >> (k - s->known) & 1 && k->unit == unit ? k : NULL;
}

static void remember(struct search *s, struct known known) {
    struct known *k = slot_of(s, known.unit);

    *k = known;
    s->is_known |= 1u << (k - s->known);
}

/* The leftmost place of the unit OP from AT to LIMIT; its end goes to *END.
 * With LAST the leftmost of those that end where the words do. */
static size_t scan_right(struct search *s, const unsigned char *op, size_t at,
                         size_t limit, int last, size_t *end) {
    while (s->budget && at < limit) {
        const char *hit = memchr(s->words + at, op[1], limit - at);
        spend(s, (hit ? (size_t)(hit - s->words) - at : limit - at) / 16 + 4);
        if (!hit)
            break;
        at = (size_t)(hit - s->words);
        *end = match_unit(s, op, at);
        if (*end != NOWHERE && (!last || *end == s->len))
            return at;
        at++;
    }
    return NOWHERE;
}

static size_t find_right(struct search *s, const unsigned char *op, size_t at,
                         int last, size_t *end) {
    const struct known *k = recall(s, op);
    int applies = k && (k->place == NOWHERE || at <= k->place);
    size_t limit = applies ? k->limit : s->len;
    size_t place = scan_right(s, op, at, limit, last, end);

    if (place == NOWHERE && applies && k->place != NOWHERE) {
        place = k->place;
        *end = match_unit(s, op, place);
    }
    remember(s, (struct known){op, at < limit ? at : limit, place, 0, 0});
    return place;
}

/* How many of the joins are left of the line that begins at LIMIT or, if none
 * does, of the one that LIMIT is in. */
static size_t joins_before(const struct search *s, size_t limit) {
    const uint16_t *joins = s->said->joins;
    size_t low = 0, high = s->said->njoins;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (joins[mid] < limit)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* The begin of the line behind the Nth join; of the first one for 0. */
static size_t line_begin(const struct search *s, size_t n) {
    size_t at = n > 0 ? s->said->joins[n - 1] + (size_t)1 : 0;

    return at > s->begin ? at : s->begin;
}

/* Whether the unit OP may stand at AT: a look at its first byte. */
static int may_stand(const struct search *s, const unsigned char *op,
                     size_t at) {
    const unsigned char *literal = *op == SMTPCODE_OP_EDGE ? op + 1 : op;

    return *literal <= SMTPCODE_OP_LITERAL ||
           (unsigned char)s->words[at] == literal[1];
}

/* The place of the unit OP nearest left of LIMIT, from LOW on.  *LATE goes to
 * the leftmost one that ends beyond LIMIT. */
static size_t scan_left(struct search *s, const unsigned char *op, size_t low,
                        size_t limit, size_t *end, size_t *late) {
    for (size_t at = limit; s->budget && at-- > low;) {
        spend(s, 1);
        if (!may_stand(s, op, at) || (*end = match_unit(s, op, at)) == NOWHERE)
            continue;
        if (*end <= limit)
            return at;
        *late = at;
    }
    return NOWHERE;
}

/* The same at the begins of lines, or at that of the reply only. */
static size_t scan_lines(struct search *s, const unsigned char *op, size_t low,
                         size_t limit, int begins, size_t *end, size_t *late) {
    size_t n = begins == SMTPCODE_BEGINS_REPLY ? 0 : joins_before(s, limit);

    for (size_t at; s->budget && (at = line_begin(s, n)) >= low; n--) {
        spend(s, 2);
        *end = match_unit(s, op, at);
        if (*end != NOWHERE && *end <= limit)
            return at;
        if (*end != NOWHERE)
            *late = at;
        if (n == 0)
            break;
    }
    return NOWHERE;
}

static size_t find_left(struct search *s, const unsigned char *op, size_t limit,
                        int begins, size_t *end) {
    const struct known *k = recall(s, op);
    size_t low = s->begin, late = limit, place;
    int is_beyond = k && limit >= k->limit;
    int applies = is_beyond || (k && (k->place == NOWHERE || k->end <= limit));

    if (applies)
        low = is_beyond ? k->late : limit;
    if (begins == SMTPCODE_BEGINS_ANYWHERE)
        place = scan_left(s, op, low, limit, end, &late);
    else
        place = scan_lines(s, op, low, limit, begins, end, &late);
    if (place == NOWHERE && applies && k->place != NOWHERE) {
        place = k->place;
        *end = match_unit(s, op, place);
    }
    if (is_beyond || !applies)
        remember(s, (struct known){op, limit, place, *end, late});
    return place;
}

/* Whether a template that BEGINS so may begin at AT. */
static int may_begin(const struct search *s, int begins, size_t at) {
    if (begins == SMTPCODE_BEGINS_ANYWHERE || at == s->begin)
        return 1;
    return begins == SMTPCODE_BEGINS_LINE &&
           line_begin(s, joins_before(s, at)) == at;
}

/* The rest of the anchor's unit at AT, and the units right of it; for a part
 * of a template the words end with the last of them. */
static int match_right(struct search *s, const unsigned char *op, size_t at,
                       int is_part) {
    size_t end = pass_unit(s, &op, at);

    for (; end != NOWHERE && *op; op = unit_end(op)) {
        const unsigned char *any = op;
        size_t from = end, place = s->len;
        op += 2;
        if (*op) {
            int last = is_part && *unit_end(op) == SMTPCODE_OP_END;
            place = find_right(s, op, from, last, &end);
        }
        if (place == NOWHERE)
            return 0;
        from += from < place && s->words[from] == ' '; /* optional: no value */
        capture(s, any, from, place);
        if (!*op)
            end = s->len; /* {any} takes the rest */
    }
    s->to = end;
    return end != NOWHERE && (!is_part || end == s->len);
}

/* The units left of LIMIT, where the anchor's unit begins. */
static int match_left(struct search *s, const unsigned char *op, size_t limit,
                      int begins) {
    size_t end = NOWHERE;

    while (*op) {
        const unsigned char *any = op, *unit = op + 2;
        size_t place;
        op = unit_end(unit);
        if (op == unit) { /* the template begins with {any} */
            int whole = begins == SMTPCODE_BEGINS_REPLY;
            s->from = line_begin(s, whole ? 0 : joins_before(s, limit));
            capture(s, any, s->from, limit);
            return 1;
        }
        place = find_left(
            s, unit, limit,
            *op == SMTPCODE_OP_END ? begins : SMTPCODE_BEGINS_ANYWHERE, &end);
        if (place == NOWHERE)
            return 0;
        capture(s, any, end, limit);
        limit = place;
    }
    s->from = limit;
    return may_begin(s, begins, limit);
}

static int is_part(const unsigned char *record) {
    return record[2] == SMTPCODE_BEGINS_REPLY;
}

/* Whether RECORD's template stands where its anchor would be at AT. */
static int match_record(struct search *s, const unsigned char *record,
                        size_t at) {
    const unsigned char *anchor =
        record + SMTPCODE_RECORD_ROWS + record[3] * SMTPCODE_ROW_SIZE;
    const unsigned char *left = record + number_at(record + 4);
    size_t len = record[6];

    spend(s, 16);
    s->ncaptures = 0;
    if (len > s->len - at || memcmp(s->words + at, anchor, len) != 0)
        return 0;
    size_t begin = pass_back(s, &left, at);
    return begin != NOWHERE && match_left(s, left + 1, begin, record[2]) &&
           match_right(s, anchor + len, at + len, is_part(record));
}

/* How one code of a template goes with that of the reply; code / UNIT is its
 * first digit. */
static uint8_t agree(int ours, int theirs, int unit) {
    /* No branch: nobody predicts which codes come next. */
    int agree = ours / unit == theirs / unit ? SMTPCODE_CODES_DIFFER
                                             : SMTPCODE_CODES_OPPOSE;

    agree = (!ours | !theirs) ? SMTPCODE_CODES_SILENT : agree;
    return (uint8_t)(ours == theirs ? SMTPCODE_CODES_AGREE : agree);
}

static uint8_t row_codes(const struct search *s, const unsigned char *row) {
    int reply = (int)number_at(row + 2);
    int enhanced = (int)(number_at(row + 4) | (unsigned)row[6] << 16);
    uint8_t a = agree(reply, s->said->reply_code, 100);
    uint8_t b = agree(enhanced, s->said->enhanced, 1000000);

    return a < b ? a : b;
}

/* Whether the templates of ROW are said at the stage of the reply. */
static uint8_t row_stage(const struct search *s, const unsigned char *row) {
    unsigned stages = number_at(row + 7);

    return !s->said->stage || !stages || stages >> s->said->stage & 1;
}

static unsigned row_rank(const struct search *s, const unsigned char *row) {
    return row_codes(s, row) * 2u + row_stage(s, row);
}

/* The first of the rows of RECORD that go best with the reply. */
static const unsigned char *
best_row(const struct search *s, const unsigned char *record, unsigned *rank) {
    const unsigned char *row = record + SMTPCODE_RECORD_ROWS, *best = row;

    *rank = row_rank(s, row);
    for (unsigned i = 1; i < record[3]; i++) {
        row += SMTPCODE_ROW_SIZE;
        unsigned r = row_rank(s, row);
        if (r > *rank) {
            *rank = r;
            best = row;
        }
    }
    return best;
}

/* All rows of the winner that go with the reply as well as its best. */
static void list_rows(const struct search *s) {
    struct smtpcode_match_result *out = s->best;
    const unsigned char *row = s->winner + SMTPCODE_RECORD_ROWS;
    unsigned rank, n = s->winner[3];
    const unsigned char *best = best_row(s, s->winner, &rank);

    for (unsigned i = 0; i < n; i++, row += SMTPCODE_ROW_SIZE) {
        if (n > 1 && row_rank(s, row) != rank)
            continue;
        out->entries[out->nentries++] = (uint16_t)number_at(row);
        out->ambiguous |= row[10] != best[10];
    }
}

/* A whole template before a part of one; then design.md 4: codes agree,
 * literal bytes, lower id. */
static int beats(const struct smtpcode_match_result *best, int is_part,
                 uint8_t codes, unsigned literals, unsigned entry) {
    if (!best->entry)
        return 1;
    if (is_part != (best->part != SMTPCODE_LINES_ALL))
        return !is_part;
    if (codes != best->codes)
        return codes > best->codes;
    if (literals != best->literals)
        return literals > best->literals;
    return entry < best->entry;
}

/* What was captured is the best; the next template's goes where that of the
 * one before was. */
static void keep_captures(struct search *s) {
    struct smtpcode_capture *other = s->kept;

    s->kept = s->captures;
    s->captures = other;
    s->best->ncaptures = (uint8_t)s->ncaptures;
}

/* Take RECORD if it stands at AT and is better than what was found so far. */
static void try_record(struct search *s, const unsigned char *record,
                       size_t at) {
    unsigned rank;
    const unsigned char *row = best_row(s, record, &rank);
    uint8_t codes = (uint8_t)(rank / 2);
    unsigned literals = number_at(record), entry = number_at(row);

    if (!beats(s->best, is_part(record), codes, literals, entry) ||
        !match_record(s, record, at))
        return;
    s->winner = record;
    s->best->entry = (uint16_t)entry;
    s->best->literals = (uint16_t)literals;
    s->best->codes = codes;
    s->best->at_stage = rank & 1;
    s->best->part = row[9];
    s->best->begin = (uint32_t)s->from;
    s->best->end = (uint32_t)s->to;
    keep_captures(s);
}

static void search_bucket(struct search *s, size_t at, uint32_t hash) {
    const struct smtpcode_matcher *t = s->tables;
    uint32_t bucket = bucket_of(hash, t->bucket_shift);

    for (uint32_t i = t->heads[bucket]; i < t->heads[bucket + 1]; i++) {
        const struct smtpcode_gram *g = &t->grams[i];
        const unsigned char *record = t->records + (g->place >> 8);
        size_t offset = g->place & 255;
        if (g->hash != hash || s->begin + offset > at)
            continue;
        if (!beats(s->best, is_part(record), SMTPCODE_CODES_AGREE,
                   number_at(record), 0))
            return; /* sorted: nor does any that follows */
        try_record(s, record, at - offset);
    }
}

/* The grams that belong to a template, most likely.  A block at a time, and
 * without a branch: it would be mispredicted at each of them. */
static void search_grams(struct search *s) {
    enum { GRAMS = 64, BLOCK = GRAMS * SMTPCODE_STRIDE };
    const uint32_t *bloom = s->tables->bloom;
    size_t end = s->len < SMTPCODE_GRAM ? 0 : s->len - SMTPCODE_GRAM + 1;
    size_t places[GRAMS];
    uint32_t hashes[GRAMS];

    for (size_t begin = 0; begin < end && s->budget; begin += BLOCK) {
        size_t n = 0, stop = end - begin < BLOCK ? end : begin + BLOCK;
        for (size_t at = begin; at < stop; at += SMTPCODE_STRIDE) {
            uint32_t hash = hash_gram(s->words + at);
            uint32_t word = bloom[hash >> 20];
            places[n] = at;
            hashes[n] = hash;
            n += word >> (hash & 31) & word >> (hash >> 5 & 31) & 1;
        }
        for (size_t i = 0; i < n && s->budget; i++)
            search_bucket(s, places[i], hashes[i]);
    }
}

/* Templates without an anchor that begin as the words AT. */
static void search_starts(struct search *s, size_t at) {
    const struct smtpcode_matcher *t = s->tables;
    size_t low = 0;

    if (at > s->len || s->len - at < 4)
        return;
    uint32_t bytes = load(s->words + at);
    spend(s, 8);
    for (size_t n = t->nstarts, half; n > 0; n -= half) {
        half = n - n / 2; /* no branch: it would be mispredicted */
        low += half * (t->starts[low + half - 1].bytes < bytes);
    }
    for (; low < t->nstarts && t->starts[low].bytes == bytes; low++)
        try_record(s, t->records + t->starts[low].record, at);
}

/* Normal words may have a blank at each end. */
static void begin_search(struct search *s,
                         const struct smtpcode_matcher *matcher,
                         const struct smtpcode_said *said,
                         struct smtpcode_match_result *out) {
    s->tables = matcher;
    s->said = said;
    s->words = said->words;
    s->begin = said->len > 0 && said->words[0] == ' ';
    s->len = said->len - (said->len > 1 && said->words[said->len - 1] == ' ');
    s->budget = SMTPCODE_BUDGET + SMTPCODE_BUDGET_BYTE * said->len;
    s->best = out;
    s->captures = out->captures;
    s->kept = s->spare;
    s->is_known = 0;
}

int smtpcode_match_in(const struct smtpcode_matcher *matcher,
                      const struct smtpcode_said *said,
                      struct smtpcode_match_result *out) {
    struct search s; /* large, so only what is read is set */
    begin_search(&s, matcher, said, out);
    size_t budget = s.budget;

    memset(out, 0, offsetof(struct smtpcode_match_result, entries));
    for (size_t i = 0; i <= said->njoins && s.budget; i++)
        search_starts(&s, line_begin(&s, i));
    search_grams(&s);
    if (out->entry)
        list_rows(&s);
    if (s.kept == s.spare)
        for (unsigned i = 0; i < out->ncaptures; i++)
            out->captures[i] = s.spare[i];
    out->budget_spent = s.budget == 0;
    out->steps = (uint32_t)(budget - s.budget);
    return out->entry != 0;
}
