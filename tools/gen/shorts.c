/*
 * shorts.c - short patterns to the tables of the library's short.c.
 *
 * A pattern is found by one gram of four bytes of its longest literal: the
 * gram that occurs least in what servers say and among the other patterns.
 */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

enum {
    COST_OF_WORD = 100,   /* for each time it occurs */
    COST_OF_BUCKET = 200, /* for each gram that is there already */
    LEAST_BLOOM = 64,
    NFREQUENCIES = 1 << 16
};

struct placed {
    struct smtpcode_short_gram gram;
    uint32_t bucket;
};

static uint16_t frequencies[NFREQUENCIES];
static uint8_t *fill; /* grams in each bucket so far */
static struct placed *placed;
static size_t nplaced;

/* ---- text to pieces ---- */

static const char any[] = "{any}";
enum { ANY = sizeof any - 1 };

const char *const too_many_grams = "more than 65,535 grams in one table";
const char *const not_in_charset = "its charset has not its letters";

static const char *lint_pieces(const struct short_pattern *p) {
    size_t longest = 0;

    for (size_t i = 0; i < p->n; i++) {
        const struct piece *piece = &p->pieces[i];
        bool inner = i > 0 && i + 1 < p->n;
        if (piece->len > SMTPCODE_SHORT_LITERAL)
            return "more than 254 bytes in a row";
        if (inner && !memchr(piece->bytes, ' ', piece->len))
            return "words between two {any} that hold no blank";
        if (piece->len > longest)
            longest = piece->len;
    }
    return longest < SMTPCODE_SHORT_GRAM ? "no 4 bytes of words in a row"
                                         : NULL;
}

static const char *add_piece(struct short_pattern *p, const char *charset,
                             const char *text, size_t len) {
    struct piece *piece = &p->pieces[p->n];

    if (len == 0)
        return p->n == 0 || text[0] == '\0' ? "{any} at its begin or end"
                                            : "{any} twice in a row";
    if (p->n == SMTPCODE_SHORT_PARTS)
        return "more than 16 parts";
    char *bytes = (char *)(uintptr_t)encode(charset, text, len, &len);
    if (!bytes)
        return not_in_charset;
    piece->len = smtpcode_normalise(bytes, len, bytes);
    piece->bytes = bytes;
    p->n++;
    return NULL;
}

static bool is_letter(const char *text) {
    return (*text >= '0' && *text <= '9') ||
           ((*text | 0x20) >= 'a' && (*text | 0x20) <= 'z');
}

const char *read_short(const char *text, bool placeholders, const char *charset,
                       struct short_pattern *p) {
    const char *wrong = NULL, *end = text;

    p->n = 0;
    if (is_letter(text)) /* not of the bytes: half a letter may look so */
        p->flags |= SMTPCODE_SHORT_BEGINS;
    if (is_letter(text + strlen(text) - 1))
        p->flags |= SMTPCODE_SHORT_ENDS;
    for (; !wrong; text = end += ANY) {
        end = placeholders ? strstr(text, any) : NULL;
        if (!end)
            end = text + strlen(text);
        wrong = add_piece(p, charset, text, (size_t)(end - text));
        if (placeholders && !wrong &&
            (memchr(text, '{', (size_t)(end - text)) ||
             memchr(text, '}', (size_t)(end - text))))
            return "an unknown placeholder";
        if (*end == '\0')
            break;
    }
    return wrong ? wrong : lint_pieces(p);
}

const char *read_side(const char *text, unsigned side, unsigned pair,
                      const char *charset, struct short_pattern *p) {
    bool right = side == SMTPCODE_SHORT_RIGHT;
    bool both = strlen(text) < SMTPCODE_SHORT_GRAM - 1; /* "in" is too short */
    const char *wrong = read_short(join_text("%s%s%s", right || both ? " " : "",
                                             text, right && !both ? "" : " "),
                                   false, charset, p);

    p->flags |= side;
    p->number = 0;
    p->pairs = grow(NULL, 0, sizeof *p->pairs);
    p->pairs[p->npairs++] = (uint16_t)pair;
    return strchr(text, '{') ? "a placeholder beside {some}" : wrong;
}

unsigned new_pair(struct short_tables *t, unsigned number, unsigned flags) {
    if (t->npairs == SMTPCODE_SHORT_PAIRS)
        return SMTPCODE_SHORT_PAIRS;
    t->pairs[t->npairs] =
        (struct smtpcode_pair){(uint16_t)number, (uint16_t)flags};
    return (unsigned)t->npairs++;
}

/* ---- pieces to records.  ORDER SHORT: tables.h ---- */

static void put(struct bytes *b, unsigned value) {
    b->at = grow(b->at, b->size, 1);
    b->at[b->size++] = (unsigned char)value;
}

