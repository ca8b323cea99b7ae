/* wording.c - the data's tokens, marks, blocklists and phrases, compiled. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

struct short_tables name_tables, phrase_tables;

struct list {
    struct short_pattern **patterns;
    size_t n;
};

/* Two entries that were complained about: their other forms are equal too. */
static struct pair { const struct entry *a, *b; } * blamed;
static size_t nblamed;

/* What stands on the line of P's entry, or of the text itself. */
static const char *needle_of(const struct short_pattern *p) {
    bool own = p->entry->kind == SMTPCODE_KIND_TOKEN ||
               p->entry->kind == SMTPCODE_KIND_PHRASE;

    return own ? join_text("\"id\": \"%s\"", strchr(p->entry->id, '/') + 1)
               : join_text("\"%s\"", p->text);
}

static void refuse(const struct short_pattern *p, const char *why) {
    complain(p->entry->source, needle_of(p), "'%s': %s", p->entry->id, why);
}

static struct short_pattern *new_short(const struct entry *e,
                                       const char *text) {
    struct short_pattern *p = calloc(1, sizeof *p);

    p->entry = e;
    p->text = text;
    p->number = e->index;
    return p;
}

static void append(struct list *list, struct short_pattern *p) {
    list->patterns =
        grow(list->patterns, list->n, sizeof(struct short_pattern *));
    list->patterns[list->n++] = p;
}

/* ---- names: as they are written ---- */

static void add_name(struct list *list, const struct entry *e,
                     const char *text) {
    struct short_pattern *p = new_short(e, text);
    const char *wrong = read_short(text, false, "utf-8", p);

    if (e->kind == SMTPCODE_KIND_TOKEN && stages_of(e) != ~0u)
        p->flags |= SMTPCODE_SHORT_YIELDS;
    if (wrong)
        refuse(p, wrong);
    else
        append(list, p);
}

static bool is_name(const struct entry *e, uint16_t field) {
    return field == SMTPCODE_MARK || field == SMTPCODE_ZONE ||
           field == SMTPCODE_CALLED ||
           (field == SMTPCODE_LINE && e->kind == SMTPCODE_KIND_TOKEN);
}

static void add_names(struct list *list, const struct entry *e) {
    for (size_t i = 0; i < e->nitems; i++)
        if (is_name(e, e->items[i].field))
            add_name(list, e, e->items[i].value.text);
}

/* ---- phrases: in all their forms ---- */

static const json_t *charsets_of(const struct entry *e) {
    return json_object_get(e->source->root, "charsets");
}

static void lint_charsets(const struct source *s) {
    const json_t *list = json_object_get(s->root, "charsets");
    size_t i;
    const json_t *one;

    json_array_foreach(list, i, one) {
        const char *name = json_string_value(one);
        const char *wrong = lint_charset(name);
        if (wrong)
            complain(s, join_text("\"%s\"", name), "'%s': %s", name, wrong);
    }
}

static bool yields(const struct entry *e) {
    return json_is_true(json_object_get(e->json, "weak")) ||
           stages_of(e) != ~0u;
}

/* One form in one charset, where the charset has it; what is wrong. */
static const char *add_form(struct list *list, const struct entry *e,
                            const char *text, const char *form,
                            const char *charset) {
    struct short_pattern *p = new_short(e, text);
    const char *wrong = read_short(form, true, charset, p);

    if (yields(e))
        p->flags |= SMTPCODE_SHORT_YIELDS;
    if (!wrong)
        append(list, p);
    return wrong == not_in_charset ? NULL : wrong;
}

static void add_phrase(struct list *list, const struct entry *e) {
    const char *text = json_string_value(json_object_get(e->json, "text"));
    const char *language =
        json_string_value(json_object_get(e->source->root, "language"));
    const char *forms[MOST_FORMS], *wrong = NULL;
    size_t n = forms_of(text, language, forms), before = list->n, i;
    const json_t *one;

    json_array_foreach(charsets_of(e), i, one) {
        const char *charset = json_string_value(one);
        if (lint_charset(charset))
            continue; /* complained about once, with its file */
        for (size_t k = 0; k < n && !wrong; k++)
            wrong = add_form(list, e, text, forms[k], charset);
    }
    if (!wrong && list->n == before)
        wrong = "no charset of its file has its letters";
    if (wrong)
        refuse(new_short(e, text), wrong);
}

