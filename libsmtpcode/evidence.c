/*
 * evidence.c - everything that speaks in a reply, from the server's own reason
 * id down to the first digit of the code, as candidates with the best first.
 * design.md's order: a token, a template, a phrase, the server's own code, the
 * registered code, a code without dots, the reply code, its first digit.
 */
#include <string.h>

#include "judge.h"

enum {
    MOST_HITS = 16,
    TELLING_LENGTH = 30 /* of a sentence that names its server */
};

uint16_t smtpcode_condition_at(uint16_t entry, int stage) {
    const smtpcode_entry *e = &smtpcode_entries[entry];

    if (stage && verdict_of(entry)->has & SMTPCODE_HAS_AT) {
        struct smtpcode_values at = smtpcode_codes_of(e, SMTPCODE_AT_STAGE);
        for (size_t i = 0; i < at.count; i++)
            if (at.values[i] == (uint32_t)stage)
                return index_of(smtpcode_related(e, SMTPCODE_AT_CONDITION, i));
    }
    return verdict_of(entry)->condition;
}

/* ENTRY (0: none) as a candidate, if it has something to say; else NULL. */
static struct candidate *add(struct inquiry *q, uint16_t entry, int basis) {
    struct result *r = q->out;
    uint16_t condition = smtpcode_condition_at(entry, r->stage);

    if (!condition || r->ncandidates == MOST_CANDIDATES)
        return NULL;
    struct candidate *c = &r->candidates[r->ncandidates++];
    *c = (struct candidate){.entry = entry,
                            .condition = condition,
                            .basis = (uint8_t)basis,
                            .reason = REASON_LESS_EXACT,
                            .codes = SMTPCODE_CODES_SILENT};
    if (condition == verdict_of(entry)->condition)
        c->detail = verdict_of(entry)->detail;
    return c;
}

static uint8_t part_of(size_t length, size_t whole) {
    return length * 3 >= whole * 2 ? SMTPCODE_PART_MOST
           : length * 3 >= whole   ? SMTPCODE_PART_SOME
                                   : SMTPCODE_PART_LITTLE;
}

/* ---- words ---- */

/* RAW's place in the words as they came to that of TARGET in those that were
 * searched: a run of blanks is one byte there, or none where an unfolded word
 * had it. */
static size_t advance(const struct inquiry *q, size_t raw, size_t *normal,
                      size_t target) {
    const struct reply *reply = q->reply;

    if (q->len == reply->length) /* nothing was left out */
        return *normal = target;
    while (*normal < target && raw < reply->length) {
        if (!is_blank(reply->words[raw])) {
            raw++;
            ++*normal;
            continue;
        }
        while (raw < reply->length && is_blank(reply->words[raw]))
            raw++;
        *normal += q->words[*normal] == ' ';
    }
    return raw;
}

/* Captures come in order: one walk over both forms of the words. */
static void keep_captures(struct inquiry *q,
                          const struct smtpcode_match_result *found) {
    size_t raw = 0, normal = 0;

    for (unsigned i = 0; i < found->ncaptures; i++) {
        const struct smtpcode_capture *c = &found->captures[i];
        struct captured *kept = &q->out->captures[q->out->ncaptures++];
        raw = advance(q, raw, &normal, c->offset);
        kept->offset = (uint16_t)raw;
        raw = advance(q, raw, &normal, c->offset + c->length);
        kept->length = (uint16_t)(raw - kept->offset);
        kept->kind = c->kind;
    }
}

static bool said_at(uint16_t entry, int stage) {
    unsigned stages = verdict_of(entry)->stages;

    return !stage || !stages || (stages >> stage & 1);
}

static uint16_t flags_of(const struct smtpcode_match_result *found) {
    static const uint16_t of_lines[] = {0, SMTPCODE_FLAG_FIRST_LINE_ONLY,
                                        SMTPCODE_FLAG_LAST_LINE_ONLY};
    unsigned flags = of_lines[found->part];

    if (found->ambiguous)
        flags |= SMTPCODE_FLAG_AMBIGUOUS;
    if (found->budget_spent)
        flags |= SMTPCODE_FLAG_BUDGET;
    return (uint16_t)flags;
}

/* Several templates may have these words: the server, if it is one, is known
 * all the same. */
static void keep_rivals(struct inquiry *q,
                        const struct smtpcode_match_result *found) {
    q->sayer = verdict_of(found->entry)->server;
    for (unsigned i = 0; i < found->nentries; i++) {
        if (verdict_of(found->entries[i])->server != q->sayer)
            q->sayer = 0;
        if (found->ambiguous)
            q->rivals[q->nrivals++] = found->entries[i];
    }
}

