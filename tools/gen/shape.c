/*
 * shape.c - which keys each kind of file has, in which order, of which type.
 *
 * The tables below are data/README.md for a machine; the JSON Schemas in
 * data/schema say the same to a second reader, and tests hold the two
 * together.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

enum type {
    ID,     /* mailbox-full */
    TEXT,   /* anything readable */
    TITLE,  /* a headline */
    PHRASE, /* a cause, a clue */
    SENTENCE,
    REMEDY,  /* a sentence that advises */
    LINE,    /* of a template */
    WORDS,   /* looked for in replies: at least 4 bytes */
    PROBE,   /* a URL that may hold {ip}, {domain} */
    COMMAND, /* of a check */
    URL,
    DATE,     /* 2025-03 */
    SECTION,  /* 4.2.3 */
    REPLY,    /* 451, 4xx */
    ENHANCED, /* 4.7.1, x.7.1 */
    CODE,     /* a reply or enhanced code, or a range: 4.7.500-699 */
    WHEN,     /* side=ours */
    HOST,
    NUMBER,
    TRUE,       /* left out where it is not */
    CLASS,      /* 2, 4, 5 */
    MINUTES,    /* [least, most] */
    WORD,       /* of a vocabulary */
    OBJECT,     /* of .keys */
    STAGE_MAP,  /* {stage: id} */
    READER_MAP, /* {reader: [sentence]} */
    CLASS_MAP,  /* {"4": object of .keys} */
    RFC_MAP     /* {"5321": object of .keys} */
};

struct key {
    const char *name;
    enum type type;
    enum { OPTIONAL = 0, REQUIRED = 1, LIST = 2, NULLABLE = 4 } flags;
    enum smtpcode_vocabulary words;
    const struct key *keys;
};

#define END \
    { NULL, TEXT, 0, 0, NULL }
#define NEEDED(flags) (REQUIRED | (flags))

static const struct key answers[] = {
    {"who", SENTENCE, NEEDED(LIST), 0, NULL},
    {"again", SENTENCE, NEEDED(LIST), 0, NULL},
    {"address", SENTENCE, NEEDED(LIST), 0, NULL},
    END};

/* What a temporary reply changes in them. */
static const struct key temporary_answers[] = {
    {"again", SENTENCE, LIST, 0, NULL},
    {"address", SENTENCE, LIST, 0, NULL},
    END};

static const struct key condition_answers[] = {
    {"who", SENTENCE, NEEDED(LIST), 0, NULL},
    {"again", SENTENCE, NEEDED(LIST), 0, NULL},
    {"address", SENTENCE, NEEDED(LIST), 0, NULL},
    {"temporary", OBJECT, OPTIONAL, 0, temporary_answers},
    END};

static const struct key cause[] = {
    {"text", PHRASE, REQUIRED, 0, NULL},
    {"clue", PHRASE, OPTIONAL, 0, NULL},
    {"condition", ID, OPTIONAL, 0, NULL},
    {"detail", ID, OPTIONAL, 0, NULL},
    {"who", WORD, NULLABLE, SMTPCODE_WORDS_WHO, NULL},
    {"minutes", MINUTES, OPTIONAL, 0, NULL},
    END};

static const struct key dont[] = {{"text", SENTENCE, REQUIRED, 0, NULL},
                                  {"since", DATE, OPTIONAL, 0, NULL},
                                  END};

static const struct key check[] = {
    {"for", WORD, REQUIRED, SMTPCODE_WORDS_WHO, NULL},
    {"text", TEXT, REQUIRED, 0, NULL},
    {"command", COMMAND, REQUIRED, 0, NULL},
    END};

static const struct key standard[] = {{"rfc", NUMBER, OPTIONAL, 0, NULL},
                                      {"draft", ID, OPTIONAL, 0, NULL},
                                      {"section", SECTION, OPTIONAL, 0, NULL},
                                      END};

static const struct key conflict[] = {{"who", TEXT, REQUIRED, 0, NULL},
                                      {"meaning", SENTENCE, REQUIRED, 0, NULL},
                                      {"source", URL, OPTIONAL, 0, NULL},
                                      END};

