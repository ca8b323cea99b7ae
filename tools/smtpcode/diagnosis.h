/* diagnosis.h - a reply that somebody pasted, and the answer to it. */
#ifndef DIAGNOSIS_H
#define DIAGNOSIS_H

#include "command.h"

enum { STATED_TEMPORARY = 1, STATED_PERMANENT = 2 }; /* vocabulary STATED */

struct diagnosis {
    const char *text; /* as it came, of the caller */
    size_t len;
    smtpcode_reply reply;
    smtpcode_result result; /* refers to REPLY: never copy this struct */
};

/* ---- diagnose.c ---- */

/* What TEXT means, with the hints that the options give. */
void diagnose(struct diagnosis *d, const char *text, size_t len);
/* Whether there is an answer. */
bool is_known(const struct diagnosis *d);
/* Print it in the format that was asked for. */
void print_diagnosis(const struct diagnosis *d);
/* Append the raw reply to the file of --unknown, if it is one; false: that
 * failed, and it was said. */
bool keep_unknown(const struct diagnosis *d);
bool flush_unknown(void);
bool close_unknown(void);

/* ---- answer.c ---- */

void append_who(struct text *out, const smtpcode_result *result);
void append_again(struct text *out, const smtpcode_result *result);
void append_address(struct text *out, const smtpcode_result *result);

/* ---- page_why.c ---- */

/* Why, and the likely causes. */
void print_why(const struct diagnosis *d);

/* ---- page_diagnosis.c, page_verdict.c, page_explain.c ---- */

void print_diagnosis_page(const struct diagnosis *d);
void append_headline(struct text *out, const struct diagnosis *d);
void print_headline_of(const struct diagnosis *d);
void print_answers_of(const struct diagnosis *d);
void print_their_text(const struct diagnosis *d);
/* Without codes and wrapping, in a block that is called NAME. */
void print_their_words(const struct diagnosis *d, const char *name);
void print_captures(const struct diagnosis *d);
void print_verdict(const struct diagnosis *d);
void print_flags(const struct diagnosis *d);
void print_official(const struct diagnosis *d);
void print_explanation(const struct diagnosis *d);
/* LABEL, and from column 12 on TEXT, wrapped. */
void fact(const char *label, const char *text);
/* "550 5.7.1" */
void append_codes(struct text *out, const smtpcode_result *result);

/* ---- page_others.c ---- */

/* The reply that quotes this one, and others in the same text, a line each. */
void print_others(const struct diagnosis *d);

/* ---- row_diagnosis.c: an answer on one line ---- */

void print_diagnosis_line(const struct diagnosis *d);
void print_diagnosis_tsv(const struct diagnosis *d);
void print_diagnosis_json(const struct diagnosis *d);

#endif
