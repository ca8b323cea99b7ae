/*
 * match.c - the matcher with the data's templates and with 3,000: time beside
 * rivals, in one interleaved run; the words that cost it most; its tables.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "rivals.h"

enum {
    ROUNDS = 15,
    MOST_WORDS = 65536,
    SMALL = 4096,
    BIG = 1 << 20,
    NWORST = 8,
    MOST_RIVALS = 8
};

static struct tables tables;
static struct smtpcode_matcher matcher;
static size_t refused;
static volatile unsigned sink;

/* The one place that knows how the matcher is called. */
static unsigned match(const char *words, size_t len, int reply, int enhanced) {
    static struct smtpcode_match_result found;
    const struct smtpcode_said said = {words, len, NULL, 0, reply, enhanced, 0};

    smtpcode_match_in(&matcher, &said, &found);
    return found.entry;
}

/* ---- what is timed ---- */

static unsigned ours(const struct reply *r) {
    static char words[MOST_WORDS];
    size_t len = smtpcode_normalise(r->raw, r->len, words);

    return match(words, len, r->reply, r->enhanced);
}

static unsigned ours_plain(const struct reply *r) {
    static char words[MOST_WORDS];
    size_t len = smtpcode_normalise_plain(r->raw, r->len, words);

    return match(words, len, r->reply, r->enhanced);
}

static unsigned only_normalise(const struct reply *r) {
    static char words[MOST_WORDS];

    return (unsigned)smtpcode_normalise(r->raw, r->len, words);
}

static uint32_t load(const char *bytes) { /* smtpcode_load(), but in line */
    const unsigned char *b = (const unsigned char *)bytes;

    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
           (uint32_t)b[3] << 24;
}

/* The least that this way of searching can take: normalise, and look at the
 * Bloom table for each gram. */
static unsigned only_filter(const struct reply *r) {
    static char words[MOST_WORDS];
    size_t len = smtpcode_normalise(r->raw, r->len, words);
    unsigned hits = 0;

    for (size_t at = 0; at + SMTPCODE_GRAM <= len; at += SMTPCODE_STRIDE) {
        uint32_t hash =
            load(words + at) * 0x9e3779b1u ^ load(words + at + 4) * 0x85ebca77u;
        uint32_t word = matcher.bloom[hash >> 20];
        hits += word >> (hash & 31) & word >> (hash >> 5 & 31) & 1;
    }
    return hits;
}

static struct row {
    const char *name;
    unsigned (*find)(const struct reply *);
    size_t step;
    double ns[ROUNDS];
    double hits; /* share of the replies that have a template, in % */
} rows[5 + MOST_RIVALS] = {
    {"normalise", only_normalise, 1, {0}, 0},
    {"normalise and filter", only_filter, 1, {0}, 0},
    {"this matcher", ours, 1, {0}, 0},
    {"this matcher, no SIMD", ours_plain, 1, {0}, 0},
};
static size_t nrows = 4;

static double time_row(const struct row *row) {
    size_t n = 0;
    double start = now();

    for (size_t i = 0; i < NREPLIES; i += row->step, n++)
        sink += row->find(&replies[i]);
    return (now() - start) / (double)n;
}

static void count_hits(struct row *row) {
    size_t n = 0, found = 0;

    for (size_t i = 0; i < NREPLIES; i += row->step, n++)
        found += row->find(&replies[i]) != 0;
    row->hits = 100 * (double)found / (double)n;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(const double *values) {
    double sorted[ROUNDS];

    memcpy(sorted, values, sizeof sorted);
    qsort(sorted, ROUNDS, sizeof *sorted, by_value);
    return sorted[ROUNDS / 2];
}

/* Of the rounds' ratios, so that what slows one round slows both. */
static double ratio(const struct row *a, const struct row *b) {
    double ratios[ROUNDS];

    for (int i = 0; i < ROUNDS; i++)
        ratios[i] = a->ns[i] / b->ns[i];
    return median(ratios);
}

static void time_rows(void) {
    for (size_t i = 0; i < nrows; i++)
        count_hits(&rows[i]);
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < nrows; i++)
            rows[i].ns[round] = time_row(&rows[i]);
}

static void show_rows(void) {
    const struct row *us = &rows[2];

    for (size_t i = 0; i < nrows; i++) {
        printf("  %-28s %9.1f ns a reply, %8.2f x", rows[i].name,
               median(rows[i].ns), ratio(&rows[i], us));
        if (i > 1)
            printf(", finds a template in %.1f %%", rows[i].hits);
        if (rows[i].step > 1)
            printf(" of each %zuth", rows[i].step);
        printf("\n");
    }
}

/* ---- the tables ---- */

static void refuse(const struct pattern *p, const char *why) {
    (void)p;
    (void)why;
    refused++;
}

