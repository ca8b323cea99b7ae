/*
 * judge.c - from what speaks in a reply to the answer: the condition, whose
 * move it is, whether to try again, whether to keep the address.
 *
 * The facts are the data's: a row's own word counts before its condition's.
 * Two rules are this file's: design.md's floor under "drop the address", and
 * "wrong is worse than unknown".
 */
#include <string.h>

#include "judge.h"

/* Does the inside fit?  A negative size does not compile. */
typedef char
    result_fits[sizeof(struct result) <= sizeof(smtpcode_result) ? 1 : -1];

enum { LEAST_CONFIDENCE = 50 };
#define TEMPORARY SMTPCODE_STATED_TEMPORARY
#define PERMANENT SMTPCODE_STATED_PERMANENT

/* ---- the condition ---- */

static uint8_t confidence_of(const struct candidate *c) {
    return smtpcode_shares[c->basis][c->codes][c->part];
}

/* A template that is only the begin of a longer reply yields to a phrase of
 * more words; and so it does, if the codes are not its own, as a phrase always
 * does, to the server's own enhanced code that is for one case. */
static bool outdone(const struct candidate *c, const struct candidate *next) {
    bool little =
        c->basis == SMTPCODE_BASIS_TEMPLATE && c->part == SMTPCODE_PART_LITTLE;

    if (next->basis == SMTPCODE_BASIS_PHRASE)
        return little && next->length > c->length;
    return next->basis == SMTPCODE_BASIS_OWN_CODE &&
           next->part == SMTPCODE_PART_MOST &&
           smtpcode_entries[next->entry].kind != SMTPCODE_KIND_REPLY_CODE &&
           (c->basis == SMTPCODE_BASIS_PHRASE ||
            (little && c->codes != SMTPCODE_CODES_AGREE));
}

static uint8_t reason_of(const struct candidate *c,
                         const struct candidate *best) {
    if (c == best)
        return REASON_DECIDES;
    if (c->condition == best->condition)
        return REASON_AGREES;
    return verdict_of(c->entry)->has & SMTPCODE_HAS_WEAK ? REASON_WEAK
                                                         : REASON_LESS_EXACT;
}

/* The most exact of those that are right more often than not. */
static const struct candidate *choose(struct result *r) {
    struct candidate *best = NULL;

    for (unsigned i = 0; i < r->ncandidates; i++)
        if (r->candidates[i].condition &&
            confidence_of(&r->candidates[i]) >= LEAST_CONFIDENCE &&
            (!best || outdone(best, &r->candidates[i])))
            best = &r->candidates[i];
    if (!best)
        return NULL;
    for (unsigned i = 0; i < r->ncandidates; i++)
        r->candidates[i].reason = reason_of(&r->candidates[i], best);
    return best;
}

/* A finer case that another row knows of the same condition. */
static uint32_t detail_from(const struct result *r, uint16_t condition) {
    for (unsigned i = 0; i < r->ncandidates; i++)
        if (r->candidates[i].condition == condition && r->candidates[i].detail)
            return r->candidates[i].detail;
    return 0;
}

static void decide(struct result *r) {
    const struct candidate *best = choose(r);

    r->condition = smtpcode_unknown; /* until shown otherwise */
    if (!best)
        return;
    r->confidence = confidence_of(best);
    r->condition = best->condition;
    r->rule = best->entry;
    r->basis = best->basis;
    r->detail = detail_from(r, best->condition);
    r->flags |= verdict_of(best->entry)->flags;
}

static bool is_known(const struct result *r) { return r->rule != 0; }

/* The row that decided and the one that explains the code disagree about the
 * class, or two that are sure of themselves about what happened. */
static void find_conflict(struct result *r, const struct reply *reply) {
    unsigned by_code = reply->code / 100u,
             by_status = reply->enhanced / 1000000;
    const struct candidate *c = r->candidates;

    if (by_code >= 4 && by_status >= 2 && by_code != by_status)
        r->flags |= SMTPCODE_FLAG_CONFLICT;
    if (r->ncandidates > 1 && c[1].basis == SMTPCODE_BASIS_TEMPLATE &&
        c[0].condition != c[1].condition) /* only a token comes before it */
        r->flags |= SMTPCODE_FLAG_CONFLICT;
}

/* ---- what follows from it ---- */

/* TEXT up to its end or a blank. */
static size_t word_length(const char *text) {
    size_t len = 0;

    while (text[len] && text[len] != ' ')
        len++;
    return len;
}

static bool is_word(const char *text, size_t len, const char *word) {
    for (size_t i = 0; i < len; i++)
        if (text[i] != word[i]) /* ends at WORD's NUL at the latest */
            return false;
    return !word[len];
}

