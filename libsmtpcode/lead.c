/*
 * lead.c - where a reply may begin: after the leads of wrappers.inc, and where
 * a code stands after a colon, bracket, quote or line break.
 */
#include "finder.h"

/* ---- candidates ---- */

static bool is_positive(int code, uint32_t enhanced) {
    return code ? code < 400 : enhanced && enhanced < ENHANCED(4, 0, 0);
}

/* Read the codes that C starts with. */
static void read_codes(const struct finder *f, struct candidate *c) {
    const char *s = c->start, *after;

    c->code = smtpcode_read_reply_code(s, f->end);
    if (c->code) {
        s += 3;
        c->dashed = s < f->end && *s == '-';
        s = skip_blanks(s + (s < f->end), f->end);
    }
    if (s < f->end && *s == '#')
        s++;
    c->enhanced = smtpcode_read_enhanced(s, f->end, &after);
}

/* Codes that a number in a sentence could not be: RFC 5321 4.2.1 knows second
 * digits to 5, and 465 and 587 are ports. */
static bool has_code(const struct candidate *c) {
    return c->enhanced || (c->code && c->code / 10 % 10 <= 5);
}

static bool beats(const struct candidate *c, const struct candidate *best) {
    return c->rank > best->rank ||
           (c->rank == best->rank && c->rank == RANK_POSITIVE);
}

void smtpcode_close_reply(struct finder *f, const char *end) {
    if (!f->open.start)
        return;
    f->open.end = end;
    if (beats(&f->open, &f->best))
        f->best = f->open;
    f->open.start = NULL;
}

/* May C, which lies in the open reply, take its place? */
static bool replaces(const struct candidate *c, const struct candidate *open) {
    bool coded = c->code || c->enhanced;

    return c->traits & TRAIT_INNER || (coded && !open->code && !open->enhanced);
}

static void open(struct finder *f, struct candidate *c) {
    struct candidate *o = &f->open;

    if (is_positive(c->code, c->enhanced))
        c->rank = RANK_POSITIVE;
    if (o->start) {
        if (!replaces(c, o))
            return;
        c->outer = o->outer ? o->outer : (uint16_t)o->code;
        c->rank = c->rank < o->rank ? o->rank : c->rank;
        c->stage = c->stage ? c->stage : o->stage;
        c->side = c->side ? c->side : o->side;
        c->tail = c->tail ? c->tail : o->tail;
        c->apart = o->apart;
        if (!c->quote && o->quote) {
            c->quote = o->quote;
            c->escaped = o->escaped;
        }
    }
    if (!o->start || o->code || o->enhanced)
        f->count += c->code || c->enhanced || c->rank >= RANK_CODE;
    c->apart = c->apart ? c->apart : f->apart;
    c->stage = c->stage ? c->stage : f->stage;
    c->side = f->side ? f->side : c->side;
    *o = *c;
    f->at = c->start + (c->code ? 3 : 0);
}

/* ---- leads ---- */

/* Where the string at S begins, its quote noted; or S. */
const char *smtpcode_open_quote(const struct finder *f, const char *s,
                                struct candidate *c) {
    const char *q = s;

    if (f->end - q > 1 && *q == 'b' && (q[1] == '\'' || q[1] == '"'))
        q++;
    while (q < f->end && q - s < 4 && *q == '\\')
        q++;
    if (q >= f->end || (*q != '\'' && *q != '"'))
        return s;
    c->quote = *q;
    c->escaped = q > s && q[-1] == '\\';
    return q + 1;
}

static int read_number(const char *s, const char *end, unsigned *value) {
    int digits = 0;

    for (*value = 0; s < end && is_digit(*s) && digits < 4; digits++)
        *value = *value * 10 + (unsigned)(*s++ - '0');
    return digits >= 1 && digits <= 3;
}

/* The address and colon at S, if they are there. */
static const char *skip_address(const char *s, const char *end) {
    const char *limit = end - s > 320 ? s + 320 : end;
    const char *at = s;
    bool address = false;

    while (at < limit && !is_blank(*at) && *at != ':')
        address |= *at++ == '@';
    if (!address)
        return s;
    return at < limit && *at == ':' ? at + 1 : at;
}

struct digit_word {
    char word[28];
    uint8_t digit;
};

/* lettre's names of the three digits. */
static const struct digit_word digit_words[] = {
    {"positivecompletion", 2},
    {"positiveintermediate", 3},
    {"transientnegativecompletion", 4},
    {"permanentnegativecompletion", 5},
    {"syntax", 0},
    {"information", 1},
    {"connections", 2},
    {"unspecified3", 3},
    {"unspecified4", 4},
    {"mailsystem", 5},
    {"zero", 0},
    {"one", 1},
    {"two", 2},
    {"three", 3},
    {"four", 4},
    {"five", 5},
    {"six", 6},
    {"seven", 7},
    {"eight", 8},
    {"nine", 9},
};

