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

static void add_template(const struct entry *e) {
    const char *lines[64];
    size_t nlines = lines_of(e, lines, 64);
    struct pattern *p = calloc(1, sizeof *p);

    p->entry = e;
    p->number = e->index;
    p->open = json_is_true(json_object_get(e->json, "open"));
    p->words = read_words(lines, nlines, p);
    const char *wrong = read_pattern(p);
    if (wrong) {
        refuse(p, wrong);
        return;
    }
    template_patterns =
        grow(template_patterns, ntemplate_patterns, sizeof(struct pattern *));
    template_patterns[ntemplate_patterns++] = p;
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

/* Nothing in a reply would tell A from B. */
static void refuse_same_reply(const struct pattern *a,
                              const struct pattern *b) {
    if (a->reply == b->reply && a->enhanced == b->enhanced &&
        stages_of(a->entry) & stages_of(b->entry) &&
        condition_of(a->entry) != condition_of(b->entry))
        refuse(b, join_text("the reply of '%s', which is another condition",
                            a->entry->id));
}

/* P's own example must be answered by P, or by who says the same. */
static void try_example(const struct pattern *p,
                        const struct pattern *const *by_number) {
    struct smtpcode_matcher matcher = view(&template_tables);
    struct smtpcode_match_result found;
    char *words = fill_words(p, standard_values);

    smtpcode_match_in(&matcher, words, strlen(words), p->reply, p->enhanced,
                      &found);
    const struct pattern *winner = by_number[found.entry];
    free(words);
    if (!winner)
        refuse(p, "is not found in its own example");
    else if (winner->record != p->record)
        refuse(p, join_text("'%s' beats it on its own example",
                            winner->entry->id));
}

static void try_examples(void) {
    const struct pattern **by_number =
        calloc(nentries + 1, sizeof(struct pattern *));

    for (size_t i = 0; i < ntemplate_patterns; i++)
        by_number[template_patterns[i]->number] = template_patterns[i];
    for (size_t i = 0; i < ntemplate_patterns; i++)
        try_example(template_patterns[i], by_number);
    free(by_number);
}

void compile_templates(void) {
    for (size_t i = 0; i < nentries; i++)
        if (entries[i]->kind == SMTPCODE_KIND_TEMPLATE)
            add_template(entries[i]);
    compile(&template_tables, template_patterns, ntemplate_patterns, refuse);
    for (size_t i = 0; i < ntemplate_patterns; i++)
        for (size_t j = i; j-- > 0 && strcmp(template_patterns[j]->words,
                                             template_patterns[i]->words) == 0;)
            refuse_same_reply(template_patterns[j], template_patterns[i]);
    if (complaints() == 0)
        try_examples();
}