static const struct key source_keys[] = {
    {"url", URL, REQUIRED, 0, NULL}, {"seen", DATE, REQUIRED, 0, NULL}, END};

static const struct key reads_as[] = {
    {"enhanced", ENHANCED, REQUIRED, 0, NULL},
    {"rule", WORD, REQUIRED, SMTPCODE_WORDS_RULE, NULL},
    {"text", SENTENCE, REQUIRED, 0, NULL},
    END};

/* clang-format off */
#define EVIDENCE                                                               \
    {"condition", ID, OPTIONAL, 0, NULL},                                      \
    {"detail", ID, OPTIONAL, 0, NULL},                                         \
    {"at", STAGE_MAP, OPTIONAL, 0, NULL}
#define VERDICT(suppress)                                                      \
    {"who", WORD, NULLABLE, SMTPCODE_WORDS_WHO, NULL},                         \
    {"retry", WORD, NULLABLE, SMTPCODE_WORDS_RETRY, NULL},                     \
    {"suppress", WORD, suppress, SMTPCODE_WORDS_SUPPRESS, NULL}
#define ADVICE                                                                 \
    {"remedies", READER_MAP, OPTIONAL, 0, NULL},                               \
    {"dont", OBJECT, LIST, 0, dont},                                           \
    {"checks", OBJECT, LIST, 0, check}
/* clang-format on */

static const struct key reply_code[] = {
    {"code", REPLY, REQUIRED, 0, NULL},
    {"name", TEXT, REQUIRED, 0, NULL},
    {"status", WORD, REQUIRED, SMTPCODE_WORDS_STATUS, NULL},
    {"title", TITLE, REQUIRED, 0, NULL},
    {"meaning", SENTENCE, NEEDED(LIST), 0, NULL},
    {"note", SENTENCE, OPTIONAL, 0, NULL},
    {"third_digit", TEXT, OPTIONAL, 0, NULL},
    EVIDENCE,
    VERDICT(REQUIRED),
    {"answers", OBJECT, REQUIRED, 0, answers},
    {"commands", TEXT, LIST, 0, NULL},
    {"standards", OBJECT, LIST, 0, standard},
    {"enhanced", ENHANCED, LIST, 0, NULL},
    {"see_also", REPLY, LIST, 0, NULL},
    {"reads_as", OBJECT, OPTIONAL, 0, reads_as},
    {"causes", OBJECT, LIST, 0, cause},
    ADVICE,
    {"conflicts", OBJECT, LIST, 0, conflict},
    {"sources", URL, LIST, 0, NULL},
    END};

static const struct key digit[] = {
    {"code", REPLY, REQUIRED, 0, NULL},
    {"name", TEXT, REQUIRED, 0, NULL},
    {"meaning", SENTENCE, NEEDED(LIST), 0, NULL},
    {"standards", OBJECT, NEEDED(LIST), 0, standard},
    END};

static const struct key by_class[] = {{"title", TITLE, OPTIONAL, 0, NULL},
                                      {"meaning", SENTENCE, LIST, 0, NULL},
                                      EVIDENCE,
                                      VERDICT(OPTIONAL),
                                      {"answers", OBJECT, OPTIONAL, 0, answers},
                                      {"causes", OBJECT, LIST, 0, cause},
                                      ADVICE,
                                      END};

static const struct key unlisted[] = {
    {"title", TITLE, OPTIONAL, 0, NULL},
    {"meaning", SENTENCE, LIST, 0, NULL},
    {"again", SENTENCE, NEEDED(LIST), 0, NULL},
    END};

static const struct key enhanced[] = {
    {"code", ENHANCED, REQUIRED, 0, NULL},
    {"name", TEXT, REQUIRED, 0, NULL},
    {"status", WORD, REQUIRED, SMTPCODE_WORDS_STATUS, NULL},
    {"title", TITLE, REQUIRED, 0, NULL},
    {"meaning", SENTENCE, NEEDED(LIST), 0, NULL},
    {"note", SENTENCE, OPTIONAL, 0, NULL},
    {"note_unlisted", SENTENCE, OPTIONAL, 0, NULL},
    {"unlisted", OBJECT, OPTIONAL, 0, unlisted},
    {"classes", CLASS, LIST, 0, NULL},
    {"reply_codes", REPLY, LIST, 0, NULL},
    EVIDENCE,
    VERDICT(REQUIRED),
    {"answers", OBJECT, REQUIRED, 0, answers},
    {"standards", OBJECT, NEEDED(LIST), 0, standard},
    {"see_also", CODE, LIST, 0, NULL},
    {"causes", OBJECT, LIST, 0, cause},
    ADVICE,
    {"conflicts", OBJECT, LIST, 0, conflict},
    {"sources", URL, LIST, 0, NULL},
    {"by_class", CLASS_MAP, OPTIONAL, 0, by_class},
    END};