static void add_template(struct inquiry *q) {
    struct smtpcode_match_result found;
    const struct reply *reply = q->reply;
    uint16_t moved[REPLY_JOINS];
    const uint16_t *joins = q->len == reply->length ? reply->joins : moved;
    const struct smtpcode_said said = {
        q->words,     q->len,
        joins,        q->unfolded ? 0 : reply->njoins,
        reply->code,  (int)reply->enhanced,
        q->out->stage};

    if (joins == moved)
        smtpcode_normalise_joins(reply->words, reply->joins, reply->njoins,
                                 moved);
    int matched = smtpcode_match(&said, &found);
    q->out->flags |= flags_of(&found); /* the budget's without a match, too */
    struct candidate *c =
        matched ? add(q, found.entry, SMTPCODE_BASIS_TEMPLATE) : NULL;
    if (!c)
        return;
    keep_rivals(q, &found);
    c->length = found.literals;
    c->codes = found.codes;
    c->part = part_of(found.end - found.begin, q->len);
    keep_captures(q, &found);
}

/* The longest token, and what else is known by name. */
static void add_names(struct inquiry *q) {
    struct smtpcode_hit hits[MOST_HITS];
    size_t n = smtpcode_find_names(q->words, q->len, hits, MOST_HITS);
    size_t token = 0, list = 0;

    for (size_t i = 0; i < n; i++) {
        const struct smtpcode_hit *h = &hits[i];
        switch (smtpcode_entries[h->entry].kind) {
        case SMTPCODE_KIND_TOKEN:
            if (h->length > token && said_at(h->entry, q->out->stage)) {
                token = h->length;
                q->out->token = h->entry;
            }
            break;
        case SMTPCODE_KIND_SERVER:
            smtpcode_take_mark(q, h->entry);
            break;
        default:
            if (h->length > list) {
                list = h->length;
                q->out->blocklist = h->entry;
            }
        }
    }
    add(q, q->out->token, SMTPCODE_BASIS_TOKEN);
}

static bool is_weak(uint16_t phrase) {
    return verdict_of(phrase)->has & SMTPCODE_HAS_WEAK;
}

static bool has_any(uint16_t phrase) {
    const char *c = smtpcode_text(&smtpcode_entries[phrase], SMTPCODE_LINE, 0);

    if (smtpcode_entries[phrase].kind == SMTPCODE_KIND_TEMPLATE)
        return 0;
    while (*c && *c != '{')
        c++;
    return *c;
}

enum { OUTCOME, MEASURE, CAUSE, PROOF };

/* "Rate limited because SPF did not pass": what was done, and why.  Who mends
 * the why is no longer limited, so it says more than the measure, and that
 * more than the bare outcome.  An "invalid sender" may be one whom SPF, DKIM or
 * DMARC did not prove. */
static int depth_of(uint16_t condition) {
    switch (smtpcode_number(&smtpcode_entries[condition], SMTPCODE_NUMBER, 0)) {
    case SMTPCODE_CONDITION_DELIVERED:
    case SMTPCODE_CONDITION_NOT_A_BOUNCE:
    case SMTPCODE_CONDITION_DELIVERY_DELAYED:
    case SMTPCODE_CONDITION_DELIVERY_EXPIRED:
    case SMTPCODE_CONDITION_RECIPIENT_REJECTED:
    case SMTPCODE_CONDITION_POLICY_REJECTED:
    case SMTPCODE_CONDITION_CONTENT_REJECTED:
    case SMTPCODE_CONDITION_SERVER_BUSY:
        return OUTCOME;
    case SMTPCODE_CONDITION_CONNECTION_FAILED:
    case SMTPCODE_CONDITION_DNS_FAILURE:
    case SMTPCODE_CONDITION_SERVER_ERROR:
    case SMTPCODE_CONDITION_RATE_LIMITED:
    case SMTPCODE_CONDITION_CLIENT_BLOCKED:
    case SMTPCODE_CONDITION_SENDER_REJECTED:
    case SMTPCODE_CONDITION_SPAM_CONTENT:
        return MEASURE;
    case SMTPCODE_CONDITION_SENDER_AUTH_FAILED:
    case SMTPCODE_CONDITION_TLS_FAILED:
        return PROOF;
    default:
        return CAUSE;
    }
}

static int depth_at(const struct inquiry *q, uint16_t phrase) {
    return depth_of(smtpcode_condition_at(phrase, q->out->stage));
}

/* The one that goes deeper; of two that go as deep the longer one; of two as
 * long the one that names every word. */
