/*
 * normal.c - the form in which words are compared: ASCII letters small, a run
 * of blanks and control bytes one blank, everything else as it came.  The
 * generator passes templates through this very function.
 *
 * Most blocks of sixteen bytes have no two blanks in a row and are stored as a
 * whole.  Nothing is written past the bytes of TEXT that were read, so that
 * OUT may be TEXT.
 */
#include "tables.h"

#include "block.h"

/* The byte C as one of the N in OUT so far; their new number. */
static size_t put(char *out, size_t n, unsigned char c) {
    if (c > ' ')
        out[n++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    else if (n == 0 || out[n - 1] != ' ')
        out[n++] = ' ';
    return n;
}

size_t smtpcode_normalise_plain(const char *text, size_t len, char *out) {
    size_t n = 0;

    for (size_t i = 0; i < len; i++)
        n = put(out, n, (unsigned char)text[i]);
    return n;
}

#ifdef SMTPCODE_BLOCK

/* The bytes of B from FIRST on, without those of which DROP has a bit. */
static size_t put_block(char *out, size_t n, block b, unsigned first,
                        unsigned drop) {
    char bytes[SMTPCODE_BLOCK];

    block_store(bytes, b);
    for (unsigned i = first; i < SMTPCODE_BLOCK; i++) {
        out[n] = bytes[i];
        n += ~drop >> i & 1;
    }
    return n;
}

/* The last REST bytes, fewer than a block, before END: the block that ends
 * there, of which the begin was done before; BLANK: it ended in a blank. */
static size_t put_rest(char *out, size_t n, const char *end, unsigned rest,
                       unsigned blank) {
    static const unsigned char masks[2 * SMTPCODE_BLOCK] = {
        255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255};
    unsigned done = SMTPCODE_BLOCK - rest;
    block b = block_load(end - SMTPCODE_BLOCK), folded = block_fold(b);
    unsigned blanks = block_blanks(b) >> done;
    unsigned drop = blanks & (blanks << 1 | blank);

    if (drop || n < done)
        return put_block(out, n, folded, done, drop << done);
    out += n - done;
    block_store(
        out, block_choose(block_load(masks + rest), block_load(out), folded));
    return n + rest;
}

size_t smtpcode_normalise(const char *text, size_t len, char *out) {
    size_t n = 0, at = 0;
    unsigned blank = 0; /* 1: the byte before was one */

    if (len < SMTPCODE_BLOCK)
        return smtpcode_normalise_plain(text, len, out);
    for (; at + SMTPCODE_BLOCK <= len; at += SMTPCODE_BLOCK) {
        block b = block_load(text + at), folded = block_fold(b);
        unsigned blanks = block_blanks(b),
                 drop = blanks & (blanks << 1 | blank);
        blank = blanks >> (SMTPCODE_BLOCK - 1);
        if (drop) {
            n = put_block(out, n, folded, 0, drop);
        } else {
            block_store(out + n, folded);
            n += SMTPCODE_BLOCK;
        }
    }
    return at < len ? put_rest(out, n, text + len, (unsigned)(len - at), blank)
                    : n;
}

#else

size_t smtpcode_normalise(const char *text, size_t len, char *out) {
    return smtpcode_normalise_plain(text, len, out);
}

#endif
