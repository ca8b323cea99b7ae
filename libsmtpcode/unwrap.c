/*
 * unwrap.c - find the reply in a text.
 *
 * One pass.  A few bytes, of which one ends every lead of wrappers.c, make
 * the finder look; a reply that it has found is open until its line, block or
 * string ends, and then competes with the best so far.  What it looks at is
 * bounded at each of those bytes, so the time is linear.
 */
#include <string.h>

#include "reply.h"
#include "wrappers.h"

enum {
    NO_TRIGGER,
    LEAD_END, /* : = ; ( */
    QUOTE,
    LINE_BREAK,
    BACKSLASH,
    LOOK_AHEAD = 64 /* blanks between a lead and its reply */
};

static const unsigned char triggers[256] = {
    [':'] = LEAD_END,    ['='] = LEAD_END,    [';'] = LEAD_END,
    ['('] = LEAD_END,    ['"'] = QUOTE,       ['\''] = QUOTE,
    ['\n'] = LINE_BREAK, ['\r'] = LINE_BREAK, ['\\'] = BACKSLASH};

/* A place where a reply is. */
struct candidate {
    const char *start;
    const char *end;
    uint32_t enhanced; /* in its own text, as the code */
    int code;
    int apart; /* the code beside it */
    uint16_t outer;
    uint8_t rank;
    uint8_t stage;
    uint8_t side;
    uint8_t flags;
    uint8_t traits;
    uint8_t tail;
    char quote;
    char mark;
    bool escaped; /* its quotes stand after backslashes */
    bool bracket; /* it stands in brackets */
    bool dashed;  /* its last line with a code had "550-" */
};

struct finder {
    const char *text;
    const char *end;
    const char *at;
    struct candidate open; /* start is NULL: none */
    struct candidate best;
    size_t count;
    uint32_t beside; /* an enhanced code beside the reply */
    uint32_t parts;  /* the same as a class, subject and detail */
    int apart;       /* a reply code beside the reply */
    uint8_t words;   /* how many of its digits were spelled out */
    uint8_t stage;
    uint8_t side;
    uint8_t kept_stage;
    bool later; /* past the first line */
    bool kept; /* stage and side outlive the line */
    bool json; /* inside a string of JSON */
    bool quoted_printable;
};

static const char *skip_blanks(const char *s, const char *end) {
    const char *limit = end - s > LOOK_AHEAD ? s + LOOK_AHEAD : end;

    while (s < limit && is_blank(*s))
        s++;
    return s;
}

static const char *skip_line_blanks(const char *s, const char *end) {
    while (s < end && (*s == ' ' || *s == '\t'))
        s++;
    return s;
}

static bool is_line_break(const char *s, const char *end) {
    return *s == '\n' || *s == '\r' ||
           (end - s > 1 && *s == '\\' && (s[1] == 'n' || s[1] == 'r'));
}

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

