/*
 * join.c - from the lines of a reply to its words, in place.
 *
 * Codes stand before every line, and mail software joins lines in ways that
 * leave them in the middle of a sentence.  A code is dropped where it repeats
 * the first one and something shows that a line began there; other numbers
 * are words.
 */
#include <string.h>

#include "reply.h"
#include "scan.h"

/* Line breaks, and the two sides of a blank before a digit. */
SCANNER(line_break, c == '\n' || c == '\r',
        scan_bits(_mm_or_si128(scan_eq(v, '\n'), scan_eq(v, '\r'))));
SCANNER(blank, c == ' ', scan_bits(scan_eq(v, ' ')));
SCANNER(digit, is_digit(c), scan_bits(scan_range(v, '0', 9)));

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
    case '/': /* "550/5.1.1" */
        return end - s > 2 && is_digit(s[1]) && s[2] == '.';
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

/* Take the enhanced code at a line's start if it is the reply's or the line is
 * that of ANOTHER reply code; or its first, unless the line is a guess: a
 * reply may quote another. */
static void take_enhanced(struct joiner *j, bool guess, bool another) {
    const char *after, *s = j->in + (j->in < j->end && *j->in == '#');
    uint32_t enhanced = smtpcode_read_enhanced(s, j->end, &after);

    if (!enhanced)
        return;
    if (!j->reply->enhanced && !guess)
        j->reply->enhanced = enhanced;
    if (enhanced == j->reply->enhanced || another)
        j->in = skip_in_line(after, j->end);
    if (enhanced != j->reply->enhanced && j->reply->enhanced)
        j->reply->flags |= SMTPCODE_FLAG_MIXED_CODES;
}

