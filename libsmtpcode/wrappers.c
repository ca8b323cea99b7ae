/*
 * wrappers.c - which form of wrappers.inc ends here, and what stage a command
 * belongs to.
 */
#include <string.h>

#include "reply.h"
#include "scan.h"
#include "wrappers.h"

#define OURS SMTPCODE_SIDE_OURS
#define THEIRS SMTPCODE_SIDE_THEIRS
#define AT(stage) SMTPCODE_STAGE_##stage
#define FIRST SMTPCODE_FLAG_FIRST_LINE_ONLY
#define LAST SMTPCODE_FLAG_LAST_LINE_ONLY
#define SURE WRAPS_REPLY, RANK_SURE

/* The last three bytes of a lead as one number, another for each ending that
 * there is; a test says so. */
enum { NENDINGS = 512 };
#define ENDING(third, second, last) \
    (((third) + 23u * (second) + (last)) % NENDINGS)

/* Rows count from 1. */
#define ROW(line) ROW_AT_LINE(line)
#define ROW_AT_LINE(line) row_##line
enum {
    row_none,
#define W(...) ROW(__LINE__),
#include "wrappers.inc"
#undef W
    row_end
};

static const struct wrapper wrappers[] = {
    {"", NENDINGS, 0, 0, 0, 0, 0, 0, 0, 0},
#define W(third, second, last, lead, ...) \
    {lead, ENDING(third, second, last), sizeof(lead) - 1, __VA_ARGS__},
#include "wrappers.inc"
#undef W
};

/* The row of a lead's last three bytes; where several end alike, the last of
 * them, which is why the initialisers override each other. */

#if defined(__clang__)
#pragma clang diagnostic ignored "-Winitializer-overrides"
#elif defined(__GNUC__)
#pragma GCC diagnostic ignored "-Woverride-init"
#endif
static const uint8_t rows[NENDINGS] = {
#define W(third, second, last, ...) \
    [ENDING(third, second, last)] = ROW(__LINE__),
#include "wrappers.inc"
#undef W
};

/* A negative size does not compile: rows are bytes. */
typedef char rows_fit[row_end <= 256 ? 1 : -1];

