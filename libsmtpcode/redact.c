/*
 * redact.c - which parts of a text must not be shown to strangers.
 *
 * What the general rules find, and what the answer captured: all its
 * occurrences, in the bytes that the text has, for the reply's own words may
 * have been decoded and joined.  What cannot be found takes the whole reply
 * with it.
 *
 * All sources give their spans in order, so they are merged as they come and
 * nothing is stored; each looks for the next one when it is asked, and goes
 * over the text once.
 */
#include <string.h>

#include "personal.h"

enum {
    LONGEST = REPLY_HEAD + REPLY_TAIL,
    MOST_NEEDLES = SMTPCODE_MOST_CAPTURES + REPLY_JOINS,
    SHORT = 3 /* shorter ones are looked for in the reply only */
};

static const struct smtpcode_span none = {0, 0, 0};

/* Words that are looked for, without regard to case (Knuth, Morris, Pratt:
 * linear whatever they are). */
struct needle {
    const char *words;
    uint16_t *fail; /* I: the longest of its begins that ends its first I + 1 */
    size_t len;
    size_t at, to;
    size_t held;               /* of it at AT */
    bool alone;                /* only as a word by itself */
    struct smtpcode_span next; /* length 0: none is left */
};

struct redaction {
    const char *text;
    size_t len;
    const struct reply *reply;
    size_t begin, end; /* the reply's place in the text */
    struct personal general;
    struct smtpcode_span next;  /* of the general rules */
    struct smtpcode_span whole; /* the reply, if it must go */
    struct needle needles[MOST_NEEDLES];
    size_t nneedles;
    uint16_t fail[LONGEST];
    size_t nfail;
};

/* ---- one needle ---- */

static void prepare(struct needle *n) {
    size_t held = 0;

    n->fail[0] = 0;
    for (size_t i = 1; i < n->len; i++) {
        while (held > 0 && small(n->words[held]) != small(n->words[i]))
            held = n->fail[held - 1];
        held += small(n->words[held]) == small(n->words[i]);
        n->fail[i] = (uint16_t)held;
    }
}

/* An escape's letter is not part of the word that follows: \n, \x3c, =3C. */
static bool follows_escape(const char *text, size_t at) {
    for (size_t i = 1; i <= 6 && i <= at; i++)
        if (memchr("\\=%&", text[at - i], 4))
            return true;
        else if (!is_alnum(text[at - i]))
            return false;
    return false;
}

/* Nothing on either side makes another word or number of it. */
static bool stands_alone(const char *text, size_t len, size_t at, size_t end) {
    bool number = is_digit(text[at]) && is_digit(text[end - 1]);

    if (is_alnum(text[at]) && at > 0 && is_alnum(text[at - 1]) &&
        !follows_escape(text, at))
        return false;
    if (is_alnum(text[end - 1]) && end < len && is_alnum(text[end]))
        return false;
    if (!number)
        return true;
    return !(at > 1 && memchr(".-", text[at - 1], 2) &&
             is_digit(text[at - 2])) &&
           !(len - end > 1 && memchr(".-", text[end], 2) &&
             is_digit(text[end + 1]));
}

/* The next place in TEXT from AT to TO; its length is 0 where there is none. */
static struct smtpcode_span seek(struct needle *n, const char *text,
                                 size_t len) {
    while (n->at < n->to) {
        char c = small(text[n->at++]);
        while (n->held > 0 && small(n->words[n->held]) != c)
            n->held = n->fail[n->held - 1];
        n->held += small(n->words[n->held]) == c;
        if (n->held < n->len)
            continue;
        n->held = n->fail[n->held - 1];
        if (!n->alone || stands_alone(text, len, n->at - n->len, n->at)) {
            struct smtpcode_span s = {n->at - n->len, n->len, n->next.kind};
            return s;
        }
    }
    return none;
}

static size_t count(struct needle n, const char *text, size_t len, size_t from,
                    size_t to) {
    size_t found = 0;

    n.at = from;
    n.to = to;
    n.held = 0;
    while (seek(&n, text, len).length)
        found++;
    return found;
}

