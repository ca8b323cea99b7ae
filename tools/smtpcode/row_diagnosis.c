/*
 * row_diagnosis.c - an answer on exactly one line: for people, as
 * tab-separated values, as JSON.
 */
#include <stdlib.h>
#include <string.h>

#include "diagnosis.h"

typedef const smtpcode_result answered;

static const char *word(answered *r, enum smtpcode_vocabulary vocabulary,
                        enum smtpcode_field field) {
    const char *known =
        smtpcode_word(vocabulary, smtpcode_result_number(r, field, 0));

    return known ? known : "";
}

static const char *id_of(answered *r, enum smtpcode_field field) {
    const smtpcode_entry *e = smtpcode_result_related(r, field, 0);

    return e ? smtpcode_id(e) : "";
}

static void append_enhanced(struct text *out, answered *r) {
    int code = smtpcode_result_number(r, SMTPCODE_ENHANCED_CODE, 0);

    if (code)
        append(out, "%d.%d.%d", code / 1000000, code / 1000 % 1000,
               code % 1000);
}

void append_codes(struct text *out, answered *r) {
    int code = smtpcode_result_number(r, SMTPCODE_REPLY_CODE, 0);

    if (code)
        append(out, "%d", code);
    if (code && smtpcode_result_number(r, SMTPCODE_ENHANCED_CODE, 0))
        append(out, " ");
    append_enhanced(out, r);
}

/* ---- TSV ---- */

static void append_number(struct text *out, answered *r,
                          enum smtpcode_field field) {
    int n = smtpcode_result_number(r, field, 0);

    append(out, n ? "%d\t" : "\t", n);
}

static void append_word(struct text *out, answered *r,
                        enum smtpcode_vocabulary vocabulary,
                        enum smtpcode_field field) {
    append(out, "%s\t", word(r, vocabulary, field));
}

static void append_verdict(struct text *out, answered *r) {
    const char *detail = smtpcode_result_text(r, SMTPCODE_DETAIL, 0);

    append_number(out, r, SMTPCODE_REPLY_CODE);
    append_enhanced(out, r);
    append(out, "\t%s\t%s\t", id_of(r, SMTPCODE_CONDITION),
           detail ? detail : "");
    append_word(out, r, SMTPCODE_WORDS_WHO, SMTPCODE_WHO);
    append_word(out, r, SMTPCODE_WORDS_RETRY, SMTPCODE_RETRY);
    append_number(out, r, SMTPCODE_RETRY_AFTER);
    append_word(out, r, SMTPCODE_WORDS_SUPPRESS, SMTPCODE_SUPPRESS);
    append_word(out, r, SMTPCODE_WORDS_SCOPE, SMTPCODE_SCOPE);
    append_word(out, r, SMTPCODE_WORDS_STATED, SMTPCODE_STATED);
    append_word(out, r, SMTPCODE_WORDS_STATED, SMTPCODE_JUDGED);
    append_word(out, r, SMTPCODE_WORDS_SIDE, SMTPCODE_SIDE);
    append(out, "%s\t", id_of(r, SMTPCODE_SERVER));
    append_word(out, r, SMTPCODE_WORDS_BASIS, SMTPCODE_BASIS);
    append(out, "%s\t%d\t", id_of(r, SMTPCODE_RULE),
           smtpcode_result_number(r, SMTPCODE_CONFIDENCE, 0));
}

static void append_flags(struct text *out, answered *r) {
    int flag;

    for (size_t i = 0; (flag = smtpcode_result_number(r, SMTPCODE_FLAG, i));
         i++)
        append(out, "%s%s", i ? "," : "",
               smtpcode_word(SMTPCODE_WORDS_FLAG, flag));
}

/* The reply's words come last; they cannot hold a tab or a line end. */
/* A spreadsheet would take "=..." for a formula. */
static void append_cell(struct text *line, const char *words, size_t len) {
    static const char hex[] = "0123456789abcdef";

    if (len > 0 && words[0] && strchr("=+-@", words[0])) {
        const char escape[4] = {'\\', 'x', hex[(words[0] >> 4) & 15],
                                hex[words[0] & 15]};
        append_bytes(line, escape, sizeof escape);
        words++;
        len--;
    }
    append_escaped(line, words, len);
}

void print_diagnosis_tsv(const struct diagnosis *d) {
    struct text *line = scratch();
    size_t len;
    const char *words = smtpcode_reply_words(&d->reply, &len);

    append_verdict(line, &d->result);
    append_flags(line, &d->result);
    append_bytes(line, "\t", 1);
    append_cell(line, words, len);
    append_bytes(line, "\n", 1);
    fwrite(line->bytes, 1, line->len, stdout);
}

/* ---- JSON ---- */

void print_diagnosis_json(const struct diagnosis *d) {
    static char *json;
    static size_t size;
    size_t need = smtpcode_json(&d->result, json, size);

    if (need >= size) {
        size = 2 * need + 1;
        json = realloc(json, size);
        if (!json) {
            complain("out of memory");
            exit(EXIT_USAGE);
        }
        smtpcode_json(&d->result, json, size);
    }
    fwrite(json, 1, need, stdout);
    putchar('\n');
}

/* ---- for people ---- */

static void append_condition(struct text *out, answered *r) {
    const char *detail = smtpcode_result_text(r, SMTPCODE_DETAIL, 0);

    append(out, "%s%s%s", id_of(r, SMTPCODE_CONDITION), detail ? "/" : "",
           detail ? detail : "");
}

/* "retry later (5-30min)" */
static void append_retry(struct text *out, answered *r) {
    static const char *const retries[] = {"", "no retry", "later", "after fix"};
    int retry = smtpcode_result_number(r, SMTPCODE_RETRY, 0);
    int seconds = smtpcode_result_number(r, SMTPCODE_RETRY_AFTER, 0);

    append(out, "%s", retries[retry]);
    if (retry == SMTPCODE_RETRY_LATER && seconds)
        append(out, " %ds", seconds);
}

static void pad_to(struct text *out, size_t column) {
    do
        append_bytes(out, " ", 1);
    while (out->len < column);
}

/* "550 5.7.26  sender-auth-failed/dmarc  your admin  after fix  keep  gmail",
 * in columns. */
void print_diagnosis_line(const struct diagnosis *d) {
    static const char *const addresses[] = {"keep", "keep", "drop if repeated",
                                            "drop"};
    answered *r = &d->result;
    struct text *line = scratch();

    append_codes(line, r);
    pad_to(line, 13);
    append_condition(line, r);
    pad_to(line, 45);
    append(line, "%s", who_label(smtpcode_result_number(r, SMTPCODE_WHO, 0)));
    pad_to(line, 58);
    append_retry(line, r);
    pad_to(line, 70);
    append(line, "%s",
           addresses[smtpcode_result_number(r, SMTPCODE_SUPPRESS, 0)]);
    const char *said_by = *id_of(r, SMTPCODE_SERVER)
                              ? id_of(r, SMTPCODE_SERVER)
                              : id_of(r, SMTPCODE_SOFTWARE);
    if (*said_by)
        append(line, "  %s", said_by);
    append_bytes(line, "\n", 1);
    fwrite(line->bytes, 1, line->len, stdout);
}
