/*
 * lookup.c - nanoseconds a lookup, beside a binary search over the same keys
 * and beside sscanf() with the same table: one interleaved run, medians.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "smtpcode.h"

/* So many that no branch predictor learns them by heart. */
enum { QUERIES = 1 << 17, ROUNDS = 31, MOST_KEYS = 2000 };

struct key {
    int number; /* class * 1000000 + subject * 1000 + detail */
    const smtpcode_entry *entry;
};

struct query {
    int number;
    unsigned char code_class, subject, detail, len;
    char text[8];
};

static struct key keys[MOST_KEYS];
static size_t nkeys;
static struct query queries[QUERIES];

static double now(void) {
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_number(const void *a, const void *b) {
    return ((const struct key *)a)->number - ((const struct key *)b)->number;
}

static void collect_keys(void) {
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_ENHANCED_STATUS));)
        if (smtpcode_match_of(e) == SMTPCODE_MATCH_EXACT && nkeys < MOST_KEYS &&
            smtpcode_id(e)[0] != 'x')
            keys[nkeys++] =
                (struct key){smtpcode_number(e, SMTPCODE_NUMBER, 0), e};
    qsort(keys, nkeys, sizeof *keys, by_number);
}

static void make_queries(void) {
    unsigned seed = 1;

    for (size_t i = 0; i < QUERIES; i++) {
        seed = seed * 1103515245u + 12345u;
        int number = keys[(seed >> 8) % nkeys].number;
        struct query *q = &queries[i];
        q->number = number;
        q->code_class = (unsigned char)(number / 1000000);
        q->subject = (unsigned char)(number / 1000 % 1000);
        q->detail = (unsigned char)(number % 1000);
        q->len = (unsigned char)snprintf(q->text, sizeof q->text, "%d.%d.%d",
                                         q->code_class, q->subject, q->detail);
    }
}

static const smtpcode_entry *binary_search(int number) {
    size_t low = 0, high = nkeys;

    while (low < high) {
        size_t mid = (low + high) / 2;
        if (keys[mid].number < number)
            low = mid + 1;
        else
            high = mid;
    }
    return low < nkeys && keys[low].number == number ? keys[low].entry : NULL;
}

static const smtpcode_entry *scan(const struct query *q) {
    int code_class, subject, detail;

    if (sscanf(q->text, "%d.%d.%d", &code_class, &subject, &detail) != 3)
        return NULL;
    return smtpcode_find_enhanced(code_class, subject, detail);
}

static volatile uintptr_t sink;

/* A loop for each way, so that its calls are direct; the results are added
 * up, so that none can be left out and none waits for the other. */
#define WAY(name, expression)                     \
    static double name(void) {                    \
        double start = now();                     \
        uintptr_t sum = 0;                        \
        for (size_t i = 0; i < QUERIES; i++) {    \
            const struct query *q = &queries[i];  \
            sum += (uintptr_t)(expression);       \
        }                                         \
        sink = sum;                               \
        return (now() - start) / (double)QUERIES; \
    }

WAY(time_table, smtpcode_find_enhanced(q->code_class, q->subject, q->detail))
WAY(time_binary, binary_search(q->number))
WAY(time_parse, smtpcode_find(q->text, q->len))
WAY(time_scan, scan(q))

static struct way {
    const char *name;
    double (*measure)(void);
    double ns[ROUNDS];
} ways[] = {
    {"lookup by numbers", time_table, {0}},
    {"binary search by number", time_binary, {0}},
    {"parse + lookup", time_parse, {0}},
    {"sscanf + the same table", time_scan, {0}},
};

enum { TABLE, BINARY, PARSE, SCAN, NWAYS };

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(struct way *way) {
    qsort(way->ns, ROUNDS, sizeof *way->ns, by_value);
    return way->ns[ROUNDS / 2];
}

int main(void) {
    double m[NWAYS];

    collect_keys();
    make_queries();
    for (size_t i = 0; i < QUERIES; i++) {
        const struct query *q = &queries[i];
        const smtpcode_entry *e =
            smtpcode_find_enhanced(q->code_class, q->subject, q->detail);
        if (e != binary_search(q->number) || e != scan(q) ||
            e != smtpcode_find(q->text, q->len)) {
            fprintf(stderr, "bench: the ways differ at %s\n", q->text);
            return EXIT_FAILURE;
        }
    }
    for (int round = 0; round < ROUNDS; round++)
        for (int w = 0; w < NWAYS; w++)
            ways[w].ns[round] = ways[w].measure();
    for (int w = 0; w < NWAYS; w++) {
        m[w] = median(&ways[w]);
        printf("  %-36s %7.2f ns\n", ways[w].name, m[w]);
    }
    printf("  %-36s %7.1f x\n", "lookup beside the binary search",
           m[BINARY] / m[TABLE]);
    printf("  %-36s %7.1f x\n", "parse + lookup beside sscanf",
           m[SCAN] / m[PARSE]);
    return EXIT_SUCCESS;
}
