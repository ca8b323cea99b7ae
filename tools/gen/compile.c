/*
 * compile.c - patterns to the matcher's tables.
 *
 * Each pattern is found by its anchor: eleven bytes of one literal, so that a
 * scan of every fourth byte meets one of the four grams within.  The cheapest
 * window is taken: grams that other words have too cost a visit for nothing,
 * and so does a bucket with many in it.
 */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

enum {
    MOST_IN_BUCKET = 16, /* bounds the worst case */
    GRAMS_IN_WINDOW = SMTPCODE_WINDOW - SMTPCODE_GRAM + 1,
    COST_OF_WORD = 100,   /* for each time it occurs in the examples */
    COST_OF_BUCKET = 200, /* for each gram that is there already */
    NFREQUENCIES = 1 << 16
};

struct window {
    size_t element, offset;
    unsigned cost;
};

struct placed { /* a gram, before its bucket is laid out */
    struct smtpcode_gram gram;
    bool part;
    size_t literals;
    unsigned number;
};

static uint16_t frequencies[NFREQUENCIES];
static uint8_t *fill; /* grams in each bucket so far */
static struct placed *placed;
static size_t nplaced;

static uint16_t *frequency(uint32_t hash) { return &frequencies[hash >> 16]; }

static void count_grams(const struct pattern *p) {
    char *words = fill_words(p, standard_values, NULL);
    size_t len = strlen(words);

    for (size_t i = 0; i + SMTPCODE_GRAM <= len; i++)
        ++*frequency(smtpcode_hash_gram(words + i));
    free(words);
}

/* Of the window at BYTES; UINT32_MAX if a bucket has no room for it. */
static unsigned cost_of(const struct tables *t, const char *bytes) {
    uint32_t buckets[GRAMS_IN_WINDOW];
    unsigned cost = 0;

    for (int i = 0; i < GRAMS_IN_WINDOW; i++) {
        uint32_t hash = smtpcode_hash_gram(bytes + i);
        buckets[i] = smtpcode_bucket(hash, t->bucket_shift);
        unsigned there = fill[buckets[i]];
        for (int k = 0; k < i; k++)
            there += buckets[k] == buckets[i];
        if (there >= MOST_IN_BUCKET)
            return UINT32_MAX;
        cost += COST_OF_WORD * *frequency(hash) + COST_OF_BUCKET * there;
    }
    return cost;
}

static void best_of_literal(const struct tables *t, const struct pattern *p,
                            size_t element, struct window *best) {
    const struct element *e = &p->elements[element];

    for (size_t i = 0; i + SMTPCODE_WINDOW <= e->len; i++) {
        unsigned cost = cost_of(t, e->bytes + i);
        if (cost < best->cost)
            *best = (struct window){element, i, cost};
    }
}

static const char *const too_short =
    "no 11 bytes of words in a row, nor 4 at its begin";

/* Why P has no anchor; NULL if it has one, which goes to BEST. */
static const char *find_anchor(const struct tables *t, const struct pattern *p,
                               struct window *best) {
    const char *why = too_short;

    *best = (struct window){0, 0, UINT32_MAX};
    for (size_t i = 0; i < p->n; i++) {
        const struct element *e = &p->elements[i];
        if (e->placeholder || e->len < SMTPCODE_WINDOW)
            continue;
        why = "its words fill a bucket over its bound of 16";
        if (!known_leftwards(p, i))
            why = "a value may run into the words before it";
        else
            best_of_literal(t, p, i, best);
    }
    return best->cost < UINT32_MAX ? NULL : why;
}

static void place_grams(struct tables *t, const struct pattern *p,
                        const struct window *w, size_t record) {
    const char *bytes = p->elements[w->element].bytes;

    for (size_t i = w->offset; i < w->offset + GRAMS_IN_WINDOW; i++) {
        uint32_t hash = smtpcode_hash_gram(bytes + i);
        placed = grow(placed, nplaced, sizeof *placed);
        placed[nplaced++] = (struct placed){{hash, (uint32_t)(record << 8 | i)},
                                            p->part != SMTPCODE_LINES_ALL,
                                            p->literals,
                                            p->number};
        fill[smtpcode_bucket(hash, t->bucket_shift)]++;
        t->bloom[hash >> 20] |= smtpcode_bloom_bits(hash);
    }
}

static void place_start(struct tables *t, const struct pattern *p,
                        size_t record) {
    t->starts = grow(t->starts, t->nstarts, sizeof *t->starts);
    t->starts[t->nstarts++] = (struct smtpcode_start){
        smtpcode_load(p->elements[0].bytes), (uint32_t)record};
}

static bool has_start(const struct pattern *p) {
    return !p->open && !p->elements[0].placeholder && p->elements[0].len >= 4;
}

/* Patterns with equal words, which differ in their codes only; what is wrong
 * with them, or NULL. */
