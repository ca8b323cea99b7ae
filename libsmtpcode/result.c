/*
 * result.c - reading an answer.  Facts are in the object; sentences belong to
 * the rows that explain it, the most exact of those that have any.
 */
#include <string.h>

#include "judge.h"

static const struct result *within(const smtpcode_result *result) {
    return (const struct result *)result->opaque;
}

static int list_value(const uint16_t *values, size_t n, size_t i) {
    return i < n ? values[i] : 0;
}

/* The bits of SET as numbers from 1. */
static int flag_at(unsigned set, size_t i) {
    for (int bit = 0; set >> bit; bit++)
        if (set >> bit & 1 && i-- == 0)
            return bit + 1;
    return 0;
}

static int candidate_number(const struct result *r, enum smtpcode_field field,
                            size_t i) {
    if (i >= r->ncandidates)
        return 0;
    return field == SMTPCODE_CANDIDATE_BASIS ? r->candidates[i].basis
                                             : r->candidates[i].reason;
}

/* One value: the fact itself. */
static int fact(const struct result *r, enum smtpcode_field field) {
    switch ((int)field) {
    case SMTPCODE_REPLY_CODE:
        return r->reply->code;
    case SMTPCODE_ENHANCED_CODE:
        return (int)r->reply->enhanced;
    case SMTPCODE_STAGE:
        return r->stage;
    case SMTPCODE_BASIS:
        return r->basis;
    case SMTPCODE_CONFIDENCE:
        return r->confidence;
    case SMTPCODE_SERVER_EVIDENCE:
        return r->evidence;
    case SMTPCODE_STATED:
        return r->stated;
    case SMTPCODE_JUDGED:
        return r->judged;
    case SMTPCODE_FINAL:
        return r->final;
    case SMTPCODE_RETRY_AFTER:
        return r->retry_after;
    case SMTPCODE_WHO:
        return r->who;
    case SMTPCODE_RETRY:
        return r->retry;
    case SMTPCODE_SUPPRESS:
        return r->suppress;
    case SMTPCODE_SCOPE:
        return r->scope;
    case SMTPCODE_FIX_AT:
        return r->fix_at;
    case SMTPCODE_SIDE:
        return r->side;
    }
    return -1;
}

/* The field by which a row is asked whether it has the list of FIELD: lists
 * that run in step come from one row. */
static enum smtpcode_field leader_of(enum smtpcode_field field) {
    switch ((int)field) {
    case SMTPCODE_CAUSE:
    case SMTPCODE_CAUSE_CLUE:
    case SMTPCODE_CAUSE_CONDITION:
    case SMTPCODE_CAUSE_MINUTES:
    case SMTPCODE_CAUSE_MINUTES_MOST:
        return SMTPCODE_CAUSE_WHO;
    case SMTPCODE_REMEDY:
        return SMTPCODE_REMEDY_FOR;
    case SMTPCODE_CHECK:
    case SMTPCODE_CHECK_COMMAND:
        return SMTPCODE_CHECK_FOR;
    case SMTPCODE_DONT_SINCE:
        return SMTPCODE_DONT;
    case SMTPCODE_STANDARD_RFC:
    case SMTPCODE_STANDARD_DRAFT:
    case SMTPCODE_STANDARD_OBSOLETED_BY:
        return SMTPCODE_STANDARD_SECTION;
    default:
        return field;
    }
}

/* The row whose FIELD is shown; NULL if none has it. */
static const smtpcode_entry *adviser(const struct result *r,
                                     enum smtpcode_field field) {
    for (unsigned i = 0; i < r->nadvisers; i++) {
        const smtpcode_entry *e = &smtpcode_entries[r->advisers[i]];
        if (smtpcode_count(e, leader_of(field)) > 0)
            return e;
    }
    return NULL;
}

int smtpcode_result_number(const smtpcode_result *result,
                           enum smtpcode_field field, size_t i) {
    const struct result *r = within(result);

    if (field == SMTPCODE_MINUTES)
        return list_value(r->minutes, 2, i);
    if (field == SMTPCODE_FLAG)
        return flag_at(r->flags, i);
    if (field == SMTPCODE_CANDIDATE_BASIS || field == SMTPCODE_CANDIDATE_REASON)
        return candidate_number(r, field, i);
    int value = fact(r, field);
    if (value >= 0)
        return i == 0 ? value : 0;
    return smtpcode_number(adviser(r, field), field, i);
}

