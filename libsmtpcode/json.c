/*
 * json.c - an entry as JSON, so that every front end says the same bytes.
 *
 * Keys are written in a fixed order and all of them always: missing is null
 * or an empty list.  entry.schema.json describes the result.
 */
#include "json_out.h"
#include "tables.h"

static void key_text(struct out *o, const char *name, const smtpcode_entry *e,
                     enum smtpcode_field field, size_t i) {
    key(o, name);
    put_string(o, smtpcode_text(e, field, i));
}

static void key_word(struct out *o, const char *name, const smtpcode_entry *e,
                     enum smtpcode_vocabulary words, enum smtpcode_field field,
                     size_t i) {
    key(o, name);
    put_string(o, smtpcode_word(words, smtpcode_number(e, field, i)));
}

static void key_id(struct out *o, const char *name, const smtpcode_entry *e,
                   enum smtpcode_field field, size_t i) {
    const smtpcode_entry *other = smtpcode_related(e, field, i);

    key(o, name);
    put_string(o, other ? smtpcode_id(other) : NULL);
}

/* The sentences of FIELD as one string, joined by blanks; null without any. */
static void key_joined(struct out *o, const char *name, const smtpcode_entry *e,
                       enum smtpcode_field field) {
    size_t n = smtpcode_count(e, field);

    key(o, name);
    if (n == 0) {
        put_string(o, NULL);
        return;
    }
    put(o, "\"", 1);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            put(o, " ", 1);
        put_escaped(o, smtpcode_text(e, field, i));
    }
    put(o, "\"", 1);
}

static void key_texts(struct out *o, const char *name, const smtpcode_entry *e,
                      enum smtpcode_field field) {
    key(o, name);
    open_in(o, "[");
    for (size_t i = 0; i < smtpcode_count(e, field); i++)
        put_string(o, smtpcode_text(e, field, i));
    close_with(o, "]");
}

static void key_ids(struct out *o, const char *name, const smtpcode_entry *e,
                    enum smtpcode_field field) {
    const smtpcode_entry *other;

    key(o, name);
    open_in(o, "[");
    for (size_t i = 0; (other = smtpcode_related(e, field, i)); i++)
        put_string(o, smtpcode_id(other));
    close_with(o, "]");
}

static void key_stages(struct out *o, const smtpcode_entry *e) {
    int stage;

    key(o, "stages");
    open_in(o, "[");
    for (size_t i = 0; (stage = smtpcode_number(e, SMTPCODE_STAGES, i)); i++)
        put_string(o, smtpcode_word(SMTPCODE_WORDS_STAGE, stage));
    close_with(o, "]");
}

static void put_wait(struct out *o, const char *name, int least, int most) {
    key(o, name);
    if (!least) {
        put_string(o, NULL);
        return;
    }
    open_in(o, "[");
    put_number(o, least);
    put_number(o, most);
    close_with(o, "]");
}

static void key_digits(struct out *o, const smtpcode_entry *e) {
    key(o, "digits");
    open_in(o, "[");
    for (size_t i = 0; i < smtpcode_count(e, SMTPCODE_DIGIT); i++) {
        open_in(o, "{");
        key_text(o, "digit", e, SMTPCODE_DIGIT, i);
        key_text(o, "title", e, SMTPCODE_DIGIT_TITLE, i);
        key_text(o, "meaning", e, SMTPCODE_DIGIT_MEANING, i);
        close_with(o, "}");
    }
    close_with(o, "]");
}

/* What changes for a temporary reply; null: nothing does. */
static void key_temporary(struct out *o, const smtpcode_entry *e) {
    key(o, "temporary");
    if (smtpcode_count(e, SMTPCODE_ANSWER_AGAIN_4XX) +
            smtpcode_count(e, SMTPCODE_ANSWER_ADDRESS_4XX) ==
        0) {
        put_string(o, NULL);
        return;
    }
    open_in(o, "{");
    key_joined(o, "again", e, SMTPCODE_ANSWER_AGAIN_4XX);
    key_joined(o, "address", e, SMTPCODE_ANSWER_ADDRESS_4XX);
    close_with(o, "}");
}

