/*
 * accuracy.c - how often the answer is right on replies that people labelled.
 *
 *     accuracy FILE.tsv...
 *
 * The first line names the columns: reply, accept (conditions, best first),
 * and if there: group (near-duplicates count once), server, who, id.  A
 * two-character `\n` separates the lines of a reply.  Exit 1 if the base says
 * that it is surer than it was right.
 */
#define _GNU_SOURCE /* getline, strsep */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../rows.h"
#include "smtpcode.h"

enum { ID, GROUP, REPLY, ACCEPT, SERVER, WHO, NCOLUMNS };
enum { RIGHT, UNKNOWN, WRONG, NOUTCOMES };
enum { NBASES = SMTPCODE_BASIS_TOKEN + 1, NCONDITIONS = 56 };

static const char *const columns[NCOLUMNS] = {"id",     "group",  "reply",
                                              "accept", "server", "who"};

struct row {
    char *cell[NCOLUMNS]; /* NULL: the file has no such column */
    int outcome, basis, confidence, condition;
    bool who_right, server_right;
    const char *said, *rule, *server, *who;
};

static struct row *rows;
static size_t nrows;

/* ---- reading ---- */

static void fail(const char *path, const char *what) {
    fprintf(stderr, "accuracy: %s: %s\n", path, what);
    exit(2);
}

static void read_header(const char *path, char *line, int *places) {
    int n = 0;

    for (char *name; (name = strsep(&line, "\t")); n++) {
        places[n] = -1;
        for (int i = 0; i < NCOLUMNS; i++)
            if (strcmp(columns[i], name) == 0)
                places[n] = i;
        if (n == 31)
            fail(path, "too many columns");
    }
    places[n] = -2;
}

static void read_row(char *line, const int *places) {
    rows = realloc(rows, (nrows + 1) * sizeof *rows);
    if (!rows)
        fail("memory", "none left");
    struct row *row = &rows[nrows++];
    memset(row, 0, sizeof *row);
    for (int n = 0; places[n] > -2; n++) {
        char *cell = strsep(&line, "\t");
        if (places[n] >= 0 && cell)
            row->cell[places[n]] = strdup(cell);
    }
}

static void read_file(const char *path) {
    char *line = NULL;
    size_t size = 0, n = 0;
    int places[33];
    FILE *f = fopen(path, "r");

    if (!f)
        fail(path, "cannot be read");
    for (; getline(&line, &size, f) > 0; n++) {
        line[strcspn(line, "\n")] = '\0';
        if (n == 0)
            read_header(path, line, places);
        else if (*line && *line != '#')
            read_row(line, places);
    }
    free(line);
    fclose(f);
    if (n < 2)
        fail(path, "no rows");
}

/* Whether WORD is in LIST, separated by commas. */
static bool is_in(const char *list, const char *word) {
    size_t len = strlen(word);

    for (const char *at = list; (at = strstr(at, word)); at += len)
        if ((at == list || at[-1] == ',') && (at[len] == ',' || !at[len]))
            return true;
    return false;
}

static bool same_server(const struct row *row, const char *server,
                        const char *software) {
    const char *want = row->cell[SERVER];

    return (server && is_in(want, server)) ||
           (software && is_in(want, software));
}

static const char *id_of(const smtpcode_result *r, enum smtpcode_field field) {
    const smtpcode_entry *e = smtpcode_result_related(r, field, 0);

    return e ? smtpcode_id(e) : NULL;
}

/* ---- asking ---- */

static void ask(struct row *row) {
    static smtpcode_reply reply;
    smtpcode_result result;
    char *text = strdup(row->cell[REPLY]);

    if (smtpcode_reply_read(&reply, text, unescape_breaks(text)) != SMTPCODE_OK)
        memset(&reply, 0, sizeof reply);
    smtpcode_diagnose(&reply, NULL, &result);
    row->said = id_of(&result, SMTPCODE_CONDITION);
    row->rule = id_of(&result, SMTPCODE_RULE);
    row->server = id_of(&result, SMTPCODE_SERVER);
    row->who = smtpcode_word(SMTPCODE_WORDS_WHO,
                             smtpcode_result_number(&result, SMTPCODE_WHO, 0));
    row->condition =
        smtpcode_number(smtpcode_result_related(&result, SMTPCODE_CONDITION, 0),
                        SMTPCODE_NUMBER, 0);
    row->basis = smtpcode_result_number(&result, SMTPCODE_BASIS, 0);
    row->confidence = smtpcode_result_number(&result, SMTPCODE_CONFIDENCE, 0);
    bool unknown = strcmp(row->said, "unknown") == 0;
    row->outcome = is_in(row->cell[ACCEPT], row->said) ? RIGHT
                   : unknown                           ? UNKNOWN
                                                       : WRONG;
    row->who_right =
        row->who && row->cell[WHO] && strcmp(row->who, row->cell[WHO]) == 0;
    row->server_right =
        row->cell[SERVER] &&
        same_server(row, row->server, id_of(&result, SMTPCODE_SOFTWARE));
    free(text);
}