/* Gmail's reports and some relays put the code before a reply that has it. */
static void skip_repeated(struct joiner *j, int code) {
    if (j->end - j->in > 4 && is_blank(j->in[3]) &&
        smtpcode_read_reply_code(j->in, j->end) == code)
        j->in = skip_in_line(j->in + 3, j->end);
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
        skip_repeated(j, code);
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

/* Forget the joins of blanks that were taken back: AT is where they were. */
static void drop_joins(struct reply *r, size_t at) {
    while (r->njoins > 0 && r->joins[r->njoins - 1] >= at)
        r->njoins--;
}

/* Where the lines meet: one blank in the words. */
static void mark_join(struct joiner *j) {
    struct reply *r = j->reply;

    while (j->out > r->words && is_blank(j->out[-1]))
        j->out--;
    if (j->out == r->words || j->in == j->end)
        return;
    drop_joins(r, (size_t)(j->out - r->words));
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
        take_enhanced(j, guess, !own);
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

/* Where a line begins or may begin, from J->in on; or the end. */
static const char *find_line(const struct joiner *j) {
    const char *from = j->reply->words;

    for (const char *s = j->in;; s += 64) {
        uint64_t digits = SCAN(digit, from, s, j->end) >> 1 | 1ull << 63;
        uint64_t bits = SCAN(line_break, from, s, j->end) |
                        (SCAN(blank, from, s, j->end) & digits);
        if (bits)
            return s + scan_first(bits);
        if (j->end - s <= 64)
            return j->end;
    }
}

/* Copy FROM to END to OUT, which is below; where the copy ends. */
static char *move_down(char *out, const char *from, const char *end) {
    for (; end - from >= 8; from += 8, out += 8)
        scan_store_8(out, scan_load_8(from));
    while (from < end)
        *out++ = *from++;
    return out;
}

/* Copy what lies before TO.  The words begin with the first that is no
 * blank. */
static void copy_words(struct joiner *j, const char *to) {
    if (j->out == j->reply->words)
        while (j->in < to && is_blank(*j->in))
            j->in++;
    j->out = move_down(j->out, j->in, to);
    j->in = to;
}

/* From the words at J->in on, codes and line breaks among them. */
static void join_lines(struct joiner *j) {
    struct reply *r = j->reply;

    while (j->in < j->end) {
        copy_words(j, find_line(j));
        if (j->in == j->end)
            break;
        char c = *j->in++;
        if (c != ' ')
            take_line(j, false);
        else if (j->in < j->end && is_digit(*j->in) && begins_line(j, j->in))
            take_line(j, true);
        else if (j->out > r->words)
            *j->out++ = c;
    }
    while (j->out > r->words && is_blank(j->out[-1]))
        j->out--;
    r->length = (uint32_t)(j->out - r->words);
    drop_joins(r, r->length);
}

static void check_utf8(struct reply *r) {
    if (!smtpcode_is_utf8(r->words, r->length))
        r->flags |= SMTPCODE_FLAG_BAD_UTF8;
}

void smtpcode_join(struct reply *r) {
    struct joiner j = {r, r->words, r->words + r->length, r->words, false};

    j.in = skip_blanks(j.in, j.end);
    take_first(&j);
    join_lines(&j);
    check_utf8(r);
}

#ifdef SCAN_BLOCK

/* What a text has, as it was copied. */
struct seen {
    __m128i breaks; /* line breaks, */
    __m128i equals; /* which are none after a "=", */
    __m128i escapes;
    __m128i all; /* whose high bits show that it is not ASCII */
    unsigned
        codes; /* digits behind a blank that the reply's codes begin with */
    unsigned blank; /* the last byte of the block before is one */
};

/* The bytes that codes of lines of the reply R begin with, and those that
 * begin escapes. */
struct watched {
    char code, enhanced, quote, entity;
};

static __m128i either(__m128i a, __m128i b) { return _mm_or_si128(a, b); }

static void look_at(struct seen *seen, __m128i v, const struct watched *w) {
    unsigned blanks = scan_bits(scan_eq(v, ' '));
    unsigned digits =
        scan_bits(either(scan_eq(v, w->code), scan_eq(v, w->enhanced)));

    seen->codes |= digits & (blanks << 1 | seen->blank);
    seen->blank = blanks >> (SCAN_BLOCK - 1);
    seen->breaks =
        either(seen->breaks, either(scan_eq(v, '\n'), scan_eq(v, '\r')));
    seen->equals = either(seen->equals, scan_eq(v, '='));
    seen->escapes =
        either(seen->escapes,
               either(scan_eq(v, '\\'),
                      either(scan_eq(v, w->quote), scan_eq(v, w->entity))));
    seen->all = either(seen->all, v);
}

/* N bytes, a block at least, from IN to OUT. */
static struct seen copy_seen(char *out, const char *in, size_t n,
                             const struct watched *w) {
    struct seen seen = {_mm_setzero_si128(),
                        _mm_setzero_si128(),
                        _mm_setzero_si128(),
                        _mm_setzero_si128(),
                        0,
                        0};

    for (size_t at = 0; at < n; at += SCAN_BLOCK) {
        if (n - at < SCAN_BLOCK)
            at = n - SCAN_BLOCK; /* the block that ends here */
        __m128i v = scan_load(in + at);
        scan_store(out + at, v);
        look_at(&seen, v, w);
    }
    return seen;
}

/* Copy what is left behind the first codes; false: there are escapes in it. */
static bool copy_plain(struct joiner *j, const struct found *found) {
    struct reply *r = j->reply;
    size_t n = (size_t)(j->end - j->in);
    const struct watched watched = {
        (char)('0' + r->code / 100), (char)('0' + r->enhanced / 1000000),
        found->quote ? found->quote : '\\', found->html ? '&' : '\\'};
    struct seen seen = copy_seen(r->words, j->in, n, &watched);
    unsigned breaks = scan_bits(seen.breaks);

    if (scan_bits(seen.escapes) || (breaks && scan_bits(seen.equals)))
        return false;
    j->in = r->words;
    j->end = r->words + n;
    if (breaks || seen.codes || is_blank(*j->in) || is_blank(j->end[-1]))
        join_lines(j);
    else
        r->length = (uint32_t)n;
    if (scan_bits(seen.all))
        check_utf8(r);
    return true;
}

/* Does an escape begin right behind the first codes, which end at J->in? */
static bool is_escaped(const struct joiner *j, const char *from) {
    char c = j->in > from ? j->in[-1] : 0;

    return c == '\\' || c == '"' || c == '\'';
}

/* Longer ones are seldom: all their bytes take the longer way. */
enum { MOST_PLAIN = 1024 };

bool smtpcode_join_plain(struct reply *r, const char *text,
                         const struct found *found) {
    const char *from = text + found->start;
    struct joiner j = {r, from, text + found->end, r->words, false};

    if (found->mark || found->log || found->quoted_printable ||
        found->end - found->start > MOST_PLAIN)
        return false;
    j.in = skip_blanks(j.in, j.end);
    take_first(&j);
    if (j.end - j.in >= SCAN_BLOCK && !is_escaped(&j, from) &&
        copy_plain(&j, found))
        return true;
    r->code = found->code;
    r->enhanced = found->enhanced;
    r->flags = found->flags;
    return false;
}

#else

bool smtpcode_join_plain(struct reply *r, const char *text,
                         const struct found *found) {
    (void)r, (void)text, (void)found;
    return false;
}

#endif

/* ---- the second try ---- */

static bool is_token(char c) {
    return is_alpha(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
}

/* Does a URL or a token too long for a line end before END, and go on at NEXT?
 * A sentence goes on with a word, or after its full stop. */
static bool is_cut(const char *words, const char *end, const char *next,
                   const char *last) {
    enum { LONG = 24 };
    const char *from = end, *to = next;

    while (from > words && !is_blank(from[-1]))
        from--;
    while (to < last && !is_blank(*to))
        to++;
    for (const char *s = from; s < end; s++)
        if (is_url(s, end))
            return true;
    return end > from && to > next && end - from + (to - next) > LONG &&
           is_token(end[-1]) && is_token(*next) &&
           (!is_alpha(end[-1]) || end - from > LONG);
}

size_t smtpcode_unfold(const struct reply *r, char *out) {
    const char *words = r->words, *end = words + r->length;
    size_t at = 0, n = 0;
    bool cut = false;

    for (size_t i = 0; i < r->njoins; i++) {
        memcpy(out + n, words + at, r->joins[i] - at);
        n += r->joins[i] - at;
        at = r->joins[i] + 1u;
        if (is_cut(out, out + n, words + at, end))
            cut = true;
        else
            out[n++] = ' ';
    }
    if (!cut)
        return 0;
    memcpy(out + n, words + at, r->length - at);
    return n + r->length - at;
}
