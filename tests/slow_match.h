/*
 * slow_match.h - the matcher's rules once more, without its tables or order of
 * work: every pattern at every place, every value of every length.  What
 * match.c must agree with; for tests and fuzzing.
 */
#ifndef SLOW_MATCH_H
#define SLOW_MATCH_H

#include <ctype.h>
#include <string.h>

#include "../tools/gen/gen.h"

struct slow { /* normal words, without a blank at either end */
    const char *words;
    size_t begin, len;
};

static char slow_byte(const struct slow *s, size_t at) {
    return at < s->len ? s->words[at] : '\0';
}

static int slow_trails(char c) { return c && strchr(".,:;", c); }

static int slow_in_class(int placeholder, char c) {
    return class_table()[(unsigned char)c] & smtpcode_class_of(placeholder);
}

static int slow_says(const struct slow *s, size_t at, const char *words) {
    size_t len = strlen(words);

    return at <= s->len && s->len - at >= len &&
           memcmp(s->words + at, words, len) == 0;
}

/* Nothing but punctuation follows END in the class. */
static int slow_ends(const struct slow *s, int placeholder, size_t end) {
    while (slow_trails(slow_byte(s, end)) &&
           slow_in_class(placeholder, slow_byte(s, end)))
        end++;
    return end >= s->len || !slow_in_class(placeholder, s->words[end]);
}

static int slow_all_in_class(const struct slow *s, int placeholder, size_t at,
                             size_t end) {
    while (at < end && slow_in_class(placeholder, s->words[at]))
        at++;
    return at == end;
}

static int slow_is_word(const struct slow *s, int placeholder, size_t at,
                        size_t end) {
    return at < end && slow_all_in_class(s, placeholder, at, end) &&
           !slow_trails(s->words[end - 1]) && slow_ends(s, placeholder, end);
}

/* What trails an IP address is not its own "::". */
static int slow_is_ip(const struct slow *s, size_t at, size_t end) {
    const int ip = SMTPCODE_PLACEHOLDER_IP;

    if (slow_says(s, at, "ipv6:"))
        return end > at + 5 && slow_is_ip(s, at + 3, end);
    if (end >= at + 2 && slow_says(s, end - 2, "::"))
        return slow_all_in_class(s, ip, at, end) && slow_ends(s, ip, end) &&
               (end - 2 == at || !slow_trails(s->words[end - 3]));
    return slow_is_word(s, ip, at, end) && !slow_says(s, end, "::");
}

static int slow_is_unit(const struct slow *s, size_t at, size_t end) {
    static const char *const units[] = {
        "s",     "sec",    "secs",    "second", "seconds", "m",    "min",
        "mins",  "minute", "minutes", "h",      "hr",      "hrs",  "hour",
        "hours", "d",      "day",     "days",   "w",       "week", "weeks",
        "month", "months", "year",    "years"};

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i]) == end - at && slow_says(s, at, units[i]))
            return slow_is_word(s, SMTPCODE_PLACEHOLDER_DURATION, at, end);
    return 0;
}

/* The number is all that can be one, so the piece has one end at most. */
static int slow_is_piece(const struct slow *s, size_t at, size_t end) {
    size_t i = at;

    while (i < end && strchr("0123456789.,:", s->words[i]))
        i++;
    if (i == at || !isdigit((unsigned char)s->words[at]))
        return 0;
    if (slow_byte(s, i) == ' ' && isdigit((unsigned char)s->words[i - 1]))
        i++;
    return slow_is_unit(s, i, end);
}

/* The longest way to go on with pieces from AT; 0: there is none. */
static size_t slow_longest(const struct slow *s, size_t at) {
    static const char *const between[] = {" ", ", ", " and ", ", and "};
    size_t longest = 0;

    for (size_t i = at + 1; i <= s->len && longest == 0; i++) {
        if (!slow_is_piece(s, at, i))
            continue;
        longest = i;
        for (int k = 0; k < 4; k++) {
            size_t end = 0;
            if (slow_says(s, i, between[k]))
                end = slow_longest(s, i + strlen(between[k]));
            longest = end > longest ? end : longest;
        }
    }
    return longest;
}

static int slow_is_duration(const struct slow *s, size_t at, size_t end) {
    if (end <= at || !isdigit((unsigned char)slow_byte(s, at)))
        return 0;
    size_t longest = slow_longest(s, at);
    return longest ? end == longest
                   : slow_is_word(s, SMTPCODE_PLACEHOLDER_DURATION, at, end);
}

static int slow_is_value(const struct slow *s, int placeholder, size_t at,
                         size_t end) {
    switch (placeholder) {
    case SMTPCODE_PLACEHOLDER_ANY:
        return 1;
    case SMTPCODE_PLACEHOLDER_IP:
        return slow_is_ip(s, at, end);
    case SMTPCODE_PLACEHOLDER_DURATION:
        return slow_is_duration(s, at, end);
    case SMTPCODE_PLACEHOLDER_RECIPIENT:
    case SMTPCODE_PLACEHOLDER_SENDER:
    case SMTPCODE_PLACEHOLDER_ADDRESS:
        if (at == end)
            return at > s->begin && slow_says(s, at - 1, "<>");
    }
    return slow_is_word(s, placeholder, at, end);
}

static int slow_is_edge(const struct slow *s, size_t at) {
    return at == 0 || at >= s->len ||
           !isalnum((unsigned char)s->words[at - 1]) ||
           !isalnum((unsigned char)s->words[at]);
}