static const smtpcode_entry *entry_or_null(uint16_t entry) {
    return entry ? &smtpcode_entries[entry] : NULL;
}

static uint16_t candidate_entry(const struct result *r,
                                enum smtpcode_field field, size_t i) {
    if (i >= r->ncandidates)
        return 0;
    return field == SMTPCODE_CANDIDATE ? r->candidates[i].entry
                                       : r->candidates[i].condition;
}

const smtpcode_entry *smtpcode_result_related(const smtpcode_result *result,
                                              enum smtpcode_field field,
                                              size_t i) {
    const struct result *r = within(result);

    if (field == SMTPCODE_CANDIDATE || field == SMTPCODE_CANDIDATE_CONDITION)
        return entry_or_null(candidate_entry(r, field, i));
    if (field == SMTPCODE_CAUSE_CONDITION)
        return smtpcode_related(adviser(r, field), field, i);
    if (i > 0)
        return NULL;
    switch ((int)field) {
    case SMTPCODE_CONDITION:
        return &smtpcode_entries[r->condition];
    case SMTPCODE_SERVER:
        return entry_or_null(r->server);
    case SMTPCODE_RULE:
        return entry_or_null(r->rule);
    case SMTPCODE_SOFTWARE:
        return entry_or_null(r->software);
    case SMTPCODE_TOKEN:
        return entry_or_null(r->token);
    case SMTPCODE_BLOCKLIST:
        return entry_or_null(r->blocklist);
    case SMTPCODE_OWN_CODE:
        return entry_or_null(r->own);
    }
    return NULL;
}

/* What the condition says of the finer case. */
static const char *detail_text(const struct result *r) {
    const smtpcode_entry *e = &smtpcode_entries[r->condition];
    const char *detail = smtpcode_codes_pool + r->detail, *known;

    for (size_t i = 0;
         r->detail && (known = smtpcode_text(e, SMTPCODE_DETAIL, i)); i++)
        if (known == detail) /* equal texts are one in the pool */
            return smtpcode_text(e, SMTPCODE_DETAIL_TEXT, i);
    return NULL;
}

/* Documentation: of the reply, the list, the server's codes; a server's
 * delisting page where an IP must be taken off its list. */
static const char *link_at(const struct result *r, size_t i) {
    const struct {
        uint16_t entry;
        enum smtpcode_field field;
    } places[] = {{r->rule, SMTPCODE_LINK},
                  {r->blocklist, SMTPCODE_PAGE_DELISTING},
                  {r->scope == SMTPCODE_SCOPE_IP ? r->server : 0,
                   SMTPCODE_PAGE_DELISTING},
                  {r->server, SMTPCODE_PAGE_CODES}};

    for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
        const smtpcode_entry *e = entry_or_null(places[p].entry);
        size_t n = smtpcode_count(e, places[p].field);
        if (i < n)
            return smtpcode_text(e, places[p].field, i);
        i -= n;
    }
    return NULL;
}

/* A sentence about who must act that holds for the condition in general does
 * not hold for somebody else. */
static const char *who_text(const struct result *r, size_t i) {
    const smtpcode_entry *e = adviser(r, SMTPCODE_ANSWER_WHO);

    if (r->who_if)
        return i == 0 ? smtpcode_text(&smtpcode_entries[r->condition],
                                      SMTPCODE_WHO_IF, r->who_if - 1u)
                      : NULL;
    if (index_of(e) == r->condition && r->who != verdict_of(r->condition)->who)
        return NULL;
    return smtpcode_text(e, SMTPCODE_ANSWER_WHO, i);
}

/* FIELD, or what E says there of a temporary reply. */
static enum smtpcode_field of_class(const struct result *r,
                                    const smtpcode_entry *e,
                                    enum smtpcode_field field,
                                    enum smtpcode_field temporary) {
    return r->stated == 1 && smtpcode_count(e, temporary) > 0 ? temporary
                                                              : field;
}

/* Where a condition answers each class for itself, its answer holds for what
 * it says of that class; else for what it says of either. */
