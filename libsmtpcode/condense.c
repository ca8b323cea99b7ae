/*
 * condense.c - words without those that change nothing: "the mailbox has been
 * disabled" is "mailbox disabled".  Phrases are looked for in such words, and
 * the generator passes their texts through this very function.
 *
 * Each word has a blank on both sides then, the first and the last too.
 * A contraction with "not" becomes "not": "couldn't be found" is "not found".
 */
#include <stdbool.h>
#include <string.h>

#include "tables.h"

enum { LONGEST = 9, MOST_OF_LENGTH = 128 };

#define OF_THREE                              \
    "anyarecandasderdiddieeeneinfuehadhasher" \
    "hethisistitslasleslosourtheunaunewas"

/* Articles, auxiliary verbs, whose it is; those of one length in a row.  None
 * that turns the meaning. */
static const char fillers[LONGEST + 1][MOST_OF_LENGTH] = {
    "",
    "ai",
    "anbedoelhailisitlalelounwe",
    OF_THREE,
    "alsobeendoeseinethatthiswerewillwird",
    "beingcouldtheirtherethesethosewouldwurde",
    "",
    "",
    "",
    "currentlypresently"};

static bool is_filler(const char *word, size_t len) {
    if (len > LONGEST)
        return false;
    for (const char *f = fillers[len]; *f; f += len)
        if (*f == *word && memcmp(f, word, len) == 0)
            return true;
    return false;
}

static bool ends(const char *word, size_t len, const char *end, size_t n) {
    return len > n && memcmp(word + len - n, end, n) == 0;
}

/* "isn't", also with the typographic apostrophe, and "cannot". */
static bool is_negation(const char *word, size_t len) {
    return ends(word, len, "n't", 3) || ends(word, len, "n\xe2\x80\x99t", 5) ||
           (len == 6 && memcmp(word, "cannot", len) == 0);
}

/* WORD and a blank, if it is to stay, behind the N bytes of OUT; their new
 * number. */
static size_t put_word(const char *word, size_t len, char *out, size_t n) {
    static const char hyphen[] = "e-mail";

    if (is_filler(word, len))
        return n;
    if (is_negation(word, len)) {
        memcpy(out + n, "not ", 4);
        return n + 4;
    }
    if (len >= sizeof hyphen - 1 &&
        memcmp(word, hyphen, sizeof hyphen - 1) == 0) {
        out[n++] = *word;
        word += 2;
        len -= 2;
    }
    memcpy(out + n, word, len);
    out[n + len] = ' ';
    return n + len + 1;
}

size_t smtpcode_condense(const char *words, size_t len, char *out) {
    size_t n = 0;

    out[n++] = ' ';
    for (size_t at = 0; at < len;) {
        const char *blank = memchr(words + at, ' ', len - at);
        size_t end = blank ? (size_t)(blank - words) : len;
        if (end > at)
            n = put_word(words + at, end - at, out, n);
        at = end + 1;
    }
    return n;
}