static void put_piece(struct bytes *b, const struct piece *piece, bool right) {
    size_t n = 0;

    while (n < piece->len &&
           piece->bytes[right ? n : piece->len - 1 - n] != ' ')
        n++;
    put(b, (unsigned)piece->len);
    put(b, n == piece->len ? SMTPCODE_NO_BLANK : (unsigned)n);
    for (size_t i = 0; i < piece->len; i++)
        put(b, (unsigned char)piece->bytes[i]);
}

static void put_pairs(struct bytes *b, const struct short_pattern *p) {
    put(b, (unsigned)p->npairs);
    for (size_t i = 0; i < p->npairs; i++) {
        put(b, p->pairs[i] & 255u);
        put(b, p->pairs[i] >> 8);
    }
}

static void put_short(struct bytes *b, struct short_pattern *p) {
    size_t anchor = p->anchor;

    p->record = b->size;
    put(b, p->number & 255);
    put(b, p->number >> 8);
    put(b, p->flags);
    for (size_t i = anchor; i < p->n; i++)
        put_piece(b, &p->pieces[i], true);
    put(b, 0);
    for (size_t i = anchor; i-- > 0;)
        put_piece(b, &p->pieces[i], false);
    put(b, 0);
    if (p->npairs)
        put_pairs(b, p);
}

/* ---- grams ---- */

static uint16_t *frequency(uint32_t gram) {
    return &frequencies[smtpcode_short_hash(gram) >> 16];
}

static void count_grams(const char *bytes, size_t len) {
    for (size_t i = 0; i + SMTPCODE_SHORT_GRAM <= len; i++) {
        uint16_t *f = frequency(smtpcode_load(bytes + i));
        *f = (uint16_t)(*f + (*f < UINT16_MAX));
    }
}

static uint32_t bucket_of(const struct short_tables *t, uint32_t gram) {
    return smtpcode_short_hash(gram) >> t->bucket_shift;
}

static size_t longest_piece(const struct short_pattern *p) {
    size_t longest = 0;

    for (size_t i = 1; i < p->n; i++)
        if (p->pieces[i].len > p->pieces[longest].len)
            longest = i;
    return longest;
}

/* The place of PIECE's best gram; SIZE_MAX if no bucket has room. */
static size_t best_gram(const struct short_tables *t,
                        const struct piece *piece) {
    unsigned least = UINT32_MAX;
    size_t best = SIZE_MAX;

    for (size_t i = 0; i + SMTPCODE_SHORT_GRAM <= piece->len; i++) {
        uint32_t gram = smtpcode_load(piece->bytes + i);
        unsigned there = fill[bucket_of(t, gram)];
        unsigned cost =
            COST_OF_WORD * *frequency(gram) + COST_OF_BUCKET * there;
        if (there < SMTPCODE_SHORT_BUCKET && cost < least) {
            least = cost;
            best = i;
        }
    }
    return best;
}

/* False if no bucket has room for a gram of P. */
static bool choose_gram(struct short_tables *t, struct short_pattern *p) {
    p->anchor = longest_piece(p);
    const struct piece *piece = &p->pieces[p->anchor];

    p->gram = best_gram(t, piece);
    if (p->gram == SIZE_MAX)
        return false;
    fill[bucket_of(t, smtpcode_load(piece->bytes + p->gram))]++;
    return true;
}

/* Those that have few grams choose first. */
static void
choose_grams(struct short_tables *t, struct short_pattern **p, size_t count,
             void (*refuse)(const struct short_pattern *p, const char *why)) {
    enum { FEW = SMTPCODE_SHORT_GRAM + 2 };

    if (count > UINT16_MAX && refuse) /* heads are 16 bits */
        refuse(p[0], too_many_grams);
    for (int few = 1; few >= 0; few--)
        for (size_t i = 0; i < count; i++)
            if ((p[i]->pieces[longest_piece(p[i])].len <= FEW) == few &&
                !choose_gram(t, p[i]) && refuse)
                refuse(p[i], "its words fill a bucket over its bound of 16");
}

static void place(struct short_tables *t, struct short_pattern *p) {
    const struct piece *piece = &p->pieces[p->anchor];

    put_short(&t->records, p);
    if (p->gram == SIZE_MAX)
        return;
    uint32_t gram = smtpcode_load(piece->bytes + p->gram);
    uint32_t hash = smtpcode_short_hash(gram);
    placed = grow(placed, nplaced, sizeof *placed);
    placed[nplaced++] = (struct placed){
        {gram, (uint32_t)(p->record << 8 | p->gram)}, bucket_of(t, gram)};
    t->bloom[hash >> t->bloom_shift] |= smtpcode_short_bits(hash);
}

static int by_bucket(const void *left, const void *right) {
    const struct placed *a = left, *b = right;

    if (a->bucket != b->bucket)
        return a->bucket < b->bucket ? -1 : 1;
    return (a->gram.place > b->gram.place) - (a->gram.place < b->gram.place);
}