static void compile_all(const char *what) {
    size_t literals = 0, bytes = 0;
    double start = now();

    refused = 0;
    compile(&tables, patterns, npatterns, refuse);
    double ms = (now() - start) / 1e6;
    matcher = view(&tables);
    make_replies();
    for (size_t i = 0; i < NREPLIES; i++)
        bytes += replies[i].len;
    for (size_t i = 0; i < npatterns; i++) /* equal ones share a record */
        if (i == 0 || patterns[i]->record != patterns[i - 1]->record)
            literals += patterns[i]->literals;
    double all = (double)(sizeof tables.bloom + 2 * (tables.nbuckets + 1) +
                          8 * (tables.ngrams + tables.nstarts)) +
                 (double)tables.records.size;
    double n = (double)tables.nrecords;
    printf("  %s: %zu records (%zu templates, %zu refused), compiled in %.1f "
           "ms; fullest bucket %zu\n",
           what, tables.nrecords, npatterns, refused, ms, tables.deepest);
    printf("  a record: %.0f bytes of words and %.0f more; with all tables "
           "%.0f more\n",
           (double)literals / n, (double)(tables.records.size - literals) / n,
           (all - (double)literals) / n);
    printf("  %d replies of %.0f bytes\n", NREPLIES, (double)bytes / NREPLIES);
}

/* ---- the words that cost most ---- */

struct candidate {
    char *words;
    double ns; /* a byte, at SMALL */
};

static struct candidate worst[NWORST]; /* dearest first */
static size_t ncandidates;

/* Nanoseconds a byte on WORDS again and again, SIZE bytes: the best of RUNS,
 * as others use the machine too. */
static double cost_of(const char *words, size_t size, int runs) {
    static char text[BIG];
    size_t len = strlen(words);
    double least = 0;

    for (size_t i = 0; i < size; i++)
        text[i] = words[i % len];
    for (int run = 0; run < runs; run++) {
        double start = now();
        sink += match(text, size, 0, 0);
        double ns = (now() - start) / (double)size;
        least = run == 0 || ns < least ? ns : least;
    }
    return least;
}

static void consider(const char *words, size_t len) {
    struct candidate c = {strndup(words, len), 0};

    if (len)
        c.ns = cost_of(c.words, SMALL, 2);
    ncandidates++;
    for (size_t i = 0; i < NWORST; i++)
        if (c.ns > worst[i].ns) {
            struct candidate other = worst[i];
            worst[i] = c;
            c = other;
        }
    free(c.words);
}

/* Of each template: a literal alone, which is its anchor at times; all but
 * its first or last words; each of its parts, so that one is never there. */
static void consider_parts(const struct pattern *p) {
    char part[MOST_WORDS];

    for (size_t from = 0; from < p->n; from++) {
        size_t len = (size_t)sprintf(part, " ");
        for (size_t k = from; k < p->n && len < SMALL; k++) {
            const struct element *e = &p->elements[k];
            len += (size_t)(e->placeholder
                                ? sprintf(part + len, "%s",
                                          standard_values[e->placeholder])
                                : sprintf(part + len, "%.*s", (int)e->len,
                                          e->bytes));
            if (!e->placeholder) {
                consider(part, len);
                consider(part + 1, len - 1);
                consider(part, len - 1);
            }
        }
    }
}

static void consider_anchors(void) {
    static char all[BIG];
    size_t n = 0;

    for (size_t i = 0; i < npatterns; i++)
        for (size_t k = 0; k < patterns[i]->n; k++) {
            const struct element *e = &patterns[i]->elements[k];
            if (!e->placeholder && e->len >= SMTPCODE_WINDOW)
                n += (size_t)sprintf(all + n, " %.*s", (int)e->len, e->bytes);
        }
    printf("  all anchors joined: %.1f ns a byte at %zu KB\n",
           cost_of(all, n, 3), n / 1024);
}

static void show_worst(void) {
    static const size_t sizes[] = {SMALL, 65536, BIG};
    double most[3] = {0};
    const char *which = ""; /* at SMALL */

    consider_anchors();
    for (size_t i = 0; i < npatterns; i++)
        consider_parts(patterns[i]);
    for (size_t i = 0; i < NWORST; i++)
        for (int k = 0; k < 3; k++) {
            double ns = cost_of(worst[i].words, sizes[k], k == 2 ? 3 : 9);
            if (ns > most[k]) {
                most[k] = ns;
                which = k ? which : worst[i].words;
            }
        }
    printf("  worst of %zu texts, 4 KB, 64 KB, 1 MB: %.1f, %.1f, %.1f ns a "
           "byte ('%.60s')\n",
           ncandidates, most[0], most[1], most[2], which);
}

static void add_rivals(void) {
    build_rivals();
    for (size_t i = 0; i < nrivals && i < MOST_RIVALS; i++) {
        rows[nrows++] = (struct row){
            rivals[i].name, rivals[i].find, rivals[i].step, {0}, 0};
        if (rivals[i].bytes)
            printf("  %s: built in %.0f ms, %.0f bytes a template\n",
                   rivals[i].name, rivals[i].ms,
                   (double)rivals[i].bytes / (double)npatterns);
    }
    if (*missing_rivals)
        printf("  not compared with, as not installed:%s\n", missing_rivals);
}

int main(void) {
    collect_templates();
    compile_all("the data's templates");
    time_rows();
    show_rows();
    invent_templates();
    compile_all("with invented ones");
    add_rivals();
    time_rows();
    show_rows();
    show_worst();
    return EXIT_SUCCESS;
}
