/*
 * sane_answer.h - what holds for the answer to any bytes whatever.  For
 * test_result.c and fuzz/diagnose.c.
 */
#ifndef TESTS_SANE_ANSWER_H
#define TESTS_SANE_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "smtpcode.h"

/* ---- the numbers ---- */

static inline int number_of(const smtpcode_result *r,
                            enum smtpcode_field field) {
    return smtpcode_result_number(r, field, 0);
}

/* 0, or a value of the vocabulary. */
static inline bool is_word(enum smtpcode_vocabulary words, int value) {
    return value == 0 || smtpcode_word(words, value) != NULL;
}

static inline const char *wrong_numbers(const smtpcode_result *r) {
    int confidence = number_of(r, SMTPCODE_CONFIDENCE);
    int suppress = number_of(r, SMTPCODE_SUPPRESS);
    bool known = smtpcode_result_related(r, SMTPCODE_RULE, 0) != NULL;

    if (!is_word(SMTPCODE_WORDS_WHO, number_of(r, SMTPCODE_WHO)) ||
        !is_word(SMTPCODE_WORDS_RETRY, number_of(r, SMTPCODE_RETRY)) ||
        !is_word(SMTPCODE_WORDS_SCOPE, number_of(r, SMTPCODE_SCOPE)) ||
        !is_word(SMTPCODE_WORDS_FIX_AT, number_of(r, SMTPCODE_FIX_AT)) ||
        !is_word(SMTPCODE_WORDS_STAGE, number_of(r, SMTPCODE_STAGE)) ||
        !is_word(SMTPCODE_WORDS_SIDE, number_of(r, SMTPCODE_SIDE)) ||
        !is_word(SMTPCODE_WORDS_BASIS, number_of(r, SMTPCODE_BASIS)) ||
        !is_word(SMTPCODE_WORDS_STATED, number_of(r, SMTPCODE_STATED)) ||
        !is_word(SMTPCODE_WORDS_STATED, number_of(r, SMTPCODE_JUDGED)) ||
        !is_word(SMTPCODE_WORDS_EVIDENCE,
                 number_of(r, SMTPCODE_SERVER_EVIDENCE)))
        return "a number stands for no word";
    if (suppress < SMTPCODE_SUPPRESS_NO || suppress > SMTPCODE_SUPPRESS_YES)
        return "suppress";
    if (confidence > 100 || (known ? confidence < 50 : confidence > 0))
        return "confidence";
    if (known != (number_of(r, SMTPCODE_BASIS) != SMTPCODE_BASIS_NONE))
        return "a rule without a basis, or the other way round";
    if (suppress == SMTPCODE_SUPPRESS_YES && number_of(r, SMTPCODE_STATED) != 2)
        return "no permanent failure, and yet drop the address";
    if ((smtpcode_result_related(r, SMTPCODE_SERVER, 0) != NULL) !=
        (number_of(r, SMTPCODE_SERVER_EVIDENCE) != SMTPCODE_EVIDENCE_NONE))
        return "a server without evidence, or the other way round";
    return smtpcode_result_flags(r) < 1024 ? NULL : "flags";
}

/* ---- lists and texts ---- */

static inline const char *wrong_captures(const smtpcode_reply *reply,
                                         const smtpcode_result *r) {
    struct smtpcode_span span;
    size_t len, end = 0;

    smtpcode_reply_words(reply, &len);
    for (size_t i = 0; smtpcode_result_capture(r, i, &span); i++) {
        if (span.offset < end || span.offset > len ||
            span.length > len - span.offset)
            return "a capture is not in the words, or not behind the last";
        if (!span.kind || !is_word(SMTPCODE_WORDS_CAPTURE, span.kind))
            return "the kind of a capture";
        end = span.offset + span.length;
    }
    return NULL;
}

static inline const char *wrong_candidates(const smtpcode_result *r) {
    size_t n = smtpcode_result_count(r, SMTPCODE_CANDIDATE), decides = 0;

    for (size_t i = 0; i < n; i++) {
        int reason = smtpcode_result_number(r, SMTPCODE_CANDIDATE_REASON, i);
        int basis = smtpcode_result_number(r, SMTPCODE_CANDIDATE_BASIS, i);
        if (!smtpcode_word(SMTPCODE_WORDS_REASON, reason) ||
            !smtpcode_word(SMTPCODE_WORDS_BASIS, basis))
            return "the reason or basis of a candidate";
        decides += reason == 1;
    }
    return decides <= 1 ? NULL : "two candidates decide";
}

