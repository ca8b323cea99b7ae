/*
 * diagnose.c - from the text that somebody has to the answer: reading and
 * diagnosing 20,000 replies with the built-in tables, each in one of the forms
 * of tests/cases/wrappers.tsv or bare, and how the time divides.
 *
 * All replies are gone through once a round, so that neither caches nor branch
 * predictors know what comes; the best round counts, of each reply and of each
 * step, as others use the machine too.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "parts.h"

enum { MOST_WRAPPERS = 400, ROUNDS = 9, NSTEPS = STEP_ALL + 1, LONGEST = 4096 };

/* What stands around a reply's words, and which codes before them. */
struct form {
    char *before, *after;
    int has_code, has_enhanced;
};

static struct form forms[MOST_WRAPPERS];
static size_t nforms;

static struct text {
    char *bytes;
    size_t len;
    int phrases;
    double ns, json_ns, steps[NSTEPS];
} texts[NREPLIES];

static volatile unsigned sink;

/* ---- forms ---- */

static void unescape(char *s) {
    char *out = s;

    for (; *s; s++) {
        if (*s == '\\' && s[1])
            s++, *out++ = (char)(*s == 'n'   ? '\n'
                                 : *s == 'r' ? '\r'
                                 : *s == 't' ? '\t'
                                             : *s);
        else
            *out++ = *s;
    }
    *out = '\0';
}

/* The form that WRAPPED is of, if it has the words in one piece. */
static void add_form(const char *wrapped, const char *code,
                     const char *enhanced, const char *words) {
    const char *const heads[] = {join_text("%s %s %s", code, enhanced, words),
                                 join_text("%s-%s %s", code, enhanced, words),
                                 join_text("%s %s", code, words),
                                 join_text("%s %s", enhanced, words), words};

    for (int i = *enhanced && *code ? 0
                 : *code            ? 2
                 : *enhanced        ? 3
                                    : 4;
         i < 5; i++) {
        const char *at = strstr(wrapped, heads[i]);
        if (!at || !*words || nforms == MOST_WRAPPERS)
            continue;
        forms[nforms++] = (struct form){
            strndup(wrapped, (size_t)(at - wrapped)),
            strdup(at + strlen(heads[i])), i < 3, i < 2 || i == 3};
        return;
    }
}

static void collect_forms(const char *path) {
    static char line[2 * LONGEST];
    FILE *f = fopen(path, "r");

    while (f && fgets(line, sizeof line, f)) {
        char *column[6], *at = line;
        int n = 0;
        while (n < 6 && at) {
            column[n++] = at;
            if ((at = strchr(at, '\t')))
                *at++ = '\0';
        }
        if (*line == '#' || n < 6 || strcmp(column[2], "text") != 0)
            continue;
        unescape(column[1]);
        unescape(column[5]);
        add_form(column[1], column[3], column[4], column[5]);
    }
    if (f)
        fclose(f);
}

/* ---- texts ---- */

