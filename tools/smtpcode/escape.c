/*
 * escape.c - what a stranger's server said, as text that is only text.
 *
 * A byte that is no plain character leaves as \xNN, and a backslash as two:
 * the original can be restored, and no terminal obeys or hides any of it.
 */
#include <stdint.h>

#include "command.h"

struct range {
    uint32_t first, last;
};

/* Not printed, or not where they stand: controls of 8 bits, marks without
 * width, what turns the direction, fillers, tags (category Cf and more). */
static const struct range unseen[] = {
    {0x80, 0x9f},       {0xad, 0xad},        {0x34f, 0x34f},
    {0x600, 0x605},     {0x61c, 0x61c},      {0x6dd, 0x6dd},
    {0x70f, 0x70f},     {0x890, 0x891},      {0x8e2, 0x8e2},
    {0x115f, 0x1160},   {0x17b4, 0x17b5},    {0x180b, 0x180f},
    {0x200b, 0x200f},   {0x2028, 0x202e},    {0x2060, 0x206f},
    {0x3164, 0x3164},   {0xd800, 0xdfff},    {0xfdd0, 0xfdef},
    {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},    {0xffa0, 0xffa0},
    {0xfff0, 0xfffb},   {0xfffe, 0xffff},    {0x110bd, 0x110bd},
    {0x110cd, 0x110cd}, {0x13430, 0x1345f},  {0x1bca0, 0x1bca3},
    {0x1d173, 0x1d17a}, {0xe0000, 0x10ffff},
};

static bool is_unseen(uint32_t point) {
    for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
        if (point >= unseen[i].first && point <= unseen[i].last)
            return true;
    return false;
}

static size_t length_by_first(unsigned char c) {
    return c >= 0xc2 && c <= 0xdf   ? 2
           : c >= 0xe0 && c <= 0xef ? 3
           : c >= 0xf0 && c <= 0xf4 ? 4
                                    : 0;
}

/* Bytes of the printable character beyond ASCII at TEXT; 0: it is none. */
static size_t printable(const char *text, size_t len) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = length_by_first((unsigned char)*text);
    uint32_t point = (unsigned char)*text & (0x7fu >> n);

    if (n == 0 || n > len)
        return 0;
    for (size_t i = 1; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (c & 0x3fu);
    }
    return point < least[n] || is_unseen(point) ? 0 : n;
}

static bool is_plain(char c) { return c >= ' ' && c < 0x7f && c != '\\'; }

static void append_byte(struct text *out, unsigned char c) {
    if (c == '\\')
        append_bytes(out, "\\\\", 2);
    else
        append(out, "\\x%02x", c);
}

void append_escaped(struct text *out, const char *text, size_t len) {
    while (len > 0) {
        size_t n = 0;
        while (n < len && is_plain(text[n]))
            n++;
        if (n == 0 && (unsigned char)*text >= 0x80)
            n = printable(text, len);
        if (n > 0) {
            append_bytes(out, text, n);
        } else {
            append_byte(out, (unsigned char)*text);
            n = 1;
        }
        text += n;
        len -= n;
    }
}