static void lay_out(struct short_tables *t) {
    size_t sum = 0;

    t->heads = calloc(t->nbuckets + 1, sizeof *t->heads);
    t->grams = calloc(nplaced + 1, sizeof *t->grams);
    t->ngrams = nplaced;
    if (nplaced)
        qsort(placed, nplaced, sizeof *placed, by_bucket);
    for (size_t i = 0; i < nplaced; i++)
        t->grams[i] = placed[i].gram;
    for (size_t i = 0; i <= t->nbuckets; i++) {
        t->heads[i] = (uint16_t)sum;
        if (i == t->nbuckets)
            break;
        sum += fill[i];
        t->deepest = fill[i] > t->deepest ? fill[i] : t->deepest;
    }
}

/* ---- all together ---- */

int compare_words(const struct short_pattern *a,
                  const struct short_pattern *b) {
    for (size_t i = 0; i < a->n && i < b->n; i++) {
        size_t n = a->pieces[i].len, m = b->pieces[i].len;
        int order =
            memcmp(a->pieces[i].bytes, b->pieces[i].bytes, n < m ? n : m);
        if (order || n != m)
            return order ? order : n < m ? -1 : 1;
    }
    return (a->n > b->n) - (a->n < b->n);
}

static int by_words(const void *left, const void *right) {
    const struct short_pattern *a = *(struct short_pattern *const *)left;
    const struct short_pattern *b = *(struct short_pattern *const *)right;
    int order = compare_words(a, b);

    if (!order)
        order = (a->number > b->number) - (a->number < b->number);
    return order ? order : (a->flags > b->flags) - (a->flags < b->flags);
}

static void add_pair(struct short_pattern *p, uint16_t pair) {
    for (size_t i = 0; i < p->npairs; i++)
        if (p->pairs[i] == pair)
            return;
    p->pairs = grow(p->pairs, p->npairs, sizeof *p->pairs);
    p->pairs[p->npairs++] = pair;
}

/* A form may come from several charsets, and a zone may be a name too; the
 * same words may be a side of several pairs. */
static size_t drop_repeated(struct short_pattern **p, size_t count) {
    size_t n = 0;

    if (count)
        qsort(p, count, sizeof *p, by_words);
    for (size_t i = 0; i < count; i++)
        if (n == 0 || by_words(&p[n - 1], &p[i]) != 0)
            p[n++] = p[i];
        else if (p[i]->npairs && p[n - 1]->npairs < UINT8_MAX)
            add_pair(p[n - 1], p[i]->pairs[0]);
    return n;
}

/* A word of Bloom and a bucket for each pattern. */
static void choose_sizes(struct short_tables *t, size_t count) {
    for (t->nbloom = LEAST_BLOOM;
         t->nbloom < count && t->nbloom < SMTPCODE_SHORT_BLOOM;)
        t->nbloom *= 2;
    for (t->nbuckets = LEAST_BLOOM;
         t->nbuckets < count && t->nbuckets < 1 << 16;)
        t->nbuckets *= 2;
    for (t->bloom_shift = 32; t->nbloom >> (32 - t->bloom_shift) > 1;)
        t->bloom_shift--;
    for (t->bucket_shift = 32; t->nbuckets >> (32 - t->bucket_shift) > 1;)
        t->bucket_shift--;
    fill = calloc(t->nbuckets, 1);
}

void compile_shorts(struct short_tables *t, struct short_pattern **patterns,
                    size_t count, const char *const *typical, size_t ntypical,
                    void (*refuse)(const struct short_pattern *p,
                                   const char *why)) {
    enum { KEPT = offsetof(struct short_tables, bloom) };

    memset((char *)t + KEPT, 0, sizeof *t - KEPT);
    memset(frequencies, 0, sizeof frequencies);
    nplaced = 0;
    count = drop_repeated(patterns, count);
    choose_sizes(t, count);
    for (size_t i = 0; i < ntypical; i++)
        count_grams(typical[i], strlen(typical[i]));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < patterns[i]->n; k++)
            count_grams(patterns[i]->pieces[k].bytes,
                        patterns[i]->pieces[k].len);
    choose_grams(t, patterns, count, refuse);
    for (size_t i = 0; i < count; i++)
        place(t, patterns[i]);
    t->patterns = patterns;
    t->npatterns = count;
    lay_out(t);
    free(fill);
}

struct smtpcode_shorts view_shorts(const struct short_tables *t) {
    return (struct smtpcode_shorts){t->bloom,
                                    t->heads,
                                    t->grams,
                                    t->records.at,
                                    t->bloom_shift,
                                    t->bucket_shift,
                                    (uint16_t)t->npairs,
                                    t->pairs};
}
