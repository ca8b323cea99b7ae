/* build.c - entries from the files; fields.c fills them. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

struct entry **entries;
size_t nentries;

struct entry *new_entry(enum smtpcode_kind kind, enum smtpcode_match match,
                        const char *id, const struct source *source,
                        json_t *json) {
    struct entry *e = calloc(1, sizeof *e);

    entries = grow(entries, nentries, sizeof(struct entry *));
    entries[nentries++] = e;
    e->kind = kind;
    e->match = match;
    e->id = id;
    e->source = source;
    e->json = json;
    if (strlen(id) >= SMTPCODE_MAX_ID)
        complain(source, id, "id '%s' is too long", id);
    return e;
}

struct entry *find_entry(enum smtpcode_kind kind, const char *id) {
    for (size_t i = 0; i < nentries; i++)
        if (entries[i]->kind == kind && strcmp(entries[i]->id, id) == 0)
            return entries[i];
    return NULL;
}

static void add_value(struct entry *e, enum smtpcode_field field,
                      struct value value) {
    e->items = grow(e->items, e->nitems, sizeof *e->items);
    e->items[e->nitems] =
        (struct item){(uint16_t)field, (uint16_t)e->nitems, value};
    e->nitems++;
}

void add_number(struct entry *e, enum smtpcode_field field, uint32_t number) {
    add_value(e, field, (struct value){number, NULL, NULL});
}

void add_text(struct entry *e, enum smtpcode_field field, const char *text) {
    add_value(e, field, (struct value){0, text, NULL});
}

void add_entry(struct entry *e, enum smtpcode_field field,
               struct entry *other) {
    add_value(e, field, (struct value){0, NULL, other});
}

bool has_entry(const struct entry *e, enum smtpcode_field field,
               const struct entry *other) {
    for (size_t i = 0; i < e->nitems; i++)
        if (e->items[i].field == field && e->items[i].value.entry == other)
            return true;
    return false;
}

int row_of(char code_class) {
    const char *row = code_class ? strchr("x245", code_class) : NULL;

    return row ? (int)(row - "x245") : -1;
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

static void build_reply(const struct source *s) {
    const char *code = text_of(s->root, "code");
    bool pattern = strchr(code, 'x') != NULL;
    struct entry *e =
        new_entry(SMTPCODE_KIND_REPLY_CODE,
                  pattern ? SMTPCODE_MATCH_CLASS : SMTPCODE_MATCH_EXACT, code,
                  s, s->root);

    e->number = (uint32_t)strtoul(code, NULL, 10);
    if (!pattern &&
        (e->number < SMTPCODE_FIRST_CODE || e->number > SMTPCODE_LAST_CODE))
        complain(s, "\"code\"", "code %s is out of range", code);
}

/* x.7.1 as 7001, 4.7.1 as 4007001; false if TEXT is not such a code. */
static bool enhanced_number(const char *text, uint32_t *number) {
    unsigned subject, detail;
    char end;
    int row = row_of(text[0]);

    if (row < 0 || sscanf(text + 1, ".%3u.%3u%c", &subject, &detail, &end) != 2)
        return false;
    *number = (text[0] == 'x' ? 0 : (uint32_t)(text[0] - '0')) * 1000000 +
              subject * 1000 + detail;
    return true;
}

static void build_class_of(const struct source *s, char code_class,
                           enum smtpcode_match match) {
    const char *code = text_of(s->root, "code");
    const char *id = join_text("%c%s", code_class, code + 1);
    struct entry *e = new_entry(SMTPCODE_KIND_ENHANCED_STATUS, match, id, s,
                                merge_class(s, code_class));

    enhanced_number(id, &e->number);
}

static void build_enhanced(const struct source *s) {
    const char *code = text_of(s->root, "code");
    uint32_t number = 0;

    if (code[0] != 'x') { /* 4.x.x */
        new_entry(SMTPCODE_KIND_ENHANCED_STATUS, SMTPCODE_MATCH_CLASS, code, s,
                  json_copy(s->root));
        return;
    }
    bool subject = strlen(code) == 5 && code[4] == 'x';
    if (!subject && (!enhanced_number(code, &number) ||
                     number / 1000 >= SMTPCODE_NSUBJECTS ||
                     number % 1000 >= SMTPCODE_NDETAILS)) {
        complain(s, "\"code\"", "code '%s' is out of range", code);
        return;
    }
    for (const char *c = "x245"; *c; c++)
        build_class_of(s, *c,
                       subject ? SMTPCODE_MATCH_CLASS : SMTPCODE_MATCH_EXACT);
}

static void build_condition(const struct source *s) {
    struct entry *e = new_entry(SMTPCODE_KIND_CONDITION, SMTPCODE_MATCH_NONE,
                                text_of(s->root, "id"), s, s->root);

    e->number =
        (uint32_t)json_integer_value(json_object_get(s->root, "number"));
}

