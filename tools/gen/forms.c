/*
 * forms.c - the ways in which replies write a phrase: with capitals beyond
 * ASCII (those within, the matcher lowers), without accents, with a
 * typographic apostrophe, and all of these in each charset.
 */
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

enum capitals { AS_WRITTEN, OF_ALL, OF_FIRST, OF_EACH, NCAPITALS };
enum accents { ACCENTS, NO_ACCENTS, SPELT_OUT, NACCENTS };
enum { MOST_TEXT = 1024 };

/* In Turkish the capital of i has a dot, so ASCII has it not. */
static uint32_t capital_in(const char *language, uint32_t point) {
    bool dotted = strcmp(language, "tr") == 0 || strcmp(language, "az") == 0;

    return dotted && point == 'i' ? 0x130 : capital_of(point);
}

static bool is_ascii_letter(uint32_t point) {
    return (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9');
}

/* Whether a capital stands at a letter behind BEFORE, 0 for none. */
static bool has_capital(enum capitals capitals, uint32_t before) {
    return capitals == OF_ALL || (capitals == OF_FIRST && before == 0) ||
           (capitals == OF_EACH && before < 0x80 && !is_ascii_letter(before));
}

static size_t put_plain(char *out, uint32_t point, enum accents accents) {
    const char *plain =
        accents == ACCENTS ? NULL : without_accent(point, accents == SPELT_OUT);
    size_t len = plain ? strlen(plain) : 0;

    if (!plain)
        return put_letter(out, point);
    memcpy(out, plain, len);
    return len;
}

/* TEXT so written; its {any} stays. */
static const char *write_form(const char *text, const char *language,
                              enum capitals capitals, enum accents accents,
                              bool curly) {
    char letters[MOST_TEXT], out[3 * MOST_TEXT];
    const char *at = letters;
    uint32_t before = 0;
    size_t n = 0;

    while (*text && n < MOST_TEXT - 8) {
        uint32_t point = next_letter(&text);
        if (point == '\'' && curly)
            point = 0x2019;
        n += put_plain(letters + n, point, accents);
    }
    letters[n] = '\0';
    for (n = 0; *at;) {
        uint32_t point = next_letter(&at), was = point;
        if (has_capital(capitals, before))
            point = capital_in(language, point);
        n += put_letter(out + n, point);
        before = was;
    }
    return join_text("%.*s", (int)n, out);
}

static void add_text_once(const char **texts, size_t *n, const char *text) {
    for (size_t i = 0; i < *n; i++)
        if (strcmp(texts[i], text) == 0)
            return;
    texts[(*n)++] = text;
}

size_t forms_of(const char *text, const char *language,
                const char *forms[MOST_FORMS]) {
    size_t n = 0;

    for (int curly = 0; curly < 2; curly++)
        for (int a = 0; a < NACCENTS; a++)
            for (int c = 0; c < NCAPITALS; c++)
                add_text_once(forms, &n,
                              write_form(text, language, (enum capitals)c,
                                         (enum accents)a, curly));
    return n;
}

/* ---- charsets ---- */

static struct {
    const char *name;
    iconv_t from_utf8;
} * known;
static size_t nknown;

/* (iconv_t)-1 if there is no such charset. */
static iconv_t open_charset(const char *name) {
    for (size_t i = 0; i < nknown; i++)
        if (strcmp(known[i].name, name) == 0)
            return known[i].from_utf8;
    iconv_t opened = iconv_open(name, "utf-8");
    known = grow(known, nknown, sizeof *known);
    known[nknown].name = name;
    known[nknown++].from_utf8 = opened;
    return opened;
}

/* UTF-16 hides ASCII; letters of UTF-7 or ISO 2022 look like it. */
static bool is_ascii_beside(const char *name) {
    static const char probe[] = "a \xc3\xa9\xe3\x81\x82\xd0\xb0 b";
    size_t len;
    const char *bytes;

    for (const char *at = probe; *at;) {
        const char *from = at;
        uint32_t point = next_letter(&at);
        bytes = encode(name, from, (size_t)(at - from), &len);
        if (point < 0x80 && (!bytes || len != 1 || *bytes != (char)point))
            return false;
        if (point >= 0x80 && bytes && (unsigned char)*bytes < 0x80)
            return false;
    }
    return true;
}

const char *lint_charset(const char *name) {
    if (open_charset(name) == (iconv_t)-1)
        return "no such charset";
    return is_ascii_beside(name) ? NULL : "a charset that does not hold ASCII";
}

const char *encode(const char *charset, const char *text, size_t len,
                   size_t *out_len) {
    char out[4 * MOST_TEXT], *to = out, *from = (char *)(uintptr_t)text;
    size_t room = sizeof out;
    iconv_t cd = open_charset(charset);

    iconv(cd, NULL, NULL, NULL, NULL);
    if (iconv(cd, &from, &len, &to, &room) != 0 ||
        iconv(cd, NULL, NULL, &to, &room) != 0)
        return NULL;
    *out_len = (size_t)(to - out);
    char *bytes = malloc(*out_len + 1);
    memcpy(bytes, out, *out_len);
    bytes[*out_len] = '\0';
    return bytes;
}