static const struct key detail[] = {
    {"id", ID, REQUIRED, 0, NULL}, {"text", SENTENCE, REQUIRED, 0, NULL}, END};

static const struct key who_if[] = {
    {"when", WHEN, NEEDED(NULLABLE), 0, NULL},
    {"who", WORD, NEEDED(NULLABLE), SMTPCODE_WORDS_WHO, NULL},
    {"text", SENTENCE, REQUIRED, 0, NULL},
    END};

static const struct key defaults[] = {
    {"retry", WORD, NEEDED(NULLABLE), SMTPCODE_WORDS_RETRY, NULL},
    {"suppress", WORD, REQUIRED, SMTPCODE_WORDS_SUPPRESS, NULL},
    END};

static const struct key condition[] = {
    {"id", ID, REQUIRED, 0, NULL},
    {"number", NUMBER, REQUIRED, 0, NULL},
    {"title", TITLE, REQUIRED, 0, NULL},
    {"definition", SENTENCE, REQUIRED, 0, NULL},
    {"details", OBJECT, LIST, 0, detail},
    {"scope", WORD, NEEDED(NULLABLE), SMTPCODE_WORDS_SCOPE, NULL},
    {"who", WORD, NEEDED(NULLABLE), SMTPCODE_WORDS_WHO, NULL},
    {"fix_at", WORD, NEEDED(NULLABLE), SMTPCODE_WORDS_FIX_AT, NULL},
    {"who_if", OBJECT, LIST, 0, who_if},
    {"permanent", OBJECT, REQUIRED, 0, defaults},
    {"temporary", OBJECT, REQUIRED, 0, defaults},
    {"minutes", MINUTES, OPTIONAL, 0, NULL},
    {"answers", OBJECT, REQUIRED, 0, condition_answers},
    {"causes", OBJECT, LIST, 0, cause},
    ADVICE,
    {"standards", OBJECT, LIST, 0, standard},
    {"sources", URL, LIST, 0, NULL},
    END};

static const struct key pages[] = {{"codes", URL, OPTIONAL, 0, NULL},
                                   {"postmaster", URL, OPTIONAL, 0, NULL},
                                   {"delisting", URL, OPTIONAL, 0, NULL},
                                   END};

static const struct key own_code[] = {
    {"code", CODE, REQUIRED, 0, NULL},
    {"stages", WORD, LIST, SMTPCODE_WORDS_STAGE, NULL},
    {"title", TITLE, REQUIRED, 0, NULL},
    {"meaning", SENTENCE, NEEDED(LIST), 0, NULL},
    {"condition", ID, REQUIRED, 0, NULL},
    {"detail", ID, OPTIONAL, 0, NULL},
    VERDICT(OPTIONAL),
    {"answers", OBJECT, OPTIONAL, 0, answers},
    {"causes", OBJECT, LIST, 0, cause},
    ADVICE,
    {"source", OBJECT, REQUIRED, 0, source_keys},
    END};

static const struct key template[] = {
    {"id", ID, REQUIRED, 0, NULL},
    {"lines", LINE, NEEDED(LIST), 0, NULL},
    {"open", TRUE, OPTIONAL, 0, NULL},
    {"shared", ID, OPTIONAL, 0, NULL},
    {"stages", WORD, LIST, SMTPCODE_WORDS_STAGE, NULL},
    {"side", WORD, OPTIONAL, SMTPCODE_WORDS_SIDE, NULL},
    {"condition", ID, REQUIRED, 0, NULL},
    {"detail", ID, OPTIONAL, 0, NULL},
    {"at", STAGE_MAP, OPTIONAL, 0, NULL},
    VERDICT(OPTIONAL),
    {"flags", WORD, LIST, SMTPCODE_WORDS_FLAG, NULL},
    {"remedies", READER_MAP, OPTIONAL, 0, NULL},
    {"dont", OBJECT, LIST, 0, dont},
    {"links", URL, LIST, 0, NULL},
    {"until", DATE, OPTIONAL, 0, NULL},
    {"source", OBJECT, REQUIRED, 0, source_keys},
    END};