static const char *place(struct tables *t, struct pattern **patterns,
                         size_t count) {
    struct pattern *p = patterns[0];
    struct window w;
    const char *why = find_anchor(t, p, &w);

    if (count > SMTPCODE_MOST_ROWS)
        return "more than 32 templates have these words";
    if (nplaced + GRAMS_IN_WINDOW > UINT16_MAX) /* heads are 16 bits */
        return too_many_grams;
    if (why && (why != too_short || !has_start(p)))
        return why;
    size_t record = put_record(&t->records, patterns, count, w.element);
    t->nrecords++;
    if (why)
        place_start(t, p, record);
    else
        place_grams(t, p, &w, record);
    return NULL;
}

static int by_rank(const void *left, const void *right) {
    const struct placed *a = left, *b = right;

    if (a->part != b->part)
        return a->part ? 1 : -1;
    if (a->literals != b->literals)
        return a->literals > b->literals ? -1 : 1;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return a->gram.place < b->gram.place ? -1 : a->gram.place > b->gram.place;
}

static int by_start(const void *left, const void *right) {
    const struct smtpcode_start *a = left, *b = right;

    if (a->bytes != b->bytes)
        return a->bytes < b->bytes ? -1 : 1;
    return a->record < b->record ? -1 : a->record > b->record;
}

/* All grams to their buckets, in each by rank. */
static void lay_out(struct tables *t) {
    size_t sum = 0;

    t->heads = calloc(t->nbuckets + 1, sizeof *t->heads);
    t->grams = calloc(nplaced + 1, sizeof *t->grams);
    t->ngrams = nplaced;
    for (size_t i = 0; i < t->nbuckets; i++) {
        t->heads[i] = (uint16_t)sum;
        sum += fill[i];
        t->deepest = fill[i] > t->deepest ? fill[i] : t->deepest;
        fill[i] = 0;
    }
    t->heads[t->nbuckets] = (uint16_t)sum;
    if (nplaced)
        qsort(placed, nplaced, sizeof *placed, by_rank);
    for (size_t i = 0; i < nplaced; i++) {
        uint32_t b = smtpcode_bucket(placed[i].gram.hash, t->bucket_shift);
        t->grams[t->heads[b] + fill[b]++] = placed[i].gram;
    }
    if (t->nstarts)
        qsort(t->starts, t->nstarts, sizeof *t->starts, by_start);
}

static int by_words(const void *left, const void *right) {
    const struct pattern *a = *(struct pattern *const *)left;
    const struct pattern *b = *(struct pattern *const *)right;
    int order = strcmp(a->words, b->words);

    if (!order)
        order = (int)begins(a) - (int)begins(b);
    if (!order)
        order = (a->number > b->number) - (a->number < b->number);
    return order ? order : (int)a->part - (int)b->part;
}

static bool same_words(const struct pattern *a, const struct pattern *b) {
    return begins(a) == begins(b) && strcmp(a->words, b->words) == 0;
}

/* What so many templates have as their first or last line tells nothing. */
static bool left_out(struct pattern **patterns, size_t count) {
    if (!patterns[0]->part || count <= SMTPCODE_MOST_ROWS)
        return false;
    for (size_t i = 0; i < count; i++)
        patterns[i]->record = SIZE_MAX;
    return true;
}

/* At least a bucket for each gram. */
static void choose_size(struct tables *t, size_t count) {
    t->bucket_shift = 28;
    while (t->bucket_shift > 16 &&
           (size_t)1 << (32 - t->bucket_shift) < GRAMS_IN_WINDOW * count)
        t->bucket_shift--;
    t->nbuckets = (size_t)1 << (32 - t->bucket_shift);
    fill = calloc(t->nbuckets, 1);
}

void compile(struct tables *t, struct pattern **patterns, size_t count,
             void (*refuse)(const struct pattern *p, const char *why)) {
    size_t end;

    memset(t, 0, sizeof *t);
    memset(frequencies, 0, sizeof frequencies);
    nplaced = 0;
    choose_size(t, count);
    if (count)
        qsort(patterns, count, sizeof *patterns, by_words);
    for (size_t i = 0; i < count; i++)
        count_grams(patterns[i]);
    for (size_t i = 0; i < count; i = end) {
        for (end = i + 1;
             end < count && same_words(patterns[i], patterns[end]);)
            end++;
        const char *why = left_out(patterns + i, end - i)
                              ? NULL
                              : place(t, patterns + i, end - i);
        for (size_t k = i; why && k < end; k++)
            refuse(patterns[k], why);
    }
    lay_out(t);
    free(fill);
}

struct smtpcode_matcher view(const struct tables *t) {
    return (struct smtpcode_matcher){t->bloom,
                                     t->heads,
                                     t->grams,
                                     t->records.at,
                                     t->starts,
                                     class_table(),
                                     (uint16_t)t->nstarts,
                                     t->bucket_shift};
}
