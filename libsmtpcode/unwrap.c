/*
 * unwrap.c - find the reply in a text.
 *
 * One pass.  A few bytes, of which one ends every lead of wrappers.inc, make
 * the finder look; a reply that it has found is open until its line, block or
 * string ends, and then competes with the best so far.  What it looks at is
 * bounded at each of those bytes, so the time is linear.
 */
#include <string.h>

#include "finder.h"
#include "scan.h"

/* : ; < = > ( " ' \n \r \\ */
SCANNER(trigger,
        (c >= ':' && c <= '>') || c == '(' || c == '"' || c == '\'' ||
            c == '\n' || c == '\r' || c == '\\',
        scan_bits(_mm_or_si128(
            _mm_or_si128(_mm_or_si128(scan_range(v, ':', 4),
                                      scan_range(v, '\'', 1)),
                         scan_eq(v, '"')),
            _mm_or_si128(_mm_or_si128(scan_eq(v, '\n'), scan_eq(v, '\r')),
                         scan_eq(v, '\\')))));
/* Brackets, which seldom pair where a reply was cut out. */
SCANNER(bracket, c == '(' || c == ')' || c == '<' || c == '>',
        scan_bits(_mm_or_si128(scan_range(v, '(', 1),
                               _mm_or_si128(scan_eq(v, '<'),
                                            scan_eq(v, '>')))));
PASS(bracket);

static bool is_line_break(const char *s, const char *end) {
    return *s == '\n' || *s == '\r' ||
           (end - s > 1 && *s == '\\' && (s[1] == 'n' || s[1] == 'r'));
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

    if (o->start && *at == o->quote && (!escaped || o->escaped)) {
        /* An apostrophe is no end. */
        bool word = *at == '\'' && f->end - at > 1 && is_alpha(at[1]);
        if (word)
            return;
        if (is_concatenated(f, at + 1))
            f->at = skip_blanks(skip_blanks(at + 1, f->end) + 1, f->end) + 1;
        else
            smtpcode_close_reply(f, at - escaped);
        return;
    }
    if (*at == '"' && f->json && !escaped) {
        f->json = false;
        smtpcode_close_reply(f, at);
        return;
    }
    if (*at == '"' && !o->start && at > f->text &&
        (at[-1] == ':' || (at - f->text > 1 && at[-1] == ' ' && at[-2] == ':')))
        f->json = true;
    if (!smtpcode_take_wrapper(f, at))
        smtpcode_read_coded(f, at + 1, &c);
}

/* "[192.0.2.1]" and "[2001:db8::1]" are of a reply, "[2024-01-01" and
 * "[10:00:00]" begin a line of a log. */
static bool is_address(const char *s, const char *end) {
    const char *limit = end - s > 48 ? s + 48 : end;
    int dots = 0, colons = 0;

    for (s++; s < limit && *s != ']' && !is_blank(*s) && *s != '-'; s++) {
        dots += *s == '.';
        colons += *s == ':';
    }
    return s < limit && *s == ']' && (dots == 3 || colons > 2);
}

/* "Nov 18 " and "Nov  8 ", not "RFC 5322". */
static bool is_date(const char *s, const char *end) {
    return end - s > 6 && s[3] == ' ' && (s[4] == ' ' || is_digit(s[4])) &&
           is_digit(s[5]) && s[6] == ' ';
}

/* Is S in an address, and a reply to it follows?  "bob@example.org: 250 Ok" */
static bool is_recipient(const char *s, const char *end) {
    const char *limit = end - s > 320 ? s + 320 : end;
    bool address = false;

    for (; s < limit && !is_blank(*s) && *s != ':'; s++)
        address |= *s == '@';
    return address && limit - s > 5 && *s == ':' && s[1] == ' ' &&
           smtpcode_read_reply_code(s + 2, end);
}

/* Does a new record begin at S: a header, a log line, a mark, a part of a
 * mail?  Then a block has ended. */
static bool is_record(const char *s, const char *end) {
    const char *limit = end - s > 40 ? s + 40 : end;

    if (is_digit(*s) || *s == '-' || *s == '<' || *s == '>' || *s == '{' ||
        *s == '}')
        return true;
    if (*s == '[')
        return !is_address(s, end);
    if (is_date(s, end))
        return true;
    while (s < limit && (is_alpha(*s) || is_digit(*s) || *s == '-'))
        s++;
    if (s < limit && *s == ':' && (s + 1 == end || is_blank(s[1])))
        return true;
    return s < limit && is_recipient(s, end);
}