static const struct key token[] = {
    {"id", ID, REQUIRED, 0, NULL},
    {"text", WORDS, REQUIRED, 0, NULL},
    {"stages", WORD, LIST, SMTPCODE_WORDS_STAGE, NULL},
    {"condition", ID, REQUIRED, 0, NULL},
    {"detail", ID, OPTIONAL, 0, NULL},
    VERDICT(OPTIONAL),
    {"source", OBJECT, REQUIRED, 0, source_keys},
    END};

static const struct key phrase[] = {
    {"id", ID, REQUIRED, 0, NULL},
    {"text", WORDS, REQUIRED, 0, NULL},
    {"weak", TRUE, OPTIONAL, 0, NULL},
    {"stages", WORD, LIST, SMTPCODE_WORDS_STAGE, NULL},
    {"condition", ID, REQUIRED, 0, NULL},
    {"detail", ID, OPTIONAL, 0, NULL},
    {"at", STAGE_MAP, OPTIONAL, 0, NULL},
    VERDICT(OPTIONAL),
    {"example", TEXT, REQUIRED, 0, NULL},
    {"not", TEXT, LIST, 0, NULL},
    {"source", OBJECT, OPTIONAL, 0, source_keys},
    END};

static const struct key phrases[] = {
    {"language", ID, REQUIRED, 0, NULL},
    {"name", TEXT, REQUIRED, 0, NULL},
    {"charsets", TEXT, NEEDED(LIST), 0, NULL},
    {"phrases", OBJECT, NEEDED(LIST), 0, phrase},
    END};

static const struct key list_error[] = {{"code", TEXT, REQUIRED, 0, NULL},
                                        {"text", SENTENCE, REQUIRED, 0, NULL},
                                        END};

static const struct key blocklist[] = {
    {"id", ID, REQUIRED, 0, NULL},
    {"name", TEXT, REQUIRED, 0, NULL},
    {"lists", WORD, REQUIRED, SMTPCODE_WORDS_LISTS, NULL},
    {"operator", ID, OPTIONAL, 0, NULL},
    {"zones", HOST, LIST, 0, NULL},
    {"names", WORDS, LIST, 0, NULL},
    {"about", SENTENCE, NEEDED(LIST), 0, NULL},
    {"lookup", PROBE, OPTIONAL, 0, NULL},
    {"delisting", URL, OPTIONAL, 0, NULL},
    {"errors", OBJECT, LIST, 0, list_error},
    {"source", OBJECT, REQUIRED, 0, source_keys},
    END};

static const struct key blocklists[] = {
    {"blocklists", OBJECT, NEEDED(LIST), 0, blocklist}, END};

static const struct key evidence_row[] = {
    {"basis", WORD, REQUIRED, SMTPCODE_WORDS_BASIS, NULL},
    {"codes", ID, OPTIONAL, 0, NULL},
    {"part", ID, OPTIONAL, 0, NULL},
    {"share", NUMBER, REQUIRED, 0, NULL},
    END};

static const struct key evidence[] = {
    {"measured", DATE, REQUIRED, 0, NULL},
    {"rows", OBJECT, NEEDED(LIST), 0, evidence_row},
    END};

static const struct key server[] = {
    {"id", ID, REQUIRED, 0, NULL},
    {"number", NUMBER, REQUIRED, 0, NULL},
    {"name", TEXT, REQUIRED, 0, NULL},
    {"kind", WORD, REQUIRED, SMTPCODE_WORDS_SERVER_KIND, NULL},
    {"rank", NUMBER, OPTIONAL, 0, NULL},
    {"about", SENTENCE, NEEDED(LIST), 0, NULL},
    {"domains", HOST, LIST, 0, NULL},
    {"mx", HOST, LIST, 0, NULL},
    {"runs", ID, OPTIONAL, 0, NULL},
    {"marks", WORDS, LIST, 0, NULL},
    {"tokens", OBJECT, LIST, 0, token},
    {"pages", OBJECT, OPTIONAL, 0, pages},
    {"codes", OBJECT, LIST, 0, own_code},
    {"templates", OBJECT, LIST, 0, template},
    END};

