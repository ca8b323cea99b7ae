/*
 * page_diagnosis.c - the answer to one reply as a page: the verdict first,
 * then whose move it is, why, what to do, and what the server itself said.
 */
#include <string.h>

#include "diagnosis.h"

enum { FACTS = 12, SOME_LINKS = 1 };

typedef const smtpcode_result answered;

void fact(const char *label, const char *text) {
    styled(STYLE_LABEL, label);
    if (*text)
        blanks(FACTS - columns(label));
    wrapped(text, FACTS, options.width);
    putchar('\n');
}

/* ---- the headline ---- */

static const char *accepted_or_not(answered *r) {
    enum { GIVEN_UP = 1 };
    int code = smtpcode_result_number(r, SMTPCODE_REPLY_CODE, 0);
    bool fix =
        smtpcode_result_number(r, SMTPCODE_RETRY, 0) != SMTPCODE_RETRY_LATER;

    switch (smtpcode_result_number(r, SMTPCODE_STATED, 0)) {
    case STATED_TEMPORARY:
        if (smtpcode_result_number(r, SMTPCODE_FINAL, 0) == GIVEN_UP)
            return "Not delivered: ";
        return fix ? "Refused for now: " : "Delayed: ";
    case STATED_PERMANENT:
        return code ? "Refused: " : "Not delivered: ";
    }
    return code ? "Accepted: " : "";
}

/* Titles that tell themselves what became of the mail. */
static bool says_outcome(const char *title) {
    static const char *const begins[] = {"Not ", "Accepted", "Delayed", "Held"};

    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (strncmp(title, begins[i], strlen(begins[i])) == 0)
            return true;
    return strstr(title, "refuse") || strstr(title, "Refuse");
}

/* Whether the first word of TITLE is a name: one with other capitals or
 * signs in it, or one that a server has in its own. */
static bool begins_with_name(const char *title) {
    struct text word = {NULL, 0, 0};
    size_t len = strcspn(title, " :,");
    bool found =
        len > 1 && strspn(title + 1, "abcdefghijklmnopqrstuvwxyz") < len - 1;

    append_bytes(&word, title, len);
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_SERVER)) && !found;) {
        const char *name = smtpcode_text(e, SMTPCODE_NAME, 0);
        found = len > 1 && name && strstr(name, text_of(&word));
    }
    free_text(&word);
    return found;
}

static void append_title(struct text *out, const char *title) {
    bool lower = *title >= 'A' && *title <= 'Z' && !begins_with_name(title);

    append(out, "%c%s", lower ? *title | 0x20 : *title, title + 1);
}

static enum style headline_style(answered *r) {
    switch (smtpcode_result_number(r, SMTPCODE_STATED, 0)) {
    case STATED_TEMPORARY:
        return STYLE_WAIT;
    case STATED_PERMANENT:
        return STYLE_BAD;
    }
    return STYLE_TITLE;
}

/* Of an unknown reply the codes' headline, and that it is no more. */
static void append_unknown(struct text *out, answered *r, const char *title) {
    append(out, "Not recognised");
    if (!title || !smtpcode_result_number(r, SMTPCODE_STATED, 0))
        return;
    append(out, "; ");
    append_codes(out, r);
    append(out, " alone says: ");
    append_title(out, title);
}

static void append_known(struct text *out, answered *r, const char *title) {
    if (!title) /* a library without sentences */
        title = smtpcode_id(smtpcode_result_related(r, SMTPCODE_CONDITION, 0));
    append_item(out, "", says_outcome(title) ? "" : accepted_or_not(r));
    if (out->len)
        append_title(out, title);
    else
        append(out, "%s", title);
}

void append_headline(struct text *out, const struct diagnosis *d) {
    const char *title = smtpcode_result_text(&d->result, SMTPCODE_TITLE, 0);

    if (is_known(d))
        append_known(out, &d->result, title);
    else
        append_unknown(out, &d->result, title);
}

void print_headline_of(const struct diagnosis *d) {
    struct text text = {NULL, 0, 0};

    append_headline(&text, d);
    begin_style(headline_style(&d->result));
    wrapped(text_of(&text), 2, options.width);
    end_style(headline_style(&d->result));
    putchar('\n');
    free_text(&text);
}

/* ---- whose move ---- */

static void print_answer(const char *label, answered *r,
                         void (*append_answer)(struct text *, answered *)) {
    struct text text = {NULL, 0, 0};

    append_answer(&text, r);
    labelled(label, FACTS, text_of(&text));
    free_text(&text);
}

void print_answers_of(const struct diagnosis *d) {
    answered *r = &d->result;
    bool wait =
        smtpcode_result_number(r, SMTPCODE_RETRY, 0) == SMTPCODE_RETRY_LATER;

    putchar('\n');
    print_answer("Who?", r, append_who);
    print_answer(wait ? "Wait?" : "Again?", r, append_again);
    print_answer("Address?", r, append_address);
    if (smtpcode_result_flags(r) & SMTPCODE_FLAG_MAYBE_DELIVERED)
        labelled("But", FACTS,
                 "It may have arrived already: sending it again can make a "
                 "duplicate.");
}

/* ---- the end ---- */

/* A link that is broken in two leads nowhere. */
static void print_link(const char *label, const char *url) {
    if (FACTS + columns(url) <= options.width) {
        fact(label, url);
        return;
    }
    if (*label)
        fact(label, "");
    printf("  %s\n", url);
}

static void print_more(answered *r) {
    size_t n = smtpcode_result_count(r, SMTPCODE_LINK);

    fact("More", options.all ? "--explain --json" : "--all --explain --json");
    for (size_t i = 0; i < n && (options.all || i < SOME_LINKS); i++)
        print_link(i == 0 ? "See" : "",
                   smtpcode_result_text(r, SMTPCODE_LINK, i));
}

/* What to find out where nothing is known: the rows of "unknown", whatever
 * the code's own page has. */
static struct advice advice_of(const struct diagnosis *d) {
    bool known = is_known(d);

    return (struct advice){
        known ? NULL
              : smtpcode_result_related(&d->result, SMTPCODE_CONDITION, 0),
        &d->result, true};
}

void print_diagnosis_page(const struct diagnosis *d) {
    print_headline_of(d);
    print_answers_of(d);
    if (options.explain) {
        print_explanation(d);
        return;
    }
    print_why(d);
    print_remedies(advice_of(d));
    putchar('\n');
    print_their_text(d);
    print_captures(d);
    print_verdict(d);
    print_flags(d);
    print_others(d);
    print_official(d);
    print_more(&d->result);
}
