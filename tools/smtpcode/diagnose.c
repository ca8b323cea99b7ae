/* diagnose.c - one reply, its answer, and where that goes. */
#include <errno.h>
#include <string.h>

#include "diagnosis.h"

void diagnose(struct diagnosis *d, const char *text, size_t len) {
    d->text = text;
    d->len = len;
    /* Without any words there still is an answer: unknown. */
    (void)smtpcode_reply_read(&d->reply, text, len);
    (void)smtpcode_diagnose(&d->reply, &options.hints, &d->result);
}

bool is_known(const struct diagnosis *d) {
    return smtpcode_result_related(&d->result, SMTPCODE_RULE, 0) != NULL;
}

void print_diagnosis(const struct diagnosis *d) {
    switch (options.format) {
    case FORMAT_JSON:
        print_diagnosis_json(d);
        break;
    case FORMAT_TSV:
        print_diagnosis_tsv(d);
        break;
    case FORMAT_PAGE:
        print_diagnosis_page(d);
        break;
    }
}

/* ---- --unknown FILE ---- */

static FILE *unknown;

static bool complain_unknown(void) {
    complain("%s: %s", safe(options.unknown), strerror(errno));
    return false;
}

/* Line ends as the two characters \n: one record a line, for `filter`. */
static void put_record(const char *text, size_t len) {
    const char *stop;

    while (len > 0 && (stop = memchr(text, '\n', len))) {
        fwrite(text, 1, (size_t)(stop - text), unknown);
        if (stop + 1 < text + len)
            fputs("\\n", unknown);
        len -= (size_t)(stop + 1 - text);
        text = stop + 1;
    }
    fwrite(text, 1, len, unknown);
    putc('\n', unknown);
}

bool keep_unknown(const struct diagnosis *d) {
    if (!options.unknown || is_known(d))
        return true;
    if (!unknown && !(unknown = fopen(options.unknown, "ab")))
        return complain_unknown();
    put_record(d->text, d->len);
    return !ferror(unknown) || complain_unknown();
}

bool flush_unknown(void) {
    return !unknown || fflush(unknown) == 0 || complain_unknown();
}

bool close_unknown(void) {
    FILE *file = unknown;

    unknown = NULL;
    return !file || fclose(file) == 0 || complain_unknown();
}
