/*
 * merge.c - one JSON object from several: what is left out in one place is
 * said in another, once.
 */
#include <string.h>

#include "gen.h"

const struct source *find_source(const char *folder, const char *stem) {
    for (size_t i = 0; i < nsources; i++)
        if (strcmp(sources[i].folder, folder) == 0 &&
            strcmp(sources[i].stem, stem) == 0)
            return sources[i].root ? &sources[i] : NULL;
    return NULL;
}

/* KEYS of FROM into OBJECT where OBJECT has none of its own. */
static void inherit(json_t *object, const json_t *from,
                    const char *const *keys) {
    for (; *keys; keys++)
        if (!json_object_get(object, *keys))
            json_object_set(object, *keys, json_object_get(from, *keys));
}

static void forget(json_t *object, const char *const *keys) {
    for (; *keys; keys++)
        json_object_del(object, *keys);
}

/* A class that the code's file does not list: the class file says how far the
 * texts, which are about another class, can be trusted. */
static void use_class_only(json_t *merged, const json_t *class_file,
                           char code_class) {
    static const char *const verdict[] = {"retry", "suppress", NULL};
    static const char *const success[] = {
        "who",    "answers",  "condition", "detail", "at",
        "causes", "remedies", "dont",      "checks", NULL};
    static const char *const replaced[] = {"title", "meaning", NULL};
    const json_t *unlisted = json_object_get(class_file, "unlisted");

    forget(merged, verdict);
    inherit(merged, class_file, verdict);
    if (code_class == '2') {
        forget(merged, success);
        inherit(merged, class_file, success);
    }
    for (const char *const *key = replaced; *key; key++)
        if (json_object_get(unlisted, *key))
            json_object_set(merged, *key, json_object_get(unlisted, *key));
    json_t *answers = json_copy(json_object_get(merged, "answers"));
    json_object_set(answers, "again", json_object_get(unlisted, "again"));
    json_object_set_new(merged, "answers", answers);
    json_object_set(merged, "note",
                    json_object_get(class_file, "note_unlisted"));
}

json_t *merge_class(const struct source *source, char code_class) {
    static const char *const always[] = {"retry", NULL};
    static const char *const notes[] = {"note", NULL};
    const char file[] = {code_class, '.', 'x', '.', 'x', '\0'};
    const char name[] = {code_class, '\0'};
    const struct source *class_file = find_source("enhanced", file);
    json_t *by_class = json_object_get(source->root, "by_class");
    json_t *merged = json_copy(source->root);

    json_object_del(merged, "by_class");
    if (code_class == 'x')
        return merged;
    if (!class_file) /* build_entries() complains, once */
        return merged;
    const json_t *own = json_object_get(by_class, name);
    if (json_object_get(own, "condition")) /* another detail, or none */
        json_object_del(merged, "detail");
    if (own)
        json_object_update(merged, (json_t *)own);
    else
        use_class_only(merged, class_file->root, code_class);
    if (strlen(source->stem) == 5 && source->stem[4] == 'x') { /* a subject */
        json_object_del(merged, "note");
        inherit(merged, class_file->root, notes);
    }
    inherit(merged, class_file->root, always);
    return merged;
}

/* For any class: what both defaults of the condition agree on, and of two
 * ways to treat the address the more careful one. */
static json_t *common_defaults(const json_t *condition) {
    json_t *permanent = json_object_get(condition, "permanent");
    json_t *temporary = json_object_get(condition, "temporary");
    json_t *retry = json_object_get(permanent, "retry");
    json_t *common = json_copy(temporary); /* suppress: never above 5xx's */

    if (common && !json_equal(retry, json_object_get(temporary, "retry")))
        json_object_set_new(common, "retry", json_null());
    return common;
}

json_t *merge_condition(const json_t *own, const char *code,
                        const json_t *condition) {
    /* Not the causes: they are of any server, and this is one's own code. */
    static const char *const shared[] = {"who",     "scope",    "fix_at",
                                         "answers", "remedies", "dont",
                                         "checks",  "minutes",  NULL};
    static const char *const verdict[] = {"retry", "suppress", NULL};
    json_t *merged = json_copy((json_t *)own);
    const json_t *defaults = code[0] == 'x' ? common_defaults(condition)
                             : code[0] == '4'
                                 ? json_object_get(condition, "temporary")
                                 : json_object_get(condition, "permanent");

    inherit(merged, condition, shared);
    inherit(merged, defaults, verdict);
    return merged;
}
