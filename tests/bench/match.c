/*
 * match.c - nanoseconds a reply: the matcher on the examples of all templates,
 * with the library's own tables and with 3,000 templates; and nanoseconds a
 * byte on the words that cost it most.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../tools/gen/gen.h"

enum { ROUNDS = 31, MOST = 4000, MADE = 3000, SETS = 3, BIG = 1 << 20 };

struct reply {
    char *words;
    size_t len;
    int reply, enhanced;
};

static struct pattern *patterns[MOST];
static size_t npatterns, nown;
static struct reply replies[MOST * SETS];
static size_t nreplies;
static struct tables tables;
static volatile unsigned sink;

static double now(void) {
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static uint32_t below(uint32_t n) {
    static uint32_t seed = 1;

    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static struct pattern *new_pattern(const char *words) {
    struct pattern *p = calloc(1, sizeof *p);

    p->words = words;
    p->number = (unsigned)npatterns + 1;
    if (read_pattern(p))
        return NULL;
    return patterns[npatterns++] = p;
}

static void collect_templates(void) {
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_TEMPLATE));) {
        const char *lines[64];
        struct pattern codes = {0}, *p;
        size_t n = 0;
        while (n < 64 && (lines[n] = smtpcode_text(e, SMTPCODE_LINE, n)))
            n++;
        if ((p = new_pattern(read_words(lines, n, &codes)))) {
            p->reply = codes.reply;
            p->enhanced = codes.enhanced;
        }
    }
    nown = npatterns;
}

/* Halves of two templates, which look like a third one. */
static void make_templates(void) {
    while (npatterns < MADE) {
        const struct pattern *a = patterns[below((uint32_t)nown)];
        const struct pattern *b = patterns[below((uint32_t)nown)];
        const char *end = strchr(a->words + strlen(a->words) / 2, ' ');
        const char *begin = strchr(b->words + strlen(b->words) / 2, ' ');
        struct pattern *p;
        if (!end || !begin)
            continue;
        p = new_pattern(
            join_text("%.*s%s", (int)(end - a->words), a->words, begin));
        if (p) {
            p->reply = a->reply;
            p->enhanced = a->enhanced;
        }
    }
}

/* Values of about the usual length, other ones for each reply. */
static void make_replies(size_t count) {
    char name[32], address[64], ip[32], id[32];
    const char *v[15];

    memcpy(v, standard_values, sizeof v);
    v[2] = ip;
    v[3] = v[4] = v[5] = address;
    v[6] = v[7] = v[14] = name;
    v[9] = id;
    nreplies = 0;
    for (size_t i = 0; i < count * SETS; i++) {
        const struct pattern *p = patterns[below((uint32_t)count)];
        snprintf(name, sizeof name, "mx%u.example.net", below(999));
        snprintf(address, sizeof address, "user%u@%s", below(99999), name);
        snprintf(ip, sizeof ip, "192.0.2.%u", below(256));
        snprintf(id, sizeof id, "%x-%x.%u", below(1 << 24), below(1 << 24),
                 below(999));
        char *words = fill_words(p, v);
        replies[nreplies++] =
            (struct reply){words, strlen(words), p->reply, p->enhanced};
    }
}

static double time_match(const struct smtpcode_matcher *m) {
    struct smtpcode_match_result found;
    double start = now();

    for (size_t i = 0; i < nreplies; i++)
        sink += (unsigned)smtpcode_match_in(m, replies[i].words, replies[i].len,
                                            replies[i].reply,
                                            replies[i].enhanced, &found);
    return (now() - start) / (double)nreplies;
}

static double time_normalise(void) {
    static char out[65536];
    double start = now();

    for (size_t i = 0; i < nreplies; i++)
        sink +=
            (unsigned)smtpcode_normalise(replies[i].words, replies[i].len, out);
    return (now() - start) / (double)nreplies;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *ns) {
    qsort(ns, ROUNDS, sizeof *ns, by_value);
    return ns[ROUNDS / 2];
}

static void refuse(const struct pattern *p, const char *why) {
    (void)p;
    (void)why;
}

static void show(const char *what) {
    double match[ROUNDS], normal[ROUNDS], bytes = 0;
    double start = now();

    compile(&tables, patterns, npatterns, refuse);
    double ms = (now() - start) / 1e6;
    struct smtpcode_matcher m = view(&tables);
    for (size_t i = 0; i < nreplies; i++)
        bytes += (double)replies[i].len;
    for (int i = 0; i < ROUNDS; i++) {
        match[i] = time_match(&m);
        normal[i] = time_normalise();
    }
    printf("  %-22s %5zu records, fullest bucket %zu, compiled in %.1f ms\n",
           what, tables.nrecords, tables.deepest, ms);
    printf("  %-22s %7.1f ns a reply of %.0f bytes, and %.1f to normalise\n",
           "", median(match), bytes / (double)nreplies, median(normal));
    printf("  %-22s %7zu bytes of tables, %zu of them records\n", "",
           sizeof tables.bloom + 2 * (tables.nbuckets + 1) +
               8 * (tables.ngrams + 1 + tables.nstarts) + tables.records.size,
           tables.records.size);
}

/* Nanoseconds a byte on WORDS again and again, SIZE bytes; of three runs the
 * best, as others use the machine too. */
static double cost_of(const char *words, size_t size) {
    static char text[BIG];
    struct smtpcode_matcher m = view(&tables);
    struct smtpcode_match_result found;
    size_t len = strlen(words), rounds = 1 + 32768 / size;
    double least = 0;

    for (size_t i = 0; i < size; i++)
        text[i] = words[i % len];
    for (int run = 0; run < 3; run++) {
        double start = now();
        for (size_t i = 0; i < rounds; i++)
            sink += (unsigned)smtpcode_match_in(&m, text, size, 0, 0, &found);
        double ns = (now() - start) / (double)(rounds * size);
        least = run == 0 || ns < least ? ns : least;
    }
    return least;
}

/* Each literal of each template again and again: an anchor that is met all
 * the time and whose template is never there. */
static void show_worst(void) {
    char *worst = NULL;
    double most = 0;

    for (size_t i = 0; i < npatterns; i++)
        for (size_t k = 0; k < patterns[i]->n; k++) {
            const struct element *e = &patterns[i]->elements[k];
            if (e->placeholder || e->len < SMTPCODE_WINDOW)
                continue;
            char *words = (char *)join_text(" %.*s", (int)e->len, e->bytes);
            double cost = cost_of(words, 4096);
            if (cost > most) {
                most = cost;
                worst = words;
            }
        }
    printf("  worst, 4 KB, 64 KB, 1 MB %.1f, %.1f, %.1f ns a byte: '%.40s'\n",
           cost_of(worst, 4096), cost_of(worst, 65536), cost_of(worst, BIG),
           worst);
}

int main(void) {
    collect_templates();
    make_replies(npatterns);
    show("the data's templates");
    make_templates();
    make_replies(npatterns);
    show("3,000 templates");
    show_worst();
    return EXIT_SUCCESS;
}
