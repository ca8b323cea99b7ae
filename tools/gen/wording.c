/* wording.c - the data's tokens, marks, blocklists and phrases, compiled. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

enum { MOST_CHOICES = 512 };

struct short_tables name_tables, phrase_tables;

static unsigned pair; /* whose sides are added */

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

/* FORM without the words that are no longer there where phrases are found. */
static const char *condensed(const char *form) {
    size_t len = strlen(form);
    char *plain = (char *)(uintptr_t)join_text("%s", form);
    char *words = (char *)(uintptr_t)join_text("%s  ", form);

    len = smtpcode_normalise(form, len, plain);
    len = smtpcode_condense(plain, len, words);
    words[len - 1] = '\0';
    return len > 1 ? words + 1 : "";
}

/* One form in one charset, where the charset has it; what is wrong. */
static const char *add_form(struct list *list, const struct entry *e,
                            const char *text, const char *form,
                            const char *charset, unsigned side) {
    struct short_pattern *p = new_short(e, text);
    const char *words = condensed(form);
    const char *wrong = side ? read_side(words, side, pair, charset, p)
                             : read_short(words, true, charset, p);

    if (yields(e) && !side)
        p->flags |= SMTPCODE_SHORT_YIELDS;
    if (!wrong)
        append(list, p);
    return wrong == not_in_charset ? NULL : wrong;
}

/* The first {this|that} of TEXT: where it begins and ends; NULL if none is
 * left.  An {any} within or outside is none. */
static const char *find_choice(const char *text, const char **end) {
    const char *begin = NULL;
    bool many = false;
    int depth = 0;

    for (; *text; text++) {
        if (*text == '{' && depth++ == 0)
            begin = text;
        many |= *text == '|' && depth == 1;
        if (*text != '}' || depth == 0 || --depth > 0)
            continue;
        *end = text + 1;
        if (many)
            return begin;
    }
    return NULL;
}

/* The end of the part that begins at TEXT: its | or its }. */
static const char *end_of_part(const char *text) {
    int depth = 0;

    for (; depth > 0 || (*text != '|' && *text != '}'); text++)
        depth += (*text == '{') - (*text == '}');
    return text;
}

/* All that TEXT stands for, each with one part of its every choice; false if
 * that are too many. */
static bool expand(const char *text, const char **all, size_t *n) {
    const char *end, *choice = find_choice(text, &end), *part = choice;

    if (!choice) {
        if (*n == MOST_CHOICES)
            return false;
        all[(*n)++] = text;
        return true;
    }
    do {
        const char *stop = end_of_part(++part);
        if (!expand(join_text("%.*s%.*s%s", (int)(choice - text), text,
                              (int)(stop - part), part, end),
                    all, n))
            return false;
        part = stop;
    } while (*part == '|');
    return true;
}

/* All forms of one wording. */
static const char *add_wording(struct list *list, const struct entry *e,
                               const char *text, unsigned side) {
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
            wrong = add_form(list, e, text, forms[k], charset, side);
    }
    return wrong               ? wrong
           : list->n == before ? "no charset of its file has its letters"
                               : NULL;
}

/* A side without words cannot be found. */
static bool is_side(const char *const *all, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (*condensed(all[i]) == '\0')
            return false;
    return n > 0;
}

static const char *add_each(struct list *list, const struct entry *e,
                            const char *const *all, size_t n, unsigned side) {
    const char *wrong = NULL;

    for (size_t i = 0; i < n && !wrong; i++) {
        wrong = side ? NULL : lint_words(all[i]);
        if (!wrong)
            wrong = add_wording(list, e, all[i], side);
    }
    return wrong;
}

/* A phrase whose wordings are those of its two sides, combined. */
struct sides {
    const char *left[MOST_CHOICES], *right[MOST_CHOICES];
    size_t nleft, nright;
};

static bool read_sides(const char *text, const char *gap, size_t len,
                       struct sides *s) {
    s->nleft = s->nright = 0;
    return expand(join_text("%.*s", (int)(gap - text), text), s->left,
                  &s->nleft) &&
           expand(gap + len, s->right, &s->nright) &&
           is_side(s->left, s->nleft) && is_side(s->right, s->nright);
}

/* The blank outside of choices at which TEXT has the fewest sides; NULL if it
 * costs less to write all of it out. */
static const char *find_gap(const char *text, struct sides *s) {
    const char *best = NULL;
    size_t least = SIZE_MAX;
    int depth = 0;

    for (const char *at = text; *at; at++) {
        depth += (*at == '{') - (*at == '}');
        if (*at != ' ' || depth > 0 || !read_sides(text, at, 1, s))
            continue;
        size_t sides = s->nleft + s->nright;
        if (s->nleft * s->nright > 2 * sides && sides < least) {
            least = sides;
            best = at;
        }
    }
    return best;
}

static const char *add_sides(struct list *list, const struct entry *e,
                             const struct sides *s, unsigned flags) {
    const char *wrong;

    if (yields(e))
        flags |= SMTPCODE_SHORT_YIELDS;
    pair = new_pair(&phrase_tables, e->index, flags);
    if (pair == SMTPCODE_SHORT_PAIRS)
        return "too many pairs of sides";
    wrong = add_each(list, e, s->left, s->nleft, SMTPCODE_SHORT_LEFT);
    return wrong ? wrong
                 : add_each(list, e, s->right, s->nright, SMTPCODE_SHORT_RIGHT);
}

static const char *add_words(struct list *list, const struct entry *e,
                             const char *text) {
    static const char some[] = " {some} ";
    const char *gap = strstr(text, some), *all[MOST_CHOICES];
    struct sides s;
    size_t n = 0;

    if (gap)
        return read_sides(text, gap, sizeof some - 1, &s)
                   ? add_sides(list, e, &s,
                               SMTPCODE_SHORT_SOME | SMTPCODE_SHORT_YIELDS)
                   : "no words at a side of {some}";
    gap = strstr(text, "{any}") ? NULL : find_gap(text, &s);
    if (gap && read_sides(text, gap, 1, &s))
        return add_sides(list, e, &s, 0);
    return expand(text, all, &n) ? add_each(list, e, all, n, 0)
                                 : "more than 512 wordings";
}

static void add_phrase(struct list *list, const struct entry *e) {
    const char *text = json_string_value(json_object_get(e->json, "text"));
    const char *wrong = add_words(list, e, text);

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
    const char *words = join_text(" %s ", text);
    size_t len = strlen(words);
    size_t n = smtpcode_find_short(&tables, words, len, hits, MOST_HITS);

    for (size_t i = 0; i < n; i++)
        if (2u * hits[i].length >= len &&
            condition_of(entries[hits[i].entry - 1]) != condition_of(e))
            return true;
    return false;
}

static void add_fragment(const struct entry *e, const char *text) {
    struct short_pattern *p = new_short(e, text);

    text = condensed(text);
    if (strlen(text) >= LEAST_FRAGMENT && !is_gainsaid(e, text) && !read_short(text, false, "utf-8", p))
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
    const unsigned sides = SMTPCODE_SHORT_LEFT | SMTPCODE_SHORT_RIGHT;

    if (a->entry->kind == b->entry->kind && a->entry != b->entry &&
        (a->entry->kind == SMTPCODE_KIND_TOKEN ||
         a->entry->kind == SMTPCODE_KIND_PHRASE) &&
        !((a->flags | b->flags) & sides) &&
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
