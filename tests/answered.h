/*
 * answered.h - whether a template's words were diagnosed as that template, and
 * whether the verdict is the one that follows from it.  For test_diagnose.c
 * and test_wrapped.c.
 */
#ifndef TESTS_ANSWERED_H
#define TESTS_ANSWERED_H

#include <ctype.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "filled.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

enum { MOST_TEMPLATES = 8000, SHOWN = 6 };

struct template {
    const smtpcode_entry *entry;
    char *words; /* without codes, in the form that same_words() compares */
    char *first; /* of its first line, and of its last */
    char *last;
    size_t nlines;
    unsigned stages; /* bits; 0: any */
    int code, enhanced;
    bool first_counts, last_counts; /* alone, for certain */
};

static struct template templates[MOST_TEMPLATES];
static size_t ntemplates;

static smtpcode_reply reply;
static smtpcode_result result;
static unsigned complaints; /* of the test that runs */

/* ---- the templates ---- */

static inline bool is(const char *text, const char *other) {
    return text && other && strcmp(text, other) == 0;
}

static inline int enhanced_of(const smtpcode_reply *r) {
    return smtpcode_reply_class(r) * 1000000 +
           smtpcode_reply_subject(r) * 1000 + smtpcode_reply_detail(r);
}

/* TEXT as lines from the network: nothing is unwrapped. */
static inline void read_lines(const char *text, size_t len) {
    const char *end = text + len;

    smtpcode_reply_begin(&reply);
    while (text < end) {
        const char *lf = memchr(text, '\n', (size_t)(end - text));
        const char *next = lf ? lf + 1 : end;
        smtpcode_reply_line(&reply, text, (size_t)(next - text));
        text = next;
    }
    smtpcode_reply_end(&reply);
}

/* Kinds of placeholder that may have the same values are one. */
static inline int kin(int kind) {
    const char *name = smtpcode_word(SMTPCODE_WORDS_CAPTURE, kind);

    return is(name, "recipient") || is(name, "sender")   ? 'a'
           : is(name, "address")                         ? 'a'
           : is(name, "blocklist") || is(name, "domain") ? 'd'
                                                         : 'A' + kind;
}

/* The words of lines FROM to TO: small letters, one blank, a byte for each
 * placeholder. */
static inline char *words_of(const smtpcode_entry *e, size_t from, size_t to) {
    static char text[MOST_TEXT];
    size_t len, n = 0;

    template_text(e, from, to, text, sizeof text);
    read_lines(text, strlen(text));
    const char *words = smtpcode_reply_words(&reply, &len);
    char *out = calloc(1, len + 1);
    for (size_t i = 0, step; i < len; i += step) {
        char copy[16] = "";
        memcpy(copy, words + i, len - i < 15 ? len - i : 15);
        int kind = placeholder_at(copy, &step);
        if (!kind)
            step = 1;
        char c = (char)(kind ? 0x80 | kin(kind) : tolower(words[i]));
        if (c != ' ' || (n > 0 && out[n - 1] != ' '))
            out[n++] = c;
    }
    return out;
}

static inline void add_template(const smtpcode_entry *e) {
    struct template *t = &templates[ntemplates++];
    int stage;

    *t = (struct template){.entry = e,
                           .nlines = smtpcode_count(e, SMTPCODE_LINE)};
    t->words = words_of(e, 0, t->nlines);
    t->code = smtpcode_reply_code(&reply);
    t->enhanced = enhanced_of(&reply);
    t->first = words_of(e, 0, 1);
    t->last = words_of(e, t->nlines - 1, t->nlines);
    for (size_t i = 0; (stage = smtpcode_number(e, SMTPCODE_STAGES, i)); i++)
        t->stages |= 1u << stage;
}

static inline int by_entry(const void *a, const void *b) {
    const struct template *x = a, *y = b;

    return x->entry < y->entry ? -1 : x->entry > y->entry;
}

