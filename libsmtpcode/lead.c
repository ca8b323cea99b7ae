/*
 * lead.c - where a reply may begin: after the leads of wrappers.inc, and where
 * a code stands after a colon, bracket, quote or line break.
 */
#include <string.h>

#include "finder.h"

/* ---- candidates ---- */

static bool is_positive(int code, uint32_t enhanced) {
    return code ? code < 400 : enhanced && enhanced < ENHANCED(4, 0, 0);
}

static void read_codes_at(struct candidate *c, const char *s, const char *end) {
    const char *after;

    c->code = smtpcode_read_reply_code(s, end);
    if (c->code) {
        s += 3;
        c->dashed = s < end && *s == '-';
        s = skip_blanks(s + (s < end), end);
    }
    if (s < end && *s == '#')
        s++;
    c->enhanced = smtpcode_read_enhanced(s, end, &after);
}

/* Read the codes that C starts with, soft line breaks in them or not. */
static void read_codes(const struct finder *f, struct candidate *c) {
    char line[32];
    size_t n = 0, left = (size_t)(f->end - c->start);
    const char *s = c->start;

    left = left < sizeof line ? left : sizeof line;
    if (!memchr(s, '=', left)) {
        read_codes_at(c, s, f->end);
        return;
    }
    for (; s < f->end && n < left; s++)
        if (!is_soft_break(s, f->end))
            line[n++] = *s;
        else
            s += f->end - s > 2 && s[1] == '\r' && s[2] == '\n' ? 2 : 1;
    read_codes_at(c, line, line + n);
}

/* Codes that a number in a sentence could not be: RFC 5321 4.2.1 knows second
 * digits to 5, and 465 and 587 are ports.  571 is 5.7.1 without its dots. */
static bool has_code(const struct candidate *c) {
    return c->enhanced ||
           (c->code && (c->code / 10 % 10 <= 5 || c->code / 10 == 57));
}

static bool beats(const struct candidate *c, const struct candidate *best) {
    return c->rank > best->rank ||
           (c->rank == best->rank && c->rank == RANK_POSITIVE);
}

void smtpcode_close_reply(struct finder *f, const char *end) {
    if (!f->open.start)
        return;
    f->open.end = end;
    f->last = beats(&f->open, &f->best) ? &f->best : &f->open;
    f->last_here = true;
    if (f->last == &f->best)
        f->best = f->open;
    f->open.start = NULL;
}

/* May C, which lies in the open reply, take its place?  Words never take that
 * of codes: "530 5.7.57 SMTP; Client was not authenticated". */
static bool replaces(const struct candidate *c, const struct candidate *open) {
    bool coded = c->code || c->enhanced;

    if (open->code || open->enhanced)
        return coded && c->traits & TRAIT_INNER;
    return coded || c->traits & TRAIT_INNER;
}

/* What C has not itself it has from the open reply in which it lies. */
static void inherit(struct candidate *c, const struct candidate *o) {
    bool coded = c->code || c->enhanced;

    c->outer = o->outer ? o->outer : (uint16_t)o->code;
    c->rank = c->rank < o->rank ? o->rank : c->rank;
    c->stage = c->stage ? c->stage : o->stage;
    if (coded && o->rank == RANK_WORDS && o->side == SMTPCODE_SIDE_OURS)
        c->side = SMTPCODE_SIDE_THEIRS; /* we quote it */
    c->side = c->side ? c->side : o->side;
    c->tail = c->tail ? c->tail : o->tail;
    c->apart = o->apart;
    if (!c->quote && o->quote) {
        c->quote = o->quote;
        c->escaped = o->escaped;
    }
}