/* Whether one of "side=ours", "detail=null-sender", ... holds. */
static bool holds(const struct result *r, const char *when, size_t len) {
    enum { DETAIL = sizeof "detail=" - 1 };

    if (is_word(when, len, "side=ours"))
        return r->side == SMTPCODE_SIDE_OURS;
    if (is_word(when, len, "side=theirs"))
        return r->side == SMTPCODE_SIDE_THEIRS;
    if (is_word(when, len, "flag=forwarded"))
        return r->flags & SMTPCODE_FLAG_FORWARDED;
    if (is_word(when, len, "server=named"))
        return r->named;
    return is_word(when + DETAIL, len - DETAIL,
                   smtpcode_codes_pool + r->detail);
}

/* All that WHEN names; NULL: a person must judge. */
static bool all_hold(const struct result *r, const char *when) {
    while (when && *when) {
        size_t len = word_length(when);
        if (!holds(r, when, len))
            return false;
        when += len + (when[len] == ' ');
    }
    return when != NULL;
}

static uint8_t who_of_condition(struct result *r) {
    const smtpcode_entry *e = &smtpcode_entries[r->condition];

    if (verdict_of(r->condition)->has & SMTPCODE_HAS_WHO_IF) {
        struct smtpcode_values who = smtpcode_codes_of(e, SMTPCODE_WHO_IF_WHO);
        for (size_t i = 0; i < who.count; i++)
            if (all_hold(r, smtpcode_text(e, SMTPCODE_WHO_IF_WHEN, i))) {
                r->who_if = (uint16_t)(i + 1);
                return (uint8_t)who.values[i];
            }
    }
    return verdict_of(r->condition)->who;
}

static uint8_t stated_by(const struct reply *reply) {
    unsigned digit = reply->outer      ? reply->outer / 100u
                     : reply->code     ? reply->code / 100u
                     : reply->enhanced ? (unsigned)(reply->enhanced / 1000000)
                                       : reply->stated;

    return digit == 4 ? TEMPORARY : digit == 5 ? PERMANENT : 0;
}

static uint8_t who_by(struct result *r, const struct smtpcode_verdict *rule) {
    if (rule->condition != r->condition)
        return who_of_condition(r);
    return rule->who || rule->has & SMTPCODE_HAS_NO_WHO ? rule->who
                                                        : who_of_condition(r);
}

/* What the rows say; a code's row is for that code's class already. */
static void draw(struct result *r) {
    const struct smtpcode_verdict *rule = verdict_of(r->rule);
    const struct smtpcode_verdict *c = verdict_of(r->condition);
    bool temporary = r->stated == TEMPORARY;

    r->who = who_by(r, rule);
    r->retry = rule->retry ? rule->retry : temporary ? c->retry_4xx : c->retry;
    r->suppress = rule->suppress ? rule->suppress
                  : temporary    ? c->suppress_4xx
                                 : c->suppress;
    r->scope = c->scope;
    r->fix_at = c->fix_at;
    r->minutes[0] = c->minutes[0];
    r->minutes[1] = c->minutes[1];
    r->judged = r->retry == SMTPCODE_RETRY_LATER ? TEMPORARY
                : r->retry                       ? PERMANENT
                                                 : r->stated;
    if (r->retry == SMTPCODE_RETRY_NO && r->who == SMTPCODE_WHO_NOBODY)
        r->judged = 0; /* delivered, or no bounce at all: no failure */
}

/* design.md 4: how much may be made of the evidence.  Mixed codes are no
 * proof either: the last line may have been a 4xx. */
uint8_t smtpcode_most_suppress(const struct result *r) {
    unsigned unsure = SMTPCODE_FLAG_AMBIGUOUS | SMTPCODE_FLAG_CONFLICT |
                      SMTPCODE_FLAG_TRUNCATED | SMTPCODE_FLAG_MIXED_CODES;

    if (r->scope != SMTPCODE_SCOPE_RECIPIENT &&
        r->scope != SMTPCODE_SCOPE_RECIPIENT_DOMAIN)
        return SMTPCODE_SUPPRESS_NO;
    if (!is_known(r) || r->side == SMTPCODE_SIDE_OURS || r->flags & unsure ||
        r->basis <= SMTPCODE_BASIS_DOTLESS)
        return SMTPCODE_SUPPRESS_NO;
    if (r->stated != PERMANENT || r->basis == SMTPCODE_BASIS_PHRASE ||
        r->basis == SMTPCODE_BASIS_ENHANCED)
        return SMTPCODE_SUPPRESS_AFTER_REPEATS;
    return SMTPCODE_SUPPRESS_YES;
}

/* Rule R5: what was temporary to the server that said it proves nothing, even
 * if another one gave up then. */
static bool was_temporary(const struct reply *reply) {
    return reply->code / 100 == 4 || reply->enhanced / 1000000 == 4;
}

static uint8_t who_of(uint16_t rule) {
    const struct smtpcode_verdict *v = verdict_of(rule);

    return v->who || v->has & SMTPCODE_HAS_NO_WHO
               ? v->who
               : verdict_of(v->condition)->who;
}

/* Who must act by all the templates that have these words. */
static uint8_t common_who(const struct inquiry *q) {
    uint8_t who = q->nrivals ? who_of(q->rivals[0]) : SMTPCODE_WHO_UNKNOWN;

    for (unsigned i = 1; i < q->nrivals; i++)
        if (who_of(q->rivals[i]) != who)
            return SMTPCODE_WHO_UNKNOWN;
    return who;
}