static inline struct template *template_of(const smtpcode_entry *e) {
    const struct template key = {.entry = e};

    return bsearch(&key, templates, ntemplates, sizeof key, by_entry);
}

/* Whether there is a letter outside of links in the N bytes of WORDS. */
static inline bool has_word(const char *words, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (n - i > 4 && memcmp(words + i, "http", 4) == 0)
            while (i < n && words[i] != ' ')
                i++;
        if (i < n && isalpha((unsigned char)words[i]))
            return true;
    }
    return false;
}

/* A line that is met alone for certain: 11 bytes of words in a row before any
 * value, a word outside of links, and no {any} at the edge (README.md). */
static inline bool counts_alone(const smtpcode_entry *e, size_t line,
                                bool is_first) {
    enum { ANY = sizeof "{any}" - 1, ENOUGH = 11 };
    char text[MOST_TEXT];
    size_t len, run = 0, unused;

    template_text(e, line, line + 1, text, sizeof text);
    read_lines(text, strlen(text));
    const char *words = smtpcode_reply_words(&reply, &len);
    if (is_first && len >= ANY && memcmp(words + len - ANY, "{any}", ANY) == 0)
        return false;
    while (run < len && !placeholder_at(words + run, &unused))
        run++;
    return run >= ENOUGH && has_word(words, run);
}

/* What the public header does not tell: lines that other servers say too. */
static inline void read_shared(const char *file) {
    json_t *root = json_load_file(file, 0, NULL), *one;
    json_t *list = json_object_get(root, "templates");
    const char *server = json_string_value(json_object_get(root, "id"));
    size_t i;

    if (!server)
        server = json_string_value(json_object_get(root, "server"));
    json_array_foreach(list, i, one) {
        char id[200];
        const char *shared = json_string_value(json_object_get(one, "shared"));
        snprintf(id, sizeof id, "%s/%s", server,
                 json_string_value(json_object_get(one, "id")));
        struct template *t = template_of(smtpcode_find(id, strlen(id)));
        if (!t || t->nlines < 2)
            continue;
        t->first_counts = !is(shared, "first") && !is(shared, "both") &&
                          counts_alone(t->entry, 0, true);
        t->last_counts = !is(shared, "last") && !is(shared, "both") &&
                         counts_alone(t->entry, t->nlines - 1, false);
    }
    json_decref(root);
}

static inline void load_templates(void) {
    static const char *const places[] = {"data/servers/*.json",
                                         "data/servers/*/*.json"};

    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_TEMPLATE));)
        if (ntemplates < MOST_TEMPLATES)
            add_template(e);
    qsort(templates, ntemplates, sizeof *templates, by_entry);
    for (size_t p = 0; p < COUNT(places); p++) {
        glob_t files;
        if (glob(places[p], 0, NULL, &files) != 0)
            continue;
        for (size_t i = 0; i < files.gl_pathc; i++)
            read_shared(files.gl_pathv[i]);
        globfree(&files);
    }
}

/* ---- what the answer must be ---- */

static inline const smtpcode_entry *answer(enum smtpcode_field field) {
    return smtpcode_result_related(&result, field, 0);
}

static inline int number(enum smtpcode_field field) {
    return smtpcode_result_number(&result, field, 0);
}

static inline bool has_flag(enum smtpcode_flag flag) {
    return smtpcode_result_flags(&result) & flag;
}

static inline const char *id_of(const smtpcode_entry *e) {
    return e ? smtpcode_id(e) : "nothing";
}

/* A row that cannot pass, and why. */
struct excuse {
    const char *id;   /* of the template */
    const char *what; /* the complaint; NULL: any form of it */
    const char *why;
    bool needed; /* set when met: an excuse that nothing needs is a fault */
};

static struct excuse *excuses;
static size_t nexcuses;

