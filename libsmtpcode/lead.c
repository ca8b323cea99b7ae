/*
 * lead.c - where a reply may begin: after the leads of wrappers.inc, and where
 * a code stands after a colon, bracket, quote or line break.
 */
#include <string.h>

#include "finder.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* ---- candidates ---- */

static bool is_positive(int code, uint32_t enhanced) {
    return code ? code < 400 : enhanced && enhanced < ENHANCED(4, 0, 0);
}

/* Exim's words about the sender, which may quote a reply to a probe. */
static const char sealing[][28] = {
    "verification failed for ", "sender verify fail", "callback setup failed "};

static bool is_sealing(const char *s, const char *end) {
    for (size_t i = 0; i < COUNT(sealing); i++)
        if (may_begin(s, end, sealing[i]) &&
            smtpcode_begins(s, end, sealing[i]))
            return true;
    return false;
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
    c->sealed = is_sealing(c->enhanced ? skip_blanks(after, end) : s, end);
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

    if (open->sealed)
        return false;
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
    c->html |= o->html;
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

/* Does a code end before END, as in "550 5.7.60 SMTP; Client does not have"?
 * Then the word is the server's own. */
static bool is_code_before(const char *text, const char *end) {
    const char *after, *s;

    while (end > text && is_blank(end[-1]))
        end--;
    s = before_word(text, end);
    if (s == end)
        return false;
    return smtpcode_read_reply_code(s, end) ||
           smtpcode_read_enhanced(s, end, &after);
}

/* qmail-send's log, S being after "Remote_host_said:", AT where the lead
 * began: the word began behind the outcome. */
static void read_qmail_log(struct finder *f, const char *s, const char *lead) {
    static const char deferral[] = "deferral: ", success[] = "success: ";
    struct candidate c = {.rank = RANK_SURE,
                          .side = SMTPCODE_SIDE_THEIRS,
                          .tail = TAIL_QMAIL,
                          .log = true};
    const char *word = before_word(f->text, lead);
    char line[16];
    size_t n = 0;

    while (s < f->end && *s == '_')
        s++;
    c.start = s;
    for (; s < f->end && n < sizeof line; s++)
        line[n++] = *s == '_' ? ' ' : *s;
    read_codes_at(&c, line, line + n);
    if (!c.code && !c.enhanced)
        return;
    c.beside.final =
        smtpcode_ends_with(f->text, word, deferral, sizeof deferral - 1)
            ? SMTPCODE_FINAL_TRYING
        : smtpcode_ends_with(f->text, word, success, sizeof success - 1) ||
                smtpcode_ends_with(f->text, word, "failure: ", 9)
            ? SMTPCODE_FINAL_STOPPED
            : SMTPCODE_FINAL_UNKNOWN;
    open(f, &c);
}

/* Mailgun has the words in one of two fields beside "code", and both may be
 * there: the code is told of the first. */
static bool is_told(const struct finder *f, struct candidate *c) {
    const char *s = c->start;

    if (!f->coded || f->open.start || s >= f->end || *s == c->quote)
        return false;
    if (!f->apart && f->last) {
        c->apart = f->last->apart;
        c->beside = f->last->beside;
    }
    return true;
}

/* Where the reply begins: behind a quote, behind the recipient. */
static const char *find_wrapped(const struct finder *f, const struct wrapper *w,
                                const char *s, struct candidate *c) {
    char last = w->lead[w->length - 1];

    s = skip_blanks(s, f->end);
    if (last == '"' || last == '\'')
        c->quote = last;
    else
        s = smtpcode_open_quote(f, s, c);
    if (w->what == WRAPS_RECIPIENT)
        s = skip_blanks(skip_address(s, f->end), f->end);
    return s;
}

/* Is C none after all, by what stands before the LEAD of row W? */
static bool is_refused(const struct finder *f, const struct wrapper *w,
                       const char *lead, struct candidate *c) {
    switch (w->what) {
    case WRAPS_PROTOCOL:
        return !c->code && is_code_before(f->text, lead);
    case WRAPS_TOLD:
        return !is_told(f, c);
    case WRAPS_COOKED:
        return f->last == &f->best && f->best.rank == RANK_SURE;
    }
    return false;
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
    const char *lead = s - w->length;

    if (w->what == WRAPS_SPEECH && !is_server_before(f, lead))
        return;
    if (w->traits & TRAIT_SAID) {
        f->open.quotes |= f->open.sealed;
        c.beside.peer = lead;
        c.beside.peer_before = true;
    }
    c.start = find_wrapped(f, w, s, &c);
    if (w->what == WRAPS_RAW && f->last)
        c.beside = f->last->beside;
    read_codes(f, &c);
    if (is_refused(f, w, lead, &c))
        return;
    if (c.code && !c.dashed)
        c.flags &= (uint8_t)~SMTPCODE_FLAG_FIRST_LINE_ONLY;
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

/* What stands before a code at S: "[550] ", "* 550", "| 550", "#550". */
static const char *skip_sign(const char *s, const char *end) {
    const char *code = s + 1;

    if (s >= end || (*s != '[' && *s != '*' && *s != '|' && *s != '#'))
        return s;
    if (*s == '*' || *s == '|')
        while (code < end && *code == ' ')
            code++;
    if (!smtpcode_read_reply_code(code, end) ||
        (*s == '[' && (end - code < 4 || code[3] != ']')))
        return s;
    return code;
}

/* A code where no row knows the lead: S is after a colon, bracket, quote or
 * line break. */
void smtpcode_read_coded(struct finder *f, const char *s,
                         const struct candidate *like) {
    if (f->end - s > 2 && *s == '<' && s[1] == ' ')
        s += 2; /* RainLoop's direction */
    s = skip_sign(s, f->end);
    if (s >= f->end || !is_digit(*s))
        return;
    struct candidate c = *like;
    c.start = s;
    c.rank = c.rank ? c.rank : RANK_CODE;
    c.tail = c.tail || s[-(s > f->text)] != '#' ? c.tail : TAIL_HASH;
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
    bool colon = s[4] == ':';
    if (s[3] == ')' &&
        (colon || (code >= 400 && s[4] == ' ' &&
                   (!f->open.start || f->open.start == s - 1)))) {
        f->apart = code;
        c.start = skip_line_blanks(s + 4 + colon, f->end);
        c.rank = RANK_CODE;
        c.code = colon ? 0 : code; /* behind a colon another may follow */
        open(f, &c);
        f->at = c.start;
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
        if (f->open.quotes) { /* of the reply that this one quotes */
            f->open.quotes = false;
            return false;
        }
        f->open.stage = smtpcode_read_stage(s, f->end);
        f->open.side = SMTPCODE_SIDE_THEIRS;
    } else if (*at != ';' || !smtpcode_begins(at + 1, f->end, " from=<")) {
        return false;
    }
    smtpcode_close_reply(f, at);
    return true;
}

/* Did sendmail reach the relay that it names?  "mx.example.org. [192.0.2.1]" */
static bool is_relayed(const struct finder *f) {
    const char *s = f->line.peer;
    const char *limit = s && f->end - s > 320 ? s + 320 : f->end;

    while (s && s < limit && *s != ',' && *s != '[' && *s != '\n')
        s++;
    return s && s < limit && *s == '[';
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
    } else if (!quoted && w->side == SMTPCODE_SIDE_OURS && is_relayed(f) &&
               !smtpcode_is_own(s, f->end)) {
        f->side = SMTPCODE_SIDE_THEIRS;
    }
    read_wrapped(f, w, s);
}

/* Row W, of which the lead ends with AT. */
static bool take_row(struct finder *f, const struct wrapper *w,
                     const char *at) {
    unsigned n;

    const char *s = at + 1;
    if (w->what == WRAPS_EITHER &&
        read_number(skip_blanks(s, f->end), f->end, &n) && n >= 200 && n < 600)
        f->apart = (int)n;
    else if (w->what == WRAPS_LOG)
        read_qmail_log(f, s, s - w->length);
    else if (w->what == WRAPS_SENDER)
        f->open.sealed = f->open.start != NULL;
    else if (w->what <= WRAPS_SPEECH || w->what == WRAPS_EITHER)
        read_wrapped(f, w, s);
    else
        smtpcode_read_beside(f, w, s);
    if (w->what == WRAPS_FINAL)
        read_outcome(f, w, s);
    return w->what != WRAPS_STAGE || *at != ':'; /* a code may follow, too */
}

bool smtpcode_take_wrapper(struct finder *f, const char *at) {
    const struct wrapper *w = smtpcode_wrapper_at(f->text, at);

    return w && take_row(f, w, at);
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

/* ---- HTML ---- */

static size_t length(const char *s) {
    size_t n = 0;

    while (s[n])
        n++;
    return n;
}

char smtpcode_entity_before(const char *text, const char *at) {
    static const char quotes[][8] = {"&quot", "&#34", "&apos", "&#39", "&#x27"};

    for (size_t i = 0; i < COUNT(quotes); i++)
        if (smtpcode_ends_with(text, at, quotes[i], length(quotes[i])))
            return i < 2 ? '"' : '\'';
    return smtpcode_ends_with(text, at, "&lt", 3) ||
                   smtpcode_ends_with(text, at, "&gt", 3) ||
                   smtpcode_ends_with(text, at, "&nbsp", 5)
               ? '<'
               : 0;
}

/* Does the tag that ends with AT begin near? */
static bool is_tag(const char *text, const char *at) {
    const char *floor = at - text > 240 ? at - 240 : text, *s = at;

    while (s > floor && s[-1] != '<' && s[-1] != '>')
        s--;
    return s > floor && s[-1] == '<' &&
           (is_alpha(*s) || *s == '/' || *s == '!');
}

/* Does a tag that no reply goes on behind begin at S? */
static bool ends_html(const char *s, const char *end) {
    static const char tags[][4] = {"br", "p", "div", "td", "tr", "hr"};
    const char *after;

    if (end - s > 1 && s[1] == '/')
        return true;
    for (size_t i = 0; i < COUNT(tags); i++)
        if ((after = smtpcode_begins(s + 1, end, tags[i])) && after < end &&
            (*after == '>' || *after == '/' || *after == ' '))
            return true;
    return false;
}

/* "Remote server returned an error -> 552 5.2.2 Mailbox full": AT is behind
 * the dash.  Exchange writes its own words so, too, where it reached nobody. */
static void take_arrow(struct finder *f, const char *at) {
    struct candidate c = {
        .rank = RANK_SURE, .side = SMTPCODE_SIDE_THEIRS, .traits = TRAIT_INNER};

    const char *s = skip_blanks(at + 1, f->end), *words, *after;

    if ((!f->open.code && !f->open.enhanced) ||
        !smtpcode_read_reply_code(s, f->end))
        return;
    words = skip_blanks(s + 3, f->end);
    if (smtpcode_read_enhanced(words, f->end, &after))
        words = skip_blanks(after, f->end);
    if (!smtpcode_begins(words, f->end, "unable to connect"))
        smtpcode_read_coded(f, s, &c);
}

void smtpcode_take_angle(struct finder *f, const char *at) {
    const struct candidate c = {.html = true};

    if (*at == '<') {
        if (ends_html(at, f->end))
            smtpcode_close_reply(f, at);
    } else if (at - f->text > 1 && at[-1] == '-' && is_blank(at[-2])) {
        take_arrow(f, at);
    } else if (f->end - at > 3 &&
               smtpcode_read_reply_code(skip_blanks(at + 1, f->end), f->end) &&
               is_tag(f->text, at)) {
        smtpcode_read_coded(f, skip_blanks(at + 1, f->end), &c);
    }
}

/* AT is the ";" of an entity, perhaps. */
static void take_entity(struct finder *f, const char *at) {
    struct candidate *o = &f->open;
    struct candidate c = {.html = true};
    bool code = f->end - at > 3 && smtpcode_read_reply_code(at + 1, f->end);
    bool ends = o->start && o->entity && !(f->end - at > 1 && is_alpha(at[1]));

    if (!code && !ends)
        return;
    c.entity = smtpcode_entity_before(f->text, at);
    if (ends && c.entity == o->entity) {
        while (*at != '&')
            at--;
        smtpcode_close_reply(f, at);
    } else if (code && c.entity) {
        c.entity = c.entity == '<' ? 0 : c.entity;
        smtpcode_read_coded(f, at + 1, &c);
    }
}

/* ---- nothing but a word ---- */

/* Words that a code stands behind. */
static const char labels[][8] = {"smtp ", "error ", "code ", "reply "};

void smtpcode_read_labelled(struct finder *f, const char *s) {
    const struct candidate plain = {0};
    const char *from = s, *after;

    for (size_t i = 0; i < COUNT(labels); i++)
        if (may_begin(s, f->end, labels[i]) &&
            (after = smtpcode_begins(s, f->end, labels[i])))
            s = after;
    if (s > from && smtpcode_read_reply_code(s, f->end) >= 400)
        smtpcode_read_coded(f, s, &plain);
}

/* Does a label end before END, or one of the bytes that do for it? */
static bool is_label(const char *text, const char *end) {
    while (end > text && (is_blank(end[-1]) || end[-1] == '['))
        end--;
    if (end > text && end[-1] == '#')
        return true;
    if (end - text > 1 && end[-1] == '-' && is_blank(end[-2]))
        return true;
    for (size_t i = 0; i < COUNT(labels); i++) {
        size_t n = length(labels[i]) - 1; /* without the blank */
        if (!smtpcode_ends_with(text, end, labels[i], n))
            continue;
        const char *word = end - n;
        return word == text || !smtpcode_ends_with(text, word - 1, "http", 4);
    }
    return false;
}

/* What the code of a failure begins with. */
SCANNER(failure, c == '4' || c == '5', scan_bits(scan_range(v, '4', 1)));
PASS(failure);

const char *smtpcode_find_labelled(const struct finder *f) {
    const char *after;

    struct scan pass = {0};

    for (const char *s = f->text;
         f->end - (s = failure_next(&pass, f->text, s, f->end)) > 3; s++)
        if (s > f->text && (is_blank(s[-1]) || s[-1] == '#' || s[-1] == '[') &&
            smtpcode_read_reply_code(s, f->end) &&
            (is_label(f->text, s) ||
             smtpcode_read_enhanced(skip_blanks(s + 4, f->end), f->end,
                                    &after)))
            return s;
    return NULL;
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
    else if (*at == ';')
        take_entity(f, at);
}