/* ---- the captures ---- */

/* Look for LEN words at OFFSET of the reply; false: they are not in the text
 * as often as in the reply, so not where they were captured either. */
static bool add_needle(struct redaction *r, size_t offset, size_t len,
                       int kind) {
    const char *words = r->reply->words;
    size_t length = r->reply->length;
    struct needle *n = &r->needles[r->nneedles];

    if (r->nneedles == MOST_NEEDLES || len > LONGEST - r->nfail)
        return false;
    *n = (struct needle){words + offset, r->fail + r->nfail, len, 0, r->len, 0,
                         len < 6,        {0, 0, kind}};
    prepare(n);
    size_t said = count(*n, words, length, 0, length);
    if (n->alone && !stands_alone(words, length, offset, offset + len)) {
        n->alone = false;
        said = count(*n, words, length, 0, length);
    }
    if (count(*n, r->text, r->len, r->begin, r->end) < said)
        return false;
    if (len < SHORT) {
        n->at = r->begin;
        n->to = r->end;
    }
    r->nfail += len;
    r->nneedles++;
    return true;
}

/* Without the blanks at its ends; nothing is left of only blanks. */
static bool add_trimmed(struct redaction *r, size_t offset, size_t end,
                        int kind) {
    const char *words = r->reply->words;

    while (offset < end && is_blank(words[offset]))
        offset++;
    while (end > offset && is_blank(words[end - 1]))
        end--;
    return offset == end || add_needle(r, offset, end - offset, kind);
}

/* Line by line.  A longer reply lacks its middle: that is no line's end. */
static bool add_lines(struct redaction *r, size_t offset, size_t end,
                      int kind) {
    if (r->reply->flags & SMTPCODE_FLAG_TRUNCATED)
        return false;
    for (size_t i = 0; i < r->reply->njoins; i++) {
        size_t join = r->reply->joins[i];
        if (join <= offset || join >= end)
            continue;
        if (!add_trimmed(r, offset, join, kind))
            return false;
        offset = join + 1;
    }
    return add_trimmed(r, offset, end, kind);
}

static bool has_join(const struct reply *reply, size_t offset, size_t end) {
    for (size_t i = 0; i < reply->njoins; i++)
        if (reply->joins[i] >= offset && reply->joins[i] < end)
            return true;
    return false;
}

/* A reply that was redacted before matches other templates than it did then;
 * what they capture was read by the right one. */
static bool was_redacted(const struct reply *reply) {
    for (size_t at = 0; at < reply->length; at++)
        if (smtpcode_placeholder_end(reply->words, reply->length, at) > at)
            return true;
    return false;
}

static void add_capture(struct redaction *r, const struct captured *c) {
    size_t needles = r->nneedles, nfail = r->nfail, end = c->offset + c->length;

    if (end > r->reply->length || add_trimmed(r, c->offset, end, c->kind))
        return;
    if (has_join(r->reply, c->offset, end) &&
        add_lines(r, c->offset, end, c->kind))
        return;
    r->nneedles = needles;
    r->nfail = nfail;
    r->whole.offset = r->begin;
    r->whole.length = r->end - r->begin;
    r->whole.kind = KIND_REPLY;
}

static void add_captures(struct redaction *r, const struct result *result) {
    r->reply = result->reply;
    r->begin = r->reply->span;
    r->end = r->begin + r->reply->span_length;
    if (r->begin >= r->end || r->end > r->len) { /* it came by lines */
        r->begin = 0;
        r->end = r->len;
    }
    for (size_t i = 0; i < result->ncaptures; i++)
        add_capture(r, &result->captures[i]);
    for (size_t i = 0; i < r->nneedles; i++) {
        struct needle *n = &r->needles[i];
        n->next = seek(n, r->text, r->len);
    }
}

/* ---- all of them in order ---- */

