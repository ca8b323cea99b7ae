/*
 * text.c - an entry's texts, and how many values a field has.  Apart, so that
 * the static link of a program that calls none of this leaves the sentences
 * out: numbers and links end at 0 and NULL, and need no count.
 */
#include "tables.h"

#define FIND_IN(unit, index, field)                              \
    smtpcode_find_list(smtpcode_##unit##_lists,                  \
                       smtpcode_##unit##_start + (index), field, \
                       smtpcode_##unit##_values)

/* The values of FIELD, whatever unit has it, and that unit's pool. */
static struct smtpcode_values field_values(const smtpcode_entry *entry,
                                           enum smtpcode_field field,
                                           const char **pool) {
    size_t index = (size_t)(smtpcode_known(entry) - smtpcode_entries);

    if (field >= SMTPCODE_TITLE) {
#ifdef SMTPCODE_NO_PROSE
        return (struct smtpcode_values){NULL, 0};
#else
        *pool = smtpcode_prose_pool;
        return FIND_IN(prose, index, field);
#endif
    }
    if (field >= SMTPCODE_LINE) {
        *pool = smtpcode_match_pool;
        return FIND_IN(match, index, field);
    }
    *pool = smtpcode_codes_pool;
    return FIND_IN(codes, index, field);
}

size_t smtpcode_count(const smtpcode_entry *entry, enum smtpcode_field field) {
    const char *pool;

    return field_values(entry, field, &pool).count;
}

const char *smtpcode_text(const smtpcode_entry *entry,
                          enum smtpcode_field field, size_t i) {
    const char *pool;

    if (field < SMTPCODE_DETAIL)
        return NULL; /* a number or an entry, not a text */
    struct smtpcode_values v = field_values(entry, field, &pool);
    return i < v.count && v.values[i] ? pool + v.values[i] : NULL;
}