static int slow_may_end(const struct slow *s, const struct pattern *p,
                        size_t at) {
    const struct element *last = &p->elements[p->n - 1];

    if (p->part && at != s->len)
        return 0;
    return last->placeholder ||
           !isalnum((unsigned char)last->bytes[last->len - 1]) ||
           slow_is_edge(s, at);
}

static int slow_fits(const struct slow *s, const struct pattern *p, size_t i,
                     size_t at) {
    const struct element *e = &p->elements[i];

    if (i == p->n)
        return slow_may_end(s, p, at);
    if (!e->placeholder)
        return s->len - at >= e->len &&
               memcmp(s->words + at, e->bytes, e->len) == 0 &&
               slow_fits(s, p, i + 1, at + e->len);
    for (size_t end = at; end <= s->len; end++)
        if (slow_is_value(s, e->placeholder, at, end) &&
            slow_fits(s, p, i + 1, end))
            return 1;
    return 0;
}

static int slow_may_begin(const struct slow *s, const struct pattern *p,
                          const struct smtpcode_said *said, size_t at) {
    const struct element *first = &p->elements[0];

    if (p->open)
        return first->placeholder || !isalnum((unsigned char)*first->bytes) ||
               slow_is_edge(s, at);
    if (at == s->begin)
        return 1;
    for (size_t i = 0; i < said->njoins && !p->part; i++)
        if (said->joins[i] + (size_t)1 == at)
            return 1;
    return 0;
}

static int slow_finds(const struct pattern *p,
                      const struct smtpcode_said *said) {
    struct slow s = {said->words, said->len && *said->words == ' ', said->len};

    s.len -= s.len > 1 && s.words[s.len - 1] == ' ';
    for (size_t at = s.begin; at <= s.len; at++)
        if (slow_may_begin(&s, p, said, at) && slow_fits(&s, p, 0, at))
            return 1;
    return 0;
}

/* ---- which of those that fit ---- */

static int slow_agree(int ours, int theirs, int unit) {
    if (ours == theirs)
        return SMTPCODE_CODES_AGREE;
    if (!ours || !theirs)
        return SMTPCODE_CODES_SILENT;
    return ours / unit == theirs / unit ? SMTPCODE_CODES_DIFFER
                                        : SMTPCODE_CODES_OPPOSE;
}

static int slow_codes(const struct pattern *p,
                      const struct smtpcode_said *said) {
    int a = slow_agree(p->reply, said->reply_code, 100);
    int b = slow_agree(p->enhanced, said->enhanced, 1000000);

    return a < b ? a : b;
}

static int slow_at_stage(const struct pattern *p,
                         const struct smtpcode_said *said) {
    return !said->stage || !p->stages || (p->stages >> said->stage & 1);
}

static int slow_same_words(const struct pattern *a, const struct pattern *b) {
    return begins(a) == begins(b) && strcmp(a->words, b->words) == 0;
}

/* Whether A is better than B, of which the words say both. */
static int slow_better(const struct pattern *a, const struct pattern *b,
                       const struct smtpcode_said *said) {
    int order = !a->part - !b->part;

    if (!order)
        order = slow_codes(a, said) - slow_codes(b, said);
    if (!order && slow_same_words(a, b))
        order = slow_at_stage(a, said) - slow_at_stage(b, said);
    if (!order)
        order = (a->literals > b->literals) - (a->literals < b->literals);
    return order ? order > 0 : a->number < b->number;
}

/* Of the N FITTING ones, none of the same words is better than P. */
static int slow_leads(const struct pattern *p,
                      const struct pattern *const *fitting, size_t n,
                      const struct smtpcode_said *said) {
    for (size_t i = 0; i < n; i++)
        if (slow_same_words(p, fitting[i]) && slow_better(fitting[i], p, said))
            return 0;
    return 1;
}

/* Entry, entries, codes, part, at_stage and ambiguous of OUT. */
static void slow_match(const struct pattern *const *patterns, size_t n,
                       const struct smtpcode_said *said,
                       struct smtpcode_match_result *out) {
    const struct pattern *fitting[4096], *best = NULL;
    size_t nfitting = 0;

    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < n; i++)
        if (patterns[i]->record != SIZE_MAX && slow_finds(patterns[i], said))
            fitting[nfitting++] = patterns[i];
    for (size_t i = 0; i < nfitting; i++)
        if (slow_leads(fitting[i], fitting, nfitting, said) &&
            (!best || slow_better(fitting[i], best, said)))
            best = fitting[i];
    if (!best)
        return;
    out->entry = (uint16_t)best->number;
    out->part = (uint8_t)best->part;
    out->codes = (uint8_t)slow_codes(best, said);
    out->at_stage = (uint8_t)slow_at_stage(best, said);
    for (size_t i = 0; i < nfitting; i++) {
        const struct pattern *p = fitting[i];
        if (!slow_same_words(p, best) || slow_codes(p, said) != out->codes ||
            slow_at_stage(p, said) != out->at_stage)
            continue;
        out->entries[out->nentries++] = (uint16_t)p->number;
        out->ambiguous |= p->condition != best->condition;
    }
}

/* Whether both answers are the same. */
static int slow_agrees(const struct smtpcode_match_result *a,
                       const struct smtpcode_match_result *b) {
    if (a->entry != b->entry || a->nentries != b->nentries ||
        a->codes != b->codes || a->part != b->part ||
        a->at_stage != b->at_stage || a->ambiguous != b->ambiguous)
        return 0;
    for (unsigned i = 0; i < a->nentries; i++) {
        unsigned k = 0;
        while (k < b->nentries && b->entries[k] != a->entries[i])
            k++;
        if (k == b->nentries)
            return 0;
    }
    return 1;
}

#endif
