/*
 * page_why.c - what a reply means, and what is behind it: first the causes
 * whose clue stands in this very reply.
 */
#define _GNU_SOURCE /* strncasecmp */
#include <string.h>
#include <strings.h>

#include "diagnosis.h"

enum { SOME_MEANING = 2, SOME_CAUSES = 3, SHORTEST_CLUE = 4 };

static void print_meaning_of(const smtpcode_result *r) {
    struct text text = {NULL, 0, 0};
    const char *sentence;

    for (size_t i = 0;
         (sentence = smtpcode_result_text(r, SMTPCODE_MEANING, i)) &&
         (options.all || i < SOME_MEANING);
         i++)
        append_item(&text, " ", sentence);
    if (text.len)
        fact("Why", text_of(&text));
    free_text(&text);
}

static bool is_word_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

/* Whether WORD stands in TEXT, from the begin of a word on. */
static bool stands_in(const char *text, size_t len, const char *word,
                      size_t n) {
    for (size_t i = 0; i + n <= len; i++)
        if ((i == 0 || !is_word_byte(text[i - 1])) &&
            strncasecmp(text + i, word, n) == 0)
            return true;
    return false;
}

/* CLUE is a list: "open resolver, 127.255.255.254". */
static bool gives_away(const char *clue, const char *text, size_t len) {
    while (clue && *clue) {
        size_t n = strcspn(clue, ",");
        if (n >= SHORTEST_CLUE && stands_in(text, len, clue, n))
            return true;
        clue += n + strspn(clue + n, ", ");
    }
    return false;
}

static void print_cause_of(const smtpcode_result *r, size_t i, size_t number) {
    int who = smtpcode_result_number(r, SMTPCODE_CAUSE_WHO, i);
    struct text text = {NULL, 0, 0};

    if (!smtpcode_result_text(r, SMTPCODE_CAUSE, i))
        return; /* a library without sentences */
    append_item(&text, "", smtpcode_result_text(r, SMTPCODE_CAUSE, i));
    if (who && who != smtpcode_result_number(r, SMTPCODE_WHO, 0))
        append(&text, " (%s)", who_label(who));
    printf(" %2zu ", number);
    wrapped(text_of(&text), 4, options.width);
    putchar('\n');
    free_text(&text);
}

static void print_causes_of(const struct diagnosis *d) {
    const smtpcode_result *r = &d->result;
    size_t n = smtpcode_result_count(r, SMTPCODE_CAUSE), printed = 0, len;
    const char *words = smtpcode_reply_words(&d->reply, &len);

    for (int clued = 1; clued >= 0; clued--)
        for (size_t i = 0; i < n; i++)
            if (gives_away(smtpcode_result_text(r, SMTPCODE_CAUSE_CLUE, i),
                           words, len) == clued &&
                (printed < SOME_CAUSES || options.all))
                print_cause_of(r, i, ++printed);
}

void print_why(const struct diagnosis *d) {
    putchar('\n');
    print_meaning_of(&d->result);
    print_causes_of(d);
}
