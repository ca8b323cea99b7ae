/* suggest.c - near misses: what somebody probably meant. */
#define _GNU_SOURCE /* strcasestr */
#include <string.h>

#include "command.h"

enum { LONGEST = 64, NEAR = 2, MOST = 6 };

static size_t least(size_t a, size_t b, size_t c) {
    size_t m = a < b ? a : b;

    return m < c ? m : c;
}

/* Levenshtein's, with one row; words over LONGEST are far from everything. */
size_t edit_distance(const char *a, const char *b) {
    size_t cost[LONGEST + 1], n = strlen(a), m = strlen(b);

    if (n > LONGEST || m > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= m; j++)
        cost[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t corner = cost[0];
        cost[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t above = cost[j];
            cost[j] = least(above + 1, cost[j - 1] + 1,
                            corner + (a[i - 1] != b[j - 1]));
            corner = above;
        }
    }
    return cost[m];
}

const struct command *near_command(const char *word) {
    const struct command *best = NULL;
    size_t nearest = NEAR + 1;

    if (strlen(word) < 3) /* two edits turn it into anything */
        return NULL;
    for (const struct command *c = commands; c->name; c++) {
        size_t distance = edit_distance(word, c->name);
        if (distance < nearest) {
            nearest = distance;
            best = c;
        }
    }
    return best;
}

/* 45: codes that begin so; mailbox-ful: names that are nearly so. */
static bool is_near(const char *word, const char *id) {
    size_t len = strlen(word);

    if (word[0] >= '0' && word[0] <= '9')
        return strncmp(word, id, len) == 0;
    return (len >= 4 && strncmp(word, id, len) == 0) ||
           (len >= 4 && edit_distance(word, id) <= NEAR);
}

void suggest_entries(const char *word) {
    size_t found = 0;

    if (!*word)
        return;
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_ANY));) {
        const char *id = smtpcode_id(e);
        if (!is_near(word, id) || strchr(id, '/') ||
            smtpcode_match_of(e) == SMTPCODE_MATCH_CLASS)
            continue;
        if (found == MOST) {
            fputs(" ...", stderr);
            break;
        }
        fprintf(stderr, found++ ? " %s" : "smtpcode: did you mean: %s", id);
    }
    if (found)
        fputs("?\n", stderr);
}

bool near_entry(const char *word) {
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_ANY));)
        if (strlen(word) >= 4 && edit_distance(word, smtpcode_id(e)) <= NEAR)
            return true;
    return false;
}

static bool holds(const smtpcode_entry *e, enum smtpcode_field field,
                  const char *word) {
    const char *text;

    for (size_t i = 0; (text = smtpcode_text(e, field, i)); i++)
        if (strcasestr(text, word))
            return true;
    return false;
}

const smtpcode_entry *find_server(const char *name) {
    const smtpcode_entry *e = smtpcode_find(name, strlen(name)), *found = NULL;

    if (smtpcode_kind_of(e) == SMTPCODE_KIND_SERVER)
        return e;
    if (strlen(name) < 3)
        return NULL;
    for (e = NULL; (e = smtpcode_next(e, SMTPCODE_KIND_SERVER));)
        if (holds(e, SMTPCODE_NAME, name) || holds(e, SMTPCODE_DOMAIN, name)) {
            if (found)
                return NULL; /* several: the caller says so */
            found = e;
        }
    return found;
}
