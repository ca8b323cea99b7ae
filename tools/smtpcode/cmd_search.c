/*
 * cmd_search.c - smtpcode search WORDS: every word must stand somewhere in
 * the entry; where it stands decides the rank.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "command.h"

enum {
    MOST_ENTRIES = 65536,
    MOST_WORDS = 16,
    ONE_SCREEN = 20,
    SOME_REPLIES = 3
};

struct hit {
    const smtpcode_entry *entry;
    int score;
};

/* What is searched, and what a word there is worth. */
static const struct {
    enum smtpcode_field field;
    int worth;
} searched[] = {
    {SMTPCODE_TITLE, 40},   {SMTPCODE_NAME, 30},         {SMTPCODE_DETAIL, 20},
    {SMTPCODE_MEANING, 12}, {SMTPCODE_CAUSE_CLUE, 10},   {SMTPCODE_CAUSE, 10},
    {SMTPCODE_LINE, 8},     {SMTPCODE_DETAIL_TEXT, 8},   {SMTPCODE_CONFLICT, 6},
    {SMTPCODE_REMEDY, 4},   {SMTPCODE_CHECK_COMMAND, 4}, {SMTPCODE_DONT, 3},
    {SMTPCODE_MARK, 8},     {SMTPCODE_DOMAIN, 20},
};

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || (c & 0x80);
}

/* WORD at the begin of a word of TEXT counts whole, inside one a third. */
static int worth_in(const char *text, const char *word, int worth) {
    size_t len = strlen(word);
    int best = 0;

    for (const char *at = text; *at; at++) {
        if (strncasecmp(at, word, len) != 0)
            continue;
        if (at == text || !is_letter(at[-1]))
            return worth;
        best = worth / 3;
    }
    return best;
}

static int best_in(const smtpcode_entry *e, enum smtpcode_field field,
                   const char *word, int worth) {
    size_t n = smtpcode_count(e, field);
    int best = 0;

    for (size_t i = 0; i < n; i++) {
        const char *text = smtpcode_text(e, field, i);
        int here = text ? worth_in(text, word, worth) : 0;
        best = here > best ? here : best;
    }
    return best;
}

static int score_word(const smtpcode_entry *e, const char *word) {
    int score = worth_in(smtpcode_id(e), word, 100);

    for (size_t i = 0; i < sizeof searched / sizeof *searched; i++)
        score += best_in(e, searched[i].field, word, searched[i].worth);
    return score;
}

/* What answers a question comes before what illustrates it. */
static int weight_of(const smtpcode_entry *e) {
    bool own = bare_code(e) != smtpcode_id(e);

    switch (smtpcode_kind_of(e)) {
    case SMTPCODE_KIND_CONDITION:
        return 8;
    case SMTPCODE_KIND_TEMPLATE:
    case SMTPCODE_KIND_TOKEN:
    case SMTPCODE_KIND_PHRASE:
        return 1;
    default:
        return own ? 2 : 5;
    }
}

static int score_entry(const smtpcode_entry *e, int nwords, char **words) {
    int sum = 0;

    for (int i = 0; i < nwords; i++) {
        int score = score_word(e, words[i]);
        if (score == 0)
            return 0;
        sum += score;
    }
    return sum * weight_of(e);
}

/* 4.7.1 says mostly what x.7.1 says: one of them is enough. */
static bool searchable(const smtpcode_entry *e) {
    bool copy = smtpcode_kind_of(e) == SMTPCODE_KIND_ENHANCED_STATUS &&
                bare_code(e) == smtpcode_id(e) && smtpcode_id(e)[0] != 'x';

    return fits_options(e) && (options.code_class || !copy);
}

static int by_score(const void *left, const void *right) {
    const struct hit *a = left, *b = right;

    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return (a->entry > b->entry) - (a->entry < b->entry);
}

static size_t find_all(int nwords, char **words, struct hit *hits) {
    size_t n = 0;

    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_ANY)) && n < MOST_ENTRIES;) {
        int score = searchable(e) ? score_entry(e, nwords, words) : 0;
        if (score > 0)
            hits[n++] = (struct hit){e, score};
    }
    qsort(hits, n, sizeof *hits, by_score);
    return n;
}

/* One screen: the best, and of servers' replies only a few. */
static void print_hits(const struct hit *hits, size_t n) {
    size_t printed = 0, replies = 0;

    for (size_t i = 0; i < n; i++) {
        const smtpcode_entry *e = hits[i].entry;
        bool reply = smtpcode_kind_of(e) == SMTPCODE_KIND_TEMPLATE;
        if (options.format != FORMAT_PAGE) {
            print_entry(e, NULL);
            continue;
        }
        if (!options.all &&
            (printed == ONE_SCREEN || (reply && replies == SOME_REPLIES &&
                                       options.kind != SMTPCODE_KIND_TEMPLATE)))
            continue;
        print_line(e, SMTPCODE_KIND_ANY);
        printed++;
        replies += reply;
    }
    if (printed && printed < n)
        printf("%zu more: --all\n", n - printed);
}

bool anything_about(const char *word) {
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_ANY));)
        if (*word && score_word(e, word) > 0)
            return true;
    return false;
}

/* Cut ARGUMENTS at their blanks into at most MOST_WORDS words. */
static int split_words(int argc, char **arguments, char **words) {
    int n = 0;

    for (int i = 0; i < argc; i++)
        for (char *word = strtok(arguments[i], " \t\r\n");
             word && n < MOST_WORDS; word = strtok(NULL, " \t\r\n"))
            words[n++] = word;
    return n;
}

enum exit_status cmd_search(int argc, char **argv) {
    static struct hit hits[MOST_ENTRIES];
    char *words[MOST_WORDS];
    int nwords = split_words(argc - 1, argv + 1, words);

    if (nwords == 0) {
        complain("search for what? smtpcode search WORDS");
        return EXIT_USAGE;
    }
    size_t n = find_all(nwords, words, hits);
    if (n == 0) {
        complain("nothing about that");
        return EXIT_NOT_FOUND;
    }
    if (!options.quiet)
        print_hits(hits, n);
    return EXIT_FOUND;
}