static bool is_better(const struct inquiry *q, const struct smtpcode_hit *hit,
                      const struct smtpcode_hit *best) {
    if (!best)
        return true;
    int depth = depth_at(q, hit->entry), other = depth_at(q, best->entry);
    if (depth != other)
        return depth > other;
    if (hit->length != best->length)
        return hit->length > best->length;
    return has_any(best->entry) && !has_any(hit->entry);
}

/* Words that only hide those within them, as "to protect our users from spam
 * and phishing" does, have the condition "unknown". */
static bool speaks(const struct inquiry *q, uint16_t phrase) {
    return verdict_of(phrase)->condition != smtpcode_unknown &&
           said_at(phrase, q->out->stage);
}

/* The best phrase that is weak, or is not. */
static const struct smtpcode_hit *best_of(const struct inquiry *q,
                                          const struct smtpcode_hit *hits,
                                          size_t n, bool weak) {
    const struct smtpcode_hit *best = NULL;

    for (size_t i = 0; i < n; i++)
        if (is_weak(hits[i].entry) == weak && speaks(q, hits[i].entry) &&
            is_better(q, &hits[i], best))
            best = &hits[i];
    return best;
}

static void add_words(struct inquiry *q, uint16_t entry, size_t length,
                      size_t whole) {
    struct candidate *c = add(q, entry, SMTPCODE_BASIS_PHRASE);

    if (!c)
        return;
    c->length = (uint16_t)length;
    c->part = part_of(length, whole);
    if (!q->sayer && length >= TELLING_LENGTH &&
        smtpcode_entries[entry].kind == SMTPCODE_KIND_TEMPLATE)
        q->sayer = verdict_of(entry)->server;
}

/* A list that is named says more than a phrase for less than a cause; a weak
 * phrase comes after the enhanced code. */
static void add_phrase(struct inquiry *q) {
    char masked[REPLY_HEAD + REPLY_TAIL], words[REPLY_HEAD + REPLY_TAIL + 2];
    struct smtpcode_hit hits[MOST_HITS];

    smtpcode_mask(q->words, q->len, masked);
    size_t len = smtpcode_condense(masked, q->len, words);
    size_t n = smtpcode_find_phrases(words, len, hits, MOST_HITS);
    const struct smtpcode_hit *strong = best_of(q, hits, n, false);
    const struct smtpcode_hit *weak = best_of(q, hits, n, true);
    if (strong && (!q->out->blocklist || depth_at(q, strong->entry) >= CAUSE))
        add_words(q, strong->entry, strong->length, len);
    else if (q->out->blocklist)
        add_words(q, q->out->blocklist, 0, len);
    else if (weak)
        q->weak = *weak;
    q->condensed = len;
}

/* Words that begin like a template and then go on for long: what follows may
 * say more. */
static bool needs_phrase(const struct result *r) {
    for (unsigned i = 0; i < r->ncandidates; i++)
        if (r->candidates[i].basis == SMTPCODE_BASIS_TEMPLATE)
            return r->candidates[i].part == SMTPCODE_PART_LITTLE;
    return true;
}

/* ---- codes ---- */

/* x.Y.0 is "other", and x.7.1 stands for any refusal: little is in them. */
static uint8_t part_of_code(uint32_t code) {
    return code % 1000 == 0 || code % 1000000 == 7001 ? SMTPCODE_PART_LITTLE
                                                      : SMTPCODE_PART_MOST;
}

static void add_code(struct inquiry *q, uint16_t entry, int basis) {
    struct candidate *c = add(q, entry, basis);

    if (c)
        c->part = part_of_code(q->reply->enhanced);
}

static void add_own(struct inquiry *q, uint32_t key, int code_class) {
    struct result *r = q->out;
    /* Others write as Sendmail or Postfix do and have codes of their own. */
    bool by_style =
        !r->server && !q->sayer && r->software == q->marked_software;
    uint16_t server = r->server ? r->server : by_style ? 0 : r->software;
    const smtpcode_entry *own = verdict_of(server)->has & SMTPCODE_HAS_OWN
                                    ? smtpcode_find_own(key, code_class, server)
                                    : NULL;

    if (own && said_at(index_of(own), r->stage)) {
        r->own = index_of(own);
        add_code(q, r->own, SMTPCODE_BASIS_OWN_CODE);
    }
}

/* A code that only one server has shows who it is. */
static void add_telling(struct inquiry *q, uint16_t own) {
    add_code(q, own, SMTPCODE_BASIS_OWN_CODE);
    q->out->own = own;
    smtpcode_take_server(q->out, verdict_of(own)->server,
                         SMTPCODE_EVIDENCE_TEXT);
}

