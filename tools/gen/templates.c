/* templates.c - the templates of the data, compiled and tried on themselves. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

struct tables template_tables;
struct pattern **template_patterns;
size_t ntemplate_patterns;

static const char *template_name(const struct entry *e) {
    const char *slash = strchr(e->id, '/');

    return join_text("\"id\": \"%s\"", slash ? slash + 1 : e->id);
}

static void refuse(const struct pattern *p, const char *why) {
    complain(p->entry->source, template_name(p->entry), "'%s': %s",
             p->entry->id, why);
}

static size_t lines_of(const struct entry *e, const char **lines, size_t most) {
    size_t n = 0;

    for (size_t i = 0; i < e->nitems && n < most; i++)
        if (e->items[i].field == SMTPCODE_LINE)
            lines[n++] = e->items[i].value.text;
    return n;
}

const struct entry *condition_of(const struct entry *e) {
    for (size_t i = 0; i < e->nitems; i++)
        if (e->items[i].field == SMTPCODE_CONDITION)
            return e->items[i].value.entry;
    return NULL;
}

unsigned stages_of(const struct entry *e) {
    unsigned stages = 0;

    for (size_t i = 0; i < e->nitems; i++)
        if (e->items[i].field == SMTPCODE_STAGES)
            stages |= 1u << e->items[i].value.number;
    return stages ? stages : ~0u;
}

static struct pattern *new_pattern(const struct entry *e,
                                   enum smtpcode_lines part) {
    struct pattern *p = calloc(1, sizeof *p);
    const struct entry *condition = condition_of(e);

    p->entry = e;
    p->number = e->index;
    p->part = part;
    p->stages = stages_of(e) == ~0u ? 0 : stages_of(e);
    p->condition = condition ? condition->number : 0;
    return p;
}

static void keep(struct pattern *p) {
    template_patterns =
        grow(template_patterns, ntemplate_patterns, sizeof(struct pattern *));
    template_patterns[ntemplate_patterns++] = p;
}

/* LINE, the first or last one of the template WHOLE, if it can be known. */
static void add_part(const struct pattern *whole, const char *line,
                     enum smtpcode_lines part) {
    struct pattern *p = new_pattern(whole->entry, part);

    p->words = read_words(&line, 1, p);
    if (!p->reply)
        p->reply = whole->reply;
    if (*p->words && !read_pattern(p) && stands_alone(p))
        keep(p);
}

/* What others say too is no evidence alone: the template's "shared". */
static void add_parts(const struct pattern *whole, const char *first,
                      const char *last) {
    json_t *key = json_object_get(whole->entry->json, "shared");
    const char *shared = key ? json_string_value(key) : "neither";

    if (key && strcmp(shared, "first") != 0 && strcmp(shared, "last") != 0 &&
        strcmp(shared, "both") != 0)
        refuse(whole, "'shared' is not first, last or both");
    if (*shared == 'l' || *shared == 'n')
        add_part(whole, first, SMTPCODE_LINES_FIRST);
    if (*shared == 'f' || *shared == 'n')
        add_part(whole, last, SMTPCODE_LINES_LAST);
}

static void add_template(const struct entry *e) {
    const char *lines[MOST_LINES + 1];
    size_t nlines = lines_of(e, lines, MOST_LINES + 1);
    struct pattern *p = new_pattern(e, SMTPCODE_LINES_ALL);

    if (nlines > MOST_LINES) {
        refuse(p, "more than 64 lines");
        return;
    }
    p->open = json_is_true(json_object_get(e->json, "open"));
    p->words = read_words(lines, nlines, p);
    const char *wrong = read_pattern(p);
    if (wrong) {
        refuse(p, wrong);
        return;
    }
    keep(p);
    if (nlines > 1)
        add_parts(p, lines[0], lines[nlines - 1]);
    else if (json_object_get(e->json, "shared"))
        refuse(p, "'shared' is for templates of several lines");
}

/* ---- what the templates of the data do to each other ---- */

