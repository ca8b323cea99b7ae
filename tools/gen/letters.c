/*
 * letters.c - letters beyond ASCII in another case, and without accents.
 *
 * By tables of its own: towupper() depends on a locale, and the same data must
 * give the same bytes everywhere.
 */
#include <string.h>

#include "gen.h"

/* The character at AT, valid UTF-8, and the place behind it. */
uint32_t next_letter(const char **at) {
    const unsigned char *s = (const unsigned char *)*at;
    int more = *s < 0x80 ? 0 : *s < 0xe0 ? 1 : *s < 0xf0 ? 2 : 3;
    uint32_t point = more ? *s & (0x3fu >> more) : *s;

    for (int i = 1; i <= more; i++)
        point = point << 6 | (s[i] & 0x3fu);
    *at += more + 1;
    return point;
}

size_t put_letter(char *out, uint32_t point) {
    int more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static const unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};

    out[0] = (char)(leads[more] | point >> 6 * more);
    for (int i = 1; i <= more; i++)
        out[i] = (char)(0x80 | (point >> 6 * (more - i) & 0x3f));
    return (size_t)more + 1;
}

/* FIRST to LAST are small letters; the capital of each, or of each second one
 * where the capitals stand between them, is DOWN before it. */
static const struct range {
    uint32_t first, last;
    uint32_t down;
    bool second;
} small[] = {
    {0xe0, 0xf6, 0x20, false},   {0xf8, 0xfe, 0x20, false},
    {0x101, 0x12f, 1, true},     {0x133, 0x137, 1, true},
    {0x13a, 0x148, 1, true},     {0x14b, 0x177, 1, true},
    {0x17a, 0x17e, 1, true},     {0x1a1, 0x1a5, 1, true},
    {0x1b0, 0x1b0, 1, false},    {0x1ce, 0x1dc, 1, true},
    {0x1df, 0x1ef, 1, true},     {0x1f9, 0x21f, 1, true},
    {0x223, 0x233, 1, true},     {0x3ac, 0x3ac, 0x26, false},
    {0x3ad, 0x3af, 0x25, false}, {0x3b1, 0x3c1, 0x20, false},
    {0x3c2, 0x3c2, 0x1f, false}, {0x3c3, 0x3cb, 0x20, false},
    {0x3cc, 0x3cc, 0x40, false}, {0x3cd, 0x3ce, 0x3f, false},
    {0x430, 0x44f, 0x20, false}, {0x450, 0x45f, 0x50, false},
    {0x461, 0x481, 1, true},     {0x48b, 0x4bf, 1, true},
    {0x4c2, 0x4ce, 1, true},     {0x4cf, 0x4cf, 0xf, false},
    {0x4d1, 0x52f, 1, true},     {0x561, 0x586, 0x30, false},
    {0x1e01, 0x1e95, 1, true},   {0x1ea1, 0x1eff, 1, true},
};

uint32_t capital_of(uint32_t point) {
    if (point == 0xff)
        return 0x178;
    if (point == 0x131) /* the i without a dot */
        return 'I';
    for (size_t i = 0; i < sizeof small / sizeof *small; i++)
        if (small[i].first <= point && point <= small[i].last &&
            !(small[i].second && (point - small[i].first) % 2))
            return point - small[i].down;
    return point;
}

/* Without its accent, as a keyboard without the letter gives it. */
static const struct {
    const char *plain, *letters;
} unaccented[] = {
    {"a", "àáâãäåāăąǎạảấầẩẫậắằẳẵặ"},
    {"ae", "æ"},
    {"c", "çćĉċč"},
    {"d", "ďđð"},
    {"e", "èéêëēĕėęěẹẻẽếềểễệ"},
    {"g", "ĝğġģ"},
    {"h", "ĥħ"},
    {"i", "ìíîïĩīĭįıỉị"},
    {"j", "ĵ"},
    {"k", "ķ"},
    {"l", "ĺļľŀł"},
    {"n", "ñńņňŉ"},
    {"o", "òóôõöøōŏőơọỏốồổỗộớờởỡợ"},
    {"oe", "œ"},
    {"r", "ŕŗř"},
    {"s", "śŝşšș"},
    {"ss", "ß"},
    {"t", "ţťŧțþ"},
    {"u", "ùúûüũūŭůűųưụủứừửữự"},
    {"w", "ŵ"},
    {"y", "ýÿŷỳỵỷỹ"},
    {"z", "źżž"},
    {"α", "ά"},
    {"ε", "έ"},
    {"η", "ή"},
    {"ι", "ίϊΐ"},
    {"ο", "ό"},
    {"υ", "ύϋΰ"},
    {"ω", "ώ"},
    {"е", "ё"},
};

/* German, Swedish, Danish, Norwegian: two letters for one. */
static const struct {
    const char *plain, *letters;
} spelt_out[] = {{"ae", "ä"}, {"oe", "öø"}, {"ue", "ü"}, {"aa", "å"}};

static bool holds(const char *letters, uint32_t point) {
    while (*letters)
        if (next_letter(&letters) == point)
            return true;
    return false;
}

const char *without_accent(uint32_t point, bool two_letters) {
    for (size_t i = 0; two_letters && i < sizeof spelt_out / sizeof *spelt_out;
         i++)
        if (holds(spelt_out[i].letters, point))
            return spelt_out[i].plain;
    for (size_t i = 0; i < sizeof unaccented / sizeof *unaccented; i++)
        if (holds(unaccented[i].letters, point))
            return unaccented[i].plain;
    return NULL;
}