static inline bool is_excused(const char *what, const struct template *t) {
    for (size_t i = 0; i < nexcuses; i++)
        if (is(excuses[i].id, smtpcode_id(t->entry)) &&
            (!excuses[i].what || is(excuses[i].what, what)))
            return excuses[i].needed = true;
    return false;
}

static inline void test_excuses(void **state) {
    (void)state;
    for (size_t i = 0; i < nexcuses; i++)
        if (!excuses[i].needed)
            fail_msg("%s: passes, take the excuse out", excuses[i].id);
}

static inline void complain(const char *what, const struct template *t) {
    size_t len;
    const char *words = smtpcode_reply_words(&reply, &len);

    if (is_excused(what, t))
        return;
    if (complaints++ < SHOWN)
        print_error("%s: %s; by %s: %s (flags %#x, stage %d, side %d): %d %d "
                    "'%.*s'\n",
                    smtpcode_id(t->entry), what, id_of(answer(SMTPCODE_RULE)),
                    id_of(answer(SMTPCODE_CONDITION)),
                    smtpcode_result_flags(&result), number(SMTPCODE_STAGE),
                    number(SMTPCODE_SIDE), smtpcode_reply_code(&reply),
                    enhanced_of(&reply), (int)len, words);
}

static inline const smtpcode_entry *condition_at(const smtpcode_entry *e,
                                                 int stage) {
    int at;

    for (size_t i = 0; (at = smtpcode_number(e, SMTPCODE_AT_STAGE, i)); i++)
        if (at == stage)
            return smtpcode_related(e, SMTPCODE_AT_CONDITION, i);
    return smtpcode_related(e, SMTPCODE_CONDITION, 0);
}

static inline bool same_verdict(const smtpcode_entry *a,
                                const smtpcode_entry *b) {
    int stage = number(SMTPCODE_STAGE);

    return condition_at(a, stage) == condition_at(b, stage);
}

static inline bool is_candidate(const smtpcode_entry *e) {
    const smtpcode_entry *c;

    for (size_t i = 0;
         (c = smtpcode_result_related(&result, SMTPCODE_CANDIDATE, i)); i++)
        if (c == e)
            return true;
    return false;
}

/* What of a template a form of it keeps. */
enum keeps { WHOLE, CODES_DIFFER, FIRST_LINE, LAST_LINE };

static inline bool same_words(const struct template *a,
                              const struct template *b, enum keeps keeps) {
    if (keeps == FIRST_LINE)
        return is(a->first, b->first);
    if (keeps == LAST_LINE)
        return is(a->last, b->last);
    return is(a->words, b->words) &&
           (keeps == CODES_DIFFER ||
            (a->code == b->code && a->enhanced == b->enhanced));
}

/* A template that may be meant by the same words, with another condition. */
static inline bool has_rival(const struct template *t, enum keeps keeps) {
    for (size_t i = 0; i < ntemplates; i++)
        if (same_words(t, &templates[i], keeps) &&
            !same_verdict(t->entry, templates[i].entry))
            return true;
    return false;
}

/* Whether T, or a template of the same words, fits too. */
static inline bool has_candidate(const struct template *t, enum keeps keeps) {
    const smtpcode_entry *c;

    for (size_t i = 0;
         (c = smtpcode_result_related(&result, SMTPCODE_CANDIDATE, i)); i++) {
        const struct template *other = template_of(c);
        if (other && same_words(t, other, keeps))
            return true;
    }
    return false;
}

/* A token of T's server, of the software that it runs, or of who runs the
 * blocklist that T's reply quotes. */
static inline bool is_near(const struct template *t,
                           const smtpcode_entry *token) {
    const smtpcode_entry *says = smtpcode_related(token, SMTPCODE_SERVER, 0);
    const smtpcode_entry *ours = smtpcode_related(t->entry, SMTPCODE_SERVER, 0);

    return says == ours || says == smtpcode_related(ours, SMTPCODE_RUNS, 0) ||
           says ==
               smtpcode_related(answer(SMTPCODE_BLOCKLIST), SMTPCODE_SERVER, 0);
}

