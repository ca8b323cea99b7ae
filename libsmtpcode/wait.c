/*
 * wait.c - how long a reply itself asks to wait: "try again in 5 minutes",
 * "Greylisted for 300 seconds", "in 00:04:59".  A number counts only close
 * behind a word that asks for it: limits are also said per hour.
 */
#include <string.h>

#include "judge.h"
#include "scan.h"

SCANNER(digit, is_digit(c), scan_bits(scan_range(v, '0', 9)));
PASS(digit);

enum { NEAR = 48, MOST_SECONDS = 7 * 86400 };

/* Behind these a wait is told. */
static const char asks[][16] = {
    "again in",    "again after", "retry in",    "retry after", "retry-after",
    "retry at",    "greylist",    "graylist",    "grey-list",   "gray-list",
    "wait ",       "come back",   "delayed for", "delay for",   "later in",
    "later (",     "expires in",  "again: ",     "back in",     "deferred for",
    "blocked for", "erneut in",   "nochmals in",
};

static const struct unit {
    char name[8];
    int32_t seconds;
} units[] = {
    {"sec", 1},   {"s", 1},    {"min", 60},    {"m", 60},        {"hour", 3600},
    {"hr", 3600}, {"h", 3600}, {"day", 86400}, {"stunde", 3600}, {"tag", 86400},
};

static bool is_word_end(const char *at, const char *end) {
    return at == end || !is_alpha(*at);
}

/* The seconds in a unit at *AT, which is moved behind it; 0: none. */
static int32_t read_unit(const char **at, const char *end) {
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t len = 0;
        while (units[i].name[len])
            len++;
        if ((size_t)(end - *at) < len || memcmp(*at, units[i].name, len) != 0)
            continue;
        const char *after = *at + len;
        if (len == 1 && !is_word_end(after, end))
            continue;
        while (after < end && is_alpha(*after))
            after++;
        *at = after;
        return units[i].seconds;
    }
    return 0;
}

static int32_t read_number(const char **at, const char *end) {
    int32_t n = 0;

    while (*at < end && is_digit(**at) && n <= MOST_SECONDS)
        n = n * 10 + (*(*at)++ - '0');
    return n;
}

/* "00:04:59" or "04:59", the first number of which is read already; 0: it is
 * none, as within "2001:db8::1" or in "rule 17: ...". */
static int32_t read_clock(int32_t n, const char **at, const char *end) {
    const char *from = *at;

    while (end - *at >= 3 && **at == ':' && is_digit((*at)[1]) &&
           is_digit((*at)[2]) && n <= MOST_SECONDS) {
        ++*at;
        n = n * 60 + read_number(at, end);
    }
    bool goes_on = end - *at >= 2 && **at == ':' && (*at)[1] != ' ';
    return *at == from || goes_on ? 0 : n;
}

/* What joins two parts of a wait. */
static void skip_and(const char **at, const char *end) {
    while (*at < end && (**at == ' ' || **at == ','))
        ++*at;
    if (end - *at > 4 && memcmp(*at, "and ", 4) == 0)
        *at += 4;
}

/* "5 minutes", "1 hour 30 minutes", "300s", "00:04:59" at *AT, which is moved
 * behind all of it; 0: none, or too long to be meant. */
static int32_t read_wait_at(const char **at, const char *end) {
    int32_t sum = 0;
    bool too_long = false;

    while (*at < end && is_digit(**at)) {
        int32_t n = read_number(at, end);
        if (*at < end && **at == ':') {
            sum = read_clock(n, at, end);
            break;
        }
        while (*at < end && (**at == ' ' || **at == '-'))
            ++*at;
        int32_t unit = read_unit(at, end);
        if (!unit)
            break;
        if (n <= (MOST_SECONDS - sum) / unit)
            sum += n * unit;
        else
            too_long = true;
        skip_and(at, end);
    }
    return too_long || sum > MOST_SECONDS ? 0 : sum;
}

/* What was found up to FROM, so that no byte is searched twice. */
struct asked {
    const char *from;
    const char *last;  /* where the last of asks[] begins, or NULL */
    const char *until; /* the same of "until": a time of day */
};

static bool stands_at(const char *at, const char *end, const char *word,
                      size_t most) {
    size_t len = 0;

    if (*at != *word)
        return false;
    while (len < most && word[len])
        len++;
    return (size_t)(end - at) >= len && memcmp(at, word, len) == 0;
}

static void look_at(struct asked *a, const char *at, const char *end) {
    if (stands_at(at, end, "until", 5))
        a->until = at;
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++)
        if (stands_at(at, end, asks[i], sizeof *asks))
            a->last = at;
}

/* Whether one of asks[] stands in the bytes before AT, where a number is:
 * none has a digit, so none goes on beyond a number. */
static bool is_asked(struct asked *a, const char *words, const char *at) {
    if (at - words >= 4 && memcmp(at - 4, "per ", 4) == 0)
        return false; /* a limit: 100 per 60 minutes */
    if (at - words >= 3 && memcmp(at - 3, "at ", 3) == 0)
        return false; /* a time of day: retry at 14:30 */
    if (at - a->from > NEAR)
        a->from = at - NEAR;
    for (; a->from < at; a->from++)
        look_at(a, a->from, at);
    return a->last && at - a->last <= NEAR &&
           !(a->until && at - a->until <= NEAR);
}

/* Whether the byte before a number belongs to its word. */
static bool is_inside(const char *words, const char *at) {
    return at > words && (is_alpha(at[-1]) || at[-1] == '.' || at[-1] == ':');
}

/* "retry-after: 120", as HTTP has it: seconds without a unit. */
static int32_t read_header(const char *words, const char *at, const char *end) {
    static const char name[] = "retry-after";
    const char *p = at;

    while (p > words && (p[-1] == ' ' || p[-1] == ':' || p[-1] == '='))
        p--;
    if (p == at || p - words < (int)sizeof name - 1 ||
        memcmp(p - (sizeof name - 1), name, sizeof name - 1) != 0)
        return 0;
    int32_t n = read_number(&at, end);
    return n > MOST_SECONDS ? 0 : n;
}

int32_t smtpcode_read_wait(const char *words, size_t len) {
    const char *at = words, *end = words + len;
    struct asked asked = {words, NULL, NULL};
    struct scan pass = {0};

    while ((at = digit_next(&pass, words, at, end)) < end) {
        const char *number = at;
        int32_t seconds = is_inside(words, at) ? 0 : read_wait_at(&at, end);
        if (seconds && !is_asked(&asked, words, number))
            seconds = 0;
        if (!seconds)
            seconds = read_header(words, number, end);
        if (seconds)
            return seconds;
        while (at < end && is_digit(*at))
            at++;
    }
    return 0;
}
