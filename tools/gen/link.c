/* link.c - what follows from all entries together: links back, and order. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

static void add_once(struct entry *e, enum smtpcode_field field,
                     struct entry *other) {
    if (other && !has_entry(e, field, other))
        add_entry(e, field, other);
}

static bool is_code(const struct entry *e) {
    return e->kind == SMTPCODE_KIND_REPLY_CODE ||
           e->kind == SMTPCODE_KIND_ENHANCED_STATUS;
}

/* 4.7.1 beside x.7.1: says the same again, so lists leave it out. */
static bool is_class_copy(const struct entry *e) {
    return e->kind == SMTPCODE_KIND_ENHANCED_STATUS && !e->server &&
           e->id[0] != 'x' && e->match == SMTPCODE_MATCH_EXACT;
}

/* The conditions that a code may mean: its own, at a stage, of a cause. */
static void link_conditions(struct entry *e) {
    size_t n = e->nitems;

    for (size_t i = 0; i < n; i++) {
        uint16_t field = e->items[i].field;
        if (field != SMTPCODE_CONDITION && field != SMTPCODE_AT_CONDITION &&
            field != SMTPCODE_CAUSE_CONDITION)
            continue;
        struct entry *condition = e->items[i].value.entry;
        add_once(e, SMTPCODE_CONDITIONS, condition);
        if (condition && !is_class_copy(e) &&
            e->match != SMTPCODE_MATCH_CLASS && !e->server)
            add_once(condition, SMTPCODE_CODES, e);
    }
}

/* Whether the server's own code is about the code of E. */
static bool covers(const struct entry *own, const struct entry *e) {
    if (own->kind != e->kind || e->match != SMTPCODE_MATCH_EXACT)
        return false;
    if (e->kind == SMTPCODE_KIND_REPLY_CODE)
        return own->from == e->number;
    uint32_t key = SMTPCODE_OWN_KEY(e->number / 1000 % 1000, e->number % 1000);
    return own->from <= key && key <= own->to &&
           own->classes >> row_of(e->id[0]) & 1;
}

/* The same code is another server's own too. */
static bool same_code(const struct entry *a, const struct entry *b) {
    return a->kind == b->kind && a->server != b->server && b->classes &&
           a->from == b->from && a->to == b->to &&
           (a->classes & b->classes & ~1u);
}

static void link_own_code(struct entry *own) {
    add_entry(own->server, SMTPCODE_OWN_CODES, own);
    for (size_t i = 0; i < nentries; i++)
        if (entries[i]->server ? same_code(own, entries[i])
                               : covers(own, entries[i]))
            add_entry(entries[i], SMTPCODE_OWN_CODES, own);
}

/* The codes at the start of a template's line: "550-5.1.1 ...". */
static void read_line_codes(const char *line, char reply[4],
                            char enhanced[12]) {
    int used = 0;

    reply[0] = enhanced[0] = '\0';
    if (strspn(line, "0123456789") == 3 && strchr(" -", line[3])) {
        memcpy(reply, line, 3);
        reply[3] = '\0';
        line += 4;
    }
    if (strspn(line, "245") >= 1 && line[1] == '.' &&
        sscanf(line, "%11[0-9.]%n", enhanced, &used) == 1 &&
        line[used] != ' ' && line[used] != '\0')
        enhanced[0] = '\0';
}

static void link_example(enum smtpcode_kind kind, const char *code,
                         struct entry *template) {
    struct entry *e = *code ? find_entry(kind, code) : NULL;

    if (e)
        add_entry(e, SMTPCODE_TEMPLATES, template);
}

static void link_template(struct entry *e) {
    const char *line = NULL;
    char reply[4], enhanced[12];

    for (size_t i = 0; i < e->nitems && !line; i++)
        if (e->items[i].field == SMTPCODE_LINE)
            line = e->items[i].value.text;
    if (!line)
        return;
    read_line_codes(line, reply, enhanced);
    link_example(SMTPCODE_KIND_REPLY_CODE, reply, e);
    link_example(SMTPCODE_KIND_ENHANCED_STATUS, enhanced, e);
    enhanced[0] = enhanced[0] ? 'x' : '\0';
    link_example(SMTPCODE_KIND_ENHANCED_STATUS, enhanced, e);
    for (size_t i = 0; i < e->nitems; i++)
        if (e->items[i].field == SMTPCODE_CONDITION && e->items[i].value.entry)
            add_once(e->items[i].value.entry, SMTPCODE_TEMPLATES, e);
    add_entry(e->server, SMTPCODE_TEMPLATES, e);
}

void link_entries(void) {
    for (size_t i = 0; i < nentries; i++) {
        struct entry *e = entries[i];
        if (is_code(e))
            link_conditions(e);
        if (is_code(e) && e->server)
            link_own_code(e);
        if (e->kind == SMTPCODE_KIND_TEMPLATE)
            link_template(e);
    }
}

uint32_t rank_of(const struct entry *e) {
    const json_t *rank =
        e->server ? json_object_get(e->server->json, "rank") : NULL;

    return rank ? (uint32_t)json_integer_value(rank) : UINT32_MAX;
}