/* ---- counting ---- */

static const char *group_of(const struct row *row) {
    return row->cell[GROUP] ? row->cell[GROUP] : row->cell[REPLY];
}

static int by_group(const void *left, const void *right) {
    return strcmp(group_of(left), group_of(right));
}

struct share {
    double sum;
    size_t count;
};

static void add(struct share *s, double value) {
    s->sum += value;
    s->count++;
}

static double percent(struct share s) {
    return s.count ? 100 * s.sum / (double)s.count : 0;
}

struct counts {
    struct share outcome[NOUTCOMES], who, server;
    struct share conditions[NOUTCOMES][NCONDITIONS];
    size_t rows, groups;
};

/* The condition that a person called the best one: its number. */
static int best_condition(const struct row *row) {
    const smtpcode_entry *e =
        smtpcode_find(row->cell[ACCEPT], strcspn(row->cell[ACCEPT], ","));

    return smtpcode_number(e, SMTPCODE_NUMBER, 0);
}

/* A group counts as one reply, whatever its size. */
static void count_group(struct counts *c, const struct row *row, size_t n) {
    struct share outcome[NOUTCOMES] = {{0, 0}}, who = {0, 0}, server = {0, 0};

    for (size_t i = 0; i < n; i++) {
        for (int o = 0; o < NOUTCOMES; o++)
            add(&outcome[o], row[i].outcome == o);
        if (row[i].cell[WHO] && *row[i].cell[WHO])
            add(&who, row[i].who_right);
        if (row[i].cell[SERVER] && *row[i].cell[SERVER])
            add(&server, row[i].server_right);
    }
    for (int o = 0; o < NOUTCOMES; o++) {
        add(&c->outcome[o], percent(outcome[o]) / 100);
        add(&c->conditions[o][best_condition(row)], percent(outcome[o]) / 100);
    }
    if (who.count)
        add(&c->who, percent(who) / 100);
    if (server.count)
        add(&c->server, percent(server) / 100);
    c->groups++;
    c->rows += n;
}

static void count(struct counts *c) {
    size_t end;

    qsort(rows, nrows, sizeof *rows, by_group);
    for (size_t i = 0; i < nrows; i = end) {
        for (end = i + 1; end < nrows && by_group(&rows[i], &rows[end]) == 0;)
            end++;
        count_group(c, &rows[i], end - i);
    }
}

static double mean_of_conditions(const struct counts *c, int outcome) {
    struct share mean = {0, 0};

    for (int i = 0; i < NCONDITIONS; i++)
        if (c->conditions[outcome][i].count)
            add(&mean, percent(c->conditions[outcome][i]));
    return mean.count ? mean.sum / (double)mean.count : 0;
}

/* ---- telling ---- */

static void print_basis(void) {
    printf("\nright by       rows  right  share\n");
    for (int b = NBASES - 1; b >= 0; b--) {
        size_t n = 0, right = 0;
        for (size_t i = 0; i < nrows; i++) {
            n += rows[i].basis == b;
            right += rows[i].basis == b && rows[i].outcome == RIGHT;
        }
        if (n)
            printf("  %-12s %4zu  %5zu  %4.0f %%\n",
                   b ? smtpcode_word(SMTPCODE_WORDS_BASIS, b) : "(unknown)", n,
                   right, 100.0 * (double)right / (double)n);
    }
}

/* Groups again, so that a hundred copies of one reply prove nothing. */
static struct share share_at(int confidence) {
    struct share s = {0, 0};

