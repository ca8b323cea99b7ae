/*
 * result_json.c - an answer as JSON.  All keys always, in a fixed order;
 * result.schema.json describes them.  What a server said may hold any byte:
 * it leaves here as valid UTF-8 without control characters.
 */
#include "json_out.h"
#include "judge.h"

typedef const smtpcode_result answer;

static void key_word(struct out *o, const char *name, answer *a,
                     enum smtpcode_vocabulary words,
                     enum smtpcode_field field) {
    key(o, name);
    put_string(o, smtpcode_word(words, smtpcode_result_number(a, field, 0)));
}

static void key_id(struct out *o, const char *name, answer *a,
                   enum smtpcode_field field) {
    const smtpcode_entry *e = smtpcode_result_related(a, field, 0);

    key(o, name);
    put_string(o, e ? smtpcode_id(e) : NULL);
}

static void key_text(struct out *o, const char *name, answer *a,
                     enum smtpcode_field field, size_t i) {
    key(o, name);
    put_string(o, smtpcode_result_text(a, field, i));
}

static void key_number(struct out *o, const char *name, answer *a,
                       enum smtpcode_field field) {
    key(o, name);
    put_number_or_null(o, smtpcode_result_number(a, field, 0));
}

static void key_enhanced(struct out *o, answer *a) {
    int code = smtpcode_result_number(a, SMTPCODE_ENHANCED_CODE, 0);
    int parts[3] = {code / 1000000, code / 1000 % 1000, code % 1000};

    key(o, "enhanced");
    if (!code) {
        put_string(o, NULL);
        return;
    }
    put(o, "\"", 1);
    for (int i = 0; i < 3; i++) {
        if (i > 0)
            put(o, ".", 1);
        o->last = '['; /* no comma before the number */
        put_number(o, parts[i]);
    }
    put(o, "\"", 1);
}

static void key_joined(struct out *o, const char *name, answer *a,
                       enum smtpcode_field field) {
    const char *text;

    key(o, name);
    if (!smtpcode_result_text(a, field, 0)) {
        put_string(o, NULL);
        return;
    }
    put(o, "\"", 1);
    for (size_t i = 0; (text = smtpcode_result_text(a, field, i)); i++) {
        if (i > 0)
            put(o, " ", 1);
        put_escaped(o, text);
    }
    put(o, "\"", 1);
}

static void key_minutes(struct out *o, answer *a) {
    int least = smtpcode_result_number(a, SMTPCODE_MINUTES, 0);

    key(o, "retry_minutes");
    if (!least ||
        smtpcode_result_number(a, SMTPCODE_RETRY, 0) != SMTPCODE_RETRY_LATER) {
        put_string(o, NULL);
        return;
    }
    open_in(o, "[");
    put_number(o, least);
    put_number(o, smtpcode_result_number(a, SMTPCODE_MINUTES, 1));
    close_with(o, "]");
}

static void key_final(struct out *o, answer *a) {
    int final = smtpcode_result_number(a, SMTPCODE_FINAL, 0);

    key(o, "final");
    if (final) {
        separate(o);
        puts_raw(o, final == 1 ? "true" : "false");
    } else {
        put_string(o, NULL);
    }
}

static void key_token(struct out *o, answer *a) {
    key(o, "token");
    put_string(o, smtpcode_text(smtpcode_result_related(a, SMTPCODE_TOKEN, 0),
                                SMTPCODE_LINE, 0));
}

