/*
 * short.c - nanoseconds a reply for names, masking and phrases, on the
 * examples of all templates; and nanoseconds a byte on words that cost most.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../libsmtpcode/tables.h"

enum { ROUNDS = 31, MOST = 6000, SETS = 3, HITS = 32, BIG = 1 << 20 };

struct reply {
    char *words, *masked;
    size_t len;
};

static struct reply replies[MOST];
static size_t nreplies;
static size_t hits;

static double now(void) {
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static unsigned below(unsigned n) {
    static uint32_t seed = 1;

    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

/* A value for the placeholder that NAME begins with. */
static int fill(char *out, size_t size, const char *name) {
    if (strncmp(name, "ip", 2) == 0)
        return snprintf(out, size, "192.0.2.%u", below(256));
    if (strncmp(name, "url", 3) == 0)
        return snprintf(out, size, "https://mx%u.example/?a=%u", below(99),
                        below(9999));
    if (strncmp(name, "recipient", 9) == 0 || strncmp(name, "sender", 6) == 0 ||
        strncmp(name, "address", 7) == 0)
        return snprintf(out, size, "user%u@mail.example.org", below(99999));
    if (strncmp(name, "domain", 6) == 0 || strncmp(name, "host", 4) == 0 ||
        strncmp(name, "blocklist", 9) == 0)
        return snprintf(out, size, "mx%u.example.net", below(999));
    return snprintf(out, size, "%x", below(1 << 24));
}

static void add_reply(const smtpcode_entry *e) {
    char text[8192];
    size_t n = 0;
    const char *line;

    for (size_t i = 0; (line = smtpcode_text(e, SMTPCODE_LINE, i)); i++) {
        for (; *line && n < sizeof text - 256; line++)
            if (*line == '{' && strchr(line, '}')) {
                n += (size_t)fill(text + n, 128, line + 1);
                line = strchr(line, '}');
            } else {
                text[n++] = *line;
            }
        text[n++] = ' ';
    }
    struct reply *r = &replies[nreplies++];
    r->words = malloc(n);
    r->masked = malloc(n);
    r->len = smtpcode_normalise(text, n, r->words);
    smtpcode_mask(r->words, r->len, r->masked);
}

static void find_names(const struct reply *r) {
    struct smtpcode_hit found[HITS];

    hits += smtpcode_find_names(r->words, r->len, found, HITS);
}

static void mask(const struct reply *r) {
    smtpcode_mask(r->words, r->len, r->masked);
}

static void find_phrases(const struct reply *r) {
    struct smtpcode_hit found[HITS];

    hits += smtpcode_find_phrases(r->masked, r->len, found, HITS);
}

static const struct step {
    const char *name;
    void (*run)(const struct reply *r);
} steps[] = {{"names", find_names}, {"mask", mask}, {"phrases", find_phrases}};
enum { NSTEPS = sizeof steps / sizeof *steps };

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void show_replies(void) {
    static double ns[NSTEPS][ROUNDS];
    size_t bytes = 0, found[NSTEPS];

    for (size_t i = 0; i < nreplies; i++)
        bytes += replies[i].len;
    for (int round = 0; round < ROUNDS; round++)
        for (int s = 0; s < NSTEPS; s++) {
            double start = now();
            hits = 0;
            for (size_t i = 0; i < nreplies; i++)
                steps[s].run(&replies[i]);
            ns[s][round] = (now() - start) / (double)nreplies;
            found[s] = hits;
        }
    for (int s = 0; s < NSTEPS; s++) {
        qsort(ns[s], ROUNDS, sizeof **ns, by_value);
        printf("  %-8s %7.1f ns a reply of %zu bytes, %.2f hits\n",
               steps[s].name, ns[s][ROUNDS / 2], bytes / nreplies,
               (double)found[s] / (double)nreplies);
    }
}

/* TEXT again and again, SIZE bytes: the best of three runs. */
static double cost_of(const struct step *step, const char *text, size_t size) {
    static char words[BIG], masked[BIG];
    struct reply r = {words, masked, size};
    size_t rounds = 1 + 32768 / size;
    double least = 0;

    for (size_t i = 0; i < size; i++)
        words[i] = masked[i] = text[i % strlen(text)];
    for (int run = 0; run < 3; run++) {
        double start = now();
        for (size_t i = 0; i < rounds; i++)
            step->run(&r);
        double ns = (now() - start) / (double)(rounds * size);
        least = run == 0 || ns < least ? ns : least;
    }
    return least;
}

static void show_worst(const struct step *step, const char *const *texts,
                       size_t ntexts) {
    const char *worst = texts[0];
    double most = 0;

    for (size_t i = 0; i < ntexts; i++) {
        double cost = cost_of(step, texts[i], 4096);
        if (cost > most) {
            most = cost;
            worst = texts[i];
        }
    }
    printf("  worst for %-8s 4 KB, 64 KB, 1 MB %.1f, %.1f, %.1f ns a byte: "
           "'%.30s'\n",
           step->name, cost_of(step, worst, 4096), cost_of(step, worst, 65536),
           cost_of(step, worst, BIG), worst);
}

/* Each phrase and each token again and again. */
static size_t collect(enum smtpcode_kind kind, const char **texts) {
    size_t n = 0;
    static char words[MOST][256];

    for (const smtpcode_entry *e = NULL;
         n < MOST && (e = smtpcode_next(e, kind));) {
        const char *text = smtpcode_text(e, SMTPCODE_LINE, 0);
        size_t len = strlen(text);
        if (len > 250)
            continue;
        len = smtpcode_normalise(text, len, words[n]);
        words[n][len] = ' ';
        words[n][len + 1] = '\0';
        texts[n] = words[n];
        n++;
    }
    return n;
}

int main(void) {
    static const char *texts[MOST];
    static const char *const hostile[] = {
        "a.",       "a@",           "<",         "[a",     "\"",  "' '",
        "a.b@c.d,", "::1 ",         "1.2.",      "a:",     "'a",  "<a>",
        "a://",     "@[",           "a@b@",      "x.com/", "-.-", "a: ",
        "..",       "\xe2\x80\x9c", "a\xc2\xab", ". a.b "};

    for (int set = 0; set < SETS; set++)
        for (const smtpcode_entry *e = NULL;
             nreplies < MOST && (e = smtpcode_next(e, SMTPCODE_KIND_TEMPLATE));)
            add_reply(e);
    show_replies();
    show_worst(&steps[1], hostile, sizeof hostile / sizeof *hostile);
    size_t n = collect(SMTPCODE_KIND_TOKEN, texts);
    if (n)
        show_worst(&steps[0], texts, n);
    if ((n = collect(SMTPCODE_KIND_PHRASE, texts)))
        show_worst(&steps[2], texts, n);
    return EXIT_SUCCESS;
}