/* Registered codes first, then their classes, then servers' own. */
static int group_of(const struct entry *e) {
    return is_code(e) && e->server            ? 2
           : e->match == SMTPCODE_MATCH_CLASS ? 1
           : e->kind == SMTPCODE_KIND_CONDITION &&
                   e->number == SMTPCODE_CONDITION_UNKNOWN
               ? 1
               : 0;
}

static int compare(uint32_t a, uint32_t b) { return (a > b) - (a < b); }

static int by_order(const void *left, const void *right) {
    const struct entry *a = *(struct entry *const *)left;
    const struct entry *b = *(struct entry *const *)right;
    bool named = a->kind == SMTPCODE_KIND_SERVER;
    int order = compare(a->kind, b->kind);

    if (!order)
        order = group_of(a) - group_of(b);
    if (!order && !named && group_of(a) != 2)
        order = compare(a->number, b->number);
    if (!order && a->server && b->server)
        order = strcmp(a->server->id, b->server->id);
    if (!order && group_of(a) == 2)
        order = compare(a->from, b->from);
    return order ? order : strcmp(a->id, b->id);
}

static int by_id(const void *left, const void *right) {
    return strcmp((*(struct entry *const *)left)->id,
                  (*(struct entry *const *)right)->id);
}

static const char *piece_of_id(const struct entry *e) {
    const char *slash = strchr(e->id, '/');

    return join_text("\"%s\"", slash ? slash + 1 : e->id);
}

static void refuse_same_id(void) {
    for (size_t i = 1; i < nentries; i++)
        if (strcmp(entries[i - 1]->id, entries[i]->id) == 0)
            complain(entries[i]->source, piece_of_id(entries[i]),
                     "id '%s' is also in %s", entries[i]->id,
                     entries[i - 1]->source->path);
}

/* Conditions and servers carry a number of their own that lasts for ever. */
static void refuse_same_number(void) {
    for (size_t i = 0; i < nentries; i++)
        for (size_t j = 0; j < i; j++)
            if (entries[i]->kind == entries[j]->kind &&
                entries[i]->number == entries[j]->number &&
                (entries[i]->kind == SMTPCODE_KIND_CONDITION ||
                 entries[i]->kind == SMTPCODE_KIND_SERVER))
                complain(
                    entries[i]->source, "\"number\"", "number %u is also in %s",
                    (unsigned)entries[i]->number, entries[j]->source->path);
}

/* A server's codes may lie within a range of its own, not across its edge,
 * and each range once: else nothing tells which one is meant. */
static void refuse_overlap(void) {
    for (size_t i = 0; i < nentries; i++)
        for (size_t j = 0; j < i; j++) {
            const struct entry *a = entries[i], *b = entries[j];
            bool apart = a->to < b->from || b->to < a->from;
            bool inside = (a->from >= b->from && a->to <= b->to) ||
                          (b->from >= a->from && b->to <= a->to);
            if (a->server && a->server == b->server && a->classes &&
                (a->classes & b->classes & ~1u) && !apart && !inside)
                complain(a->source, join_text("\"%s\"", code_of(a)),
                         "'%s' crosses the edge of '%s'", a->id, b->id);
        }
}

static int by_field(const void *left, const void *right) {
    const struct item *a = left, *b = right;
    int order = compare(a->field, b->field);

    return order ? order : compare(a->serial, b->serial);
}

/* Links to entries are listed by server, the most met first; links that a file
 * wrote keep the file's order. */
static bool is_found_link(uint16_t field) {
    return field == SMTPCODE_OWN_CODES || field == SMTPCODE_TEMPLATES ||
           field == SMTPCODE_CODES;
}

static int by_link(const void *left, const void *right) {
    const struct entry *a = ((const struct item *)left)->value.entry;
    const struct entry *b = ((const struct item *)right)->value.entry;
    int order = compare(rank_of(a), rank_of(b));

    return order ? order : compare(a->index, b->index);
}

static void sort_items(struct entry *e) {
    size_t end;

    qsort(e->items, e->nitems, sizeof *e->items, by_field);
    for (size_t i = 0; i < e->nitems; i = end) {
        for (end = i + 1;
             end < e->nitems && e->items[end].field == e->items[i].field;)
            end++;
        if (is_found_link(e->items[i].field))
            qsort(e->items + i, end - i, sizeof *e->items, by_link);
    }
}

void number_entries(void) {
    qsort(entries, nentries, sizeof(struct entry *), by_id);
    refuse_same_id();
    refuse_same_number();
    refuse_overlap();
    qsort(entries, nentries, sizeof(struct entry *), by_order);
    for (size_t i = 0; i < nentries; i++)
        entries[i]->index = (uint32_t)(i + 1);
    if (nentries > UINT16_MAX - 1) {
        fprintf(stderr, "gen: %zu entries are too many\n", nentries);
        exit(EXIT_FAILURE);
    }
    for (size_t i = 0; i < nentries; i++)
        sort_items(entries[i]);
}