static const struct key templates[] = {
    {"server", ID, REQUIRED, 0, NULL},
    {"templates", OBJECT, NEEDED(LIST), 0, template},
    END};

static const struct key rfc[] = {{"title", TEXT, REQUIRED, 0, NULL},
                                 {"date", DATE, OPTIONAL, 0, NULL},
                                 {"obsoleted_by", NUMBER, LIST, 0, NULL},
                                 {"note", SENTENCE, OPTIONAL, 0, NULL},
                                 END};

static const struct key rfcs[] = {{"rfcs", RFC_MAP, REQUIRED, 0, rfc}, END};

int word_value(enum smtpcode_vocabulary vocabulary, const char *word) {
    const char *known;

    for (int value = 1; (known = smtpcode_word(vocabulary, value)); value++)
        if (strcmp(known, word) == 0)
            return value;
    return 0;
}

/* True if TEXT consists of characters of SET only, and of at least one. */
static bool spans(const char *text, const char *set) {
    return *text && text[strspn(text, set)] == '\0';
}

/* What is looked for in replies; shorter would turn up by chance. */
const char *lint_words(const char *text) {
    if (strlen(text) < 4)
        return "shorter than 4 bytes";
    if (*text == ' ' || text[strlen(text) - 1] == ' ' || strstr(text, "  "))
        return "a blank at its begin or end, or two in a row";
    return lint_text(text);
}

static const char *lint_date(const char *text) {
    static const char form[] = "dddd-dd-dd";
    size_t len = strlen(text);

    if (len != 4 && len != 7 && len != 10)
        return "not a date: 2025, 2025-03 or 2025-03-31";
    for (size_t i = 0; i < len; i++)
        if (form[i] == 'd' ? !isdigit((unsigned char)text[i])
                           : text[i] != form[i])
            return "not a date: 2025, 2025-03 or 2025-03-31";
    int month = len > 4 ? atoi(text + 5) : 1,
        day = len > 7 ? atoi(text + 8) : 1;
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return "not a date: no such month or day";
    return NULL;
}

static bool is_case(const char *word) {
    return strcmp(word, "side=ours") == 0 || strcmp(word, "side=theirs") == 0 ||
           strcmp(word, "flag=forwarded") == 0 ||
           strcmp(word, "server=named") == 0 ||
           (strncmp(word, "detail=", 7) == 0 && word[7]);
}

static const char *lint_when(const char *text) {
    size_t len;

    for (; *text; text += len + (text[len] == ' ')) {
        len = strcspn(text, " ");
        if (!is_case(join_text("%.*s", (int)len, text)))
            return "not side=, detail=, flag=forwarded or server=named";
    }
    return NULL;
}