static inline bool is_said_here(const struct template *t) {
    int stage = number(SMTPCODE_STAGE);

    return !stage || !t->stages || t->stages >> stage & 1;
}

/* T decided, or what means the same: a template of its words, a token; or
 * nothing did because nothing tells its rivals apart. */
static inline bool is_answered(const struct template *t, enum keeps keeps) {
    const smtpcode_entry *rule = answer(SMTPCODE_RULE);
    const struct template *other = rule ? template_of(rule) : NULL;

    if (rule == t->entry)
        return true;
    if (other && same_words(t, other, keeps) &&
        (same_verdict(t->entry, rule) || !is_said_here(t) ||
         has_flag(SMTPCODE_FLAG_AMBIGUOUS)))
        return true;
    if (rule && smtpcode_kind_of(rule) == SMTPCODE_KIND_TOKEN)
        return is_near(t, rule) && same_verdict(t->entry, rule) &&
               has_candidate(t, keeps);
    return !other && has_flag(SMTPCODE_FLAG_AMBIGUOUS) && has_rival(t, keeps);
}

/* ---- the verdict ---- */

static inline bool case_holds(const char *when, size_t len) {
    const char *detail = smtpcode_result_text(&result, SMTPCODE_DETAIL, 0);

    if (strncmp(when, "detail=", 7) == 0)
        return detail && strlen(detail) == len - 7 &&
               memcmp(detail, when + 7, len - 7) == 0;
    if (strncmp(when, "flag=forwarded", len) == 0)
        return has_flag(SMTPCODE_FLAG_FORWARDED);
    if (strncmp(when, "side=ours", len) == 0)
        return number(SMTPCODE_SIDE) == SMTPCODE_SIDE_OURS;
    if (strncmp(when, "side=theirs", len) == 0)
        return number(SMTPCODE_SIDE) == SMTPCODE_SIDE_THEIRS;
    return false; /* server=named: no value names a host of a server we know */
}

static inline bool cases_hold(const char *when) {
    for (size_t len; when && *when; when += len + (when[len] == ' ')) {
        len = strcspn(when, " ");
        if (!case_holds(when, len))
            return false;
    }
    return when != NULL;
}

static inline int expected_who(const smtpcode_entry *rule,
                               const smtpcode_entry *condition) {
    int who = smtpcode_number(rule, SMTPCODE_WHO, 0);
    bool says = who || (smtpcode_count(rule, SMTPCODE_WHO) > 0 &&
                        smtpcode_kind_of(rule) >= SMTPCODE_KIND_TEMPLATE);

    if (says && condition == smtpcode_related(rule, SMTPCODE_CONDITION, 0))
        return who;
    for (size_t i = 0;
         (who = smtpcode_number(condition, SMTPCODE_WHO_IF_WHO, i)); i++)
        if (cases_hold(smtpcode_text(condition, SMTPCODE_WHO_IF_WHEN, i)))
            return who;
    return smtpcode_number(condition, SMTPCODE_WHO, 0);
}

/* RULE's own word, else CONDITION's for the class of the code. */
static inline int expected(const smtpcode_entry *rule,
                           const smtpcode_entry *condition,
                           enum smtpcode_field field,
                           enum smtpcode_field for_4xx) {
    int own = smtpcode_number(rule, field, 0);

    return own ? own
               : smtpcode_number(condition,
                                 number(SMTPCODE_STATED) == 1 ? for_4xx : field,
                                 0);
}

