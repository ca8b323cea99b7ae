/*
 * linear.c - texts of growing size for tests/linear.sh, which counts the
 * instructions that each takes.
 *
 *     linear small          all texts, at four sizes up to 128 KB
 *     linear big NAME...    these, at 512 KB and 1 MB
 *
 * For each it has callgrind write down "NAME SIZE".
 */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include <valgrind/callgrind.h>

#include "bench/load.h"
#include "hostile.h"

enum {
    BIG = 1 << 20,
    SMALL = 4096,
    NCHOSEN = 6, /* of the data's templates */
    NHOSTILE = sizeof hostile / sizeof *hostile
};

static struct tables tables;
static struct smtpcode_matcher matcher;
static char text[BIG];
static struct pattern *own[NTEMPLATES]; /* those of the data come first */
static volatile unsigned sink;

/* Without the reader's cap of 4,096 bytes. */
static unsigned match(size_t size) {
    static struct smtpcode_match_result found;
    const struct smtpcode_said said = {.words = text, .len = size};

    smtpcode_match_in(&matcher, &said, &found);
    return found.steps;
}

static unsigned read_reply(size_t size) {
    smtpcode_reply reply;

    return (unsigned)smtpcode_reply_read(&reply, text, size);
}

static char masked[BIG];
static struct smtpcode_hit hits[32];

static unsigned find_names(size_t size) {
    return (unsigned)smtpcode_find_names(text, size, hits, 32);
}

static unsigned find_phrases(size_t size) {
    return (unsigned)smtpcode_find_phrases(text, size, hits, 32);
}

static unsigned mask(size_t size) {
    smtpcode_mask(text, size, masked);
    return (unsigned char)masked[size - 1];
}

static unsigned redact(size_t size) {
    return (unsigned)smtpcode_redact(text, size, NULL, NULL, 0);
}

/* As judge.h has it, whose struct reply is another than the load's. */
int32_t smtpcode_read_wait(const char *words, size_t len);

static unsigned read_wait(size_t size) {
    return (unsigned)smtpcode_read_wait(text, size);
}

/* What the count must find fault with: each byte looks at all before it. */
static unsigned quadratic(size_t size) {
    unsigned equal = 0;

    for (size_t i = 0; i < size; i++)
        for (size_t k = 0; k < i; k += 64)
            equal += text[i] == text[k];
    return equal;
}

static void repeat(const char *piece, size_t size) {
    size_t len = strlen(piece);

    for (size_t i = 0; i < size; i++)
        text[i] = piece[i % len];
}

static void count(const char *name, unsigned (*run)(size_t), const char *piece,
                  size_t size) {
    char label[64];

    snprintf(label, sizeof label, "%s %zu", name, size);
    repeat(piece, size);
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
    sink += run(size);
    CALLGRIND_DUMP_STATS_AT(label);
    CALLGRIND_STOP_INSTRUMENTATION;
}

/* ---- templates that cost much ---- */

static const struct {
    const char *words, *text; /* the text lacks one part of the words */
} made[] = {
    {"{any}nowhere 1234{any}beginning of it", "beginning of it. nowhere 123 "},
    {"{any}nowhere 1234{any}beginning of it", "nowhere 1234, something else "},
    {"first of them {any} and the last of all", "and the last of all "},
    {"first of them {any} and the last of all", "first of them "},
    {"one {any} two {any} three {any} four {any} five and no more than that",
     "one two three four five and no more than tha "},
    {"one {any} two {any} three {any} four {any} five and no more than that",
     "two three four five and no more than that "},
    {"<{address}>: refused by [{ip}] {any} id={id} again",
     "<a@b>: refused by [1] id=7 "},
    {"{url} is listed by us {any} see {url} for {any} why",
     "i://jjjjjjjj is listed by us see k for "},
};
enum { NMADE = sizeof made / sizeof *made };

/* What redaction looks ahead or back for. */
static const char *personal[] = {"a1",
                                 "a.",
                                 "-",
                                 "a---",
                                 "@-",
                                 "a@b ",
                                 "\"",
                                 "<",
                                 "<a>:",
                                 "a:b:",
                                 "::1 ",
                                 "user=",
                                 "TO:<",
                                 "header To: x@",
                                 "\\n",
                                 "%40-",
                                 "b'",
                                 "AUTH PLAIN ",
                                 "   ",
                                 "334 ",
                                 "QQ==\n",
                                 "[id 123456]",
                                 "http://",
                                 "250-a.b",
                                 "1tEabc-0001aB-2C => "};
enum { NPERSONAL = sizeof personal / sizeof *personal };

static const char *plain[] = {"a", "user ", " ", "a.", "192.0.2.1 "};
enum { NPLAIN = sizeof plain / sizeof *plain };

