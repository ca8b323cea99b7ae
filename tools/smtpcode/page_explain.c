/* page_explain.c - --explain: what was read, what spoke, and what decided. */
#include <string.h>

#include "diagnosis.h"

enum { NAME = 14 };

typedef const smtpcode_result answered;

/* ---- what spoke ---- */

static const char *reason_text(int reason) {
    static const char *const texts[] = {"",
                                        ", and decides",
                                        ", too",
                                        ", but is less exact",
                                        ", but does not count at this stage",
                                        ", but yields to any other",
                                        ", but another one is longer"};

    return reason > 0 && (size_t)reason < sizeof texts / sizeof *texts
               ? texts[reason]
               : "";
}

static void print_candidate(answered *r, size_t i) {
    const smtpcode_entry *e = smtpcode_result_related(r, SMTPCODE_CANDIDATE, i);
    const char *basis =
        smtpcode_word(SMTPCODE_WORDS_BASIS,
                      smtpcode_result_number(r, SMTPCODE_CANDIDATE_BASIS, i));
    const smtpcode_entry *condition =
        smtpcode_result_related(r, SMTPCODE_CANDIDATE_CONDITION, i);
    struct text text = {NULL, 0, 0};

    append(
        &text, "%s says %s%s", smtpcode_id(e), smtpcode_id(condition),
        reason_text(smtpcode_result_number(r, SMTPCODE_CANDIDATE_REASON, i)));
    labelled(basis, NAME, text_of(&text));
    free_text(&text);
    if (smtpcode_text(e, SMTPCODE_LINE, 0)) { /* its words, as they are known */
        append_reply(&text, e);
        labelled("", NAME, text_of(&text));
        free_text(&text);
    }
}

static void print_candidates(const struct diagnosis *d) {
    answered *r = &d->result;
    size_t n = smtpcode_result_count(r, SMTPCODE_CANDIDATE);

    putchar('\n');
    styled(STYLE_HEAD, "What speaks in it, most exact first");
    putchar('\n');
    for (size_t i = 0; i < n; i++)
        print_candidate(r, i);
    if (n == 0)
        labelled("nothing", NAME, "no words of it are known, nor its codes");
    if (n > 0 && !is_known(d))
        labelled("none", NAME,
                 "is sure enough: wrong would be worse than unknown");
}

/* ---- how it was read ---- */

static void print_word(const char *label, int value,
                       enum smtpcode_vocabulary vocabulary) {
    const char *known = smtpcode_word(vocabulary, value);

    labelled(label, NAME, known ? known : "not known");
}

static void print_codes(const struct diagnosis *d) {
    struct text text = {NULL, 0, 0};
    int outer = smtpcode_reply_outer_code(&d->reply);

    append_codes(&text, &d->result);
    if (text.len == 0)
        append(&text, "none");
    if (outer)
        append(&text, ", within a reply %d of another server", outer);
    labelled("codes", NAME, text_of(&text));
    free_text(&text);
}

static void print_place(const struct diagnosis *d) {
    struct text text = {NULL, 0, 0};
    size_t len, start = smtpcode_reply_source_span(&d->reply, &len);

    append(&text, "%zu in the text; this one ",
           smtpcode_reply_count(&d->reply));
    if (len)
        append(&text, "is bytes %zu to %zu of %zu", start, start + len, d->len);
    else
        append(&text, "stands in pieces");
    labelled("replies", NAME, text_of(&text));
    free_text(&text);
}

static void print_server_of(answered *r) {
    const smtpcode_entry *server =
        smtpcode_result_related(r, SMTPCODE_SERVER, 0);
    const smtpcode_entry *software =
        smtpcode_result_related(r, SMTPCODE_SOFTWARE, 0);
    const char *evidence =
        smtpcode_word(SMTPCODE_WORDS_EVIDENCE,
                      smtpcode_result_number(r, SMTPCODE_SERVER_EVIDENCE, 0));
    struct text text = {NULL, 0, 0};

    append(&text, "%s", server ? smtpcode_id(server) : "not known");
    if (evidence)
        append(&text, ", by its %s", evidence);
    if (software)
        append(&text, "; software %s", smtpcode_id(software));
    labelled("server", NAME, text_of(&text));
    free_text(&text);
}

static void print_set_flags(answered *r) {
    struct text text = {NULL, 0, 0};
    int flag;

    for (size_t i = 0; (flag = smtpcode_result_number(r, SMTPCODE_FLAG, i));
         i++)
        append_item(&text, ", ", smtpcode_word(SMTPCODE_WORDS_FLAG, flag));
    if (text.len)
        labelled("flags", NAME, text_of(&text));
    free_text(&text);
}

void print_explanation(const struct diagnosis *d) {
    answered *r = &d->result;

    print_candidates(d);
    putchar('\n');
    styled(STYLE_HEAD, "How it was read");
    putchar('\n');
    print_codes(d);
    print_place(d);
    print_word("stage", smtpcode_result_number(r, SMTPCODE_STAGE, 0),
               SMTPCODE_WORDS_STAGE);
    print_word("side", smtpcode_result_number(r, SMTPCODE_SIDE, 0),
               SMTPCODE_WORDS_SIDE);
    print_word("code says", smtpcode_result_number(r, SMTPCODE_STATED, 0),
               SMTPCODE_WORDS_STATED);
    print_word("judged", smtpcode_result_number(r, SMTPCODE_JUDGED, 0),
               SMTPCODE_WORDS_STATED);
    print_server_of(r);
    print_set_flags(r);
    putchar('\n');
    print_their_text(d);
    print_their_words(d, "As read");
    print_captures(d);
    print_verdict(d);
    print_flags(d);
}
