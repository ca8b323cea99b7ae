/* joins.c - where the line breaks of a reply are once its words are in normal
 * form.  Beside normal.c, as most callers have no lines. */
#include "tables.h"

void smtpcode_normalise_joins(const char *text, const uint16_t *joins,
                              size_t count, uint16_t *out) {
    size_t at = 0, normal = 0;
    int blank = 0; /* the byte before AT is one, and stands at NORMAL - 1 */

    for (size_t i = 0; i < count; i++) {
        for (; at < joins[i]; at++) {
            int is_blank = (unsigned char)text[at] <= ' ';
            normal += !(blank && is_blank);
            blank = is_blank;
        }
        out[i] = (uint16_t)(normal - (size_t)blank);
    }
}