/* "Wrong is worse than unknown": the code says stay or go, nobody says who. */
static void draw_unknown(struct inquiry *q) {
    struct result *r = q->out;

    r->who = common_who(q);
    r->retry = r->stated == TEMPORARY   ? SMTPCODE_RETRY_LATER
               : r->stated == PERMANENT ? SMTPCODE_RETRY_NO
                                        : SMTPCODE_RETRY_UNKNOWN;
    r->judged = r->stated;
}

static void conclude(struct inquiry *q) {
    struct result *r = q->out;

    r->stated = stated_by(q->reply);
    draw(r);
    if (!is_known(r))
        draw_unknown(q);
    uint8_t most = smtpcode_most_suppress(r);
    if (most == SMTPCODE_SUPPRESS_YES && was_temporary(q->reply))
        most = SMTPCODE_SUPPRESS_AFTER_REPEATS;
    if (r->suppress > most)
        r->suppress = most;
    if (r->retry == SMTPCODE_RETRY_LATER)
        r->retry_after = smtpcode_read_wait(q->words, q->len);
}

/* ---- whose sentences are shown ---- */

static void advise(struct result *r, uint16_t entry) {
    if (entry)
        r->advisers[r->nadvisers++] = entry;
}

/* What explains the code: of an unknown reply all that is known. */
static uint16_t code_entry(const struct reply *reply) {
    uint32_t code = reply->enhanced;
    const smtpcode_entry *e =
        code % 1000000 ? smtpcode_find_enhanced((int)(code / 1000000),
                                                (int)(code / 1000 % 1000),
                                                (int)(code % 1000))
                       : NULL;

    return index_of(e ? e : smtpcode_find_reply(reply->code));
}

/* A server's own code explains more than the condition if it is about the
 * very same thing. */
static bool same_case(const struct result *r, uint16_t own) {
    const struct smtpcode_verdict *v = verdict_of(own);

    return v->condition == r->condition &&
           (r->rule == own || v->detail == r->detail);
}

static void find_advisers(struct result *r, const struct reply *reply) {
    if (!is_known(r)) {
        advise(r, code_entry(reply));
        advise(r, r->condition);
        return;
    }
    if (r->basis >= SMTPCODE_BASIS_PHRASE && r->rule != r->blocklist)
        advise(r, r->rule); /* a list's own title is no headline */
    if (same_case(r, r->own))
        advise(r, r->own);
    advise(r, r->condition);
}

/* ---- the whole ---- */

static uint8_t side_of(const struct inquiry *q) {
    uint8_t role = q->out->role;

    if (role == SMTPCODE_ROLE_SUBMISSION)
        return SMTPCODE_SIDE_OURS;
    if (verdict_of(q->out->rule)->side)
        return verdict_of(q->out->rule)->side;
    if (role == SMTPCODE_ROLE_RELAY)
        return SMTPCODE_SIDE_THEIRS;
    return q->reply->side;
}

static enum smtpcode_status take_hints(struct inquiry *q) {
    const smtpcode_hints *h = q->hints;
    struct result *r = q->out;

    r->stage = q->reply->stage;
    if (!h)
        return SMTPCODE_OK;
    /* Callers of later versions say more, of this one no less. */
    if (h->size <
            offsetof(smtpcode_hints, peer_length) + sizeof h->peer_length ||
        (unsigned)h->stage > SMTPCODE_STAGE_QUIT ||
        (unsigned)h->role > SMTPCODE_ROLE_RELAY || (!h->peer && h->peer_length))
        return SMTPCODE_ERR_BAD_HINT;
    if (h->stage)
        r->stage = (uint8_t)h->stage;
    r->role = (uint8_t)h->role;
    if (h->peer_length)
        q->peer = smtpcode_server_of_host(h->peer, h->peer_length);
    return SMTPCODE_OK;
}

enum smtpcode_status smtpcode_diagnose(const smtpcode_reply *reply,
                                       const smtpcode_hints *hints,
                                       smtpcode_result *result) {
    char words[REPLY_HEAD + REPLY_TAIL];
    struct inquiry q;

    memset(&q, 0, offsetof(struct inquiry, rivals));
    q.reply = (const struct reply *)reply->opaque;
    q.hints = hints;
    q.out = (struct result *)result->opaque;
    q.words = words;
    memset(q.out, 0, offsetof(struct result, candidates));
    q.out->reply = q.reply;
    q.out->flags = q.reply->flags;
    q.out->final = q.reply->final;
    enum smtpcode_status status = take_hints(&q);
    q.len = smtpcode_normalise(q.reply->words, q.reply->length, words);
    smtpcode_gather(&q);
    decide(q.out);
    q.out->side = side_of(&q);
    find_conflict(q.out, q.reply);
    conclude(&q);
    find_advisers(q.out, q.reply);
    return status;
}