static void put_verdict(struct out *o, answer *a) {
    key_number(o, "reply_code", a, SMTPCODE_REPLY_CODE);
    key_enhanced(o, a);
    key_id(o, "condition", a, SMTPCODE_CONDITION);
    key_text(o, "detail", a, SMTPCODE_DETAIL, 0);
    key_word(o, "side", a, SMTPCODE_WORDS_SIDE, SMTPCODE_SIDE);
    key_id(o, "server", a, SMTPCODE_SERVER);
    key_word(o, "server_evidence", a, SMTPCODE_WORDS_EVIDENCE,
             SMTPCODE_SERVER_EVIDENCE);
    key_id(o, "software", a, SMTPCODE_SOFTWARE);
    key_word(o, "stage", a, SMTPCODE_WORDS_STAGE, SMTPCODE_STAGE);
    key_word(o, "scope", a, SMTPCODE_WORDS_SCOPE, SMTPCODE_SCOPE);
    key_word(o, "who", a, SMTPCODE_WORDS_WHO, SMTPCODE_WHO);
    key_word(o, "fix_at", a, SMTPCODE_WORDS_FIX_AT, SMTPCODE_FIX_AT);
    key_word(o, "retry", a, SMTPCODE_WORDS_RETRY, SMTPCODE_RETRY);
    key_minutes(o, a);
    key_number(o, "retry_after", a, SMTPCODE_RETRY_AFTER);
    key_final(o, a);
    key_word(o, "suppress", a, SMTPCODE_WORDS_SUPPRESS, SMTPCODE_SUPPRESS);
    key_word(o, "stated", a, SMTPCODE_WORDS_STATED, SMTPCODE_STATED);
    key_word(o, "judged", a, SMTPCODE_WORDS_STATED, SMTPCODE_JUDGED);
    key_word(o, "basis", a, SMTPCODE_WORDS_BASIS, SMTPCODE_BASIS);
    key_id(o, "rule", a, SMTPCODE_RULE);
    key(o, "confidence");
    put_number(o, smtpcode_result_number(a, SMTPCODE_CONFIDENCE, 0));
    key_token(o, a);
    key_id(o, "blocklist", a, SMTPCODE_BLOCKLIST);
}

static void key_answers(struct out *o, answer *a) {
    key(o, "answers");
    open_in(o, "{");
    key_joined(o, "who", a, SMTPCODE_ANSWER_WHO);
    key_joined(o, "again", a, SMTPCODE_ANSWER_AGAIN);
    key_joined(o, "address", a, SMTPCODE_ANSWER_ADDRESS);
    close_with(o, "}");
}

static void key_causes(struct out *o, answer *a) {
    size_t n = smtpcode_result_count(a, SMTPCODE_CAUSE);

    key(o, "causes");
    open_in(o, "[");
    for (size_t i = 0; i < n; i++) {
        open_in(o, "{");
        key_text(o, "text", a, SMTPCODE_CAUSE, i);
        key_text(o, "clue", a, SMTPCODE_CAUSE_CLUE, i);
        key(o, "who");
        put_string(
            o, smtpcode_word(SMTPCODE_WORDS_WHO,
                             smtpcode_result_number(a, SMTPCODE_CAUSE_WHO, i)));
        close_with(o, "}");
    }
    close_with(o, "]");
}

static void key_remedies(struct out *o, answer *a) {
    size_t n = smtpcode_result_count(a, SMTPCODE_REMEDY);
    int reader = 0;

    key(o, "remedies");
    open_in(o, "{");
    for (size_t i = 0; i < n; i++) {
        int next = smtpcode_result_number(a, SMTPCODE_REMEDY_FOR, i);
        if (next != reader) {
            if (reader)
                close_with(o, "]");
            reader = next;
            key(o, smtpcode_word(SMTPCODE_WORDS_WHO, reader));
            open_in(o, "[");
        }
        put_string(o, smtpcode_result_text(a, SMTPCODE_REMEDY, i));
    }
    if (reader)
        close_with(o, "]");
    close_with(o, "}");
}

static void key_dont(struct out *o, answer *a) {
    key(o, "dont");
    open_in(o, "[");
    for (size_t i = 0; smtpcode_result_text(a, SMTPCODE_DONT, i); i++) {
        open_in(o, "{");
        key_text(o, "text", a, SMTPCODE_DONT, i);
        key_text(o, "since", a, SMTPCODE_DONT_SINCE, i);
        close_with(o, "}");
    }
    close_with(o, "]");
}

static void key_command(struct out *o, answer *a, size_t i) {
    char command[1024];

    key(o, "command");
    smtpcode_result_check(a, i, command, sizeof command);
    put_string(o, *command ? command : NULL);
}

static void key_checks(struct out *o, answer *a) {
    size_t n = smtpcode_result_count(a, SMTPCODE_CHECK);

    key(o, "checks");
    open_in(o, "[");
    for (size_t i = 0; i < n; i++) {
        open_in(o, "{");
        key(o, "for");
        put_string(
            o, smtpcode_word(SMTPCODE_WORDS_WHO,
                             smtpcode_result_number(a, SMTPCODE_CHECK_FOR, i)));
        key_text(o, "text", a, SMTPCODE_CHECK, i);
        key_command(o, a, i);
        close_with(o, "}");
    }
    close_with(o, "]");
}

static void key_links(struct out *o, answer *a) {
    const char *url;

    key(o, "links");
    open_in(o, "[");
    for (size_t i = 0; (url = smtpcode_result_text(a, SMTPCODE_LINK, i)); i++)
        put_string(o, url);
    close_with(o, "]");
}

