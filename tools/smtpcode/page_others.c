/*
 * page_others.c - what else stands in the text that was given: the reply that
 * quotes the one explained, and replies about other recipients.
 */
#include <string.h>

#include "diagnosis.h"

enum { MOST_OTHERS = 8 };

/* ---- the reply around it ---- */

static void print_outer(const struct diagnosis *d) {
    int outer = smtpcode_reply_outer_code(&d->reply);
    int code = smtpcode_reply_code(&d->reply);
    struct text text = {NULL, 0, 0};

    if (!outer || outer == code)
        return;
    append(&text,
           outer < 500 && code >= 500
               ? "Quoted in a %d: the server in between keeps the mail and "
                 "tries again, though the last one has refused for good."
           : outer >= 500 && code < 500
               ? "Quoted in a %d: the server in between has refused for good, "
                 "though the last one said not yet."
               : "Quoted in a %d of the server in between.",
           outer);
    fact("Note", text_of(&text));
    free_text(&text);
}

/* ---- the replies beside it ---- */

struct others {
    const struct diagnosis *told; /* the one that has the page */
    int n;
    struct text last; /* what was printed of the one before */
};

static bool has_code(const struct diagnosis *d) {
    return smtpcode_reply_code(&d->reply) || smtpcode_reply_class(&d->reply);
}

static void append_line(struct text *out, const struct diagnosis *d) {
    append_codes(out, &d->result);
    append(out, " ");
    append_headline(out, d);
}

/* Once where the same is said twice, as bounces do. */
static void print_other(struct others *o, const struct diagnosis *d) {
    struct text line = {NULL, 0, 0}, own = {NULL, 0, 0};

    append_line(&line, d);
    append_line(&own, o->told);
    if (strcmp(text_of(&line), text_of(&own)) != 0 &&
        strcmp(text_of(&line), text_of(&o->last)) != 0) {
        fact(o->n++ ? "" : "Also in it", text_of(&line));
        free_text(&o->last);
        o->last = line;
        line = (struct text){NULL, 0, 0};
    }
    free_text(&line);
    free_text(&own);
}

/* Those of TEXT, one after the other. */
static void find_others(struct others *o, const char *text, size_t len) {
    static struct diagnosis d;
    size_t start, n;

    for (int i = 0; i < MOST_OTHERS && len > 0; i++) {
        diagnose(&d, text, len);
        start = smtpcode_reply_source_span(&d.reply, &n);
        if (!has_code(&d) || n == 0)
            return;
        print_other(o, &d);
        text += start + n;
        len -= start + n;
    }
}

void print_others(const struct diagnosis *d) {
    struct others o = {d, 0, {NULL, 0, 0}};
    size_t n, start = smtpcode_reply_source_span(&d->reply, &n);

    print_outer(d);
    if (smtpcode_reply_count(&d->reply) < 2)
        return;
    find_others(&o, d->text, start);
    find_others(&o, d->text + start + n, d->len - start - n);
    free_text(&o.last);
}