/* design.md 4, the floor under "drop the address". */
static inline int most_suppress(void) {
    const char *scope =
        smtpcode_word(SMTPCODE_WORDS_SCOPE, number(SMTPCODE_SCOPE));
    int basis = number(SMTPCODE_BASIS);

    if (!is(scope, "recipient") && !is(scope, "recipient-domain"))
        return SMTPCODE_SUPPRESS_NO;
    if (basis <= SMTPCODE_BASIS_DOTLESS ||
        number(SMTPCODE_SIDE) == SMTPCODE_SIDE_OURS ||
        has_flag(SMTPCODE_FLAG_AMBIGUOUS) || has_flag(SMTPCODE_FLAG_CONFLICT) ||
        has_flag(SMTPCODE_FLAG_TRUNCATED))
        return SMTPCODE_SUPPRESS_NO;
    return number(SMTPCODE_STATED) != 2 ||
                   smtpcode_reply_code(&reply) / 100 == 4 ||
                   smtpcode_reply_class(&reply) == 4 ||
                   basis == SMTPCODE_BASIS_PHRASE ||
                   basis == SMTPCODE_BASIS_ENHANCED
               ? SMTPCODE_SUPPRESS_AFTER_REPEATS
               : SMTPCODE_SUPPRESS_YES;
}

static inline void check_verdict(const struct template *t) {
    const smtpcode_entry *rule = answer(SMTPCODE_RULE);
    const smtpcode_entry *condition = answer(SMTPCODE_CONDITION);
    int retry = expected(rule, condition, SMTPCODE_RETRY, SMTPCODE_RETRY_4XX);
    int suppress =
        expected(rule, condition, SMTPCODE_SUPPRESS, SMTPCODE_SUPPRESS_4XX);
    int most = most_suppress();

    if (!rule)
        return; /* rivals that nothing tells apart: "unknown" */
    if (condition != condition_at(rule, number(SMTPCODE_STAGE)))
        complain("not the condition of what decided", t);
    if (number(SMTPCODE_WHO) != expected_who(rule, condition))
        complain("who", t);
    if (number(SMTPCODE_RETRY) != retry)
        complain("retry", t);
    if (number(SMTPCODE_SUPPRESS) != (suppress > most ? most : suppress))
        complain("suppress", t);
    if (number(SMTPCODE_CONFIDENCE) < 50)
        complain("confidence", t);
}

/* What holds whatever was said (R5). */
static inline void check_consistent(const struct template *t) {
    int stated = number(SMTPCODE_STATED), judged = number(SMTPCODE_JUDGED);
    int retry = number(SMTPCODE_RETRY), suppress = number(SMTPCODE_SUPPRESS);
    int digit = smtpcode_reply_code(&reply) / 100;

    if (digit == 0)
        digit = smtpcode_reply_class(&reply);
    if (digit && smtpcode_reply_outer_code(&reply) == 0 &&
        stated != (digit == 4   ? 1
                   : digit == 5 ? 2
                                : 0))
        complain("stated is not what the code says", t);
    bool failed = number(SMTPCODE_WHO) != SMTPCODE_WHO_NOBODY ||
                  retry != SMTPCODE_RETRY_NO;
    if (judged != (!failed                         ? 0
                   : retry == SMTPCODE_RETRY_LATER ? 1
                   : retry                         ? 2
                                                   : stated))
        complain("judged and retry disagree", t);
    if (suppress < SMTPCODE_SUPPRESS_NO || suppress > most_suppress())
        complain("suppress is above the floor", t);
    if (stated != 2 && suppress == SMTPCODE_SUPPRESS_YES)
        complain("no permanent failure, and yet drop the address", t);
}

/* ---- a template in one form ---- */

static inline void diagnose(int stage) {
    smtpcode_hints hints = {.size = sizeof hints,
                            .stage = (enum smtpcode_stage)stage};

    assert_int_equal(smtpcode_diagnose(&reply, &hints, &result), SMTPCODE_OK);
}

static inline void check_answer(const struct template *t, enum keeps keeps,
                                const char *form) {
    if (is_answered(t, keeps))
        check_verdict(t);
    else
        complain(form, t);
    check_consistent(t);
}

static inline void read_text(const char *text, size_t len) {
    assert_int_equal(smtpcode_reply_read(&reply, text, len), SMTPCODE_OK);
}

#endif
