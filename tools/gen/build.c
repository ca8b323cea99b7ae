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
    if (e->nitems == UINT16_MAX) {
        complain(e->source, e->id, "'%s' has too many values", e->id);
        return;
    }
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

const char *code_of(const struct entry *e) {
    const char *slash = strchr(e->id, '/');

    return slash ? slash + 1 : e->id;
}

static void refuse_code(const struct source *s, const char *code) {
    complain(s, join_text("\"%s\"", code), "code '%s' is out of range", code);
}

static void build_reply(const struct source *s) {
    const char *text = text_of(s->root, "code");
    struct code code;

    if (!read_code(text, &code) || code.kind != SMTPCODE_KIND_REPLY_CODE) {
        refuse_code(s, text);
        return;
    }
    struct entry *e = new_entry(
        code.kind, code.pattern ? SMTPCODE_MATCH_CLASS : SMTPCODE_MATCH_EXACT,
        text, s, s->root);
    e->number = code_number(&code);
}

static void build_class_of(const struct source *s, char code_class,
                           enum smtpcode_match match) {
    const char *id =
        join_text("%c%s", code_class, text_of(s->root, "code") + 1);
    struct entry *e = new_entry(SMTPCODE_KIND_ENHANCED_STATUS, match, id, s,
                                merge_class(s, code_class));
    struct code code;

    if (read_code(id, &code))
        e->number = code_number(&code);
}

/* A file is for a class (4.x.x), a subject (x.7.x) or a detail (x.7.1). */
static void build_enhanced(const struct source *s) {
    const char *text = text_of(s->root, "code");
    struct code code;

    if (!read_code(text, &code) || code.detail != code.last ||
        code.kind != SMTPCODE_KIND_ENHANCED_STATUS ||
        (code.subject == CODE_ANY) != (code.row > 0) ||
        (code.subject != CODE_ANY && code.subject >= SMTPCODE_NSUBJECTS) ||
        (!code.pattern && code.detail >= SMTPCODE_NDETAILS)) {
        refuse_code(s, text);
        return;
    }
    if (code.row > 0) {
        new_entry(SMTPCODE_KIND_ENHANCED_STATUS, SMTPCODE_MATCH_CLASS, text, s,
                  json_copy(s->root));
        return;
    }
    for (const char *c = "x245"; *c; c++)
        build_class_of(
            s, *c, code.pattern ? SMTPCODE_MATCH_CLASS : SMTPCODE_MATCH_EXACT);
}

static void build_condition(const struct source *s) {
    struct entry *e = new_entry(SMTPCODE_KIND_CONDITION, SMTPCODE_MATCH_NONE,
                                text_of(s->root, "id"), s, s->root);

    e->number =
        (uint32_t)json_integer_value(json_object_get(s->root, "number"));
}

/* Take "4.7.500-699", "x.7.27" or "254" into E; false if it is none. */
static bool take_own_code(struct entry *e, const char *text) {
    struct code code;

    if (!read_code(text, &code) || code.pattern ||
        (code.kind == SMTPCODE_KIND_REPLY_CODE && code.detail < 200))
        return false;
    e->kind = code.kind;
    e->match =
        code.last > code.detail ? SMTPCODE_MATCH_RANGE : SMTPCODE_MATCH_VENDOR;
    e->number = code_number(&code);
    if (code.kind == SMTPCODE_KIND_REPLY_CODE) {
        e->from = e->to = (uint32_t)code.detail;
        e->classes = 1;
        return true;
    }
    e->from = SMTPCODE_OWN_KEY(code.subject, code.detail);
    e->to = SMTPCODE_OWN_KEY(code.subject, code.last);
    e->classes = (uint16_t)(code.row ? 1u << code.row | 1u : 0xfu);
    return true;
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
    if (!take_own_code(e, code))
        complain(server->source, join_text("\"%s\"", code),
                 "'%s' is not a code or a range of details", code);
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

static void build_tokens(struct entry *server) {
    size_t i;
    json_t *one;

    json_array_foreach(json_object_get(server->json, "tokens"), i, one) {
        const char *id = join_text("%s/%s", server->id, text_of(one, "id"));
        struct entry *e = new_entry(SMTPCODE_KIND_TOKEN, SMTPCODE_MATCH_NONE,
                                    id, server->source, one);
        e->server = server;
    }
}

static void build_phrases(const struct source *s) {
    const char *language = text_of(s->root, "language");
    size_t i;
    json_t *one;

    json_array_foreach(json_object_get(s->root, "phrases"), i, one)
        new_entry(SMTPCODE_KIND_PHRASE, SMTPCODE_MATCH_NONE,
                  join_text("%s/%s", language, text_of(one, "id")), s, one);
}

static void build_blocklists(const struct source *s) {
    size_t i;
    json_t *one;

    json_array_foreach(json_object_get(s->root, "blocklists"), i, one)
        new_entry(SMTPCODE_KIND_BLOCKLIST, SMTPCODE_MATCH_NONE,
                  text_of(one, "id"), s, one);
}

static void build_server(const struct source *s) {
    size_t i;
    json_t *one;
    struct entry *e = new_entry(SMTPCODE_KIND_SERVER, SMTPCODE_MATCH_NONE,
                                text_of(s->root, "id"), s, s->root);

    e->number =
        (uint32_t)json_integer_value(json_object_get(s->root, "number"));
    if (strcmp(s->stem, "server") == 0 &&
        !strstr(s->path, join_text("/%s/server.json", e->id)))
        complain(s, "\"id\"", "the folder is not called %s", e->id);
    json_array_foreach(json_object_get(s->root, "codes"), i, one)
        build_own_code(e, one);
    build_tokens(e);
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
    case SMTPCODE_KIND_TOKEN:
        fill_token(e);
        break;
    case SMTPCODE_KIND_PHRASE:
        fill_phrase(e);
        break;
    case SMTPCODE_KIND_BLOCKLIST:
        fill_blocklist(e);
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
    else if (strcmp(s->folder, "phrases") == 0)
        build_phrases(s);
    else if (strcmp(s->folder, "") == 0 && strcmp(s->stem, "blocklists") == 0)
        build_blocklists(s);
}

/* Unregistered codes and unlisted classes are answered from these. */
static void need_class_files(void) {
    static const char *const files[][2] = {
        {"codes", "2xx"},      {"codes", "3xx"},      {"codes", "4xx"},
        {"codes", "5xx"},      {"enhanced", "2.x.x"}, {"enhanced", "4.x.x"},
        {"enhanced", "5.x.x"},
    };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (nsources && !find_source(files[i][0], files[i][1]))
            complain(&sources[0], NULL, "no file %s/%s.json", files[i][0],
                     files[i][1]);
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