static uint32_t below(uint32_t n) {
    static uint32_t seed = 7;

    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static size_t put_codes(char *out, const struct reply *r, int code,
                        int enhanced, char separator) {
    size_t n = 0;

    if (code && r->reply)
        n += (size_t)sprintf(out, "%d%c", r->reply, separator);
    if (enhanced && r->enhanced)
        n += (size_t)sprintf(out + n, "%d.%d.%d ", r->enhanced / 1000000,
                             r->enhanced / 1000 % 1000, r->enhanced % 1000);
    return n;
}

static void put_wrapped(char *out, const struct reply *r,
                        const struct form *f) {
    size_t n = (size_t)sprintf(out, "%s", f->before);

    n += put_codes(out + n, r, f->has_code, f->has_enhanced, ' ');
    for (const char *c = r->raw; *c; c++)
        if (*c != '\r')
            out[n++] = (char)(*c == '\n' ? ' ' : *c);
    strcpy(out + n, f->after);
}

/* As it comes from the server; every other one in lines of 40 bytes and more,
 * if it is that long. */
static void put_bare(char *out, const struct reply *r, int in_lines) {
    const char *rest = r->raw, *blank;
    size_t n = 0;

    while (in_lines && r->reply && strlen(rest) > 40 &&
           (blank = strchr(rest + 40, ' ')) && blank[1]) {
        n += put_codes(out + n, r, 1, 1, '-');
        n += (size_t)sprintf(out + n, "%.*s\r\n", (int)(blank - rest), rest);
        rest = blank + 1;
    }
    n += put_codes(out + n, r, 1, 1, ' ');
    sprintf(out + n, "%s\r\n", rest);
}

static void make_texts(void) {
    static char out[LONGEST];
    size_t words = 0, bytes = 0;

    for (size_t i = 0; i < NREPLIES; i++) {
        if (below(5) < 3)
            put_wrapped(out, &replies[i], &forms[below((uint32_t)nforms)]);
        else
            put_bare(out, &replies[i], (int)below(2));
        texts[i].bytes = strdup(out);
        texts[i].len = strlen(out);
        words += replies[i].len;
        bytes += texts[i].len;
    }
    printf("  %d replies of %.0f bytes without codes, bare or in one of %zu "
           "forms: texts of %.0f bytes\n",
           NREPLIES, (double)words / NREPLIES, nforms,
           (double)bytes / NREPLIES);
}

/* ---- each text by itself ---- */

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* What two calls of now() in a row say has passed. */
static double timer_cost(void) {
    static double ns[1001];

    for (int i = 0; i < 1001; i++) {
        double start = now();
        ns[i] = now() - start;
    }
    qsort(ns, 1001, sizeof *ns, by_value);
    return ns[500];
}

static void keep_least(double *least, double ns) {
    if (*least == 0 || ns < *least)
        *least = ns;
}

static void time_each(double timer) {
    static smtpcode_reply reply;
    static smtpcode_result result;

    for (size_t i = 0; i < NREPLIES; i++) {
        struct text *t = &texts[i];
        double start = now();
        smtpcode_reply_read(&reply, t->bytes, t->len);
        smtpcode_diagnose(&reply, NULL, &result);
        keep_least(&t->ns, now() - start - timer);
        t->phrases = took_phrases(&result);
    }
}

static void time_json(double timer) {
    static smtpcode_reply reply;
    static smtpcode_result result;
    static char json[65536];

    for (size_t i = 0; i < NREPLIES; i++) {
        struct text *t = &texts[i];
        smtpcode_reply_read(&reply, t->bytes, t->len);
        smtpcode_diagnose(&reply, NULL, &result);
        double start = now();
        sink += (unsigned)smtpcode_json(&result, json, sizeof json);
        keep_least(&t->json_ns, now() - start - timer);
    }
}

static void show(const char *what, const double *of_first) {
    static double ns[NREPLIES];
    double sum = 0;

    for (size_t i = 0; i < NREPLIES; i++)
        sum += ns[i] =
            *(const double *)((const char *)of_first + i * sizeof(struct text));
    qsort(ns, NREPLIES, sizeof *ns, by_value);
    printf("  %-22s median %5.0f ns, p90 %5.0f, p99 %5.0f, most %5.0f; mean "
           "%.0f\n",
           what, ns[NREPLIES / 2], ns[NREPLIES * 9 / 10],
           ns[NREPLIES * 99 / 100], ns[NREPLIES - 1], sum / NREPLIES);
}

/* ---- the steps ---- */

static void time_step(enum step step, double timer) {
    for (size_t i = 0; i < NREPLIES; i++) {
        struct text *t = &texts[i];
        double start = now();
        sink += run_steps(t->bytes, t->len, step, t->phrases);
        keep_least(&t->steps[step], now() - start - timer);
    }
}

static void show_steps(void) {
    static const char *const names[] = {"read", "normalise and match", "names",
                                        "mask and phrases", "judge"};
    size_t phrases = 0;
    double before = 0;

    for (size_t i = 0; i < NREPLIES; i++)
        phrases += texts[i].phrases != 0;
    printf("  of the mean:");
    for (int step = 0; step < NSTEPS; step++) {
        double sum = 0;
        for (size_t i = 0; i < NREPLIES; i++)
            sum += texts[i].steps[step];
        printf("%s %s %.0f ns", step ? "," : "", names[step],
               (sum - before) / NREPLIES);
        before = sum;
    }
    printf("; phrases are looked for in %.0f %%\n",
           100 * (double)phrases / NREPLIES);
}

int main(void) {
    double timer = timer_cost();

    collect_templates();
    make_replies();
    collect_forms("tests/cases/wrappers.tsv");
    if (nforms == 0)
        return EXIT_FAILURE;
    make_texts();
    for (int round = 0; round < ROUNDS; round++) {
        time_each(timer);
        time_json(timer);
        for (int step = 0; step < NSTEPS; step++)
            time_step((enum step)step, timer);
    }
    show("read and diagnose:", &texts[0].ns);
    show("smtpcode_json():", &texts[0].json_ns);
    show_steps();
    return EXIT_SUCCESS;
}
