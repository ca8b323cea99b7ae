/*
 * answer.c - Who? Again? Address? of a diagnosis, a sentence or two each.
 *
 * The data's own sentence where it fits the facts of this very reply; a plain
 * one made from the facts where a reply has other facts than its condition
 * usually has, so that a page never says both.
 */
#include <string.h>

#include "command.h"
#include "diagnosis.h"

typedef const smtpcode_result answered;

static int stated(answered *r) {
    return smtpcode_result_number(r, SMTPCODE_STATED, 0);
}

static bool is_temporary(answered *r) { return stated(r) == STATED_TEMPORARY; }

/* What the row E says in the field that holds for this reply. */
static int usual(const smtpcode_entry *e, answered *r,
                 enum smtpcode_field field) {
    bool condition = smtpcode_kind_of(e) == SMTPCODE_KIND_CONDITION;

    if (condition && is_temporary(r))
        field = field == SMTPCODE_RETRY      ? SMTPCODE_RETRY_4XX
                : field == SMTPCODE_SUPPRESS ? SMTPCODE_SUPPRESS_4XX
                                             : field;
    return smtpcode_number(e, field, 0);
}

static const char *sentence_of(const smtpcode_entry *e, answered *r,
                               enum smtpcode_field field) {
    enum smtpcode_field temporary =
        field == SMTPCODE_ANSWER_AGAIN     ? SMTPCODE_ANSWER_AGAIN_4XX
        : field == SMTPCODE_ANSWER_ADDRESS ? SMTPCODE_ANSWER_ADDRESS_4XX
                                           : field;
    const char *text = is_temporary(r) ? smtpcode_text(e, temporary, 0) : NULL;

    return text ? text : smtpcode_text(e, field, 0);
}

/* Whether the sentence TEXT stands in E, where FACT is what it is here. */
static bool fits(const smtpcode_entry *e, answered *r, const char *text,
                 enum smtpcode_field sentence, enum smtpcode_field fact) {
    const char *own = sentence_of(e, r, sentence);

    return own && strcmp(own, text) == 0 &&
           usual(e, r, fact) == smtpcode_result_number(r, fact, 0);
}

static bool fits_any(answered *r, const char *text,
                     enum smtpcode_field sentence, enum smtpcode_field fact) {
    static const enum smtpcode_field rows[] = {SMTPCODE_RULE, SMTPCODE_OWN_CODE,
                                               SMTPCODE_CONDITION};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (fits(smtpcode_result_related(r, rows[i], 0), r, text, sentence,
                 fact))
            return true;
    for (size_t i = 0; smtpcode_result_related(r, SMTPCODE_CANDIDATE, i); i++)
        if (fits(smtpcode_result_related(r, SMTPCODE_CANDIDATE, i), r, text,
                 sentence, fact))
            return true;
    return false;
}

/* The data's sentences into OUT; false if they are of other facts. */
static bool from_data(struct text *out, answered *r,
                      enum smtpcode_field sentence, enum smtpcode_field fact) {
    const char *text = smtpcode_result_text(r, sentence, 0);

    if (!text || !fits_any(r, text, sentence, fact))
        return false;
    for (size_t i = 0; (text = smtpcode_result_text(r, sentence, i)); i++)
        append_item(out, " ", text);
    return true;
}

void append_who(struct text *out, answered *r) {
    static const char *const sentences[] = {
        "Not known: the reply does not say whose fault it is.",
        "You, the sender: the change is on your side.",
        "Whoever runs your mail server, application or domain.",
        "Whoever forwards the mail: a forwarder, mailing list or gateway.",
        "The recipient.",
        "Whoever runs the recipient's mail system.",
        "Nobody."};
    const char *text;

    /* The library leaves it out where it would be another's. */
    for (size_t i = 0; (text = smtpcode_result_text(r, SMTPCODE_ANSWER_WHO, i));
         i++)
        append_item(out, " ", text);
    if (out->len == 0)
        append_item(out, "",
                    sentences[smtpcode_result_number(r, SMTPCODE_WHO, 0)]);
}