/* Read "4.7.500-699", "x.7.27", "254" into E; false if it is none. */
static bool read_own_code(struct entry *e, const char *code) {
    unsigned subject, first, last;
    char end;
    int row = row_of(code[0]);

    if (strlen(code) == 3 && strspn(code, "0123456789") == 3) {
        e->kind = SMTPCODE_KIND_REPLY_CODE;
        e->from = e->to = (uint32_t)strtoul(code, NULL, 10);
        e->classes = 1;
        return e->from >= SMTPCODE_FIRST_CODE && e->from <= SMTPCODE_LAST_CODE;
    }
    int n = row < 0 ? 0
                    : sscanf(code + 1, ".%3u.%3u-%3u%c", &subject, &first,
                             &last, &end);
    if (n == 2 && !strchr(code, '-'))
        last = first;
    else if (n != 3)
        return false;
    e->kind = SMTPCODE_KIND_ENHANCED_STATUS;
    e->match = last > first ? SMTPCODE_MATCH_RANGE : SMTPCODE_MATCH_VENDOR;
    e->from = SMTPCODE_OWN_KEY(subject, first);
    e->to = SMTPCODE_OWN_KEY(subject, last);
    e->classes = row ? (uint16_t)(1u << row | 1u) : 0xf;
    return first <= last && subject <= SMTPCODE_MAX_SUBCODE;
}

static void build_own_code(struct entry *server, const json_t *own) {
    const char *code = text_of(own, "code");
    const char *condition = text_of(own, "condition");
    const struct source *c = find_source("conditions", condition);
    struct entry *e =
        new_entry(SMTPCODE_KIND_REPLY_CODE, SMTPCODE_MATCH_VENDOR,
                  join_text("%s/%s", server->id, code), server->source,
                  merge_condition(own, code, c ? c->root : NULL));

    e->server = server;
    if (!read_own_code(e, code))
        complain(server->source, join_text("\"%s\"", code),
                 "'%s' is not a code or a range of details", code);
    e->number = e->from;
}

static void build_templates(struct entry *server, const struct source *s) {
    size_t i;
    json_t *one;

    json_array_foreach(json_object_get(s->root, "templates"), i, one) {
        const char *id = join_text("%s/%s", server->id, text_of(one, "id"));
        struct entry *e =
            new_entry(SMTPCODE_KIND_TEMPLATE, SMTPCODE_MATCH_NONE, id, s, one);
        e->server = server;
    }
}

static void build_server(const struct source *s) {
    size_t i;
    json_t *one;
    struct entry *e = new_entry(SMTPCODE_KIND_SERVER, SMTPCODE_MATCH_NONE,
                                text_of(s->root, "id"), s, s->root);

    e->number =
        (uint32_t)json_integer_value(json_object_get(s->root, "number"));
    json_array_foreach(json_object_get(s->root, "codes"), i, one)
        build_own_code(e, one);
    build_templates(e, s);
}

static void build_more_templates(const struct source *s) {
    const char *id = text_of(s->root, "server");
    struct entry *server = find_entry(SMTPCODE_KIND_SERVER, id);

    if (!server)
        complain(s, "\"server\"", "no server '%s'", id);
    else
        build_templates(server, s);
}

static void fill_entry(struct entry *e) {
    switch (e->kind) {
    case SMTPCODE_KIND_REPLY_CODE:
    case SMTPCODE_KIND_ENHANCED_STATUS:
        fill_code(e);
        break;
    case SMTPCODE_KIND_CONDITION:
        fill_condition(e);
        break;
    case SMTPCODE_KIND_SERVER:
        fill_server(e);
        break;
    case SMTPCODE_KIND_TEMPLATE:
        fill_template(e);
        break;
    case SMTPCODE_KIND_ANY:
        break;
    }
}

static void build_source(const struct source *s) {
    if (strcmp(s->folder, "codes") == 0)
        build_reply(s);
    else if (strcmp(s->folder, "enhanced") == 0)
        build_enhanced(s);
    else if (strcmp(s->folder, "conditions") == 0)
        build_condition(s);
    else if (strcmp(s->folder, "servers") == 0 &&
             !json_object_get(s->root, "server"))
        build_server(s);
}

/* Unregistered codes and unlisted classes are answered from these. */
static void need_class_files(void) {
    static const char *const classes[] = {"2.x.x", "4.x.x", "5.x.x"};

    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (nsources && !find_source("enhanced", classes[i]))
            complain(&sources[0], NULL, "no file enhanced/%s.json", classes[i]);
}

void build_entries(void) {
    need_class_files();
    for (size_t i = 0; i < nsources; i++)
        if (sources[i].root)
            build_source(&sources[i]);
    for (size_t i = 0; i < nsources; i++)
        if (sources[i].root && strcmp(sources[i].folder, "servers") == 0 &&
            json_object_get(sources[i].root, "server"))
            build_more_templates(&sources[i]);
    for (size_t i = 0, n = nentries; i < n; i++)
        fill_entry(entries[i]);
}
