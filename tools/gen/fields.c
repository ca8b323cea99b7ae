/* fields.c - the keys of a JSON object as the fields of an entry. */
#include <string.h>

#include "gen.h"

static const char *string_in(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

static uint32_t word_in(const json_t *object, const char *key,
                        enum smtpcode_vocabulary words) {
    const char *word = string_in(object, key);

    return word ? (uint32_t)word_value(words, word) : 0;
}

static void text(struct entry *e, const char *key, enum smtpcode_field field) {
    const char *value = string_in(e->json, key);

    if (value)
        add_text(e, field, value);
}

static void texts_of(struct entry *e, const json_t *list,
                     enum smtpcode_field field) {
    size_t i;
    const json_t *one;

    json_array_foreach(list, i, one) add_text(e, field, json_string_value(one));
}

static void texts(struct entry *e, const char *key, enum smtpcode_field field) {
    texts_of(e, json_object_get(e->json, key), field);
}

static void word(struct entry *e, const char *key, enum smtpcode_field field,
                 enum smtpcode_vocabulary words) {
    uint32_t value = word_in(e->json, key, words);

    if (value)
        add_number(e, field, value);
}

static void words(struct entry *e, const char *key, enum smtpcode_field field,
                  enum smtpcode_vocabulary vocabulary) {
    size_t i;
    const json_t *one;

    json_array_foreach(json_object_get(e->json, key), i, one) add_number(
        e, field, (uint32_t)word_value(vocabulary, json_string_value(one)));
}

static void numbers(struct entry *e, const char *key,
                    enum smtpcode_field field) {
    size_t i;
    const json_t *one;

    json_array_foreach(json_object_get(e->json, key), i, one)
        add_number(e, field, (uint32_t)json_integer_value(one));
}

/* The entry called ID, or a complaint. */
static struct entry *refer(struct entry *e, enum smtpcode_kind kind,
                           const char *id) {
    struct entry *other = find_entry(kind, id);

    if (!other)
        complain(e->source, join_text("\"%s\"", id), "no %s '%s'",
                 smtpcode_word(SMTPCODE_WORDS_KIND, (int)kind), id);
    return other;
}

static bool has_detail(const struct entry *condition, const char *detail) {
    size_t i;
    const json_t *one;

    json_array_foreach(json_object_get(condition->json, "details"), i, one) {
        const char *known = string_in(one, "id");
        if (known && strcmp(known, detail) == 0)
            return true;
    }
    return false;
}

static struct entry *refer_condition(struct entry *e, const char *id,
                                     const char *detail) {
    struct entry *condition = refer(e, SMTPCODE_KIND_CONDITION, id ? id : "");

    if (condition && detail && !has_detail(condition, detail))
        complain(e->source, join_text("\"%s\"", detail),
                 "condition '%s' has no detail '%s'", id, detail);
    return condition;
}

static void fill_evidence(struct entry *e) {
    const char *id = string_in(e->json, "condition");
    const char *detail = string_in(e->json, "detail");
    const char *stage;
    json_t *value;

    if (id)
        add_entry(e, SMTPCODE_CONDITION, refer_condition(e, id, detail));
    else if (detail)
        complain(e->source, "\"detail\"", "a detail without a condition");
    if (detail)
        add_text(e, SMTPCODE_DETAIL, detail);
    json_object_foreach(json_object_get(e->json, "at"), stage, value) {
        add_number(e, SMTPCODE_AT_STAGE,
                   (uint32_t)word_value(SMTPCODE_WORDS_STAGE, stage));
        add_entry(e, SMTPCODE_AT_CONDITION,
                  refer_condition(e, json_string_value(value), NULL));
    }
}

/* Rule R5: nothing temporary advises to drop an address. */
static void refuse_drop(const struct entry *e, const json_t *verdict) {
    if (word_in(verdict, "suppress", SMTPCODE_WORDS_SUPPRESS) ==
        SMTPCODE_SUPPRESS_YES)
        complain(e->source, "\"yes\"", "'%s' drops the address for good",
                 e->id);
}

/* Words by which nobody can tell who must act, whatever the condition says. */
static bool is_nobodys(const struct entry *e) {
    return e->kind >= SMTPCODE_KIND_TEMPLATE &&
           json_is_null(json_object_get(e->json, "who"));
}

static void fill_verdict(struct entry *e) {
    word(e, "who", SMTPCODE_WHO, SMTPCODE_WORDS_WHO);
    if (is_nobodys(e))
        add_number(e, SMTPCODE_WHO, SMTPCODE_WHO_UNKNOWN);
    word(e, "retry", SMTPCODE_RETRY, SMTPCODE_WORDS_RETRY);
    word(e, "suppress", SMTPCODE_SUPPRESS, SMTPCODE_WORDS_SUPPRESS);
    if (code_of(e)[0] == '4')
        refuse_drop(e, e->json);
    word(e, "scope", SMTPCODE_SCOPE, SMTPCODE_WORDS_SCOPE);
    word(e, "fix_at", SMTPCODE_FIX_AT, SMTPCODE_WORDS_FIX_AT);
    numbers(e, "minutes", SMTPCODE_MINUTES);
}

static uint32_t minutes_in(const json_t *object, size_t i) {
    return (uint32_t)json_integer_value(
        json_array_get(json_object_get(object, "minutes"), i));
}

/* WHO and MINUTES of a cause are its condition's unless it says otherwise. */
static void fill_cause(struct entry *e, const json_t *cause) {
    const char *id = string_in(cause, "condition");
    const char *detail = string_in(cause, "detail");
    struct entry *condition = id ? refer_condition(e, id, detail) : NULL;
    const json_t *from = condition ? condition->json : e->json;
    const json_t *who = json_object_get(cause, "who") ? cause : from;
    const json_t *wait = json_object_get(cause, "minutes") ? cause
                         : condition                       ? from
                                                           : NULL;

    if (detail && !id) /* of the condition whose cause it is */
        refer_condition(e,
                        e->kind == SMTPCODE_KIND_CONDITION
                            ? e->id
                            : string_in(e->json, "condition"),
                        detail);
    add_text(e, SMTPCODE_CAUSE, string_in(cause, "text"));
    add_text(e, SMTPCODE_CAUSE_CLUE, string_in(cause, "clue"));
    add_entry(e, SMTPCODE_CAUSE_CONDITION, condition);
    add_number(e, SMTPCODE_CAUSE_WHO, word_in(who, "who", SMTPCODE_WORDS_WHO));
    add_number(e, SMTPCODE_CAUSE_MINUTES, minutes_in(wait, 0));
    add_number(e, SMTPCODE_CAUSE_MINUTES_MOST, minutes_in(wait, 1));
}

/* Remedies come in the order of enum smtpcode_who, whatever the file's. */
static void fill_remedies(struct entry *e) {
    json_t *map = json_object_get(e->json, "remedies");
    size_t i;
    const json_t *one;

    for (int who = SMTPCODE_WHO_SENDER; who < SMTPCODE_WHO_NOBODY; who++) {
        json_t *list =
            json_object_get(map, smtpcode_word(SMTPCODE_WORDS_WHO, who));
        json_array_foreach(list, i, one) {
            add_number(e, SMTPCODE_REMEDY_FOR, (uint32_t)who);
            add_text(e, SMTPCODE_REMEDY, json_string_value(one));
        }
    }
}

static void fill_advice(struct entry *e) {
    const json_t *answers = json_object_get(e->json, "answers");
    const json_t *temporary = json_object_get(answers, "temporary");
    size_t i;
    const json_t *one;

    texts_of(e, json_object_get(answers, "who"), SMTPCODE_ANSWER_WHO);
    texts_of(e, json_object_get(answers, "again"), SMTPCODE_ANSWER_AGAIN);
    texts_of(e, json_object_get(answers, "address"), SMTPCODE_ANSWER_ADDRESS);
    texts_of(e, json_object_get(temporary, "again"), SMTPCODE_ANSWER_AGAIN_4XX);
    texts_of(e, json_object_get(temporary, "address"),
             SMTPCODE_ANSWER_ADDRESS_4XX);
    json_array_foreach(json_object_get(e->json, "causes"), i, one)
        fill_cause(e, one);
    fill_remedies(e);
    json_array_foreach(json_object_get(e->json, "dont"), i, one) {
        add_text(e, SMTPCODE_DONT, string_in(one, "text"));
        add_text(e, SMTPCODE_DONT_SINCE, string_in(one, "since"));
    }
    json_array_foreach(json_object_get(e->json, "checks"), i, one) {
        add_number(e, SMTPCODE_CHECK_FOR,
                   word_in(one, "for", SMTPCODE_WORDS_WHO));
        add_text(e, SMTPCODE_CHECK, string_in(one, "text"));
        add_text(e, SMTPCODE_CHECK_COMMAND, string_in(one, "command"));
    }
}

static void fill_rfc(struct entry *e, const json_t *standard, int rfc) {
    const struct source *rfcs = find_source("", "rfcs");
    const char *number = join_text("%d", rfc);
    json_t *known = rfcs ? json_object_get(rfcs->root, number) : NULL;

    if (rfc && !known)
        complain(e->source, join_text("\"rfc\": %d", rfc),
                 "RFC %d is not in rfcs.json", rfc);
    if (!rfc && !string_in(standard, "draft"))
        complain(e->source, "\"standards\"", "a standard without a number");
    add_number(e, SMTPCODE_STANDARD_RFC, (uint32_t)rfc);
    add_number(e, SMTPCODE_STANDARD_OBSOLETED_BY,
               (uint32_t)json_integer_value(
                   json_array_get(json_object_get(known, "obsoleted_by"), 0)));
}

static void fill_standards(struct entry *e) {
    size_t i;
    const json_t *one;

    json_array_foreach(json_object_get(e->json, "standards"), i, one) {
        fill_rfc(e, one, (int)json_integer_value(json_object_get(one, "rfc")));
        add_text(e, SMTPCODE_STANDARD_SECTION, string_in(one, "section"));
        add_text(e, SMTPCODE_STANDARD_DRAFT, string_in(one, "draft"));
    }
}

static void fill_conflicts(struct entry *e) {
    size_t i;
    const json_t *one;

    json_array_foreach(json_object_get(e->json, "conflicts"), i, one) {
        add_text(e, SMTPCODE_CONFLICT, string_in(one, "meaning"));
        add_text(e, SMTPCODE_CONFLICT_WHO, string_in(one, "who"));
        add_text(e, SMTPCODE_CONFLICT_SOURCE, string_in(one, "source"));
    }
}

static enum smtpcode_kind kind_of_code(const char *code) {
    return strchr(code, '.') ? SMTPCODE_KIND_ENHANCED_STATUS
                             : SMTPCODE_KIND_REPLY_CODE;
}

/* A server's own code: the data may point to 5.7.57 without naming whose,
 * where only one server has it. */
static struct entry *find_own_code(const struct entry *e, const char *code) {
    struct entry *found = NULL;

    for (size_t i = 0; i < nentries; i++)
        if (entries[i]->server && entries[i]->classes &&
            strcmp(code_of(entries[i]), code) == 0) {
            if (found)
                complain(e->source, join_text("\"%s\"", code),
                         "'%s' is %s's and %s's own code", code,
                         found->server->id, entries[i]->server->id);
            found = entries[i];
        }
    return found;
}

/* Codes listed under KEY.  A class's entry (4.7.1) points to its own class:
 * x.7.0 becomes 4.7.0, and reply codes of another class are left out. */
static void fill_codes(struct entry *e, const char *key,
                       enum smtpcode_field field) {
    bool classed = e->kind == SMTPCODE_KIND_ENHANCED_STATUS && e->id[0] != 'x';
    size_t i;
    const json_t *one;

    json_array_foreach(json_object_get(e->json, key), i, one) {
        const char *code = json_string_value(one);
        enum smtpcode_kind kind = kind_of_code(code);
        if (classed && kind == SMTPCODE_KIND_REPLY_CODE && code[0] != e->id[0])
            continue;
        if (classed && code[0] == 'x')
            code = join_text("%c%s", e->id[0], code + 1);
        struct entry *other = find_entry(kind, code);
        if (!other)
            other = find_own_code(e, code);
        if (!other)
            other = refer(e, kind, code);
        if (other)
            add_entry(e, field, other);
    }
}

/* 449 reads as 4.4.9, which is not registered: its subject stands in. */
static const char *subject_of(const char *code) {
    const char *detail = strrchr(code, '.');

    return detail ? join_text("%.*s.x", (int)(detail - code), code) : code;
}

static void fill_reads_as(struct entry *e) {
    const json_t *reads = json_object_get(e->json, "reads_as");

    if (!reads)
        return;
    const char *code = string_in(reads, "enhanced");
    if (!find_entry(SMTPCODE_KIND_ENHANCED_STATUS, code))
        code = subject_of(code);
    add_entry(e, SMTPCODE_READS_AS,
              refer(e, SMTPCODE_KIND_ENHANCED_STATUS, code));
    add_number(e, SMTPCODE_READS_AS_RULE,
               word_in(reads, "rule", SMTPCODE_WORDS_RULE));
    add_text(e, SMTPCODE_READS_AS_TEXT, string_in(reads, "text"));
}

static void fill_digit(struct entry *e, const char *digit,
                       const json_t *title_from, const char *title,
                       const json_t *meaning) {
    add_text(e, SMTPCODE_DIGIT, digit);
    add_text(e, SMTPCODE_DIGIT_TITLE, string_in(title_from, title));
    add_text(e, SMTPCODE_DIGIT_MEANING,
             json_is_string(meaning)
                 ? json_string_value(meaning)
                 : json_string_value(json_array_get(meaning, 0)));
}

/* A digit that has a file of its own, such as 4xx or x.7.x. */
static void fill_known_digit(struct entry *e, const char *folder,
                             const char *pattern, const char *digit) {
    const struct source *s = find_source(folder, pattern);
    enum smtpcode_kind kind = kind_of_code(pattern);

    if (!s)
        return;
    fill_digit(e, digit, s->root, "name", json_object_get(s->root, "meaning"));
    add_entry(e, SMTPCODE_DIGITS, find_entry(kind, pattern));
}

static void fill_reply_digits(struct entry *e) {
    const char *id = code_of(e);
    const char *d[3];

    for (int i = 0; i < 3; i++)
        d[i] = join_text("%c", id[i]);
    if (id[0] != 'x')
        fill_known_digit(e, "codes", join_text("%sxx", d[0]), d[0]);
    if (id[1] != 'x')
        fill_known_digit(e, "codes", join_text("x%sx", d[1]), d[1]);
    if (id[2] == 'x')
        return;
    const struct source *standard = find_source("codes", id);
    const json_t *from = e->server && standard ? standard->root : e->json;
    fill_digit(e, d[2], from, "third_digit", json_object_get(from, "name"));
}

static void fill_enhanced_digits(struct entry *e) {
    const char *id = code_of(e);
    const char *subject = strchr(id, '.') + 1, *detail = strchr(subject, '.');
    const char *s = join_text("%.*s", (int)(detail - subject), subject);

    if (id[0] != 'x')
        fill_known_digit(e, "enhanced", join_text("%c.x.x", id[0]),
                         join_text("%c", id[0]));
    if (s[0] != 'x')
        fill_known_digit(e, "enhanced", join_text("x.%s.x", s), s);
    if (detail[1] != 'x')
        fill_digit(e, detail + 1, e->json,
                   json_object_get(e->json, "name") ? "name" : "title",
                   json_object_get(e->json, "meaning"));
}

static void fill_digits(struct entry *e) {
    if (e->kind == SMTPCODE_KIND_REPLY_CODE)
        fill_reply_digits(e);
    else
        fill_enhanced_digits(e);
}

static void fill_source(struct entry *e) {
    const json_t *source = json_object_get(e->json, "source");

    if (source) {
        add_text(e, SMTPCODE_SOURCE, string_in(source, "url"));
        add_text(e, SMTPCODE_SEEN, string_in(source, "seen"));
    }
    texts(e, "sources", SMTPCODE_SOURCE);
}

void fill_code(struct entry *e) {
    bool is_digit = !e->server && e->kind == SMTPCODE_KIND_REPLY_CODE &&
                    e->id[0] == 'x'; /* x5x: its headline is its name */

    add_number(e, SMTPCODE_NUMBER, e->number);
    text(e, is_digit ? "name" : "title", SMTPCODE_TITLE);
    text(e, "name", SMTPCODE_NAME);
    texts(e, "meaning", SMTPCODE_MEANING);
    text(e, "note", SMTPCODE_NOTE);
    if (e->server) {
        add_number(e, SMTPCODE_STATUS,
                   (uint32_t)word_value(SMTPCODE_WORDS_STATUS, "documented"));
        add_entry(e, SMTPCODE_SERVER, e->server);
    } else {
        word(e, "status", SMTPCODE_STATUS, SMTPCODE_WORDS_STATUS);
    }
    numbers(e, "classes", SMTPCODE_CLASSES);
    fill_evidence(e);
    fill_verdict(e);
    fill_advice(e);
    texts(e, "commands", SMTPCODE_COMMAND);
    words(e, "stages", SMTPCODE_STAGES, SMTPCODE_WORDS_STAGE);
    fill_standards(e);
    fill_codes(e, "enhanced", SMTPCODE_ENHANCED);
    fill_codes(e, "reply_codes", SMTPCODE_REPLIES);
    fill_codes(e, "see_also", SMTPCODE_SEE_ALSO);
    fill_reads_as(e);
    fill_conflicts(e);
    fill_digits(e);
    fill_source(e);
}

static void fill_details(struct entry *e) {
    size_t i;
    const json_t *one;

    json_array_foreach(json_object_get(e->json, "details"), i, one) {
        add_text(e, SMTPCODE_DETAIL, string_in(one, "id"));
        add_text(e, SMTPCODE_DETAIL_TEXT, string_in(one, "text"));
    }
}

static void fill_who_if(struct entry *e) {
    size_t i;
    const json_t *one;

    json_array_foreach(json_object_get(e->json, "who_if"), i, one) {
        const char *when = string_in(one, "when");
        const char *detail = when ? strstr(when, "detail=") : NULL;
        if (detail) {
            detail =
                join_text("%.*s", (int)strcspn(detail, " ") - 7, detail + 7);
            if (!has_detail(e, detail))
                complain(e->source, when, "condition '%s' has no detail '%s'",
                         e->id, detail);
        }
        add_text(e, SMTPCODE_WHO_IF_WHEN, when);
        add_number(e, SMTPCODE_WHO_IF_WHO,
                   word_in(one, "who", SMTPCODE_WORDS_WHO));
        add_text(e, SMTPCODE_WHO_IF, string_in(one, "text"));
    }
}

static void fill_defaults(struct entry *e, const char *key,
                          enum smtpcode_field retry,
                          enum smtpcode_field suppress) {
    const json_t *defaults = json_object_get(e->json, key);

    add_number(e, retry, word_in(defaults, "retry", SMTPCODE_WORDS_RETRY));
    add_number(e, suppress,
               word_in(defaults, "suppress", SMTPCODE_WORDS_SUPPRESS));
}

void fill_condition(struct entry *e) {
    add_number(e, SMTPCODE_NUMBER, e->number);
    text(e, "title", SMTPCODE_TITLE);
    text(e, "definition", SMTPCODE_MEANING);
    fill_details(e);
    fill_verdict(e);
    fill_who_if(e);
    fill_defaults(e, "permanent", SMTPCODE_RETRY, SMTPCODE_SUPPRESS);
    fill_defaults(e, "temporary", SMTPCODE_RETRY_4XX, SMTPCODE_SUPPRESS_4XX);
    refuse_drop(e, json_object_get(e->json, "temporary"));
    fill_advice(e);
    fill_standards(e);
    fill_source(e);
}

void fill_server(struct entry *e) {
    const json_t *pages = json_object_get(e->json, "pages");
    const char *runs = string_in(e->json, "runs");

    add_number(e, SMTPCODE_NUMBER, e->number);
    text(e, "name", SMTPCODE_TITLE);
    text(e, "name", SMTPCODE_NAME);
    word(e, "kind", SMTPCODE_SERVER_KIND, SMTPCODE_WORDS_SERVER_KIND);
    texts(e, "about", SMTPCODE_MEANING);
    texts(e, "domains", SMTPCODE_DOMAIN);
    texts(e, "mx", SMTPCODE_MX);
    texts(e, "marks", SMTPCODE_MARK);
    if (runs)
        add_entry(e, SMTPCODE_RUNS, refer(e, SMTPCODE_KIND_SERVER, runs));
    if (string_in(pages, "codes"))
        add_text(e, SMTPCODE_PAGE_CODES, string_in(pages, "codes"));
    if (string_in(pages, "postmaster"))
        add_text(e, SMTPCODE_PAGE_POSTMASTER, string_in(pages, "postmaster"));
    if (string_in(pages, "delisting"))
        add_text(e, SMTPCODE_PAGE_DELISTING, string_in(pages, "delisting"));
}

/* What tokens, phrases and templates have in common. */
static void fill_rule(struct entry *e) {
    if (e->server)
        add_entry(e, SMTPCODE_SERVER, e->server);
    text(e, "text", SMTPCODE_LINE);
    words(e, "stages", SMTPCODE_STAGES, SMTPCODE_WORDS_STAGE);
    fill_evidence(e);
    fill_verdict(e);
    fill_source(e);
}

void fill_template(struct entry *e) {
    fill_rule(e);
    texts(e, "lines", SMTPCODE_LINE);
    word(e, "side", SMTPCODE_SIDE, SMTPCODE_WORDS_SIDE);
    words(e, "flags", SMTPCODE_FLAG, SMTPCODE_WORDS_FLAG);
    fill_advice(e);
    texts(e, "links", SMTPCODE_LINK);
    text(e, "until", SMTPCODE_UNTIL);
}

void fill_token(struct entry *e) { fill_rule(e); }

void fill_phrase(struct entry *e) {
    const struct source *s = e->source;

    fill_rule(e);
    add_text(e, SMTPCODE_LANGUAGE, string_in(s->root, "language"));
    if (json_is_true(json_object_get(e->json, "weak")))
        add_number(e, SMTPCODE_WEAK, 1);
}

/* What it means to be on a list of a kind, whatever list it is. */
static void fill_listing(struct entry *e, int lists) {
    bool ip = lists == word_value(SMTPCODE_WORDS_LISTS, "ip");

    add_number(e, SMTPCODE_LISTS, (uint32_t)lists);
    add_entry(e, SMTPCODE_CONDITION,
              refer_condition(e, ip ? "ip-blocklisted" : "domain-blocklisted",
                              ip ? "dnsbl" : NULL));
    if (ip)
        add_text(e, SMTPCODE_DETAIL, "dnsbl");
}

void fill_blocklist(struct entry *e) {
    const char *operator_id = string_in(e->json, "operator");
    size_t i;
    const json_t *one;

    text(e, "name", SMTPCODE_TITLE);
    text(e, "name", SMTPCODE_NAME);
    texts(e, "about", SMTPCODE_MEANING);
    fill_listing(e, (int)word_in(e->json, "lists", SMTPCODE_WORDS_LISTS));
    if (operator_id)
        add_entry(e, SMTPCODE_SERVER,
                  refer(e, SMTPCODE_KIND_SERVER, operator_id));
    texts(e, "zones", SMTPCODE_ZONE);
    texts(e, "names", SMTPCODE_CALLED);
    text(e, "lookup", SMTPCODE_PAGE_LOOKUP);
    text(e, "delisting", SMTPCODE_PAGE_DELISTING);
    json_array_foreach(json_object_get(e->json, "errors"), i, one) {
        add_text(e, SMTPCODE_LIST_ERROR, string_in(one, "code"));
        add_text(e, SMTPCODE_LIST_ERROR_TEXT, string_in(one, "text"));
    }
    fill_source(e);
}