/* "usually 5-30min" */
static void append_usual_wait(struct text *out, answered *r) {
    int least = smtpcode_result_number(r, SMTPCODE_MINUTES, 0);
    char wait[40];

    if (!least)
        return;
    wait_text(wait, sizeof wait, least,
              smtpcode_result_number(r, SMTPCODE_MINUTES, 1));
    append(out, " Usual wait: %s.", wait);
}

static void append_asked_wait(struct text *out, answered *r) {
    int seconds = smtpcode_result_number(r, SMTPCODE_RETRY_AFTER, 0);
    char wait[40];

    if (!seconds)
        return;
    if (seconds % 60)
        snprintf(wait, sizeof wait, "%ds", seconds);
    else
        wait_text(wait, sizeof wait, seconds / 60, seconds / 60);
    append(out, " The reply itself asks for %s.", wait);
}

static bool is_unknown(answered *r) {
    return !smtpcode_result_related(r, SMTPCODE_RULE, 0);
}

static const char *again_sentence(answered *r) {
    bool temporary = is_temporary(r);

    if (is_unknown(r) && stated(r) == STATED_PERMANENT)
        return "The code says no: find out why before you send it again.";
    if (is_unknown(r) && !temporary)
        return "Not known: there is no code in it. Get the whole reply first.";

    switch (smtpcode_result_number(r, SMTPCODE_RETRY, 0)) {
    case SMTPCODE_RETRY_NO:
        return "No: the same mail to the same address fails every time.";
    case SMTPCODE_RETRY_LATER:
        return temporary ? "Yes. A mail server retries by itself; a script or "
                           "form that tries once must send again."
                         : "Later, by hand: it can pass then, but with this "
                           "code a mail server gives up.";
    case SMTPCODE_RETRY_AFTER_FIX:
        return temporary ? "Only after the fix. A mail server retries by "
                           "itself, in vain until then."
                         : "Only after the fix: unchanged it fails again.";
    }
    return "Not known: collect the whole reply first.";
}

static bool says_anew(const char *text) {
    return strstr(text, "anew") || strstr(text, "again") ||
           strstr(text, "by hand");
}

/* What has become of this message, where the code or the wrapping tells. */
static void append_final(struct text *out, answered *r) {
    enum { STOPPED = 1, QUEUED = 2 };
    int final = smtpcode_result_number(r, SMTPCODE_FINAL, 0);
    bool later =
        smtpcode_result_number(r, SMTPCODE_RETRY, 0) == SMTPCODE_RETRY_LATER;

    if (final == QUEUED && stated(r) == STATED_PERMANENT)
        append(out, " This one is still in the queue.");
    else if (final == STOPPED && later)
        append(out, " This one was given up: it must be sent anew.");
    else if (stated(r) == STATED_PERMANENT && later && !says_anew(text_of(out)))
        append(out, " With a 5 in front it is not retried: send it anew.");
}

void append_again(struct text *out, answered *r) {
    if (!from_data(out, r, SMTPCODE_ANSWER_AGAIN, SMTPCODE_RETRY)) {
        append_item(out, "", again_sentence(r));
        if (smtpcode_result_number(r, SMTPCODE_RETRY, 0) ==
            SMTPCODE_RETRY_LATER)
            append_usual_wait(out, r);
    }
    append_asked_wait(out, r);
    append_final(out, r);
}

void append_address(struct text *out, answered *r) {
    static const char *const sentences[] = {
        "Keep it.", "Keep it: this does not prove that the address is dead.",
        "Keep it for now; drop it if later mails fail in the same way.",
        "Drop it: the address takes no mail."};
    const smtpcode_entry *condition =
        smtpcode_result_related(r, SMTPCODE_CONDITION, 0);
    const char *text = smtpcode_text(condition, SMTPCODE_ANSWER_ADDRESS, 0);

    if (is_unknown(r) && text) /* the code's own page may know no better */
        append_item(out, "", text);
    else if (!from_data(out, r, SMTPCODE_ANSWER_ADDRESS, SMTPCODE_SUPPRESS))
        append_item(out, "",
                    sentences[smtpcode_result_number(r, SMTPCODE_SUPPRESS, 0)]);
}