static bool same_stage(const struct pattern *a, const struct pattern *b) {
    return !a->stages || !b->stages || a->stages & b->stages;
}

/* Nothing in a reply would tell A from B. */
static void refuse_same_reply(const struct pattern *a,
                              const struct pattern *b) {
    if (a->reply == b->reply && a->enhanced == b->enhanced &&
        same_stage(a, b) && a->condition != b->condition)
        refuse(b, join_text("the reply of '%s', which is another condition",
                            a->entry->id));
}

/* Whole templates with equal words follow each other. */
static void check_same_words(void) {
    for (size_t i = 0; i < ntemplate_patterns; i++) {
        const struct pattern *p = template_patterns[i];
        for (size_t j = i; j-- > 0 && !p->part;) {
            const struct pattern *q = template_patterns[j];
            if (q->record != p->record)
                break;
            refuse_same_reply(q, p);
        }
    }
}

/* Whether P is among what was found; a template of equal words may be too. */
static bool is_among(const struct pattern *p,
                     const struct smtpcode_match_result *found) {
    for (unsigned i = 0; i < found->nentries; i++)
        if (found->entries[i] == p->number)
            return !p->part == !found->part;
    return p->part && found->entry && !found->part; /* somebody's whole reply */
}

static const struct entry *entry_of(unsigned number) {
    for (size_t i = 0; i < ntemplate_patterns; i++)
        if (template_patterns[i]->number == number)
            return template_patterns[i]->entry;
    return NULL;
}

/* Text that P's server would say must be answered by P. */
static void try_said(const struct pattern *p, const struct smtpcode_said *said,
                     const char *where) {
    static const char *const parts[] = {"", "'s first line", "'s last line"};
    struct smtpcode_matcher matcher = view(&template_tables);
    struct smtpcode_match_result found;

    smtpcode_match_in(&matcher, said, &found);
    if (is_among(p, &found))
        return;
    const struct entry *winner = entry_of(found.entry);
    if (!winner || winner == p->entry)
        refuse(p, join_text("is not found in its own example%s%s",
                            parts[p->part], where));
    else
        refuse(p, join_text("'%s' beats it on its own example%s%s", winner->id,
                            parts[p->part], where));
}

static void try_stages(const struct pattern *p, struct smtpcode_said *said,
                       const char *where) {
    size_t before = complaints();

    for (said->stage = 0; said->stage <= SMTPCODE_STAGE_QUIT; said->stage++)
        if ((!said->stage || p->stages >> said->stage & 1) &&
            complaints() == before)
            try_said(p, said, where);
}

/* Every template is to be found in its own example, alone and as the later
 * lines of a reply; and its parts alone. */
static void try_example(const struct pattern *p) {
    static const char before[] = "line before it ";
    size_t skip = sizeof before - 1;
    uint16_t joins[MOST_LINES + 1] = {(uint16_t)(skip - 1)};
    char *filled = fill_words(p, standard_values, joins + 1);
    const char *words = join_text("%s%s", before, filled);
    struct smtpcode_said said = {filled,   strlen(filled), joins + 1, p->njoins,
                                 p->reply, p->enhanced,    0};
    size_t already = complaints();

    try_stages(p, &said, "");
    if (p->part || complaints() > already)
        return;
    for (size_t i = 1; i <= p->njoins; i++)
        joins[i] = (uint16_t)(joins[i] + skip);
    said.words = words;
    said.len += skip;
    said.joins = joins;
    said.njoins++;
    try_stages(p, &said, " behind another line");
}

void compile_templates(void) {
    for (size_t i = 0; i < nentries; i++)
        if (entries[i]->kind == SMTPCODE_KIND_TEMPLATE)
            add_template(entries[i]);
    compile(&template_tables, template_patterns, ntemplate_patterns, refuse);
    check_same_words();
    for (size_t i = 0; i < ntemplate_patterns && complaints() == 0; i++)
        if (template_patterns[i]->record != SIZE_MAX)
            try_example(template_patterns[i]);
}