static void key_answers(struct out *o, const smtpcode_entry *e) {
    key(o, "answers");
    open_in(o, "{");
    key_joined(o, "who", e, SMTPCODE_ANSWER_WHO);
    key_joined(o, "again", e, SMTPCODE_ANSWER_AGAIN);
    key_joined(o, "address", e, SMTPCODE_ANSWER_ADDRESS);
    key_temporary(o, e);
    close_with(o, "}");
}

static void key_standards(struct out *o, const smtpcode_entry *e) {
    key(o, "standards");
    open_in(o, "[");
    for (size_t i = 0; i < smtpcode_count(e, SMTPCODE_STANDARD_SECTION); i++) {
        open_in(o, "{");
        key(o, "rfc");
        put_number_or_null(o, smtpcode_number(e, SMTPCODE_STANDARD_RFC, i));
        key_text(o, "draft", e, SMTPCODE_STANDARD_DRAFT, i);
        key_text(o, "section", e, SMTPCODE_STANDARD_SECTION, i);
        key(o, "obsoleted_by");
        put_number_or_null(
            o, smtpcode_number(e, SMTPCODE_STANDARD_OBSOLETED_BY, i));
        close_with(o, "}");
    }
    close_with(o, "]");
}

static void key_causes(struct out *o, const smtpcode_entry *e) {
    key(o, "causes");
    open_in(o, "[");
    for (size_t i = 0; i < smtpcode_count(e, SMTPCODE_CAUSE_WHO); i++) {
        open_in(o, "{");
        key_text(o, "text", e, SMTPCODE_CAUSE, i);
        key_text(o, "clue", e, SMTPCODE_CAUSE_CLUE, i);
        key_id(o, "condition", e, SMTPCODE_CAUSE_CONDITION, i);
        key_word(o, "who", e, SMTPCODE_WORDS_WHO, SMTPCODE_CAUSE_WHO, i);
        put_wait(o, "minutes", smtpcode_number(e, SMTPCODE_CAUSE_MINUTES, i),
                 smtpcode_number(e, SMTPCODE_CAUSE_MINUTES_MOST, i));
        close_with(o, "}");
    }
    close_with(o, "]");
}

/* {"sender": [...], ...}: only readers that have remedies. */
static void key_remedies(struct out *o, const smtpcode_entry *e) {
    int reader = 0;

    key(o, "remedies");
    open_in(o, "{");
    for (size_t i = 0; i < smtpcode_count(e, SMTPCODE_REMEDY); i++) {
        int next = smtpcode_number(e, SMTPCODE_REMEDY_FOR, i);
        if (next != reader) {
            if (reader)
                close_with(o, "]");
            reader = next;
            key(o, smtpcode_word(SMTPCODE_WORDS_WHO, reader));
            open_in(o, "[");
        }
        put_string(o, smtpcode_text(e, SMTPCODE_REMEDY, i));
    }
    if (reader)
        close_with(o, "]");
    close_with(o, "}");
}

static void key_dont(struct out *o, const smtpcode_entry *e) {
    key(o, "dont");
    open_in(o, "[");
    for (size_t i = 0; i < smtpcode_count(e, SMTPCODE_DONT); i++) {
        open_in(o, "{");
        key_text(o, "text", e, SMTPCODE_DONT, i);
        key_text(o, "since", e, SMTPCODE_DONT_SINCE, i);
        close_with(o, "}");
    }
    close_with(o, "]");
}

static void key_checks(struct out *o, const smtpcode_entry *e) {
    key(o, "checks");
    open_in(o, "[");
    for (size_t i = 0; i < smtpcode_count(e, SMTPCODE_CHECK); i++) {
        open_in(o, "{");
        key_word(o, "for", e, SMTPCODE_WORDS_WHO, SMTPCODE_CHECK_FOR, i);
        key_text(o, "text", e, SMTPCODE_CHECK, i);
        key_text(o, "command", e, SMTPCODE_CHECK_COMMAND, i);
        close_with(o, "}");
    }
    close_with(o, "]");
}

