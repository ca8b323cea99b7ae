/*
 * fragments.c - the sentences of templates as phrases.
 *
 * Servers cut, reword and prefix their replies, and other programs quote a
 * part of them.  A sentence that one server alone is known to say, always for
 * one reason, shows both without the rest of the reply; what several reasons
 * share, such as where to read more, shows nothing and is left out.
 */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

enum {
    LEAST_BLANKS = 4,
    MOST_BYTES = 80, /* a longer sentence is two: both seldom change */
    KEY = 16,        /* bytes by which fragments are found again */
    NSLOTS = 1 << 15
};

struct fragment {
    const struct pattern *of;
    char *text;
    bool shared; /* with another reason, or another server */
    struct fragment *next;
};

static struct fragment *slots[NSLOTS];

/* ---- what is no reason ---- */

/* What courtesy and advice begin with. */
static const char *const begins_advice[] = {
    "please ", "for ",   "if ",     "see ",      "to ",     "more ",
    "go to ",  "learn ", "refer ",  "this is ",  "you can", "you may",
    "click ",  "check ", "try ",    "thank you", "sorry ",  "you should",
    "talk to", "ask ",   "we have", "you do ",   "in the ", "feel free"};
/* And what is in it wherever it begins. */
static const char *const in_advice[] = {
    "please ",    "contact ", "visit ",        "more information",
    "http",       "www.",     "administrator", "for details",
    "assistance", "support ", "we recommend"};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static bool is_advice(const char *text) {
    for (size_t i = 0; i < COUNT(begins_advice); i++)
        if (strncmp(text, begins_advice[i], strlen(begins_advice[i])) == 0)
            return true;
    for (size_t i = 0; i < COUNT(in_advice); i++)
        if (strstr(text, in_advice[i]))
            return true;
    return false;
}

/* What says no more than that it was refused: the rest of the reply, which a
 * sentence is without, may say why. */
static bool is_vague(const struct pattern *p) {
    static const char *const vague[] = {"policy-rejected", "recipient-rejected",
                                        "sender-rejected"};
    const struct entry *condition = condition_of(p->entry);

    for (size_t i = 0; i < COUNT(vague); i++)
        if (condition && strcmp(condition->id, vague[i]) == 0)
            return true;
    return false;
}

/* ---- sentences ---- */

static bool is_letter(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c & 0x80;
}

static size_t blanks_in(const char *text, size_t len) {
    size_t n = 0;

    for (size_t i = 0; i < len; i++)
        n += text[i] == ' ';
    return n;
}

/* Where a sentence ends at the latest: a mark with a blank behind it, a
 * bracket, a quote, what is masked. */
static size_t sentence_length(const char *text, size_t len) {
    size_t n = 0;

    while (n < len && text[n] != SMTPCODE_MASKED &&
           !strchr("<>[](){}\"", text[n]) &&
           !(strchr(".;:!?", text[n]) && (n + 1 == len || text[n + 1] == ' ')))
        n++;
    return n;
}

static size_t hash_key(const char *text) {
    uint32_t hash = 0;

    for (size_t i = 0; i < KEY; i += 4)
        hash = (hash ^ smtpcode_load(text + i)) * 0x9e3779b1u;
    return hash >> 17;
}

static void keep(const struct pattern *p, const char *text, size_t len) {
    char *copy = (char *)join_text("%.*s", (int)len, text);
    struct fragment **slot;

    if (len < LEAST_FRAGMENT || blanks_in(text, len) < LEAST_BLANKS ||
        is_advice(copy))
        return;
    slot = &slots[hash_key(copy)];
    for (const struct fragment *f = *slot; f; f = f->next)
        if (strcmp(f->text, copy) == 0)
            return;
    struct fragment *f = calloc(1, sizeof *f);
    *f = (struct fragment){p, copy, false, *slot};
    *slot = f;
}

/* Without blanks and commas at its ends; a long one in two, at a blank. */
static void keep_sentence(const struct pattern *p, const char *text,
                          size_t len) {
    while (len && strchr(" ,-", *text))
        text++, len--;
    while (len && strchr(" ,-", text[len - 1]))
        len--;
    if (len <= MOST_BYTES) {
        keep(p, text, len);
        return;
    }
    size_t half = len / 2;
    while (half < len && text[half] != ' ')
        half++;
    keep_sentence(p, text, half);
    keep_sentence(p, text + half, len - half);
}

/* Without the word at either end that goes on as a value. */
static void split_literal(const struct pattern *p, size_t i) {
    const struct element *e = &p->elements[i];
    char masked[SMTPCODE_MOST_LITERAL];
    size_t at = 0, end = e->len;

    if (i > 0)
        while (at < end && is_letter(e->bytes[at]))
            at++;
    if (i + 1 < p->n)
        while (end > at && is_letter(e->bytes[end - 1]))
            end--;
    smtpcode_mask(e->bytes, e->len, masked);
    for (size_t n; at < end; at += n + 1) {
        n = sentence_length(masked + at, end - at);
        keep_sentence(p, masked + at, n);
    }
}

/* ---- who else says so ---- */

static bool same_answer(const struct pattern *a, const struct pattern *b) {
    return condition_of(a->entry) == condition_of(b->entry) &&
           a->entry->server == b->entry->server;
}

static void compare_at(const struct pattern *p, const char *at) {
    for (struct fragment *f = slots[hash_key(at)]; f; f = f->next)
        if (strncmp(at, f->text, strlen(f->text)) == 0 &&
            !same_answer(f->of, p))
            f->shared = true;
}

static void find_sharing(const struct pattern *p) {
    size_t len = strlen(p->words);

    for (size_t i = 0; i + KEY <= len; i++)
        if (i == 0 || p->words[i - 1] == ' ')
            compare_at(p, p->words + i);
}

/* ---- all ---- */

void each_fragment(void (*use)(const struct entry *e, const char *text)) {
    for (size_t i = 0; i < ntemplate_patterns; i++)
        for (size_t k = 0; k < template_patterns[i]->n; k++)
            if (template_patterns[i]->part == SMTPCODE_LINES_ALL &&
                !is_vague(template_patterns[i]) &&
                !template_patterns[i]->elements[k].placeholder)
                split_literal(template_patterns[i], k);
    for (size_t i = 0; i < ntemplate_patterns; i++)
        find_sharing(template_patterns[i]);
    for (size_t i = 0; i < NSLOTS; i++)
        for (const struct fragment *f = slots[i]; f; f = f->next)
            if (!f->shared)
                use(f->of->entry, f->text);
}