static void read_word(struct finder *f, const char *s) {
    for (size_t i = 0; i < sizeof digit_words / sizeof digit_words[0]; i++)
        if (smtpcode_begins(s, f->end, digit_words[i].word)) {
            f->words = f->words < 3 ? f->words + 1 : 1;
            f->spelled =
                (f->words == 1 ? 0 : f->spelled) * 10 + digit_words[i].digit;
            if (f->words == 3 && f->spelled >= 200 && f->spelled < 600)
                f->apart = f->spelled;
            return;
        }
}

/* "Expected response code 235 but got code": what was expected tells what was
 * sent.  AT is the quote after it. */
static void read_expected(struct finder *f, const char *at) {
    enum { BEFORE = 17 }; /* from the number to the quote */

    if (at - f->text <= BEFORE)
        return;
    int code = smtpcode_read_reply_code(at - BEFORE, f->end);
    switch (code ? code : smtpcode_read_reply_code(at - BEFORE - 1, f->end)) {
    case 235:
    case 334:
        f->stage = SMTPCODE_STAGE_AUTH;
        break;
    case 354:
        f->stage = SMTPCODE_STAGE_DATA;
        break;
    }
}

static void read_reject(struct finder *f, const struct wrapper *w,
                        const char *s) {
    f->stage = smtpcode_read_stage(s, f->end);
    f->side = w->side;
    f->kept = false;
}

/* A part of an enhanced code whose parts come apart, the class first. */
static void read_part(struct finder *f, uint8_t part, const char *s) {
    unsigned n;

    if (!read_number(s, f->end, &n))
        return;
    if (part == WRAPS_CLASS) {
        f->parts = n == 2 || n == 4 || n == 5 ? ENHANCED(n, 0, 0) : 0;
    } else if (part == WRAPS_SUBJECT) {
        if (f->parts && f->parts % 1000000 == 0)
            f->parts += n * 1000;
    } else if (f->parts) {
        f->beside = f->parts + n;
        f->parts = 0;
    }
}

/* What row W says about the text around a reply; S is after its lead. */
static void read_beside(struct finder *f, const struct wrapper *w,
                        const char *s) {
    struct candidate ignored = {0};
    const char *after;
    unsigned n;

    s = smtpcode_open_quote(f, skip_blanks(s, f->end), &ignored);
    switch (w->what) {
    case WRAPS_STAGE:
        if (!f->open.start || (!f->open.code && !f->open.enhanced))
            f->stage = w->stage;
        break;
    case WRAPS_COMMAND:
        n = smtpcode_read_stage(s, f->end);
        f->kept = true;
        if (w->traits & TRAIT_KEPT)
            f->kept_stage = (uint8_t)n;
        else
            f->stage = (uint8_t)n;
        break;
    case WRAPS_REJECT:
        read_reject(f, w, s);
        break;
    case WRAPS_CODE:
        n = (unsigned)smtpcode_read_reply_code(s, f->end);
        f->apart = n ? (int)n : f->apart;
        read_expected(f, s - 1);
        break;
    case WRAPS_ENHANCED:
        n = smtpcode_read_enhanced(s, f->end, &after);
        f->beside = n % 1000000 ? n : f->beside; /* x.0.0 says nothing */
        break;
    case WRAPS_CLASS:
    case WRAPS_SUBJECT:
    case WRAPS_DETAIL:
        read_part(f, w->what, s);
        break;
    case WRAPS_WORD:
        read_word(f, s);
        break;
    case WRAPS_ENCODING:
        f->quoted_printable = smtpcode_begins(s, f->end, "quoted-p") != NULL;
        break;
    }
}

/* The reply after the lead of row W, S being after it. */
static void read_wrapped(struct finder *f, const struct wrapper *w,
                         const char *s) {
    struct candidate c = {0};

    s = skip_blanks(s, f->end);
    if (w->lead[w->length - 1] == '"' || w->lead[w->length - 1] == '\'')
        c.quote = w->lead[w->length - 1];
    else
        s = smtpcode_open_quote(f, s, &c);
    if (w->what == WRAPS_RECIPIENT)
        s = skip_blanks(skip_address(s, f->end), f->end);
    c.start = s;
    c.rank = w->rank;
    c.stage = w->stage;
    c.side = w->side;
    c.flags = w->flags;
    c.traits = w->traits;
    c.tail = w->tail;
    read_codes(f, &c);
    if (w->traits & TRAIT_BOTH ? !c.code || !c.enhanced
                               : w->what == WRAPS_CODED && !has_code(&c))
        return;
    if ((c.code || c.enhanced) && c.rank < RANK_CODE)
        c.rank = RANK_CODE;
    open(f, &c);
}