static void key_conflicts(struct out *o, const smtpcode_entry *e) {
    key(o, "conflicts");
    open_in(o, "[");
    for (size_t i = 0; i < smtpcode_count(e, SMTPCODE_CONFLICT); i++) {
        open_in(o, "{");
        key_text(o, "who", e, SMTPCODE_CONFLICT_WHO, i);
        key_text(o, "meaning", e, SMTPCODE_CONFLICT, i);
        key_text(o, "source", e, SMTPCODE_CONFLICT_SOURCE, i);
        close_with(o, "}");
    }
    close_with(o, "]");
}

/* Servers that mean something of their own by the code. */
static void key_vendors(struct out *o, const smtpcode_entry *e) {
    const smtpcode_entry *own;

    key(o, "vendors");
    open_in(o, "[");
    for (size_t i = 0; (own = smtpcode_related(e, SMTPCODE_OWN_CODES, i));
         i++) {
        open_in(o, "{");
        key_id(o, "server", own, SMTPCODE_SERVER, 0);
        key(o, "id");
        put_string(o, smtpcode_id(own));
        key_joined(o, "meaning", own, SMTPCODE_MEANING);
        close_with(o, "}");
    }
    close_with(o, "]");
}

/* A template's lines, joined by the line breaks they were sent with. */
static void key_lines(struct out *o, const char *name,
                      const smtpcode_entry *template) {
    key(o, name);
    put(o, "\"", 1);
    for (size_t i = 0; i < smtpcode_count(template, SMTPCODE_LINE); i++) {
        if (i > 0)
            puts_raw(o, "\\n");
        put_escaped(o, smtpcode_text(template, SMTPCODE_LINE, i));
    }
    put(o, "\"", 1);
}

static void key_examples(struct out *o, const smtpcode_entry *e) {
    const smtpcode_entry *template;

    key(o, "examples");
    open_in(o, "[");
    for (size_t i = 0; (template = smtpcode_related(e, SMTPCODE_TEMPLATES, i));
         i++) {
        open_in(o, "{");
        key_id(o, "server", template, SMTPCODE_SERVER, 0);
        key(o, "id");
        put_string(o, smtpcode_id(template));
        key_lines(o, "text", template);
        close_with(o, "}");
    }
    close_with(o, "]");
}

/* What to do: the same keys for codes and conditions. */
static void put_advice(struct out *o, const smtpcode_entry *e) {
    key_answers(o, e);
    key_causes(o, e);
    key_remedies(o, e);
    key_dont(o, e);
    key_checks(o, e);
}

static void put_reads_as(struct out *o, const smtpcode_entry *e) {
    key(o, "reads_as");
    if (!smtpcode_related(e, SMTPCODE_READS_AS, 0)) {
        put_string(o, NULL);
        return;
    }
    open_in(o, "{");
    key_id(o, "enhanced", e, SMTPCODE_READS_AS, 0);
    key_word(o, "rule", e, SMTPCODE_WORDS_RULE, SMTPCODE_READS_AS_RULE, 0);
    key_text(o, "text", e, SMTPCODE_READS_AS_TEXT, 0);
    close_with(o, "}");
}

static void key_classes(struct out *o, const smtpcode_entry *e) {
    int class_digit;

    key(o, "classes");
    open_in(o, "[");
    for (size_t i = 0; (class_digit = smtpcode_number(e, SMTPCODE_CLASSES, i));
         i++)
        put_number(o, class_digit);
    close_with(o, "]");
}

static void put_code(struct out *o, const smtpcode_entry *e) {
    key_id(o, "server", e, SMTPCODE_SERVER, 0);
    key_joined(o, "meaning", e, SMTPCODE_MEANING);
    key_text(o, "note", e, SMTPCODE_NOTE, 0);
    key_word(o, "status", e, SMTPCODE_WORDS_STATUS, SMTPCODE_STATUS, 0);
    key_digits(o, e);
    key_classes(o, e);
    key_word(o, "who", e, SMTPCODE_WORDS_WHO, SMTPCODE_WHO, 0);
    key_word(o, "retry", e, SMTPCODE_WORDS_RETRY, SMTPCODE_RETRY, 0);
    key_word(o, "suppress", e, SMTPCODE_WORDS_SUPPRESS, SMTPCODE_SUPPRESS, 0);
    key_id(o, "condition", e, SMTPCODE_CONDITION, 0);
    key_text(o, "detail", e, SMTPCODE_DETAIL, 0);
    put_advice(o, e);
    key_texts(o, "commands", e, SMTPCODE_COMMAND);
    key_stages(o, e);
    key_standards(o, e);
    key_ids(o, "conditions", e, SMTPCODE_CONDITIONS);
    key_ids(o, "enhanced", e, SMTPCODE_ENHANCED);
    key_ids(o, "reply_codes", e, SMTPCODE_REPLIES);
    key_ids(o, "see_also", e, SMTPCODE_SEE_ALSO);
    put_reads_as(o, e);
    key_examples(o, e);
    key_conflicts(o, e);
    key_vendors(o, e);
    key_texts(o, "sources", e, SMTPCODE_SOURCE);
    key(o, "match");
    put_string(o,
               smtpcode_word(SMTPCODE_WORDS_MATCH, (int)smtpcode_match_of(e)));
}