/* ---- fragments: their words are normalised ---- */

enum { MOST_HITS = 8 };

static struct list phrases;

/* Whether a phrase of another condition is half of TEXT: then that is what
 * others mean by it. */
static bool is_gainsaid(const struct entry *e, const char *text) {
    struct smtpcode_shorts tables = view_shorts(&phrase_tables);
    struct smtpcode_hit hits[MOST_HITS];
    size_t len = strlen(text);
    size_t n = smtpcode_find_short(&tables, text, len, hits, MOST_HITS);

    for (size_t i = 0; i < n; i++)
        if (2u * hits[i].length >= len &&
            condition_of(entries[hits[i].entry - 1]) != condition_of(e))
            return true;
    return false;
}

static void add_fragment(const struct entry *e, const char *text) {
    struct short_pattern *p = new_short(e, text);

    if (!is_gainsaid(e, text) && !read_short(text, false, "utf-8", p))
        append(&phrases, p);
}

/* ---- equal words ---- */

static bool is_blamed(const struct entry *a, const struct entry *b) {
    for (size_t i = 0; i < nblamed; i++)
        if (blamed[i].a == a && blamed[i].b == b)
            return true;
    blamed = grow(blamed, nblamed, sizeof *blamed);
    blamed[nblamed++] = (struct pair){a, b};
    return false;
}

static void refuse_same_words(const struct short_pattern *a,
                              const struct short_pattern *b) {
    if (a->entry->kind == b->entry->kind && a->entry != b->entry &&
        (a->entry->kind == SMTPCODE_KIND_TOKEN ||
         a->entry->kind == SMTPCODE_KIND_PHRASE) &&
        stages_of(a->entry) & stages_of(b->entry) &&
        condition_of(a->entry) != condition_of(b->entry) &&
        !is_blamed(a->entry, b->entry))
        refuse(b, join_text("the words of '%s', which is another condition",
                            a->entry->id));
}

static void refuse_all_same_words(const struct short_tables *t) {
    struct short_pattern *const *p = t->patterns;

    for (size_t i = 0; i < t->npatterns; i++)
        for (size_t j = i; j-- > 0 && compare_words(p[j], p[i]) == 0;)
            refuse_same_words(p[j], p[i]);
}

/* ---- all of the data ---- */

/* What replies are like, so that grams are chosen that they do not have. */
static size_t typical_words(const char ***words) {
    *words = calloc(ntemplate_patterns + 1, sizeof **words);
    for (size_t i = 0; i < ntemplate_patterns; i++)
        (*words)[i] = fill_words(template_patterns[i], standard_values, NULL);
    return ntemplate_patterns;
}

void compile_wording(void) {
    struct list names = {NULL, 0};
    const char **words;
    size_t nwords = typical_words(&words);

    for (size_t i = 0; i < nsources; i++)
        if (sources[i].root && strcmp(sources[i].folder, "phrases") == 0)
            lint_charsets(&sources[i]);
    for (size_t i = 0; i < nentries; i++) {
        if (entries[i]->kind == SMTPCODE_KIND_PHRASE)
            add_phrase(&phrases, entries[i]);
        else
            add_names(&names, entries[i]);
    }
    compile_shorts(&name_tables, names.patterns, names.n, words, nwords,
                   refuse);
    compile_shorts(&phrase_tables, phrases.patterns, phrases.n, NULL, 0, NULL);
    each_fragment(add_fragment);
    compile_shorts(&phrase_tables, phrases.patterns, phrases.n, words, nwords,
                   refuse);
    refuse_all_same_words(&name_tables);
    refuse_all_same_words(&phrase_tables);
}