/* Words that open and never close, nearly names, words of many phrases. */
static const char *const open_ended[] = {
    "a.",  "a@",  "<",    "[a",  "\"a", "'a",           "' ",
    "a:",  "::1", "1.2.", "a:/", "@[",  "a@b@",         "x.com/",
    "-.-", "..",  "a_",   "((",  "<a",  "\xe2\x80\x9c", "a://"};
static const char *const worded[] = {
    "a",      "user ",         "user unknown ", "the user a", "mailbox full",
    "gsmtp ", "spamhaus.org ", "user \1"};
enum {
    NOPEN = sizeof open_ended / sizeof *open_ended,
    NWORDED = sizeof worded / sizeof *worded
};

/* Waits that nobody asks for, or that are too long. */
static const char *const waits[] = {"1s ", "1d1d", "again in 9d ", "1 ",
                                    "again "};
enum { NWAITS = sizeof waits / sizeof *waits };

static struct chosen {
    const char *piece;
    unsigned steps;
} chosen[NCHOSEN];

static void choose(const char *piece) {
    struct chosen c = {piece, 0};

    repeat(piece, SMALL);
    c.steps = match(SMALL);
    for (size_t i = 0; i < NCHOSEN; i++)
        if (c.steps > chosen[i].steps) {
            struct chosen other = chosen[i];
            chosen[i] = c;
            c = other;
        }
}

/* The data's templates without their first, or without their last words. */
static void choose_all(size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct pattern *p = own[i];
        char *all = fill_words(p, standard_values, NULL);
        size_t first = p->elements[0].placeholder ? 0 : p->elements[0].len;
        const struct element *last = &p->elements[p->n - 1];
        size_t cut = last->placeholder ? 1 : last->len;
        if (strlen(all) > cut + 4)
            choose(join_text("%.*s ", (int)(strlen(all) - cut), all));
        if (strlen(all) > first + 4)
            choose(join_text("%s ", all + first));
    }
}

static void refuse(const struct pattern *p, const char *why) {
    fprintf(stderr, "linear: '%s': %s\n", p->words, why);
    exit(EXIT_FAILURE);
}

static void compile_all(void) {
    collect_templates();
    size_t ndata = npatterns;
    for (size_t i = 0; i < NMADE; i++) {
        struct pattern *p = calloc(1, sizeof *p);
        p->words = made[i].words;
        p->number = (unsigned)npatterns + 1;
        if (read_pattern(p))
            abort();
        patterns[npatterns++] = p;
    }
    memcpy(own, patterns, sizeof own); /* compile() sorts */
    compile(&tables, patterns, npatterns, refuse);
    matcher = view(&tables);
    choose_all(ndata);
}

/* ---- */

static size_t sizes[4], nsizes;
static char **only; /* NULL: all */

static int is_wanted(const char *name) {
    for (char **n = only; n && *n; n++)
        if (strcmp(*n, name) == 0)
            return 1;
    return !only;
}

static void count_sizes(const char *kind, size_t number,
                        unsigned (*run)(size_t), const char *piece) {
    char name[32];

    snprintf(name, sizeof name, "%s-%zu", kind, number);
    if (is_wanted(name))
        for (size_t i = 0; i < nsizes; i++)
            count(name, run, piece, sizes[i]);
}

int main(int argc, char **argv) {
    static const size_t small[] = {SMALL, 2 * SMALL, BIG / 16, BIG / 8};
    static const size_t big[] = {BIG / 2, BIG};
    int all = argc == 2;

    nsizes = all ? 4 : 2;
    memcpy(sizes, all ? small : big, nsizes * sizeof *sizes);
    only = all ? NULL : argv + 2;
    compile_all();
    for (size_t i = 0; i < NMADE; i++)
        count_sizes("made", i, match, made[i].text);
    for (size_t i = 0; i < NCHOSEN; i++)
        count_sizes("template", i, match, chosen[i].piece);
    for (size_t i = 0; i < NPLAIN; i++)
        count_sizes("plain", i, match, plain[i]);
    for (size_t i = 0; i < NHOSTILE; i++)
        count_sizes("reader", i, read_reply, hostile[i]);
    for (size_t i = 0; i < NOPEN; i++)
        count_sizes("mask", i, mask, open_ended[i]);
    for (size_t i = 0; i < NWORDED; i++) {
        count_sizes("names", i, find_names, worded[i]);
        count_sizes("phrases", i, find_phrases, worded[i]);
    }
    for (size_t i = 0; i < NPERSONAL; i++)
        count_sizes("redact", i, redact, personal[i]);
    for (size_t i = 0; i < NWAITS; i++)
        count_sizes("wait", i, read_wait, waits[i]);
    if (all) {
        nsizes = 2;
        count_sizes("quadratic", 0, quadratic, "a");
    }
    return EXIT_SUCCESS;
}