static void key_who_if(struct out *o, const smtpcode_entry *e) {
    key(o, "who_if");
    open_in(o, "[");
    for (size_t i = 0; i < smtpcode_count(e, SMTPCODE_WHO_IF_WHO); i++) {
        open_in(o, "{");
        key_text(o, "when", e, SMTPCODE_WHO_IF_WHEN, i);
        key_word(o, "who", e, SMTPCODE_WORDS_WHO, SMTPCODE_WHO_IF_WHO, i);
        key_text(o, "text", e, SMTPCODE_WHO_IF, i);
        close_with(o, "}");
    }
    close_with(o, "]");
}

static void key_details(struct out *o, const smtpcode_entry *e) {
    key(o, "details");
    open_in(o, "[");
    for (size_t i = 0; i < smtpcode_count(e, SMTPCODE_DETAIL); i++) {
        open_in(o, "{");
        key_text(o, "id", e, SMTPCODE_DETAIL, i);
        key_text(o, "text", e, SMTPCODE_DETAIL_TEXT, i);
        close_with(o, "}");
    }
    close_with(o, "]");
}

static void key_defaults(struct out *o, const char *name,
                         const smtpcode_entry *e, enum smtpcode_field retry,
                         enum smtpcode_field suppress) {
    key(o, name);
    open_in(o, "{");
    key_word(o, "retry", e, SMTPCODE_WORDS_RETRY, retry, 0);
    key_word(o, "suppress", e, SMTPCODE_WORDS_SUPPRESS, suppress, 0);
    close_with(o, "}");
}

static void put_condition(struct out *o, const smtpcode_entry *e) {
    key(o, "number");
    put_number(o, smtpcode_number(e, SMTPCODE_NUMBER, 0));
    key_joined(o, "definition", e, SMTPCODE_MEANING);
    key_details(o, e);
    key_word(o, "scope", e, SMTPCODE_WORDS_SCOPE, SMTPCODE_SCOPE, 0);
    key_word(o, "who", e, SMTPCODE_WORDS_WHO, SMTPCODE_WHO, 0);
    key_who_if(o, e);
    key_word(o, "fix_at", e, SMTPCODE_WORDS_FIX_AT, SMTPCODE_FIX_AT, 0);
    key_defaults(o, "permanent", e, SMTPCODE_RETRY, SMTPCODE_SUPPRESS);
    key_defaults(o, "temporary", e, SMTPCODE_RETRY_4XX, SMTPCODE_SUPPRESS_4XX);
    put_wait(o, "minutes", smtpcode_number(e, SMTPCODE_MINUTES, 0),
             smtpcode_number(e, SMTPCODE_MINUTES, 1));
    put_advice(o, e);
    key_ids(o, "codes", e, SMTPCODE_CODES);
    key_examples(o, e);
    key_standards(o, e);
    key_texts(o, "sources", e, SMTPCODE_SOURCE);
}