static inline size_t count_of(const char *text, char byte) {
    size_t n = 0;

    for (; *text; text++)
        n += *text == byte;
    return n;
}

/* R1: nothing that a server said may end a quotation or begin a command. */
static inline const char *wrong_checks(const smtpcode_result *r) {
    static const char telling[] = "'\"`$;|&<>\\()*?~#!\n";
    char command[4096];

    for (size_t i = 0; i < smtpcode_result_count(r, SMTPCODE_CHECK); i++) {
        const char *text = smtpcode_result_text(r, SMTPCODE_CHECK_COMMAND, i);
        size_t len = smtpcode_result_check(r, i, command, sizeof command);
        if (len >= sizeof command || strlen(command) != len || !text != !len)
            return "the length of a check";
        for (const char *c = telling; text && *c; c++)
            if (count_of(command, *c) > count_of(text, *c))
                return "a check holds what its text has not";
    }
    return NULL;
}

/* ---- JSON ---- */

/* The bytes of the UTF-8 character at S, 0 where none is. */
static inline size_t utf8_length(const unsigned char *s, size_t left) {
    size_t n = *s < 0x80 ? 1 : *s < 0xe0 ? 2 : *s < 0xf0 ? 3 : 4;
    unsigned long c = n == 1 ? *s : *s & (0x7fu >> n);

    if (n > left || (*s >= 0x80 && *s < 0xc2) || *s > 0xf4)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if (s[i] >> 6 != 2)
            return 0;
        c = c << 6 | (s[i] & 63u);
    }
    if ((n == 3 && c < 0x800) || (n == 4 && c < 0x10000) || c > 0x10ffff ||
        (c >= 0xd800 && c <= 0xdfff))
        return 0;
    return n;
}

/* Characters that are not seen, or turn what follows around. */
static inline bool is_invisible(const char *s) {
    return (memcmp(s, "\xe2\x80", 2) == 0 &&
            ((s[2] >= '\x8b' && s[2] <= '\x8f') ||
             (s[2] >= '\xa8' && s[2] <= '\xae'))) ||
           (memcmp(s, "\xe2\x81", 2) == 0 && s[2] >= '\xa0' &&
            s[2] <= '\xaf') ||
           memcmp(s, "\xef\xbb\xbf", 3) == 0;
}

static inline const char *wrong_json(const smtpcode_result *r, const char *json,
                                     size_t len) {
    char part[64];

    if (len < 2 || json[0] != '{' || json[len - 1] != '}' || json[len])
        return "the ends of the JSON";
    if (smtpcode_json(r, NULL, 0) != len ||
        smtpcode_json(r, part, sizeof part) != len ||
        memcmp(part, json, sizeof part - 1) != 0 || part[sizeof part - 1])
        return "the JSON at another size";
    for (size_t i = 0, n; i < len; i += n) {
        unsigned char c = (unsigned char)json[i];
        n = utf8_length((const unsigned char *)json + i, len - i);
        if (!n)
            return "the JSON is not UTF-8";
        if (c < 0x20 || c == 0x7f ||
            (c == 0xc2 && (unsigned char)json[i + 1] < 0xa0))
            return "a control character in the JSON";
        if (n == 3 && is_invisible(json + i))
            return "an invisible character in the JSON";
    }
    return NULL;
}

/* What is wrong with the answer R to REPLY, and JSON of LEN bytes; or NULL. */
static inline const char *wrong_answer(const smtpcode_reply *reply,
                                       const smtpcode_result *r,
                                       const char *json, size_t len) {
    const char *wrong = wrong_numbers(r);

    if (!smtpcode_result_related(r, SMTPCODE_CONDITION, 0))
        return "no condition";
    wrong = wrong ? wrong : wrong_captures(reply, r);
    wrong = wrong ? wrong : wrong_candidates(r);
    wrong = wrong ? wrong : wrong_checks(r);
    return wrong ? wrong : wrong_json(r, json, len);
}

#endif