static void close(struct finder *f, const char *end) {
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

    return c->traits & TRAIT_INNER ||
           (coded && !open->code && !open->enhanced);
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
static const char *open_quote(const struct finder *f, const char *s,
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
    {"positivecompletion", 2},          {"positiveintermediate", 3},
    {"transientnegativecompletion", 4}, {"permanentnegativecompletion", 5},
    {"syntax", 0},                      {"information", 1},
    {"connections", 2},                 {"unspecified3", 3},
    {"unspecified4", 4},                {"mailsystem", 5},
    {"zero", 0},                        {"one", 1},
    {"two", 2},                         {"three", 3},
    {"four", 4},                        {"five", 5},
    {"six", 6},                         {"seven", 7},
    {"eight", 8},                       {"nine", 9},
};

static void read_word(struct finder *f, const char *s) {
    for (size_t i = 0; i < sizeof digit_words / sizeof digit_words[0]; i++)
        if (smtpcode_begins(s, f->end, digit_words[i].word)) {
            f->words = f->words < 3 ? f->words + 1 : 1;
            f->parts = (f->words == 1 ? 0 : f->parts) * 10 +
                       digit_words[i].digit;
            if (f->words == 3 && f->parts >= 200)
                f->apart = (int)f->parts;
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

/* What ROW says about the text around a reply; S is after its lead. */
static void read_beside(struct finder *f, const struct wrapper *w,
                        const char *s) {
    struct candidate ignored = {0};
    const char *after;
    unsigned n;

    s = open_quote(f, skip_blanks(s, f->end), &ignored);
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
        f->parts = read_number(s, f->end, &n) ? ENHANCED(n, 0, 0) : 0;
        break;
    case WRAPS_SUBJECT:
        f->parts += read_number(s, f->end, &n) ? n * 1000 : 0;
        break;
    case WRAPS_DETAIL:
        if (f->parts >= ENHANCED(2, 0, 0) && read_number(s, f->end, &n))
            f->beside = f->parts + n;
        f->parts = 0;
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
        s = open_quote(f, s, &c);
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
static void read_coded(struct finder *f, const char *s,
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
    s = open_quote(f, c.start, &c);
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
    c.start = open_quote(f, s, &c);
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
    close(f, at);
    return true;
}

static void take_lead_end(struct finder *f, const char *at) {
    const struct candidate plain = {.traits = f->later ? 0 : TRAIT_BLOCK};
    const struct wrapper *w;

    if (f->open.start && ends_postfix(f, at))
        return;
    w = smtpcode_wrapper_at(f->text, at);
    if (w) {
        unsigned n;
        const char *s = skip_blanks(at + 1, f->end);
        bool code = w->what == WRAPS_EITHER && read_number(s, f->end, &n);
        if (code && n >= 200 && n < 600)
            f->apart = (int)n;
        else if (w->what <= WRAPS_RECIPIENT || w->what == WRAPS_EITHER)
            read_wrapped(f, w, at + 1);
        else
            read_beside(f, w, at + 1);
    } else if (*at == '(') {
        struct candidate c = {.bracket = true};
        if (!read_pair(f, at + 1) && !read_stalwart(f, at + 1))
            read_coded(f, at + 1, &c);
    } else if (*at == ':') {
        const char *s = skip_line_blanks(at + 1, f->end);
        if (s > at + 1 && s - at < LOOK_AHEAD)
            read_coded(f, s, &plain);
    }
}

/* ---- ends ---- */

/* 'one' + 'two' goes on. */
static bool is_concatenated(const struct finder *f, const char *s) {
    s = skip_blanks(s, f->end);
    if (s >= f->end || *s != '+')
        return false;
    s = skip_blanks(s + 1, f->end);
    return s < f->end && *s == f->open.quote;
}

static void take_quote(struct finder *f, const char *at) {
    bool escaped = at > f->text && at[-1] == '\\';
    const struct candidate *o = &f->open;
    struct candidate c = {.quote = *at, .escaped = escaped};
    const struct wrapper *w;

    if (o->start && *at == o->quote && (!escaped || o->escaped)) {
        /* An apostrophe is no end. */
        bool word = *at == '\'' && f->end - at > 1 && is_alpha(at[1]);
        if (word)
            return;
        if (is_concatenated(f, at + 1))
            f->at = skip_blanks(skip_blanks(at + 1, f->end) + 1, f->end) + 1;
        else
            close(f, at - escaped);
        return;
    }
    if (*at == '"' && f->json && !escaped) {
        f->json = false;
        close(f, at);
        return;
    }
    if (*at == '"' && at > f->text &&
        (at[-1] == ':' || (at - f->text > 1 && at[-1] == ' ' && at[-2] == ':')))
        f->json = true;
    w = smtpcode_wrapper_at(f->text, at);
    if (!w)
        read_coded(f, at + 1, &c);
    else if (w->what <= WRAPS_RECIPIENT)
        read_wrapped(f, w, at + 1);
    else
        read_beside(f, w, at + 1);
}

/* Does a new record begin at S: a header, a log line, a mark, a part of a
 * mail?  Then a block has ended. */
static bool is_record(const char *s, const char *end) {
    const char *limit = end - s > 40 ? s + 40 : end;

    if (is_digit(*s) || *s == '-' || *s == '<' || *s == '>' || *s == '{' ||
        *s == '}' || *s == '[')
        return true;
    if (end - s > 5 && s[3] == ' ' && (s[4] == ' ' || is_digit(s[4])) &&
        is_digit(s[5]))
        return true; /* "Nov 18" */
    while (s < limit && (is_alpha(*s) || is_digit(*s) || *s == '-'))
        s++;
    return s < limit && *s == ':' && (s + 1 == end || is_blank(s[1]));
}

/* Does the open reply go on with the line at S? */
static bool goes_on(struct finder *f, const char *s) {
    struct candidate *o = &f->open;
    const char *line = skip_line_blanks(s, f->end), *after;

    if (line == f->end || is_line_break(line, f->end))
        return o->quote != 0;
    if (o->mark) {
        if (f->end - line < 4 || *line != '<' || line[3] != ' ')
            return false;
        line += 4;
    }
    int code = smtpcode_read_reply_code(line, f->end);
    if (code) {
        bool same = o->dashed || code == o->code;
        o->dashed = f->end - line > 3 && line[3] == '-';
        return same;
    }
    if (o->mark)
        return true;
    if (line > s)
        return !smtpcode_begins(line, f->end, "at ") &&
               !smtpcode_begins(line, f->end, "nested exception");
    if (o->enhanced &&
        smtpcode_read_enhanced(line, f->end, &after) == o->enhanced)
        return true;
    return o->quote || (o->traits & TRAIT_BLOCK && !is_record(line, f->end));
}

struct mark {
    char text[8];
    char mark;
};

/* What debug output and transcripts put before a server's line. */
static const struct mark marks[] = {{"<<< ", '<'},  {"<** ", '<'},
                                    {"<~* ", '<'},  {"<- ", '<'},
                                    {"<~ ", '<'},  {"smtp<< ", 0},
                                    {"smtp< ", 0},  {"> ", 0}};
/* And before a client's. */
static const struct mark own_marks[] = {
    {">>> ", 0}, {"-> ", 0}, {"~> ", 0}, {"smtp>> ", 0}};

/* The bytes that any of them begins with. */
static const bool begins_mark[256] = {
    ['<'] = true, ['>'] = true, ['-'] = true,
    ['~'] = true, ['s'] = true, ['S'] = true};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* The mark of LIST at S, or NULL; *AFTER is where it ends. */
static const struct mark *find_mark(const struct finder *f, const char *s,
                                    const struct mark *list, size_t n,
                                    const char **after) {
    for (size_t i = 0; i < n; i++)
        if ((*after = smtpcode_begins(s, f->end, list[i].text)))
            return &list[i];
    return NULL;
}

/* A line begins at S and no reply is open. */
static void take_line(struct finder *f, const char *s) {
    struct candidate c = {0};
    const char *after;

    s = skip_line_blanks(s, f->end);
    if (s >= f->end)
        return;
    if (begins_mark[(unsigned char)*s]) {
        if (find_mark(f, s, own_marks, COUNT(own_marks), &after)) {
            f->stage = smtpcode_read_stage(after, f->end);
            f->kept = true;
            return;
        }
        const struct mark *m = find_mark(f, s, marks, COUNT(marks), &after);
        if (m) {
            c.mark = m->mark;
            c.side = *s == '>' ? 0 : SMTPCODE_SIDE_THEIRS;
            c.rank = c.side ? RANK_SURE : 0;
            s = after;
        }
    }
    if (s == f->text || skip_blanks(f->text, f->end) == s)
        c.traits = TRAIT_BLOCK;
    read_coded(f, s, &c);
}

/* AT is a line break, S the line that it begins. */
static void take_line_break(struct finder *f, const char *at, const char *s) {
    bool soft = at - f->text > 1 && at[-1] == '=' && at[-2] != '=';

    f->at = s;
    if (soft) {
        f->quoted_printable = true;
        return;
    }
    if (*at != '\\')
        f->json = false;
    f->later = true;
    if (f->open.start) {
        if (goes_on(f, s))
            return;
        close(f, at);
    }
    if (!f->kept && s < f->end && *s != ' ' && *s != '\t') {
        f->stage = 0;
        f->side = 0;
    }
    take_line(f, s);
}

static void take_backslash(struct finder *f, const char *at) {
    const char *s = at + 1;

    while (f->end - s > 1 && *s == '\\' && (s[1] == 'n' || s[1] == 'r'))
        s++;
    if (s < f->end && *s == 'r' && f->end - s > 2 && s[1] == '\\' &&
        s[2] == 'n')
        s += 2;
    if (s < f->end && (*s == 'n' || *s == 'r'))
        take_line_break(f, at, s + 1);
}

static void scan(struct finder *f) {
    take_line(f, f->text);
    while (f->at < f->end) {
        const char *at = f->at;
        while (at < f->end && !triggers[(unsigned char)*at])
            at++;
        if (at == f->end)
            break;
        f->at = at + 1;
        switch (triggers[(unsigned char)*at]) {
        case LEAD_END:
            take_lead_end(f, at);
            break;
        case QUOTE:
            take_quote(f, at);
            break;
        case LINE_BREAK:
            if (*at == '\r' && f->end - at > 1 && at[1] == '\n')
                take_line_break(f, at, at + 2);
            else
                take_line_break(f, at, at + 1);
            break;
        case BACKSLASH:
            take_backslash(f, at);
            break;
        }
    }
    close(f, f->end);
}

/* ---- the answer ---- */

static bool is_trailing(const char *start, const char *end) {
    return end > start && (is_blank(end[-1]) || end[-1] == ';');
}

/* The bracket that closes one which was opened before the reply, or END. */
static const char *find_closing(const char *s, const char *end) {
    long depth = 0;

    for (; s < end; s++) {
        depth += (*s == '(') - (*s == ')');
        if (depth < 0)
            return s;
    }
    return end;
}

/* Is the bracket that ends the reply one too many? */
static bool is_surplus(const char *s, const char *end) {
    char closing = end[-1], opening = closing == ')' ? '(' : '<';
    long depth = 0;

    if (closing != ')' && closing != '>')
        return false;
    for (; s < end; s++)
        depth += (*s == opening) - (*s == closing);
    return depth < 0;
}

/* Leave out what the wrapper has after the reply: brackets, blanks.  At most
 * a few brackets, for each costs a look at all of it. */
static const char *trim(const struct candidate *c) {
    const char *end = smtpcode_find_tail(c->start, c->end, c->tail);

    if (c->bracket)
        end = find_closing(c->start, end);
    for (int brackets = 0; brackets < 4; brackets++) {
        while (is_trailing(c->start, end))
            end--;
        if (end == c->start || !is_surplus(c->start, end))
            break;
        end--;
    }
    return end;
}

/* Nothing tells where the reply is: all of it, or the code beside. */
static void take_whole(struct finder *f) {
    struct candidate *c = &f->best;

    c->start = f->text;
    while (c->start < f->end && is_blank(*c->start))
        c->start++;
    c->end = f->apart ? c->start : f->end;
    c->apart = f->apart;
    if (c->start < c->end && *c->start == '(') {
        c->start++;
        c->bracket = true;
    }
    f->count = 1;
}

void smtpcode_unwrap(const char *text, size_t len, struct found *found) {
    struct finder f = {.text = text, .end = text + len, .at = text};
    struct candidate *c = &f.best;

    scan(&f);
    if (!c->start)
        take_whole(&f);
    int apart = c->apart ? c->apart : f.apart;
    memset(found, 0, sizeof *found);
    found->start = (size_t)(c->start - text);
    found->end = (size_t)(trim(c) - text);
    found->count = f.count ? f.count : 1;
    found->enhanced = f.beside;
    found->code = (uint16_t)(c->code && !c->apart ? 0 : apart);
    found->outer = c->outer;
    found->flags = c->flags;
    found->stage = c->stage ? c->stage : f.kept_stage;
    found->side = c->side;
    found->quote = c->quote;
    found->mark = c->mark;
    found->quoted_printable = f.quoted_printable;
}
