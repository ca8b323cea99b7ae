/* record.c - one pattern as the bytes that match.c reads.  ORDER RECORD:
 * tables.h. */
#include <ctype.h>
#include <string.h>

#include "gen.h"

static void put(struct bytes *b, unsigned value) {
    b->at = grow(b->at, b->size, 1);
    b->at[b->size++] = (unsigned char)value;
}

static void put_two(struct bytes *b, unsigned value) {
    put(b, value & 255);
    put(b, value >> 8);
}

static void put_bytes(struct bytes *b, const char *bytes, size_t len) {
    for (size_t i = 0; i < len; i++)
        put(b, (unsigned char)bytes[i]);
}

static void put_element(struct bytes *b, const struct element *e) {
    if (e->placeholder) {
        put(b, (unsigned)e->placeholder);
        put(b, (unsigned)e->index);
        return;
    }
    put(b, SMTPCODE_OP_LITERAL + (unsigned)e->len);
    put_bytes(b, e->bytes, e->len);
}

static bool is_letter(char c) { return isalnum((unsigned char)c) && c > 0; }

/* Words that end in a letter end where the reply's word does. */
static void put_last_edge(struct bytes *b, const struct pattern *p) {
    const struct element *last = &p->elements[p->n - 1];

    if (!last->placeholder && is_letter(last->bytes[last->len - 1]))
        put(b, SMTPCODE_OP_EDGE);
}

static bool has_first_edge(const struct pattern *p) {
    return p->open && is_letter(*p->elements[0].bytes);
}

static size_t unit_begin(const struct pattern *p, size_t i) {
    while (i > 0 && !is_any(&p->elements[i - 1]))
        i--;
    return i;
}

/* The rest of the anchor's unit backwards, then unit by unit to the left. */
static void put_left(struct bytes *b, const struct pattern *p, size_t anchor) {
    size_t begin = unit_begin(p, anchor);

    for (size_t i = anchor; i-- > begin;)
        put_element(b, &p->elements[i]);
    if (begin == 0 && has_first_edge(p))
        put(b, SMTPCODE_OP_EDGE);
    put(b, SMTPCODE_OP_END);
    while (begin > 0) {
        size_t end = begin - 1; /* the {any} between */
        put_element(b, &p->elements[end]);
        begin = unit_begin(p, end);
        if (begin == 0 && end > 0 && has_first_edge(p))
            put(b, SMTPCODE_OP_EDGE);
        for (size_t i = begin; i < end; i++)
            put_element(b, &p->elements[i]);
    }
    put(b, SMTPCODE_OP_END);
}

static void put_row(struct bytes *b, const struct pattern *p) {
    put_two(b, p->number);
    put_two(b, (unsigned)p->reply);
    put_two(b, (unsigned)p->enhanced & 0xffff);
    put(b, (unsigned)p->enhanced >> 16);
    put_two(b, p->stages);
    put(b, p->part);
    put(b, p->condition);
}

size_t put_record(struct bytes *b, struct pattern *const *patterns,
                  size_t count, size_t anchor) {
    const struct pattern *p = patterns[0];
    const struct element *a = &p->elements[anchor];
    size_t start = b->size;

    put_two(b, (unsigned)p->literals);
    put(b, begins(p));
    put(b, (unsigned)count);
    put_two(b, 0); /* known below */
    put(b, (unsigned)a->len);
    for (size_t i = 0; i < count; i++)
        put_row(b, patterns[i]);
    put_bytes(b, a->bytes, a->len);
    for (size_t i = anchor + 1; i < p->n; i++)
        put_element(b, &p->elements[i]);
    put_last_edge(b, p);
    put(b, SMTPCODE_OP_END);
    b->at[start + 4] = (b->size - start) & 255;
    b->at[start + 5] = (unsigned char)((b->size - start) >> 8);
    put_left(b, p, anchor);
    for (size_t i = 0; i < count; i++)
        patterns[i]->record = start;
    return start;
}