/* ---- what the server said ---- */

static void put_unit(struct out *o, unsigned unit) {
    static const char hex[] = "0123456789abcdef";
    char text[] = "\\u0000";

    for (int i = 0; i < 4; i++)
        text[5 - i] = hex[unit >> 4 * i & 15];
    put(o, text, 6);
}

/* Characters that move a terminal's cursor, hide or turn text around are
 * written as escapes, so that an answer can be looked at as it is. */
static bool is_unsafe(unsigned long point) {
    return point < ' ' || (point >= 0x7f && point < 0xa0) || point == 0xad ||
           point == 0x61c || (point >= 0x200b && point <= 0x200f) ||
           (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2060 && point <= 0x206f) || point == 0xfeff ||
           (point >= 0xfff9 && point <= 0xfffb) ||
           (point >= 0xe0000 && point <= 0xe0fff);
}

static void put_point(struct out *o, unsigned long point, const char *s,
                      size_t len) {
    if (!is_unsafe(point)) {
        if (*s == '"' || *s == '\\')
            put(o, "\\", 1);
        put(o, s, len);
    } else if (point < 0x10000) {
        put_unit(o, (unsigned)point);
    } else {
        put_unit(o, 0xd800u + (unsigned)((point - 0x10000) >> 10));
        put_unit(o, 0xdc00u + (unsigned)(point & 0x3ff));
    }
}

/* The bytes of the character at S, 0 if it is no UTF-8. */
static size_t character(const char *s, size_t len, unsigned long *point) {
    unsigned char first = (unsigned char)*s;
    size_t n = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

    if (n > len || !smtpcode_is_utf8(s, n))
        return 0;
    *point = n == 1 ? first : first & (0x7fu >> n);
    for (size_t i = 1; i < n; i++)
        *point = *point << 6 | ((unsigned char)s[i] & 0x3f);
    return n;
}

/* Any bytes as the inside of a string: what is no UTF-8 becomes U+FFFD. */
static void put_stranger(struct out *o, const char *s, size_t len) {
    unsigned long point;

    while (len > 0) {
        size_t n = character(s, len, &point);
        if (n && point) /* many readers of JSON refuse a NUL */
            put_point(o, point, s, n);
        else
            put(o, "\xef\xbf\xbd", 3);
        s += n ? n : 1;
        len -= n ? n : 1;
    }
}

static void key_captures(struct out *o, answer *a) {
    const struct result *r = (const struct result *)a->opaque;
    struct smtpcode_span span;

    key(o, "captures");
    open_in(o, "[");
    for (size_t i = 0; smtpcode_result_capture(a, i, &span); i++) {
        open_in(o, "{");
        key(o, "name");
        put_string(o, smtpcode_word(SMTPCODE_WORDS_CAPTURE, span.kind));
        key(o, "text");
        put(o, "\"", 1);
        put_stranger(o, r->reply->words + span.offset, span.length);
        put(o, "\"", 1);
        close_with(o, "}");
    }
    close_with(o, "]");
}

static void key_reply(struct out *o, const struct reply *reply) {
    key(o, "text");
    put(o, "\"", 1);
    put_stranger(o, reply->words, reply->length);
    put(o, "\"", 1);
    key(o, "outer_code");
    put_number_or_null(o, reply->outer);
    key(o, "replies");
    put_number(o, (int)reply->count);
}

static void key_flags(struct out *o, answer *a) {
    int flag;

    key(o, "flags");
    open_in(o, "[");
    for (size_t i = 0; (flag = smtpcode_result_number(a, SMTPCODE_FLAG, i));
         i++)
        put_string(o, smtpcode_word(SMTPCODE_WORDS_FLAG, flag));
    close_with(o, "]");
}

size_t smtpcode_json(const smtpcode_result *result, char *buf, size_t size) {
    struct out o = {buf, size, 0, '\0'};

    open_in(&o, "{");
    put_verdict(&o, result);
    key_text(&o, "title", result, SMTPCODE_TITLE, 0);
    key_joined(&o, "meaning", result, SMTPCODE_MEANING);
    key_answers(&o, result);
    key_causes(&o, result);
    key_remedies(&o, result);
    key_dont(&o, result);
    key_checks(&o, result);
    key_links(&o, result);
    key_captures(&o, result);
    key_flags(&o, result);
    key_reply(&o, ((const struct result *)result->opaque)->reply);
    close_with(&o, "}");
    return finish(&o);
}