/* The source whose next span begins first; NULL: all are at their end. */
static struct smtpcode_span *first_source(struct redaction *r,
                                          struct needle **owner) {
    struct smtpcode_span *first = r->next.length ? &r->next : NULL;

    *owner = NULL;
    if (r->whole.length && (!first || r->whole.offset < first->offset))
        first = &r->whole;
    for (size_t i = 0; i < r->nneedles; i++) {
        struct needle *n = &r->needles[i];
        if (n->next.length && (!first || n->next.offset < first->offset)) {
            first = &n->next;
            *owner = n;
        }
    }
    return first;
}

static struct smtpcode_span
take(struct redaction *r, struct smtpcode_span *source, struct needle *owner) {
    struct smtpcode_span taken = *source;

    if (owner)
        owner->next = seek(owner, r->text, r->len);
    else if (source == &r->next)
        r->next = smtpcode_next_personal(&r->general);
    else
        r->whole = none;
    return taken;
}

/* Which of two that overlap says what it is: the longer one, and of equals
 * the one that says more than "any". */
static int kind_of_both(const struct smtpcode_span *a,
                        const struct smtpcode_span *b) {
    if (a->length != b->length)
        return a->length > b->length ? a->kind : b->kind;
    return b->kind == SMTPCODE_PLACEHOLDER_ANY ? a->kind : b->kind;
}

/* The next span, made of all that overlap; 0: none is left. */
static struct smtpcode_span next_union(struct redaction *r) {
    struct needle *owner;
    struct smtpcode_span *source = first_source(r, &owner);

    if (!source)
        return none;
    struct smtpcode_span all = take(r, source, owner), longest = all;
    while ((source = first_source(r, &owner)) &&
           source->offset < all.offset + all.length) {
        struct smtpcode_span more = take(r, source, owner);
        longest.kind = all.kind = kind_of_both(&longest, &more);
        if (more.length > longest.length)
            longest.length = more.length;
        if (more.offset + more.length > all.offset + all.length)
            all.length = more.offset + more.length - all.offset;
    }
    return all;
}

/* ---- without what was replaced before ---- */

struct output {
    struct smtpcode_span *spans;
    size_t most, count;
    const char *text;
    size_t len;
    size_t held; /* where the placeholder that was met last ends */
};

static void put(struct output *out, size_t begin, size_t end, int kind) {
    bool said = false;

    for (size_t i = begin; i < end && !said; i++)
        said = is_word(out->text[i]);
    if (!said)
        return;
    if (out->count < out->most) {
        struct smtpcode_span s = {begin, end - begin, kind};
        out->spans[out->count] = s;
    }
    out->count++;
}

/* The parts of S that no placeholder holds. */
static void put_parts(struct output *out, const struct smtpcode_span *s) {
    enum { PLACEHOLDER = 28 /* bytes, at most */ };
    size_t end = s->offset + s->length, begin = s->offset;
    size_t at = begin > PLACEHOLDER ? begin - PLACEHOLDER : 0;

    if (at < out->held)
        at = out->held;
    while (at < end) {
        size_t after = smtpcode_placeholder_end(out->text, out->len, at);
        if (after == at) {
            at++;
            continue;
        }
        if (after > begin) {
            if (at > begin)
                put(out, begin, at, s->kind);
            begin = after;
        }
        out->held = at = after;
    }
    if (begin < end)
        put(out, begin, end, s->kind);
}

size_t smtpcode_redact(const char *text, size_t len,
                       const smtpcode_result *result,
                       struct smtpcode_span *spans, size_t most) {
    const struct result *answer =
        result ? (const struct result *)result->opaque : NULL;
    struct output out = {spans, most, 0, text, len, 0};
    struct redaction r;

    memset(&r, 0, offsetof(struct redaction, needles));
    r.nneedles = r.nfail = 0;
    r.text = r.general.text = text;
    r.len = r.general.len = len;
    if (answer && !was_redacted(answer->reply))
        add_captures(&r, answer);
    r.next = smtpcode_next_personal(&r.general);
    for (;;) {
        struct smtpcode_span s = next_union(&r);
        if (!s.length)
            return out.count;
        put_parts(&out, &s);
    }
}