static void put_server(struct out *o, const smtpcode_entry *e) {
    key(o, "number");
    put_number(o, smtpcode_number(e, SMTPCODE_NUMBER, 0));
    key_word(o, "type", e, SMTPCODE_WORDS_SERVER_KIND, SMTPCODE_SERVER_KIND, 0);
    key_joined(o, "about", e, SMTPCODE_MEANING);
    key_texts(o, "domains", e, SMTPCODE_DOMAIN);
    key_texts(o, "mx", e, SMTPCODE_MX);
    key_id(o, "runs", e, SMTPCODE_RUNS, 0);
    key_texts(o, "marks", e, SMTPCODE_MARK);
    key(o, "pages");
    open_in(o, "{");
    key_text(o, "codes", e, SMTPCODE_PAGE_CODES, 0);
    key_text(o, "postmaster", e, SMTPCODE_PAGE_POSTMASTER, 0);
    key_text(o, "delisting", e, SMTPCODE_PAGE_DELISTING, 0);
    close_with(o, "}");
    key_vendors(o, e);
    key_examples(o, e);
}

static void put_template(struct out *o, const smtpcode_entry *e) {
    key_id(o, "server", e, SMTPCODE_SERVER, 0);
    key_lines(o, "text", e);
    key_stages(o, e);
    key_id(o, "condition", e, SMTPCODE_CONDITION, 0);
    key_text(o, "detail", e, SMTPCODE_DETAIL, 0);
    key(o, "source");
    open_in(o, "{");
    key_text(o, "url", e, SMTPCODE_SOURCE, 0);
    key_text(o, "seen", e, SMTPCODE_SEEN, 0);
    close_with(o, "}");
}

static void put_blocklist(struct out *o, const smtpcode_entry *e) {
    key_id(o, "server", e, SMTPCODE_SERVER, 0);
    key_word(o, "lists", e, SMTPCODE_WORDS_LISTS, SMTPCODE_LISTS, 0);
    key_joined(o, "meaning", e, SMTPCODE_MEANING);
    key_id(o, "condition", e, SMTPCODE_CONDITION, 0);
    key_texts(o, "zones", e, SMTPCODE_ZONE);
    key_texts(o, "called", e, SMTPCODE_CALLED);
    key_text(o, "lookup", e, SMTPCODE_PAGE_LOOKUP, 0);
    key_text(o, "delisting", e, SMTPCODE_PAGE_DELISTING, 0);
    key(o, "errors");
    open_in(o, "[");
    for (size_t i = 0; i < smtpcode_count(e, SMTPCODE_LIST_ERROR); i++) {
        open_in(o, "{");
        key_text(o, "code", e, SMTPCODE_LIST_ERROR, i);
        key_text(o, "text", e, SMTPCODE_LIST_ERROR_TEXT, i);
        close_with(o, "}");
    }
    close_with(o, "]");
    key_texts(o, "sources", e, SMTPCODE_SOURCE);
}

/* "5.7.27" of "gmail/5.7.27". */
static const char *bare_code(const smtpcode_entry *e) {
    const char *id = smtpcode_id(e), *bare = id;

    for (; *id; id++)
        if (*id == '/')
            bare = id + 1;
    return bare;
}

static void put_entry(struct out *o, const smtpcode_entry *e) {
    enum smtpcode_kind kind = smtpcode_kind_of(e);
    bool is_code = kind == SMTPCODE_KIND_REPLY_CODE ||
                   kind == SMTPCODE_KIND_ENHANCED_STATUS;

    if (kind == SMTPCODE_KIND_ANY) { /* NULL */
        put_string(o, NULL);
        return;
    }
    open_in(o, "{");
    key(o, "kind");
    put_string(o, smtpcode_word(SMTPCODE_WORDS_KIND, (int)kind));
    if (is_code) {
        key(o, "code");
        put_string(o, bare_code(e));
    }
    key(o, "id");
    put_string(o, smtpcode_id(e));
    key_text(o, "title", e, SMTPCODE_TITLE, 0);
    key_text(o, "name", e, SMTPCODE_NAME, 0);
    if (is_code)
        put_code(o, e);
    else if (kind == SMTPCODE_KIND_CONDITION)
        put_condition(o, e);
    else if (kind == SMTPCODE_KIND_SERVER)
        put_server(o, e);
    else if (kind == SMTPCODE_KIND_BLOCKLIST)
        put_blocklist(o, e);
    else
        put_template(o, e);
    close_with(o, "}");
}

size_t smtpcode_entry_json(const smtpcode_entry *entry, char *buf,
                           size_t size) {
    struct out o = {buf, size, 0, '\0'};

    put_entry(&o, entry);
    return finish(&o);
}
