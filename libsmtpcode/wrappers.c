/*
 * wrappers.c - which form of wrappers.inc ends here, and what stage a command
 * belongs to.
 */
#include <string.h>

#include "reply.h"
#include "wrappers.h"

#define OURS SMTPCODE_SIDE_OURS
#define THEIRS SMTPCODE_SIDE_THEIRS
#define AT(stage) SMTPCODE_STAGE_##stage
#define FIRST SMTPCODE_FLAG_FIRST_LINE_ONLY
#define LAST SMTPCODE_FLAG_LAST_LINE_ONLY
#define SURE WRAPS_REPLY, RANK_SURE

static const struct wrapper wrappers[] = {
#define W(before, last, lead, ...) {lead, sizeof(lead) - 1, __VA_ARGS__},
#include "wrappers.inc"
#undef W
};

/* A byte for the last two of a lead: few rows share one. */
#define KEY(before, last) (unsigned char)((before) + 37 * (last))

/* The keys side by side: memchr() over them leaves few rows. */
static const unsigned char keys[] = {
#define W(before, last, ...) KEY(before, last),
#include "wrappers.inc"
#undef W
};

enum { NWRAPPERS = sizeof wrappers / sizeof wrappers[0] };

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* The same before END, which is the start of a line: where the last one ends
 * with a soft break. */
static const char *before_soft_break(const char *text, const char *end) {
    const char *s = end;

    if (s > text && s[-1] == '\n')
        s--;
    if (s > text && s[-1] == '\r')
        s--;
    return s < end && s > text && s[-1] == '=' ? s - 1 : end;
}

/* Is LEAD, N bytes, what ends before END?  Compared from its end. */
static bool ends_with(const char *text, const char *end, const char *lead,
                      size_t n) {
    while (n > 0) {
        char c = lead[--n];
        if (end > text && end[-1] == '\n')
            end = before_soft_break(text, end);
        if (end == text)
            return false;
        if (c == ' ') {
            if (!is_blank(end[-1]))
                return false;
            for (int run = 0; end > text && is_blank(end[-1]); run++)
                if (run == 16)
                    return false; /* a bound for hostile text */
                else
                    end--;
        } else if (lower(*--end) != c) {
            return false;
        }
    }
    return end == text || !(is_alpha(*lead) || is_digit(*lead)) ||
           !(is_alpha(end[-1]) || is_digit(end[-1]));
}

/* S after a soft line break of quoted-printable, if one is there. */
static const char *after_soft_break(const char *s, const char *end) {
    if (end - s > 1 && s[1] == '\n')
        return s + 2;
    return end - s > 2 && s[1] == '\r' && s[2] == '\n' ? s + 3 : s;
}

static bool at_line_start(const char *text, const char *s) {
    return s == text || s[-1] == '\n' || s[-1] == '\r' ||
           (s - text >= 2 && s[-1] == 'n' && s[-2] == '\\');
}

const struct wrapper *smtpcode_wrapper_at(const char *text, const char *at) {
    char last = lower(*at), before = at > text ? lower(at[-1]) : '\0';

    for (const unsigned char *k = keys;
         (k = memchr(k, KEY(before, last), (size_t)(keys + NWRAPPERS - k)));
         k++) {
        const struct wrapper *w = &wrappers[k - keys];
        if (!ends_with(text, at + 1, w->lead, w->length))
            continue;
        if (!(w->traits & TRAIT_LINE_START) ||
            at_line_start(text, at + 1 - w->length))
            return w;
    }
    return NULL;
}

const char *smtpcode_begins(const char *s, const char *end, const char *word) {
    for (; *word; word++) {
        if (s < end && *s == '=')
            s = after_soft_break(s, end);
        if (s >= end)
            return NULL;
        if (*word == ' ') {
            if (!is_blank(*s))
                return NULL;
            while (s < end && is_blank(*s))
                s++;
        } else if (lower(*s++) != *word) {
            return NULL;
        }
    }
    return s;
}

struct command {
    char name[20];
    uint8_t stage;
};

/* The first that fits. */
static const struct command commands[] = {
    {"ehlo", AT(HELO)},           {"helo", AT(HELO)},
    {"lhlo", AT(HELO)},           {"auth", AT(AUTH)},
    {"mail", AT(MAIL)},           {"rcpt", AT(RCPT)},
    {"bdat", AT(END_OF_DATA)},    {"data end", AT(END_OF_DATA)},
    {"data", AT(DATA)},           {"end of data", AT(END_OF_DATA)},
    {"end-of-", AT(END_OF_DATA)}, {"starttls", AT(STARTTLS)},
    {"connect", AT(CONNECT)},     {"quit", AT(QUIT)},
    {".", AT(END_OF_DATA)},
};

uint8_t smtpcode_read_stage(const char *s, const char *end) {
    while (s < end && (is_blank(*s) || *s == '\'' || *s == '"'))
        s++;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (smtpcode_begins(s, end, commands[i].name))
            return commands[i].stage;
    return SMTPCODE_STAGE_UNKNOWN;
}

static const char nginx_tails[][32] = {", client: ", ", server: "};
static const char please_tails[][32] = {" please check the message",
                                        " please verify that your"};

const char *smtpcode_find_tail(const char *s, const char *end, uint8_t tail) {
    const char(*tails)[32] = tail == TAIL_NGINX ? nginx_tails : please_tails;

    if (tail == TAIL_NONE)
        return end;
    for (bool blank = false; s < end; blank = is_blank(*s++))
        if ((*s == ',' || (is_blank(*s) && !blank)) &&
            (smtpcode_begins(s, end, tails[0]) ||
             smtpcode_begins(s, end, tails[1])))
            return s;
    return end;
}
