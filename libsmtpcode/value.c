/*
 * value.c - how far the value of a typed placeholder reaches.
 *
 * Most values are the longest run of bytes of their class, less the
 * punctuation that trails it.  Three know more: an address between < and > may
 * be empty (the null sender), an {ip} may begin with "ipv6:" and end with
 * "::", and a {duration} begins with a digit and may be several words.
 *
 * What match.c rests on holds for all of them: where a value begins decides
 * where it ends, and of two places the one further left never has a value
 * that ends further right.  A duration's numbers hold all its digits, so
 * whatever digit it is entered at, it ends at the same place.
 */
#include <string.h>

#include "match.h"

uint8_t smtpcode_class_of(int placeholder) {
    /* ORDER PLACEHOLDER, ORDER CLASS: classes[] in tools/gen/pattern.c. */
    static const uint8_t bits[] = {0,  0,  1,  2,   2,   2,   4, 8,
                                   16, 32, 64, 128, 128, 128, 4};

    return bits[placeholder];
}

static int in_class(const struct search *s, uint8_t bits, size_t at) {
    return s->tables->classes[(unsigned char)s->words[at]] & bits;
}

static int byte_is(const struct search *s, size_t at, char byte) {
    return at < s->len && s->words[at] == byte;
}

static int is_digit(const struct search *s, size_t at) {
    return at < s->len && s->words[at] >= '0' && s->words[at] <= '9';
}

static int trails(char c) {
    return c == '.' || c == ',' || c == ':' || c == ';';
}

static size_t run_end(struct search *s, int placeholder, size_t at) {
    uint8_t bits = smtpcode_class_of(placeholder);
    size_t end = at;

    while (end < s->len && in_class(s, bits, end))
        end++;
    spend(s, end - at + 4);
    return end;
}

static size_t without_trail(const struct search *s, size_t at, size_t end) {
    while (end > at && trails(s->words[end - 1]))
        end--;
    return end;
}

static size_t word_end(struct search *s, int placeholder, size_t at) {
    size_t end = without_trail(s, at, run_end(s, placeholder, at));

    return end > at ? end : NOWHERE;
}

/* ---- addresses ---- */

static int is_null_sender(const struct search *s, size_t at) {
    return at > s->begin && s->words[at - 1] == '<' && byte_is(s, at, '>');
}

static size_t address_end(struct search *s, int placeholder, size_t at) {
    return is_null_sender(s, at) ? at : word_end(s, placeholder, at);
}

/* ---- IP addresses ---- */

static int is_ipv6_tag(const struct search *s, size_t at) {
    return s->len - at >= 5 && memcmp(s->words + at, "ipv6:", 5) == 0;
}

/* Of the tag, "6:" is like the rest: so an address that is entered there
 * ends where one does that has the tag. */
static size_t ip_end(struct search *s, size_t at) {
    size_t from = is_ipv6_tag(s, at) ? at + 3 : at;
    size_t run = run_end(s, SMTPCODE_PLACEHOLDER_IP, from);
    size_t end = without_trail(s, from, run);

    if (run - end >= 2 && s->words[end] == ':' && s->words[end + 1] == ':')
        end += 2; /* 2001:db8:: */
    return end > (from > at ? at + 5 : at) ? end : NOWHERE;
}

/* ---- durations: 5m, 00:04:59, 300 seconds, 2 days and 3 hours ---- */

static const char units[][8] = {"s",     "sec",   "secs",   "second", "seconds",
                                "m",     "min",   "mins",   "minute", "minutes",
                                "h",     "hr",    "hrs",    "hour",   "hours",
                                "d",     "day",   "days",   "w",      "week",
                                "weeks", "month", "months", "year",   "years"};

/* The end of the unit of time that is the whole word at AT, or NOWHERE. */
static size_t unit_end(struct search *s, size_t at) {
    size_t end = word_end(s, SMTPCODE_PLACEHOLDER_DURATION, at);

    for (size_t i = 0; end != NOWHERE && i < sizeof units / sizeof *units; i++)
        if (end - at < sizeof *units && units[i][end - at] == '\0' &&
            memcmp(s->words + at, units[i], end - at) == 0)
            return end;
    return NOWHERE;
}

/* "5m" or "5 minutes" at AT. */
static size_t piece_end(struct search *s, size_t at) {
    size_t end = at;

    if (!is_digit(s, at))
        return NOWHERE;
    while (is_digit(s, end) || byte_is(s, end, '.') || byte_is(s, end, ',') ||
           byte_is(s, end, ':'))
        end++;
    spend(s, end - at);
    return unit_end(s, end + (byte_is(s, end, ' ') && is_digit(s, end - 1)));
}

static size_t duration_end(struct search *s, size_t at) {
    size_t end, next = piece_end(s, at);

    if (next == NOWHERE)
        return is_digit(s, at) ? word_end(s, SMTPCODE_PLACEHOLDER_DURATION, at)
                               : NOWHERE;
    do {
        end = next;
        next += byte_is(s, next, ',') ? 1 : 0;
        if (!byte_is(s, next, ' '))
            break;
        next++;
        if (s->len - next >= 4 && memcmp(s->words + next, "and ", 4) == 0)
            next += 4;
    } while ((next = piece_end(s, next)) != NOWHERE);
    return end;
}

/* ---- any of them ---- */

size_t smtpcode_value_end(struct search *s, int placeholder, size_t at) {
    switch (placeholder) {
    case SMTPCODE_PLACEHOLDER_IP:
        return ip_end(s, at);
    case SMTPCODE_PLACEHOLDER_RECIPIENT:
    case SMTPCODE_PLACEHOLDER_SENDER:
    case SMTPCODE_PLACEHOLDER_ADDRESS:
        return address_end(s, placeholder, at);
    case SMTPCODE_PLACEHOLDER_DURATION:
        return duration_end(s, at);
    default:
        return word_end(s, placeholder, at);
    }
}

size_t smtpcode_value_begin(struct search *s, int placeholder, size_t end) {
    uint8_t bits = smtpcode_class_of(placeholder);
    size_t at = end;

    while (at > s->begin && in_class(s, bits, at - 1))
        at--;
    spend(s, end - at + 4);
    if (placeholder == SMTPCODE_PLACEHOLDER_IP && at - s->begin >= 3 &&
        is_ipv6_tag(s, at - 3))
        at -= 3;
    return smtpcode_value_end(s, placeholder, at) == end ? at : NOWHERE;
}