/* What Exim tells of its probe of a sender. */
static bool is_callout(const char *s, const char *end) {
    static const char fields[][12] = {"called:", "sent:", "response:"};

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (may_begin(s, end, fields[i]) && smtpcode_begins(s, end, fields[i]))
            return true;
    return false;
}

enum { LONGEST_CODES = 16 }; /* "550-#5.7.606" and a line break */

/* Did nothing come yet but codes, before the line at S?  Then words follow. */
static bool has_only_codes(const struct candidate *o, const char *s) {
    if (!o->code || s - o->start > LONGEST_CODES)
        return false;
    for (const char *c = o->start; c < s; c++)
        if (is_alpha(*c))
            return false;
    return true;
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
    if (has_only_codes(o, s))
        return *line == '<' || !is_record(line, f->end);
    return o->quote || (o->sealed && is_callout(line, f->end)) ||
           (o->traits & TRAIT_BLOCK && !is_record(line, f->end));
}

struct mark {
    char text[8];
    char mark;
    bool sends; /* it is a mail server that writes so, of another one */
};

/* What debug output and transcripts put before a server's line. */
static const struct mark marks[] = {{"<<< ", '<', true},  {"<** ", '<', false},
                                    {"<~* ", '<', false}, {"<- ", '<', false},
                                    {"<~ ", '<', false},  {"smtp<< ", 0, true},
                                    {"smtp< ", 0, true},  {"> ", 0, false}};
/* And before a client's. */
static const struct mark own_marks[] = {{">>> ", 0, true},
                                        {"-> ", 0, false},
                                        {"~> ", 0, false},
                                        {"smtp>> ", 0, true}};

/* The bytes that any of them begins with. */
static const bool begins_mark[256] = {['<'] = true, ['>'] = true, ['-'] = true,
                                      ['~'] = true, ['s'] = true, ['S'] = true};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* The mark of LIST at S, or NULL; *AFTER is where it ends. */
static const struct mark *find_mark(const struct finder *f, const char *s,
                                    const struct mark *list, size_t n,
                                    const char **after) {
    for (size_t i = 0; i < n; i++)
        if (may_begin(s, f->end, list[i].text) &&
            (*after = smtpcode_begins(s, f->end, list[i].text)))
            return &list[i];
    return NULL;
}

static bool may_be_mark(const char *s, const char *end) {
    if (!begins_mark[(unsigned char)*s])
        return false;
    return !is_alpha(*s) || (end - s > 5 && (s[4] == '<' || s[4] == '>'));
}

/* A line begins at S and no reply is open. */
static void take_line(struct finder *f, const char *s) {
    struct candidate c = {0};
    const char *after;

    s = skip_line_blanks(s, f->end);
    if (s >= f->end)
        return;
    smtpcode_read_sentence(f, s);
    if (may_be_mark(s, f->end)) {
        if (find_mark(f, s, own_marks, COUNT(own_marks), &after)) {
            f->stage = smtpcode_read_stage(after, f->end);
            f->kept = true;
            return;
        }
        const struct mark *m = find_mark(f, s, marks, COUNT(marks), &after);
        if (m) {
            c.mark = m->mark;
            /* swaks speaks with any server */
            c.side = m->sends ? SMTPCODE_SIDE_THEIRS : 0;
            c.rank = *s == '>' ? 0 : RANK_SURE;
            s = after;
        }
    }
    if (s == f->first)
        c.traits = TRAIT_BLOCK;
    if (s < f->end && is_alpha(*s))
        smtpcode_read_labelled(f, s);
    else
        smtpcode_read_coded(f, s, &c);
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
        smtpcode_close_reply(f, at);
    }
    smtpcode_end_line(f, s);
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

static void take_trigger(struct finder *f, const char *at) {
    switch (*at) {
    case '"':
    case '\'':
        take_quote(f, at);
        break;
    case '\r':
    case '\n':
        take_line_break(
            f, at, at + 1 + (*at == '\r' && f->end - at > 1 && at[1] == '\n'));
        break;
    case '\\':
        take_backslash(f, at);
        break;
    case '<':
        if (f->open.html)
            smtpcode_take_angle(f, at);
        break;
    case '>':
        if (f->at < f->end && (is_digit(*f->at) || is_blank(*f->at)))
            smtpcode_take_angle(f, at);
        break;
    default:
        smtpcode_take_lead(f, at);
    }
}

/* Bytes before f->at were taken with a trigger before them. */
static void scan(struct finder *f) {
    enum { BLOCK = 64 };

    while (f->at < f->end) {
        const char *from = f->at;
        uint64_t bits = SCAN(trigger, f->text, from, f->end);
        while (bits) {
            const char *at = from + scan_first(bits);
            f->at = at + 1;
            take_trigger(f, at);
            if (f->at - from >= BLOCK)
                break;
            bits &= ~0ull << (f->at - from);
        }
        if (f->at - from < BLOCK)
            f->at = f->end - from > BLOCK ? from + BLOCK : f->end;
    }
    smtpcode_close_reply(f, f->end);
}

