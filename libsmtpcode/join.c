/*
 * join.c - from the lines of a reply to its words, in place.
 *
 * Codes stand before every line, and mail software joins lines in ways that
 * leave them in the middle of a sentence.  A code is dropped where it repeats
 * the first one and something shows that a line began there; other numbers
 * are words.
 */
#include "reply.h"

/* Bytes that may follow a reply code. */
static bool ends_code(const char *s, const char *end) {
    if (s >= end || is_blank(*s))
        return true;
    switch (*s) {
    case '-':
    case ':':
    case ';':
    case ',':
    case ')':
    case ']':
    case '}':
    case '"':
    case '\'':
    case '\\':
        return true;
    case '.': /* the end of a sentence, not a part of an address */
        return s + 1 == end || is_blank(s[1]);
    }
    return false;
}

int smtpcode_read_reply_code(const char *s, const char *end) {
    if (end - s < 3 || s[0] < '2' || s[0] > '5' || !is_digit(s[1]) ||
        !is_digit(s[2]) || !ends_code(s + 3, end))
        return 0;
    return (s[0] - '0') * 100 + (s[1] - '0') * 10 + (s[2] - '0');
}

/* One to three digits without a leading zero (RFC 3463 2). */
static const char *read_subcode(const char *s, const char *end,
                                uint32_t *value) {
    const char *from = s;

    *value = 0;
    while (s < end && is_digit(*s) && s - from < 4)
        *value = *value * 10 + (uint32_t)(*s++ - '0');
    if (s == from || s - from > 3 || (*from == '0' && s - from > 1))
        return NULL;
    return s;
}

uint32_t smtpcode_read_enhanced(const char *s, const char *end,
                                const char **after) {
    uint32_t code_class, subject, detail;

    if (end - s < 5 || (*s != '5' && *s != '4' && *s != '2') || s[1] != '.')
        return 0;
    code_class = (uint32_t)(*s - '0');
    s = read_subcode(s + 2, end, &subject);
    if (!s || s >= end || *s != '.')
        return 0;
    s = read_subcode(s + 1, end, &detail);
    if (!s || (s < end && (is_alpha(*s) || *s == '-' || *s == '@')) ||
        (end - s > 1 && *s == '.' && is_digit(s[1])))
        return 0;
    *after = s;
    return ENHANCED(code_class, subject, detail);
}

struct joiner {
    struct reply *reply;
    const char *in;
    const char *end;
    char *out;
    bool dashed; /* a "550-" was seen: a line "550 " will follow */
};

static const char *skip_blanks(const char *s, const char *end) {
    while (s < end && is_blank(*s))
        s++;
    return s;
}

/* Not past a line break: codes may stand behind it. */
static const char *skip_in_line(const char *s, const char *end) {
    while (s < end && (*s == ' ' || *s == '\t'))
        s++;
    return s;
}

static bool is_url(const char *s, const char *end) {
    return end - s > 4 && (s[0] | 0x20) == 'h' && (s[1] | 0x20) == 't' &&
           (s[2] | 0x20) == 't' && (s[3] | 0x20) == 'p';
}

/* Take the enhanced code at a line's start if it is the reply's; or its first,
 * unless the line is a guess: a reply may quote another. */
static void take_enhanced(struct joiner *j, bool guess) {
    const char *after, *s = j->in + (j->in < j->end && *j->in == '#');
    uint32_t enhanced = smtpcode_read_enhanced(s, j->end, &after);

    if (!enhanced)
        return;
    if (!j->reply->enhanced && !guess)
        j->reply->enhanced = enhanced;
    if (enhanced == j->reply->enhanced)
        j->in = skip_in_line(after, j->end);
    else if (j->reply->enhanced)
        j->reply->flags |= SMTPCODE_FLAG_MIXED_CODES;
}

