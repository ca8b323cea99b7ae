/* rivals.c - Hyperscan, PCRE2 and strcasestr on the templates as patterns of
 * theirs.  Of those that fit the one with most literal bytes wins. */
#define _GNU_SOURCE
#include "rivals.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_REGEX = 16384, MOST_WORDS = 65536 };

static const struct pattern *ranked[NTEMPLATES]; /* most literal bytes first */

static int by_rank(const void *left, const void *right) {
    const struct pattern *a = *(const struct pattern *const *)left;
    const struct pattern *b = *(const struct pattern *const *)right;

    if (a->literals != b->literals)
        return a->literals > b->literals ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

/* ---- templates as regular expressions ---- */

#if defined(WITH_HYPERSCAN) || defined(WITH_PCRE2)
static size_t put_class(char *out, int placeholder) {
    uint8_t bit = smtpcode_class_of(placeholder);
    size_t n = (size_t)sprintf(out, "[");

    for (int from = 1, to; from < 256; from = to + 1) {
        for (to = from; to < 256 && class_table()[to] & bit;)
            to++;
        if (to > from)
            n += (size_t)sprintf(out + n, "\\x%02x-\\x%02x", from, to - 1);
    }
    return n + (size_t)sprintf(out + n, "]+");
}

static size_t put_literal(char *out, const struct element *e,
                          const char *blank) {
    size_t n = 0;

    for (size_t i = 0; i < e->len; i++) {
        unsigned char c = (unsigned char)e->bytes[i];
        n += (size_t)(c == ' '     ? sprintf(out + n, "%s", blank)
                      : isalnum(c) ? sprintf(out + n, "%c", c)
                                   : sprintf(out + n, "\\x%02x", c));
    }
    return n;
}

static const char *regex_of(const struct pattern *p, const char *blank) {
    static char out[MOST_REGEX];
    size_t n = (size_t)sprintf(out, "%s", p->open ? "" : "^");

    for (size_t i = 0; i < p->n; i++) {
        const struct element *e = &p->elements[i];
        n += !e->placeholder ? put_literal(out + n, e, blank)
             : is_any(e)     ? (size_t)sprintf(out + n, ".*")
                             : put_class(out + n, e->placeholder);
    }
    return out;
}

static char words[MOST_WORDS];

static size_t normalise(const struct reply *r) {
    return smtpcode_normalise(r->raw, r->len, words);
}
#endif

/* ---- Hyperscan: all at once ---- */

#ifdef WITH_HYPERSCAN
#include <hs/hs.h>

struct hyperscan {
    hs_database_t *database;
    hs_scratch_t *scratch;
};

static struct hyperscan on_words, on_raw;

static void build(struct rival *self, struct hyperscan *h, const char *blank,
                  unsigned flag) {
    static const char *regexes[NTEMPLATES];
    static unsigned flags[NTEMPLATES], numbers[NTEMPLATES];
    hs_compile_error_t *error;

    for (size_t i = 0; i < npatterns; i++) {
        regexes[i] = strdup(regex_of(ranked[i], blank));
        flags[i] = flag | HS_FLAG_DOTALL | HS_FLAG_SINGLEMATCH;
        numbers[i] = (unsigned)i;
    }
    if (hs_compile_multi(regexes, flags, numbers, (unsigned)npatterns,
                         HS_MODE_BLOCK, NULL, &h->database, &error)) {
        fprintf(stderr, "bench: Hyperscan: %s\n", error->message);
        exit(EXIT_FAILURE);
    }
    hs_alloc_scratch(h->database, &h->scratch);
    hs_database_size(h->database, &self->bytes);
}

static int take_best(unsigned number, unsigned long long from,
                     unsigned long long to, unsigned flags, void *context) {
    unsigned *best = context;

    (void)from;
    (void)to;
    (void)flags;
    if (number < *best)
        *best = number;
    return 0;
}

static unsigned scan(const struct hyperscan *h, const char *text, size_t len) {
    unsigned best = NTEMPLATES;

    hs_scan(h->database, text, (unsigned)len, 0, h->scratch, take_best, &best);
    return best < NTEMPLATES ? ranked[best]->number : 0;
}

static void build_words(struct rival *self) { build(self, &on_words, " ", 0); }

static void build_raw(struct rival *self) {
    build(self, &on_raw, "\\s+", HS_FLAG_CASELESS);
}

static unsigned scan_words(const struct reply *r) {
    return scan(&on_words, words, normalise(r));
}

static unsigned scan_raw(const struct reply *r) {
    return scan(&on_raw, r->raw, r->len);
}
#endif

/* ---- PCRE2 with its JIT: one by one, the first that fits ---- */

#ifdef WITH_PCRE2
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

static pcre2_code *codes[NTEMPLATES];
static pcre2_match_data *match_data;

static void build_pcre2(struct rival *self) {
    int error;
    size_t place;

    match_data = pcre2_match_data_create(1, NULL);
    for (size_t i = 0; i < npatterns; i++) {
        size_t bytes = 0;
        codes[i] = pcre2_compile((PCRE2_SPTR)regex_of(ranked[i], " "),
                                 PCRE2_ZERO_TERMINATED, PCRE2_DOTALL, &error,
                                 &place, NULL);
        if (!codes[i] || pcre2_jit_compile(codes[i], PCRE2_JIT_COMPLETE)) {
            fprintf(stderr, "bench: PCRE2: error %d\n", error);
            exit(EXIT_FAILURE);
        }
        pcre2_pattern_info(codes[i], PCRE2_INFO_JITSIZE, &bytes);
        self->bytes += bytes;
    }
}

static unsigned find_pcre2(const struct reply *r) {
    size_t len = normalise(r);

    for (size_t i = 0; i < npatterns; i++)
        if (pcre2_jit_match(codes[i], (PCRE2_SPTR)words, len, 0, 0, match_data,
                            NULL) >= 0)
            return ranked[i]->number;
    return 0;
}
#endif

/* ---- strcasestr: the literals of each in turn ---- */

static char *literals[NTEMPLATES][MOST_ELEMENTS];

static void copy_literals(struct rival *self) {
    (void)self;
    for (size_t i = 0; i < npatterns; i++)
        for (size_t k = 0, n = 0; k < ranked[i]->n; k++) {
            const struct element *e = &ranked[i]->elements[k];
            if (!e->placeholder)
                literals[i][n++] = strndup(e->bytes, e->len);
        }
}

static unsigned find_strcasestr(const struct reply *r) {
    for (size_t i = 0; i < npatterns; i++) {
        const char *at = r->raw;
        for (size_t k = 0; at && literals[i][k]; k++)
            if ((at = strcasestr(at, literals[i][k])))
                at += strlen(literals[i][k]);
        if (at)
            return ranked[i]->number;
    }
    return 0;
}

/* ---- all of them ---- */

struct rival rivals[] = {
#ifdef WITH_HYPERSCAN
    {"Hyperscan, normalised text", 1, build_words, scan_words, 0, 0},
    {"Hyperscan, raw text", 4, build_raw, scan_raw, 0, 0},
#endif
#ifdef WITH_PCRE2
    {"PCRE2 with JIT, one by one", 100, build_pcre2, find_pcre2, 0, 0},
#endif
    {"strcasestr, one by one", 200, copy_literals, find_strcasestr, 0, 0}};
const size_t nrivals = sizeof rivals / sizeof *rivals;

const char missing_rivals[] = ""
#ifndef WITH_HYPERSCAN
                              " libhyperscan-dev"
#endif
#ifndef WITH_PCRE2
                              " libpcre2-dev"
#endif
    ;

void build_rivals(void) {
    memcpy(ranked, patterns, sizeof ranked);
    qsort(ranked, npatterns, sizeof *ranked, by_rank);
    for (size_t i = 0; i < nrivals; i++) {
        double start = now();
        rivals[i].build(&rivals[i]);
        rivals[i].ms = (now() - start) / 1e6;
    }
}