/* ---- the answer ---- */

static bool is_trailing(const char *start, const char *end) {
    return end > start && (is_blank(end[-1]) || end[-1] == ';');
}

/* The bracket that closes one which was opened before the reply, or END. */
static const char *find_closing(const char *s, const char *end) {
    const char *text = s;
    struct scan pass = {0};
    long depth = 0;

    while ((s = bracket_next(&pass, text, s, end)) < end) {
        depth += (*s == '(') - (*s == ')');
        if (depth < 0)
            return s;
        s++;
    }
    return end;
}

/* Is the bracket that ends the reply one too many? */
static bool is_surplus(const char *s, const char *end) {
    char closing = end[-1], opening = closing == ')' ? '(' : '<';
    const char *text = s;
    struct scan pass = {0};
    long depth = 0;

    if (closing != ')' && closing != '>')
        return false;
    for (; (s = bracket_next(&pass, text, s, end)) < end; s++)
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

/* A second pass, from where no more than a word before it shows a code. */
static void scan_labelled(struct finder *f) {
    const struct candidate plain = {0};
    const char *s = smtpcode_find_labelled(f);

    if (!s || (f->best.start && f->best.start < s))
        return;
    f->at = s;
    smtpcode_read_coded(f, s, &plain);
    f->open.tail = s[-1] == '#' ? TAIL_HASH : 0;
    scan(f);
}

/* Nothing tells where the reply is: all of it, or the code beside. */
static void take_whole(struct finder *f) {
    struct candidate *c = &f->best;

    c->start = f->text;
    while (c->start < f->end && is_blank(*c->start))
        c->start++;
    c->apart = f->apart;
    c->stage = f->stage;
    c->side = f->side;
    smtpcode_take_beside(f, c);
    if (c->start < f->end && *c->start == '(') {
        c->start++;
        c->bracket = true;
    }
    c->start = smtpcode_find_own_words(c->start, f->end);
    c->end = f->apart ? c->start : f->end;
    f->count = 1;
}

/* The class that a wrapper states for a reply without its code. */
static uint8_t read_stated(const struct candidate *c) {
    return c->traits & TRAIT_PERMANENT ? 5
           : c->traits & TRAIT_TEMPORARY
               ? 4
               : (uint8_t)(c->beside.enhanced / 1000000);
}

/* What was told beside the reply; x.0.0 says no more than its class. */
static void take_told(const struct finder *f, const struct candidate *c,
                      struct found *found) {
    uint32_t enhanced = c->beside.enhanced;

    if (!c->beside.told && !f->differ)
        enhanced = f->status;
    found->enhanced = enhanced % 1000000 ? enhanced : 0;
    found->code = (uint16_t)(c->code && !c->apart ? 0 : c->apart);
    found->stated = read_stated(c);
    found->final = c->beside.final ? c->beside.final : f->final;
    if (c->beside.forwarded)
        found->flags |= SMTPCODE_FLAG_FORWARDED;
}

void smtpcode_unwrap(const char *text, size_t len, struct found *found) {
    struct finder f;
    struct candidate *c = &f.best;

    memset(&f, 0, sizeof f); /* an initialiser would be slower */
    f.text = f.at = text;
    f.end = text + len;
    f.first = skip_blanks(text, f.end);
    take_line(&f, text);
    scan(&f);
    if ((!c->start || (c->rank == RANK_WORDS && !c->code && !c->enhanced)) &&
        !f.apart && !c->apart)
        scan_labelled(&f);
    if (!c->start)
        take_whole(&f);
    memset(found, 0, sizeof *found);
    found->start = (size_t)(c->start - text);
    found->end = (size_t)(trim(c) - text);
    found->count = f.count ? f.count : 1;
    found->outer = c->outer;
    found->flags = c->flags;
    found->stage = c->stage ? c->stage : f.kept_stage;
    found->side = c->side;
    found->quote = c->quote;
    found->mark = c->mark;
    found->html = c->html;
    found->log = c->log;
    found->quoted_printable = f.quoted_printable;
    found->peer = text;
    take_told(&f, c, found);
    smtpcode_read_peer(&f, c, found);
    if (!c->code && !c->enhanced && !c->apart &&
        c->side != SMTPCODE_SIDE_THEIRS)
        smtpcode_read_own(&f, c, found);
}