/* The codes before the first line. */
static void take_first(struct joiner *j) {
    struct reply *r = j->reply;
    int code = smtpcode_read_reply_code(j->in, j->end);
    const char *after = NULL;

    if (code) {
        if (r->code && r->code != code)
            r->flags |= SMTPCODE_FLAG_MIXED_CODES;
        if (!r->code)
            r->code = (uint16_t)code;
        j->in += 3;
        j->dashed = j->in < j->end && *j->in == '-';
        if (j->in < j->end && !is_blank(*j->in))
            j->in++; /* its dash or punctuation */
        j->in = skip_in_line(j->in, j->end);
    }
    const char *s = j->in + (j->in < j->end && *j->in == '#');
    uint32_t enhanced = smtpcode_read_enhanced(s, j->end, &after);
    if (enhanced) {
        r->enhanced = enhanced; /* better than one beside the reply */
        if (after < j->end && *after == ':')
            after++;
        j->in = skip_in_line(after, j->end);
    }
}

/* Where the lines meet: one blank in the words. */
static void mark_join(struct joiner *j) {
    struct reply *r = j->reply;

    while (j->out > r->words && is_blank(j->out[-1]))
        j->out--;
    if (j->out == r->words || j->in == j->end)
        return;
    if (r->njoins < REPLY_JOINS)
        r->joins[r->njoins++] = (uint16_t)(j->out - r->words);
    *j->out++ = ' ';
}

/* At a line break, or a blank that is perhaps one: drop the codes of the line
 * that begins. */
static void take_line(struct joiner *j, bool guess) {
    j->in = skip_blanks(j->in, j->end);
    int code = smtpcode_read_reply_code(j->in, j->end);
    char next = j->end - j->in > 3 ? j->in[3] : ' ';
    bool own = code && code == j->reply->code;

    if (code && (next == '-' || is_blank(next)) && (own || j->dashed)) {
        if (!own)
            j->reply->flags |= SMTPCODE_FLAG_MIXED_CODES;
        j->dashed = next == '-';
        j->in += next == '-' ? 4 : 3;
        j->in = skip_in_line(j->in, j->end);
        take_enhanced(j, guess);
    } else {
        const char *after;
        uint32_t enhanced = smtpcode_read_enhanced(j->in, j->end, &after);
        if (enhanced && enhanced == j->reply->enhanced)
            j->in = skip_in_line(after, j->end);
    }
    mark_join(j);
}

/* Does a line begin at S, after a mere blank?  Software that joins lines with
 * blanks leaves "550-" and "550 " there. */
static bool begins_line(const struct joiner *j, const char *s) {
    const char *after;

    if (smtpcode_read_reply_code(s, j->end) == j->reply->code &&
        j->reply->code) {
        if (j->end - s > 3 && s[3] == '-')
            return true;
        if (j->end - s > 3 && !is_blank(s[3]))
            return false;
        if (j->dashed)
            return true;
        const char *enhanced = skip_blanks(s + 3, j->end);
        return j->reply->enhanced &&
               smtpcode_read_enhanced(enhanced, j->end, &after) ==
                   j->reply->enhanced;
    }
    if (!j->reply->enhanced ||
        smtpcode_read_enhanced(s, j->end, &after) != j->reply->enhanced)
        return false;
    const char *next = skip_blanks(after, j->end);
    return next - after >= 2 || (next > after && is_url(next, j->end));
}

void smtpcode_join(struct reply *r) {
    struct joiner j = {r, r->words, r->words + r->length, r->words, false};

    j.in = skip_blanks(j.in, j.end);
    take_first(&j);
    while (j.in < j.end) {
        char c = *j.in++;
        if (c == '\n' || c == '\r')
            take_line(&j, false);
        else if (c == ' ' && j.in < j.end && is_digit(*j.in) &&
                 begins_line(&j, j.in))
            take_line(&j, true);
        else if (j.out > r->words || !is_blank(c))
            *j.out++ = c;
    }
    while (j.out > r->words && is_blank(j.out[-1]))
        j.out--;
    r->length = (uint32_t)(j.out - r->words);
}