/* What is wrong with a string of TYPE, or NULL. */
static const char *lint_string(enum type type, const char *text) {
    static const char small[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

    switch (type) {
    case ID:
        return spans(text, small) && strlen(text) < 48 ? NULL : "not an id";
    case HOST:
        return spans(text, "abcdefghijklmnopqrstuvwxyz0123456789-.")
                   ? NULL
                   : "not a host name";
    case SECTION:
        return spans(text, "0123456789.ABCDEFGH") ? NULL : "not a section";
    case REPLY:
        return strlen(text) == 3 && spans(text, "0123456789x")
                   ? NULL
                   : "not a reply code";
    case ENHANCED:
    case CODE:
        return spans(text, "0123456789x.-") && strlen(text) < 16 ? NULL
                                                                 : "not a code";
    case URL:
        return strchr(text, '{') ? "not a URL" : lint_url(text);
    case PROBE:
        return lint_probe(text);
    case WORDS:
        return lint_words(text);
    case DATE:
        return lint_date(text);
    case WHEN:
        return lint_when(text);
    case TITLE:
        return lint_title(text, 60);
    case PHRASE:
        return lint_title(text, 80);
    case SENTENCE:
        return lint_sentence(text);
    case REMEDY:
        return lint_remedy(text);
    case COMMAND:
        return lint_command(text);
    case LINE:
        return lint_template_line(text);
    default:
        return *text ? lint_text(text) : "empty";
    }
}

static void check_object(const struct source *s, const struct key *keys,
                         const json_t *object, const char *where);

/* A piece of the file's text by which to find VALUE's line. */
static const char *needle(const json_t *value, const char *fallback) {
    static char text[512];

    if (!json_is_string(value))
        return fallback;
    char *quoted = json_dumps(value, JSON_ENCODE_ANY);
    snprintf(text, sizeof text, "%s", quoted ? quoted : "");
    return text;
}

static void check_string(const struct source *s, const struct key *k,
                         enum type type, const json_t *value) {
    if (!json_is_string(value)) {
        complain(s, join_text("\"%s\"", k->name), "'%s' is not a string",
                 k->name);
        return;
    }
    const char *wrong = lint_string(type, json_string_value(value));
    if (wrong)
        complain(s, needle(value, NULL), "'%s': %s", k->name, wrong);
}

static void check_word(const struct source *s, const struct key *k,
                       const json_t *value) {
    if (!json_is_string(value) ||
        !word_value(k->words, json_string_value(value)))
        complain(s,
                 json_is_string(value) ? needle(value, NULL)
                                       : join_text("\"%s\"", k->name),
                 "'%s' has no value of its list", k->name);
}

static void check_map(const struct source *s, const struct key *k,
                      const json_t *map);

static bool is_number(const json_t *value, json_int_t least, json_int_t most) {
    return json_is_integer(value) && json_integer_value(value) >= least &&
           json_integer_value(value) <= most;
}

/* [least, most], both at least 1. */
/* In minutes; the verdicts' table has 16 bits for each, 45 days. */
static bool is_wait(const json_t *value) {
    const json_t *least = json_array_get(value, 0);
    const json_t *most = json_array_get(value, 1);

    return json_array_size(value) == 2 && is_number(least, 1, UINT16_MAX) &&
           is_number(most, json_integer_value(least), UINT16_MAX);
}

static void check_one(const struct source *s, const struct key *k,
                      const json_t *value) {
    const char *name = join_text("\"%s\"", k->name);

    switch (k->type) {
    case NUMBER:
        if (!is_number(value, 0, 999999))
            complain(s, name, "'%s' is not a number from 0 to 999999", k->name);
        break;
    case TRUE:
        if (!json_is_true(value))
            complain(s, name, "'%s' is not true", k->name);
        break;
    case CLASS:
        if (!is_number(value, 2, 5) || json_integer_value(value) == 3)
            complain(s, name, "'%s' is not a list of 2, 4, 5", k->name);
        break;
    case MINUTES:
        if (!is_wait(value))
            complain(s, name, "'%s' is not [least, most]", k->name);
        break;
    case WORD:
        check_word(s, k, value);
        break;
    case OBJECT:
        check_object(s, k->keys, value, k->name);
        break;
    case STAGE_MAP:
    case READER_MAP:
    case CLASS_MAP:
    case RFC_MAP:
        check_map(s, k, value);
        break;
    default:
        check_string(s, k, k->type, value);
    }
}

static void check_value(const struct source *s, const struct key *k,
                        const json_t *value) {
    size_t i;
    const json_t *one;

    if (!(k->flags & LIST)) {
        if (!(k->flags & NULLABLE && json_is_null(value)))
            check_one(s, k, value);
        return;
    }
    if (json_array_size(value) == 0)
        complain(s, join_text("\"%s\"", k->name), "'%s' is not a list of some",
                 k->name);
    json_array_foreach(value, i, one) {
        check_one(s, k, one);
        for (size_t j = 0; j < i; j++)
            if (k->type != LINE && json_equal(one, json_array_get(value, j)))
                complain(s, needle(one, join_text("\"%s\"", k->name)),
                         "'%s' says the same twice", k->name);
    }
}

static bool map_key_fits(enum type type, const char *key) {
    switch (type) {
    case STAGE_MAP:
        return word_value(SMTPCODE_WORDS_STAGE, key) > 0;
    case READER_MAP: {
        int who = word_value(SMTPCODE_WORDS_WHO, key);
        return who > 0 && who != SMTPCODE_WHO_NOBODY;
    }
    case CLASS_MAP:
        return strlen(key) == 1 && strchr("245", *key);
    default:
        return spans(key, "0123456789") && strlen(key) <= 5;
    }
}

static void check_map(const struct source *s, const struct key *k,
                      const json_t *map) {
    static const struct key id = {"condition", ID, REQUIRED, 0, NULL};
    static const struct key sentences = {"remedies", REMEDY, NEEDED(LIST), 0,
                                         NULL};
    const char *name;
    json_t *value;

    if (json_object_size(map) == 0)
        complain(s, join_text("\"%s\"", k->name), "'%s' is not a map of some",
                 k->name);
    json_object_foreach((json_t *)map, name, value) {
        if (!map_key_fits(k->type, name))
            complain(s, join_text("\"%s\"", name), "unknown key '%s' in '%s'",
                     name, k->name);
        else if (k->type == STAGE_MAP)
            check_value(s, &id, value);
        else if (k->type == READER_MAP)
            check_value(s, &sentences, value);
        else
            check_object(s, k->keys, value, name);
    }
}

static const struct key *find_key(const struct key *keys, const char *name) {
    for (; keys->name; keys++)
        if (strcmp(keys->name, name) == 0)
            return keys;
    return NULL;
}

static void check_object(const struct source *s, const struct key *keys,
                         const json_t *object, const char *where) {
    const char *name;
    json_t *value;
    const struct key *last = keys, *k;

    if (!json_is_object(object)) {
        complain(s, join_text("\"%s\"", where), "'%s' is not an object", where);
        return;
    }
    json_object_foreach((json_t *)object, name, value) {
        const char *at = join_text("\"%s\"", name);
        if (!(k = find_key(keys, name))) {
            complain(s, at, "unknown key '%s'", name);
            continue;
        }
        if (k < last)
            complain(s, at, "key '%s' belongs before '%s'", name, last->name);
        last = k;
        check_value(s, k, value);
    }
    for (k = keys; k->name; k++)
        if (k->flags & REQUIRED && !json_object_get(object, k->name))
            complain(s, join_text("\"%s\"", where), "missing key '%s' in '%s'",
                     k->name, where);
}

static bool is_pattern(const char *stem) { /* x5x */
    return stem[0] == 'x';
}

static const struct key *keys_of(const struct source *s) {
    if (strcmp(s->folder, "codes") == 0)
        return is_pattern(s->stem) ? digit : reply_code;
    if (strcmp(s->folder, "enhanced") == 0)
        return enhanced;
    if (strcmp(s->folder, "conditions") == 0)
        return condition;
    if (strcmp(s->folder, "servers") == 0)
        return json_object_get(s->root, "server") ? templates : server;
    if (strcmp(s->folder, "phrases") == 0)
        return phrases;
    if (strcmp(s->folder, "") == 0 && strcmp(s->stem, "blocklists") == 0)
        return blocklists;
    if (strcmp(s->folder, "") == 0 && strcmp(s->stem, "evidence") == 0)
        return evidence;
    return NULL;
}

/* The file's name must be its id: "code", "id" or, in a folder, "server". */
static void check_name(const struct source *s) {
    const json_t *id = json_object_get(s->root, "code");

    if (!id)
        id = json_object_get(s->root, "id");
    if (!id)
        id = json_object_get(s->root, "language");
    if (!id || strcmp(s->stem, "server") == 0)
        return;
    if (!json_is_string(id) || strcmp(json_string_value(id), s->stem) != 0)
        complain(s, needle(id, NULL), "the file is called %s.json", s->stem);
}

void check_shape(const struct source *s) {
    const struct key *keys = keys_of(s);

    if (!s->root)
        return;
    if (keys) {
        check_object(s, keys, s->root, s->stem);
        check_name(s);
    } else if (strcmp(s->folder, "") == 0 && strcmp(s->stem, "rfcs") == 0) {
        check_map(s, rfcs, s->root);
    } else {
        complain(s, NULL, "nothing reads this file");
    }
}
