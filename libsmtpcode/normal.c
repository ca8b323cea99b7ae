/*
 * normal.c - the form in which words are compared: ASCII letters small, a run
 * of blanks and control bytes one blank, everything else as it came.  The
 * generator passes templates through this very function.
 */
#include "tables.h"

size_t smtpcode_normalise(const char *text, size_t len, char *out) {
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c > ' ')
            out[n++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        else if (n == 0 || out[n - 1] != ' ')
            out[n++] = ' ';
    }
    return n;
}