static bool is_usual(const struct result *r) {
    const struct smtpcode_verdict *v = verdict_of(r->condition);
    const smtpcode_entry *e = &smtpcode_entries[r->condition];

    if (smtpcode_count(e, SMTPCODE_ANSWER_AGAIN_4XX) > 0)
        return r->retry == (r->stated == 1 ? v->retry_4xx : v->retry);
    return r->retry == v->retry || r->retry == v->retry_4xx;
}

/* Likewise: what is said of all such replies must be true of this one. */
static const char *again_text(const struct result *r, size_t i) {
    const smtpcode_entry *e = adviser(r, SMTPCODE_ANSWER_AGAIN);

    if (index_of(e) == r->condition && !is_usual(r))
        return NULL;
    return smtpcode_text(
        e, of_class(r, e, SMTPCODE_ANSWER_AGAIN, SMTPCODE_ANSWER_AGAIN_4XX), i);
}

static const char *address_text(const struct result *r, size_t i) {
    const smtpcode_entry *e = adviser(r, SMTPCODE_ANSWER_ADDRESS);
    const struct smtpcode_verdict *v = verdict_of(index_of(e));
    uint8_t said = v->suppress;

    if (index_of(e) == r->condition && r->stated == SMTPCODE_STATED_TEMPORARY)
        said = v->suppress_4xx; /* of a temporary reply */
    if (said && said != r->suppress)
        return NULL;
    return smtpcode_text(
        e, of_class(r, e, SMTPCODE_ANSWER_ADDRESS, SMTPCODE_ANSWER_ADDRESS_4XX),
        i);
}

static const char *meaning_text(const struct result *r, size_t i) {
    const smtpcode_entry *e = adviser(r, SMTPCODE_MEANING);
    const char *detail =
        index_of(e) == r->condition && i == 0 ? detail_text(r) : NULL;

    return detail ? detail : smtpcode_text(e, SMTPCODE_MEANING, i);
}

const char *smtpcode_result_text(const smtpcode_result *result,
                                 enum smtpcode_field field, size_t i) {
    const struct result *r = within(result);

    switch ((int)field) {
    case SMTPCODE_DETAIL:
        return i == 0 && r->detail ? smtpcode_codes_pool + r->detail : NULL;
    case SMTPCODE_DETAIL_TEXT:
        return i == 0 ? detail_text(r) : NULL;
    case SMTPCODE_LINK:
        return link_at(r, i);
    case SMTPCODE_ANSWER_WHO:
        return who_text(r, i);
    case SMTPCODE_ANSWER_AGAIN:
        return again_text(r, i);
    case SMTPCODE_ANSWER_ADDRESS:
        return address_text(r, i);
    case SMTPCODE_MEANING:
        return meaning_text(r, i);
    }
    return smtpcode_text(adviser(r, field), field, i);
}

/* Of values that end at 0 or NULL. */
static size_t count_up(const smtpcode_result *result,
                       enum smtpcode_field field) {
    size_t n = 0;

    if (field < SMTPCODE_CONDITION ||
        (field >= SMTPCODE_REPLY_CODE && field < SMTPCODE_RULE))
        while (smtpcode_result_number(result, field, n))
            n++;
    else if (field < SMTPCODE_DETAIL || field >= SMTPCODE_RULE)
        while (smtpcode_result_related(result, field, n))
            n++;
    else
        while (smtpcode_result_text(result, field, n))
            n++;
    return n;
}

size_t smtpcode_result_count(const smtpcode_result *result,
                             enum smtpcode_field field) {
    const struct result *r = within(result);
    enum smtpcode_field leader = leader_of(field);

    if (leader != field || leader == SMTPCODE_CAUSE_WHO ||
        leader == SMTPCODE_REMEDY_FOR || leader == SMTPCODE_CHECK_FOR ||
        leader == SMTPCODE_STANDARD_SECTION)
        return smtpcode_count(adviser(r, field), leader);
    return count_up(result, field);
}

unsigned smtpcode_result_flags(const smtpcode_result *result) {
    return within(result)->flags;
}

int smtpcode_result_capture(const smtpcode_result *result, size_t i,
                            struct smtpcode_span *span) {
    const struct result *r = within(result);

    if (i >= r->ncaptures)
        return 0;
    span->offset = r->captures[i].offset;
    span->length = r->captures[i].length;
    span->kind = r->captures[i].kind;
    return 1;
}

