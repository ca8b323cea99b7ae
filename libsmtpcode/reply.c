/*
 * reply.c - the object that holds one reply, and its three ways in.
 *
 * A reply longer than the object keeps its start, where templates begin, and
 * its end, where servers put their names.
 */
#include <string.h>

#include "reply.h"

/* Does the inside fit?  A negative size does not compile. */
typedef char
    reply_fits[sizeof(struct reply) <= sizeof(smtpcode_reply) ? 1 : -1];

static struct reply *inside(smtpcode_reply *reply) {
    return (struct reply *)reply->opaque;
}

static const struct reply *within(const smtpcode_reply *reply) {
    return (const struct reply *)reply->opaque;
}

/* Bytes beyond the head overwrite the oldest of the tail. */
static void put_tail(struct reply *r, const char *text, size_t len) {
    char *tail = r->words + REPLY_HEAD;

    if (len > REPLY_TAIL) {
        r->put += len - REPLY_TAIL;
        text += len - REPLY_TAIL;
        len = REPLY_TAIL;
    }
    size_t at = (r->put - REPLY_HEAD) % REPLY_TAIL;
    size_t first = len < REPLY_TAIL - at ? len : REPLY_TAIL - at;
    memcpy(tail + at, text, first);
    if (len > first)
        memcpy(tail, text + first, len - first);
    r->put += len;
}

void smtpcode_put(struct reply *r, const char *text, size_t len) {
    if (len == 0)
        return; /* TEXT may be NULL */
    if (r->put < REPLY_HEAD) {
        size_t room = REPLY_HEAD - r->put;
        size_t n = len < room ? len : room;
        memcpy(r->words + r->put, text, n);
        r->put += n;
        text += n;
        len -= n;
    }
    if (len > 0)
        put_tail(r, text, len);
}

static void reverse(char *from, char *to) {
    while (from < to) {
        char c = *from;
        *from++ = *--to;
        *to = c;
    }
}

/* Make the tail, a ring so far, follow the head. */
static void straighten(struct reply *r) {
    char *tail = r->words + REPLY_HEAD;

    r->length = (uint32_t)r->put;
    if (r->put <= REPLY_HEAD + REPLY_TAIL)
        return;
    size_t at = (r->put - REPLY_HEAD) % REPLY_TAIL;
    reverse(tail, tail + at);
    reverse(tail + at, tail + REPLY_TAIL);
    reverse(tail, tail + REPLY_TAIL);
    r->length = REPLY_HEAD + REPLY_TAIL;
    r->flags |= SMTPCODE_FLAG_TRUNCATED;
    tail[0] = '\n'; /* the words on both sides of the gap are two */
}

static enum smtpcode_status status_of(struct reply *r) {
    if (r->code || r->enhanced || r->length)
        return SMTPCODE_OK;
    r->count = 0;
    r->span = r->span_length = 0;
    return SMTPCODE_ERR_NOT_A_REPLY;
}

static enum smtpcode_status finish(struct reply *r) {
    straighten(r);
    smtpcode_join(r);
    return status_of(r);
}

void smtpcode_reply_begin(smtpcode_reply *reply) {
    memset(reply, 0, offsetof(struct reply, joins));
    inside(reply)->count = 1;
}

void smtpcode_reply_line(smtpcode_reply *reply, const char *text, size_t len) {
    struct reply *r = inside(reply);

    if (r->put > 0)
        smtpcode_put(r, "\n", 1);
    smtpcode_put(r, text, len);
}

enum smtpcode_status smtpcode_reply_end(smtpcode_reply *reply) {
    return finish(inside(reply));
}

enum smtpcode_status smtpcode_reply_read(smtpcode_reply *reply,
                                         const char *text, size_t len) {
    struct reply *r = inside(reply);
    struct found found;

    smtpcode_reply_begin(reply);
    smtpcode_unwrap(text, len, &found);
    r->span = found.start;
    r->span_length = found.end - found.start;
    r->count = found.count;
    r->code = found.code;
    r->enhanced = found.enhanced;
    r->outer = found.outer;
    r->flags = found.flags;
    r->stage = found.stage;
    r->side = found.side;
    r->stated = found.stated;
    r->final = found.final;
    r->peer_length = found.peer_length;
    if (found.peer_length > 0)
        memcpy(r->peer, found.peer, found.peer_length);
    if (smtpcode_join_plain(r, text, &found))
        return status_of(r);
    smtpcode_decode(r, text, &found);
    return finish(r);
}

enum smtpcode_status smtpcode_reply_set(smtpcode_reply *reply, int code,
                                        const char *text, size_t len) {
    struct reply *r = inside(reply);
    struct found found = {0};

    smtpcode_reply_begin(reply);
    if (code >= 200 && code <= 599)
        r->code = (uint16_t)code;
    found.end = r->span_length = len;
    smtpcode_decode(r, text, &found);
    return finish(r);
}

int smtpcode_reply_code(const smtpcode_reply *reply) {
    return within(reply)->code;
}

int smtpcode_reply_class(const smtpcode_reply *reply) {
    return (int)(within(reply)->enhanced / 1000000);
}

int smtpcode_reply_subject(const smtpcode_reply *reply) {
    return (int)(within(reply)->enhanced / 1000 % 1000);
}

int smtpcode_reply_detail(const smtpcode_reply *reply) {
    return (int)(within(reply)->enhanced % 1000);
}

int smtpcode_reply_outer_code(const smtpcode_reply *reply) {
    return within(reply)->outer;
}

const char *smtpcode_reply_words(const smtpcode_reply *reply, size_t *len) {
    *len = within(reply)->length;
    return within(reply)->words;
}

enum smtpcode_stage smtpcode_reply_stage(const smtpcode_reply *reply) {
    return (enum smtpcode_stage)within(reply)->stage;
}

enum smtpcode_side smtpcode_reply_side(const smtpcode_reply *reply) {
    return (enum smtpcode_side)within(reply)->side;
}

enum smtpcode_final smtpcode_reply_final(const smtpcode_reply *reply) {
    return (enum smtpcode_final)within(reply)->final;
}

const char *smtpcode_reply_peer(const smtpcode_reply *reply, size_t *len) {
    *len = within(reply)->peer_length;
    return within(reply)->peer;
}

size_t smtpcode_reply_count(const smtpcode_reply *reply) {
    return within(reply)->count;
}

unsigned smtpcode_reply_flags(const smtpcode_reply *reply) {
    return within(reply)->flags;
}

size_t smtpcode_reply_source_span(const smtpcode_reply *reply, size_t *len) {
    *len = within(reply)->span_length;
    return within(reply)->span;
}

const char *smtpcode_strerror(enum smtpcode_status status) {
    switch (status) { /* no default: -Wswitch then names a forgotten case */
    case SMTPCODE_OK:
        return "success";
    case SMTPCODE_ERR_NOT_A_REPLY:
        return "no SMTP reply in the text";
    case SMTPCODE_ERR_BAD_HINT:
        return "hint out of range";
    }
    return "unknown error"; /* never NULL: callers print it unchecked */
}