static void open(struct finder *f, struct candidate *c) {
    struct candidate *o = &f->open;

    if (is_positive(c->code, c->enhanced))
        c->rank = RANK_POSITIVE;
    if (o->start) {
        if (!replaces(c, o))
            return;
        inherit(c, o);
    }
    if (!o->start || o->code || o->enhanced)
        f->count += c->code || c->enhanced || c->rank >= RANK_CODE;
    c->apart = c->apart ? c->apart : f->apart;
    f->apart = 0;
    c->stage = c->stage ? c->stage : f->stage;
    c->side = f->side ? f->side : c->side;
    smtpcode_take_beside(f, c);
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

static bool is_server(const char *begin, const char *end) {
    static const char words[2][8] = {"host", "server"};

    while (begin < end && !is_alpha(*begin))
        begin++;
    for (int i = 0; i < 2; i++) {
        size_t n = 0;
        while (begin + n < end && words[i][n] &&
               (begin[n] | 0x20) == words[i][n])
            n++;
        if (!words[i][n] && begin + n == end)
            return true;
    }
    return false;
}

/* "host mx.example.org[192.0.2.1] said:" and "remote host said:"; that
 * anybody else said something does not begin a reply. */
static bool is_server_before(const struct finder *f, const char *end) {
    while (end > f->text && is_blank(end[-1]))
        end--;
    const char *name = before_word(f->text, end);
    if (name == end) /* too long to be looked at, or none */
        return end > f->text;
    if (end[-1] == ']' || is_server(name, end))
        return true;
    while (name > f->text && is_blank(name[-1]))
        name--;
    return is_server(before_word(f->text, name), name);
}

/* The reply after the lead of row W, S being after it. */
static void read_wrapped(struct finder *f, const struct wrapper *w,
                         const char *s) {
    struct candidate c = {.rank = w->rank,
                          .stage = w->stage,
                          .side = w->side,
                          .flags = w->flags,
                          .traits = w->traits,
                          .tail = w->tail};

    if (w->what == WRAPS_SPEECH && !is_server_before(f, s - w->length))
        return;
    if (w->traits & TRAIT_SAID) {
        c.beside.peer = s - w->length;
        c.beside.peer_before = true;
    }
    s = skip_blanks(s, f->end);
    if (w->lead[w->length - 1] == '"' || w->lead[w->length - 1] == '\'')
        c.quote = w->lead[w->length - 1];
    else
        s = smtpcode_open_quote(f, s, &c);
    if (w->what == WRAPS_RECIPIENT)
        s = skip_blanks(skip_address(s, f->end), f->end);
    c.start = s;
    read_codes(f, &c);
    if (w->traits & TRAIT_BOTH ? !c.code || !c.enhanced
                               : w->what == WRAPS_CODED && !has_code(&c)) {
        if (w->stage) { /* of what follows */
            f->stage = w->stage;
            f->side = w->side;
        }
        return;
    }
    if ((c.code || c.enhanced) && c.rank < RANK_CODE) {
        c.rank = RANK_CODE;
        if (c.side == SMTPCODE_SIDE_OURS)
            c.side = SMTPCODE_SIDE_THEIRS; /* our words would have no code */
    }
    open(f, &c);
}

/* A code where no row knows the lead: S is after a colon, bracket, quote or
 * line break. */
void smtpcode_read_coded(struct finder *f, const char *s,
                         const struct candidate *like) {
    if (f->end - s > 2 && *s == '<' && s[1] == ' ')
        s += 2; /* RainLoop's direction */
    if (s >= f->end || !is_digit(*s))
        return;
    struct candidate c = *like;
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
        c.side = SMTPCODE_SIDE_THEIRS;
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
    c.beside.told = true;
    c.beside.enhanced = enhanced;
    c.start = s;
    c.start = smtpcode_open_quote(f, s, &c);
    c.code = (int)code;
    c.apart = (int)code;
    c.rank = RANK_SURE;
    c.side = SMTPCODE_SIDE_THEIRS;
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

/* sendmail: stat=Deferred: 451 ..., stat=User unknown; S is after the "=".
 * OpenSMTPD has the reply in quotes, and a row for them. */
static void read_outcome(struct finder *f, const struct wrapper *w,
                         const char *s) {
    bool quoted = w->lead[w->length - 1] == '"';
    const char *after;

    if (w->rank == RANK_NONE || (!quoted && s < f->end && *s == '"'))
        return;
    if (smtpcode_read_final(s, f->end)) {
        after = smtpcode_begins(s, f->end, "deferred: ");
        if (quoted || !after)
            return;
        s = after;
    }
    read_wrapped(f, w, s);
}

bool smtpcode_take_wrapper(struct finder *f, const char *at) {
    const struct wrapper *w = smtpcode_wrapper_at(f->text, at);
    unsigned n;

    if (!w)
        return false;
    const char *s = at + 1;
    if (w->what == WRAPS_EITHER &&
        read_number(skip_blanks(s, f->end), f->end, &n) && n >= 200 && n < 600)
        f->apart = (int)n;
    else if (w->what <= WRAPS_SPEECH || w->what == WRAPS_EITHER)
        read_wrapped(f, w, s);
    else
        smtpcode_read_beside(f, w, s);
    if (w->what == WRAPS_FINAL)
        read_outcome(f, w, s);
    return w->what != WRAPS_STAGE || *at != ':'; /* a code may follow, too */
}

/* Exim: "rejected RCPT <a@b>: relay not permitted", S being after the colon. */
static void read_rejected(struct finder *f, const char *s) {
    struct candidate c = {.start = s, .rank = RANK_WORDS};

    read_codes(f, &c);
    if (c.code || c.enhanced)
        c.rank = RANK_CODE;
    open(f, &c);
}

/* AT is a colon. */
static void take_colon(struct finder *f, const char *at) {
    const struct candidate plain = {.traits = f->later ? 0 : TRAIT_BLOCK};
    const char *s = skip_line_blanks(at + 1, f->end);

    if (s == f->end || s - at >= LOOK_AHEAD || (s == at + 1 && !is_blank(*s)))
        return;
    if (!f->open.start && smtpcode_read_named(f, at)) {
        read_rejected(f, s);
        return;
    }
    if (s > at + 1)
        smtpcode_read_coded(f, s, &plain);
}

/* AT is a bracket. */
static void take_bracket(struct finder *f, const char *at) {
    const struct candidate c = {.bracket = true};

    if (f->end - at < 3)
        return;
    if (is_digit(at[1])) {
        if (!read_pair(f, at + 1) && !read_stalwart(f, at + 1))
            smtpcode_read_coded(f, at + 1, &c);
    } else if ((at[1] == 'e' || at[1] == 'g') &&
               (smtpcode_begins(at + 1, f->end, "expanded from ") ||
                smtpcode_begins(at + 1, f->end, "generated from "))) {
        f->line.forwarded = true; /* Postfix and Exim to the sender */
    }
}

void smtpcode_take_lead(struct finder *f, const char *at) {
    if (f->open.start && (*at == '(' || *at == ';') && ends_postfix(f, at))
        return;
    if (smtpcode_take_wrapper(f, at))
        return;
    if (*at == '(')
        take_bracket(f, at);
    else if (*at == ':')
        take_colon(f, at);
}