static char lower(char c) {
    return (char)(c | ((unsigned char)(c - 'A') < 26) << 5);
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

/* A word does not begin in the middle of another. */
static bool is_edge(const char *text, const char *s, char first) {
    return s == text || !(is_alpha(first) || is_digit(first)) ||
           !(is_alpha(s[-1]) || is_digit(s[-1]));
}

/* Where the run of blanks before END begins; a bound for hostile text. */
static const char *before_blanks(const char *text, const char *end) {
    for (int run = 0; end > text && is_blank(end[-1]) && run <= 16; run++)
        end--;
    return end;
}

/* Is LEAD, N bytes, what ends before END, where its blanks are runs of them
 * and lines break softly? */
static bool ends_with_blanks(const char *text, const char *end,
                             const char *lead, size_t n) {
    while (n > 0) {
        char c = lead[--n];
        if (end > text && end[-1] == '\n')
            end = before_soft_break(text, end);
        if (end == text)
            return false;
        if (c == ' ' && !is_blank(end[-1]))
            return false;
        if (c == ' ')
            end = before_blanks(text, end);
        else if (lower(*--end) != c)
            return false;
    }
    return is_edge(text, end, *lead);
}

/* Eight bytes at once, but for the bit that makes letters small. */
static bool same_8(const char *a, const char *b) {
    return ((scan_load_8(a) ^ scan_load_8(b)) & ~0x2020202020202020u) == 0;
}

/* Can a run of blanks or a soft break be why C is not byte I of the lead? */
static bool may_differ(char c, const char *lead, size_t i, size_t n) {
    return c == '\n' ||
           (is_blank(c) && (lead[i - 1] == ' ' || (i < n && lead[i] == ' ')));
}

/* The same, quick where no blank differs. */
bool smtpcode_ends_with(const char *text, const char *end, const char *lead,
                        size_t n) {
    if ((size_t)(end - text) < n)
        return false;
    const char *s = end - n;
    size_t i = n;
    while (i >= 8 && same_8(s + i - 8, lead + i - 8))
        i -= 8;
    if (n >= 8 && i > 0 && i < 8 && same_8(s, lead))
        i = 0;
    for (; i > 0; i--) {
        char c = lower(s[i - 1]);
        if (c != lead[i - 1])
            return may_differ(c, lead, i, n) &&
                   ends_with_blanks(text, end, lead, n);
    }
    return is_edge(text, s, *lead);
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

/* A byte as ENDING takes it, and S before it. */
static unsigned step_back(const char *text, const char **s) {
    if (*s > text && (*s)[-1] == '\n')
        *s = before_soft_break(text, *s);
    if (*s == text || is_blank((*s)[-1]))
        return ' ';
    return (unsigned char)(*--*s | 0x20);
}

static unsigned read_ending(const char *text, const char *at) {
    const char *s = at;

    if (at - text >= 2 && !is_blank(at[-1]) && !is_blank(at[-2]))
        return ENDING((unsigned char)(at[-2] | 0x20),
                      (unsigned char)(at[-1] | 0x20), (unsigned char)*at);
    unsigned second = step_back(text, &s);
    unsigned third = second == ' ' ? ' ' : step_back(text, &s);
    return ENDING(third, second, (unsigned char)*at);
}

static bool fits(const struct wrapper *w, const char *text, const char *at) {
    return smtpcode_ends_with(text, at + 1, w->lead, w->length) &&
           (!(w->traits & TRAIT_LINE_START) ||
            at_line_start(text, at + 1 - w->length));
}

/* The eight bytes before END, if there are as many and no blank is among them:
 * they are all of what a lead may end with. */
static const char *eight_before(const char *text, const char *end) {
    if (end - text < 8)
        return NULL;
    uint64_t bytes = scan_load_8(end - 8);
    uint64_t below = bytes - 0x2121212121212121u;
    return below & ~bytes & 0x8080808080808080u ? NULL : end - 8;
}

/* The last that fits of those that have ENDING, from ROW back. */
static const struct wrapper *find_row(const char *text, const char *at,
                                      unsigned ending, unsigned row) {
    const char *eight = eight_before(text, at + 1);
    /* The byte before the ending tells most rows apart. */
    char fourth = at - text > 2 && !is_blank(at[-1]) && !is_blank(at[-2])
                      ? lower(at[-3])
                      : ' ';
    for (const struct wrapper *w = &wrappers[row]; w->ending == ending; w--) {
        const char *lead_end = w->lead + w->length;
        if (eight && w->length >= 8
                ? !same_8(eight, lead_end - 8)
                : !is_blank(fourth) && w->length > 3 && lead_end[-4] != fourth)
            continue;
        if (fits(w, text, at))
            return w;
    }
    return NULL;
}

const struct wrapper *smtpcode_wrapper_at(const char *text, const char *at) {
    unsigned ending = read_ending(text, at), row = rows[ending];

    return row == row_none ? NULL : find_row(text, at, ending, row);
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
    {"ehlo", AT(HELO)},
    {"helo", AT(HELO)},
    {"lhlo", AT(HELO)},
    {"auth", AT(AUTH)},
    {"mail", AT(MAIL)},
    {"rcpt", AT(RCPT)},
    {"bdat", AT(END_OF_DATA)},
    {"data end", AT(END_OF_DATA)},
    {"data", AT(DATA)},
    {"end of data", AT(END_OF_DATA)},
    {"end-of-", AT(END_OF_DATA)},
    {"starttls", AT(STARTTLS)},
    {"connect", AT(CONNECT)},
    {"quit", AT(QUIT)},
    {".", AT(END_OF_DATA)},
    /* sendmail's rule sets */
    {"check_relay", AT(CONNECT)},
    {"check_mail", AT(MAIL)},
    {"check_rcpt", AT(RCPT)},
    {"check_eo", AT(END_OF_DATA)},
    /* what Postfix did when the connection broke */
    {"the initial server", AT(GREETING)},
    {"the ehlo", AT(HELO)},
    {"the helo", AT(HELO)},
    {"the lhlo", AT(HELO)},
    {"message body", AT(END_OF_DATA)},
};

uint8_t smtpcode_read_stage(const char *s, const char *end) {
    while (s < end && (is_blank(*s) || *s == '\'' || *s == '"'))
        s++;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (may_begin(s, end, commands[i].name) &&
            smtpcode_begins(s, end, commands[i].name))
            return commands[i].stage;
    return SMTPCODE_STAGE_UNKNOWN;
}

/* Two for each of enum wrapper_tail. */
static const char tails[][2][32] = {
    {"", ""},
    {", client: ", ", server: "},
    {" please check the message", " please verify that your"},
    {"};{", "}]"},
    {" ##", "##"},
    {" smtp code: ", " additional smtp info: "},
    {"/giving_up_on_", "/i'm_not_going_to_"}};

static bool may_be_tail(char c, bool after_blank) {
    return c == ',' || c == '}' || c == '/' || c == '#' ||
           (is_blank(c) && !after_blank);
}

const char *smtpcode_find_tail(const char *s, const char *end, uint8_t tail) {
    if (tail == TAIL_NONE)
        return end;
    for (bool blank = false; s < end; blank = is_blank(*s++))
        if (may_be_tail(*s, blank) &&
            (smtpcode_begins(s, end, tails[tail][0]) ||
             smtpcode_begins(s, end, tails[tail][1])))
            return s;
    return end;
}