/* A code where no row knows the lead: S is after a colon, bracket, quote or
 * line break. */
void smtpcode_read_coded(struct finder *f, const char *s,
                         const struct candidate *like) {
    struct candidate c = *like;

    if (f->end - s > 2 && *s == '<' && s[1] == ' ')
        s += 2; /* RainLoop's direction */
    if (s >= f->end || !is_digit(*s))
        return;
    c.start = s;
    c.rank = c.rank ? c.rank : RANK_CODE;
    read_codes(f, &c);
    if (has_code(&c))
        open(f, &c);
}

/* "(535, b'": a code and its text as a pair; "(535):" a code alone. */
static bool read_pair(struct finder *f, const char *s) {
    struct candidate c = {0};
    int code = smtpcode_read_reply_code(s, f->end);

    if (!code || f->end - s < 5)
        return false;
    if (s[3] == ')' && s[4] == ':') {
        f->apart = code;
        c.start = skip_line_blanks(s + 5, f->end);
        c.rank = RANK_CODE;
        open(f, &c);
        return true;
    }
    if (s[3] != ',')
        return false;
    c.start = skip_blanks(s + 4, f->end);
    s = smtpcode_open_quote(f, c.start, &c);
    if (s == c.start)
        return false;
    c.start = s;
    c.apart = code;
    c.rank = code < 400 ? RANK_POSITIVE : RANK_SURE;
    c.side = SMTPCODE_SIDE_THEIRS;
    c.code = code;
    open(f, &c);
    f->at = c.start;
    return true;
}

/* Stalwart: "with code 550 (5.1.1) 'text'", S being after the bracket. */
static bool read_stalwart(struct finder *f, const char *s) {
    struct candidate c = {0};
    unsigned code;

    if (s - f->text < 15 || !smtpcode_begins(s - 15, s, "with code "))
        return false;
    read_number(s - 5, f->end, &code);
    const char *quote = f->end - s > 16 ? s + 16 : f->end;
    const char *after;
    uint32_t enhanced = smtpcode_read_enhanced(s, f->end, &after);
    while (s < quote && *s != '\'')
        s++;
    if (s == quote || code < 200 || code > 599)
        return false;
    if (enhanced % 1000000)
        f->beside = enhanced;
    c.start = s;
    c.start = smtpcode_open_quote(f, s, &c);
    c.code = (int)code;
    c.apart = (int)code;
    c.rank = RANK_SURE;
    open(f, &c);
    f->at = c.start;
    return true;
}

/* " (in reply to RCPT TO command)" and "; from=<" end what Postfix quotes. */
static bool ends_postfix(struct finder *f, const char *at) {
    const char *s;

    if (*at == '(') {
        s = smtpcode_begins(at + 1, f->end, "in reply to ");
        if (!s)
            return false;
        f->open.stage = smtpcode_read_stage(s, f->end);
        f->open.side = SMTPCODE_SIDE_THEIRS;
    } else if (*at != ';' || !smtpcode_begins(at + 1, f->end, " from=<")) {
        return false;
    }
    smtpcode_close_reply(f, at);
    return true;
}

bool smtpcode_take_wrapper(struct finder *f, const char *at) {
    const struct wrapper *w = smtpcode_wrapper_at(f->text, at);
    unsigned n;

    if (!w)
        return false;
    const char *s = skip_blanks(at + 1, f->end);
    if (w->what == WRAPS_EITHER && read_number(s, f->end, &n) && n >= 200 &&
        n < 600)
        f->apart = (int)n;
    else if (w->what <= WRAPS_RECIPIENT || w->what == WRAPS_EITHER)
        read_wrapped(f, w, at + 1);
    else
        read_beside(f, w, at + 1);
    return true;
}

void smtpcode_take_lead(struct finder *f, const char *at) {
    const struct candidate plain = {.traits = f->later ? 0 : TRAIT_BLOCK};

    if (f->open.start && ends_postfix(f, at))
        return;
    if (smtpcode_take_wrapper(f, at))
        return;
    if (*at == '(') {
        struct candidate c = {.bracket = true};
        if (!read_pair(f, at + 1) && !read_stalwart(f, at + 1))
            smtpcode_read_coded(f, at + 1, &c);
    } else if (*at == ':') {
        const char *s = skip_line_blanks(at + 1, f->end);
        if (s > at + 1 && s - at < LOOK_AHEAD)
            smtpcode_read_coded(f, s, &plain);
    }
}