    for (size_t i = 0; i < nrows; i++) {
        size_t n = 0;
        if (rows[i].confidence != confidence || !rows[i].basis)
            continue;
        for (size_t k = 0; k < nrows; k++)
            n += by_group(&rows[i], &rows[k]) == 0 &&
                 rows[k].confidence == confidence && rows[k].basis;
        s.sum += (rows[i].outcome == RIGHT) / (double)n;
        s.count += 1;
    }
    return s;
}

static size_t groups_at(int confidence) {
    size_t n = 0;

    for (size_t i = 0; i < nrows; i++) {
        bool first = rows[i].confidence == confidence && rows[i].basis;
        for (size_t k = 0; k < i && first; k++)
            first = by_group(&rows[i], &rows[k]) != 0 ||
                    rows[k].confidence != confidence || !rows[k].basis;
        n += first;
    }
    return n;
}

/* Fewer groups than this say nothing about a share. */
enum { ENOUGH = 10, TOLERANCE = 5 };

static bool print_confidence(void) {
    bool overstated = false;

    printf("\nconfidence     groups  measured\n");
    for (int said = 100; said > 0; said--) {
        size_t n = groups_at(said);
        if (!n)
            continue;
        double measured = 100 * share_at(said).sum / (double)n;
        bool wrong = n >= ENOUGH && measured + TOLERANCE < said;
        printf("  %3d          %6zu  %5.0f %%%s\n", said, n, measured,
               wrong ? "  overstated" : "");
        overstated |= wrong;
    }
    return overstated;
}

static void print_misses(int outcome, const char *title) {
    printf("\n%s\n", title);
    for (size_t i = 0; i < nrows; i++) {
        const struct row *r = &rows[i];
        if (r->outcome != outcome)
            continue;
        printf("  %s, not %s, by %s (%d)\n      %.200s\n", r->said,
               r->cell[ACCEPT], r->rule ? r->rule : "nothing", r->confidence,
               r->cell[REPLY]);
    }
}

static void print_who(void) {
    printf("\nwho is not right\n");
    for (size_t i = 0; i < nrows; i++) {
        const struct row *r = &rows[i];
        if (r->outcome == RIGHT && r->cell[WHO] && *r->cell[WHO] &&
            !r->who_right)
            printf("  %s, not %s: %s by %s\n      %.150s\n",
                   r->who ? r->who : "null", r->cell[WHO], r->said, r->rule,
                   r->cell[REPLY]);
    }
}

static void print_server(void) {
    printf("\nserver is not right\n");
    for (size_t i = 0; i < nrows; i++) {
        const struct row *r = &rows[i];
        if (r->cell[SERVER] && *r->cell[SERVER] && !r->server_right)
            printf("  %s, not %s: by %s\n      %.150s\n",
                   r->server ? r->server : "null", r->cell[SERVER],
                   r->rule ? r->rule : "nothing", r->cell[REPLY]);
    }
}

int main(int argc, char **argv) {
    struct counts c;

    if (argc < 2)
        fail("usage", "accuracy FILE.tsv...");
    for (int i = 1; i < argc; i++)
        read_file(argv[i]);
    for (size_t i = 0; i < nrows; i++) {
        if (!rows[i].cell[REPLY] || !rows[i].cell[ACCEPT])
            fail("a row", "no reply or no accept");
        ask(&rows[i]);
    }
    memset(&c, 0, sizeof c);
    count(&c);
    printf("%zu replies in %zu groups\n", c.rows, c.groups);
    printf("               right  unknown  wrong\n");
    printf("  of groups   %5.1f %%  %5.1f %%  %5.1f %%\n",
           percent(c.outcome[RIGHT]), percent(c.outcome[UNKNOWN]),
           percent(c.outcome[WRONG]));
    printf("  of conditions %3.1f %%  %5.1f %%  %5.1f %%\n",
           mean_of_conditions(&c, RIGHT), mean_of_conditions(&c, UNKNOWN),
           mean_of_conditions(&c, WRONG));
    printf("  who right   %5.1f %% of %zu groups\n", percent(c.who),
           c.who.count);
    printf("  server right %4.1f %% of %zu groups\n", percent(c.server),
           c.server.count);
    print_basis();
    bool overstated = print_confidence();
    print_misses(WRONG, "wrong");
    print_misses(UNKNOWN, "unknown");
    print_who();
    print_server();
    return overstated ? 1 : 0;
}