/* x.0.0 says nothing (RFC 3463 3.1). */
static void add_enhanced(struct inquiry *q) {
    uint32_t code = q->reply->enhanced;
    int code_class = (int)(code / 1000000);
    int subject = (int)(code / 1000 % 1000), detail = (int)(code % 1000);

    if (subject == 0 && detail == 0)
        return;
    add_own(q, SMTPCODE_OWN_KEY(subject, detail), code_class);
    const smtpcode_entry *e =
        smtpcode_find_enhanced(code_class, subject, detail);
    enum smtpcode_match match = smtpcode_match_of(e);
    if (match == SMTPCODE_MATCH_EXACT || match == SMTPCODE_MATCH_CLASS)
        add_code(q, index_of(e), SMTPCODE_BASIS_ENHANCED);
    else if (!q->out->server && !q->out->own)
        add_telling(q, index_of(e));
}

/* 571 read as 5.7.1, where the data allows it. */
static void add_dotless(struct inquiry *q, const smtpcode_entry *code) {
    enum { FALLBACK = 1, NOT_AT_AUTH = 2, CLASS_AND_SUBJECT = 4 };

    if (q->reply->enhanced ||
        !(verdict_of(index_of(code))->has & SMTPCODE_HAS_READS_AS))
        return;
    int rule = smtpcode_number(code, SMTPCODE_READS_AS_RULE, 0);
    if (rule == FALLBACK || rule == CLASS_AND_SUBJECT ||
        (rule == NOT_AT_AUTH && q->out->stage != SMTPCODE_STAGE_AUTH))
        add(q, index_of(smtpcode_related(code, SMTPCODE_READS_AS, 0)),
            SMTPCODE_BASIS_DOTLESS);
}

/* Answers to AUTH only (RFC 4954 6), whatever the words; a 250 for the whole
 * message; 556 with the null MX's own code (RFC 7505 4.1). */
static bool says_one_thing(const struct inquiry *q) {
    enum { STOPPED = 1 };

    if (q->reply->code == 250)
        return q->reply->final == STOPPED ||
               q->out->stage == SMTPCODE_STAGE_END_OF_DATA;
    if (q->reply->code == 556)
        return q->reply->enhanced == 5001010;
    return q->reply->code == 534 || q->reply->code == 535;
}

static void add_reply_code(struct inquiry *q) {
    const smtpcode_entry *code = smtpcode_find_reply(q->reply->code);

    if (!code)
        return;
    add_own(q, q->reply->code, 0);
    add_dotless(q, code);
    struct candidate *c = add(q, index_of(code),
                              smtpcode_match_of(code) == SMTPCODE_MATCH_EXACT
                                  ? SMTPCODE_BASIS_REPLY_CODE
                                  : SMTPCODE_BASIS_DIGIT);
    if (c && says_one_thing(q))
        c->part = SMTPCODE_PART_MOST;
}

/* The one of TEMPLATE's rivals that says what OTHER says. */
static bool sides_with(const struct inquiry *q, struct candidate *template,
                       const struct candidate *other) {
    for (unsigned i = 0; i < q->nrivals; i++)
        if (smtpcode_condition_at(q->rivals[i], q->out->stage) ==
            other->condition) {
            template->entry = q->rivals[i];
            template->condition = other->condition;
            template->detail = verdict_of(q->rivals[i])->detail;
            return true;
        }
    return false;
}

/* Words that several templates have: a code or a phrase tells which one it
 * is, else none of them. */
static void settle(struct inquiry *q) {
    struct result *r = q->out;
    struct candidate *template = r->candidates;

    while (template->basis != SMTPCODE_BASIS_TEMPLATE)
        template ++;
    template->condition = 0;
    for (unsigned i = 0; i < r->ncandidates; i++)
        if (sides_with(q, template, &r->candidates[i]))
            return;
}

/* A second try: the words without the blanks of folds inside long ones. */
static bool unfold(struct inquiry *q) {
    char words[REPLY_HEAD + REPLY_TAIL];
    size_t len = smtpcode_unfold(q->reply, words);

    if (len > 0)
        q->len = smtpcode_normalise(words, len, q->words);
    q->unfolded = len > 0;
    return q->unfolded;
}

void smtpcode_gather(struct inquiry *q) {
    add_names(q);
    add_template(q);
    if (q->out->ncandidates == 0 && unfold(q)) {
        add_names(q);
        add_template(q);
    }
    if (needs_phrase(q->out))
        add_phrase(q);
    smtpcode_attribute(q);
    add_enhanced(q);
    if (q->weak.entry)
        add_words(q, q->weak.entry, q->weak.length, q->condensed);
    add_reply_code(q);
    if (q->nrivals)
        settle(q);
}