/* ---- checks ---- */

/* Rule R1: nothing else may enter a command. */
static bool is_harmless(const char *value, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (!is_digit(value[i]) && !is_alpha(value[i]) && value[i] != '.' &&
            value[i] != ':' && value[i] != '-')
            return false;
    return len > 0 && len <= 255 && value[0] != '-';
}

static const char *captured(const struct result *r, int kind, size_t *len) {
    for (unsigned i = 0; i < r->ncaptures; i++) {
        const struct captured *c = &r->captures[i];
        if (c->kind == kind) {
            *len = c->length;
            return r->reply->words + c->offset;
        }
    }
    return NULL;
}

/* What is behind the @ of the address that the refusal is about. */
static const char *domain_of_address(const struct result *r, size_t *len) {
    bool sender = r->scope == SMTPCODE_SCOPE_SENDER ||
                  r->scope == SMTPCODE_SCOPE_SENDER_DOMAIN;
    const char *address = captured(r,
                                   sender ? SMTPCODE_PLACEHOLDER_SENDER
                                          : SMTPCODE_PLACEHOLDER_RECIPIENT,
                                   len);
    const char *at = address ? memchr(address, '@', *len) : NULL;

    if (!at)
        return NULL;
    *len -= (size_t)(at + 1 - address);
    return at + 1;
}

/* The first "192.0.2.1" in the words, where no template told its place. */
static const char *find_ip(const struct result *r, size_t *len) {
    const char *words = r->reply->words, *end = words + r->reply->length;

    for (const char *s = words; s < end; s++) {
        const char *from = s;
        int dots = 0;
        while (s < end && (is_digit(*s) || *s == '.'))
            dots += *s++ == '.';
        if (dots == 4 && s[-1] == '.') { /* of the sentence */
            s--;
            dots--;
        }
        *len = (size_t)(s - from);
        bool whole = (from == words || !is_alpha(from[-1])) &&
                     (s == end || (!is_alpha(*s) && *s != '-'));
        if (dots == 3 && *len >= 7 && *len <= 15 && s[-1] != '.' && whole)
            return from;
    }
    return NULL;
}

/* What stands for the placeholder KIND, or NULL. */
static const char *value_for(const struct result *r, int kind, size_t *len) {
    const char *value = captured(r, kind, len);

    if (!value && kind == SMTPCODE_PLACEHOLDER_DOMAIN)
        value = domain_of_address(r, len);
    if (!value && kind == SMTPCODE_PLACEHOLDER_IP)
        value = find_ip(r, len);
    return value && is_harmless(value, *len) ? value : NULL;
}

static int placeholder_at(const char *text, size_t *len) {
    static const int kinds[] = {SMTPCODE_PLACEHOLDER_IP,
                                SMTPCODE_PLACEHOLDER_DOMAIN,
                                SMTPCODE_PLACEHOLDER_HOST};

    for (size_t k = 0; *text == '{' && k < 3; k++) {
        const char *name = smtpcode_word(SMTPCODE_WORDS_CAPTURE, kinds[k]);
        size_t n = 0;
        while (name[n] && text[n + 1] == name[n])
            n++;
        if (!name[n] && text[n + 1] == '}') {
            *len = n + 2;
            return kinds[k];
        }
    }
    return 0;
}

static size_t put(char *buf, size_t size, size_t at, const char *text,
                  size_t len) {
    if (at < size)
        memcpy(buf + at, text, len < size - at ? len : size - at);
    return at + len;
}

size_t smtpcode_result_check(const smtpcode_result *result, size_t i, char *buf,
                             size_t size) {
    const struct result *r = within(result);
    const char *text = smtpcode_result_text(result, SMTPCODE_CHECK_COMMAND, i);
    size_t at = 0, len, n;

    for (; text && *text; text += len) {
        int kind = placeholder_at(text, &len);
        const char *value = kind ? value_for(r, kind, &n) : NULL;
        if (!kind)
            len = 1;
        at = value ? put(buf, size, at, value, n)
                   : put(buf, size, at, text, len);
    }
    if (size > 0)
        buf[at < size ? at : size - 1] = '\0';
    return at;
}
