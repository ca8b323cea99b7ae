/*
 * entry.c - reading an entry: its id, numbers, links, and the walk over all.
 */
#include "tables.h"

const smtpcode_entry *smtpcode_known(const smtpcode_entry *entry) {
    return entry ? entry : &smtpcode_entries[0];
}

const char *smtpcode_id(const smtpcode_entry *entry) {
    return smtpcode_codes_pool + smtpcode_known(entry)->id;
}

enum smtpcode_kind smtpcode_kind_of(const smtpcode_entry *entry) {
    return (enum smtpcode_kind)smtpcode_known(entry)->kind;
}

enum smtpcode_match smtpcode_match_of(const smtpcode_entry *entry) {
    return (enum smtpcode_match)smtpcode_known(entry)->match;
}

struct smtpcode_values smtpcode_find_list(const struct smtpcode_list *lists,
                                          const uint32_t *start,
                                          enum smtpcode_field field,
                                          const uint32_t *values) {
    for (uint32_t i = start[0]; i < start[1]; i++)
        if (lists[i].field == field)
            return (struct smtpcode_values){values + lists[i].first,
                                            lists[i].count};
    return (struct smtpcode_values){NULL, 0};
}

struct smtpcode_values smtpcode_codes_of(const smtpcode_entry *entry,
                                         enum smtpcode_field field) {
    size_t index = (size_t)(smtpcode_known(entry) - smtpcode_entries);

    return smtpcode_find_list(smtpcode_codes_lists,
                              smtpcode_codes_start + index, field,
                              smtpcode_codes_values);
}

int smtpcode_number(const smtpcode_entry *entry, enum smtpcode_field field,
                    size_t i) {
    if (field >= SMTPCODE_CONDITION)
        return 0;
    struct smtpcode_values v = smtpcode_codes_of(entry, field);
    return i < v.count ? (int)v.values[i] : 0;
}

const smtpcode_entry *smtpcode_related(const smtpcode_entry *entry,
                                       enum smtpcode_field field, size_t i) {
    if (field < SMTPCODE_CONDITION || field >= SMTPCODE_DETAIL)
        return NULL;
    struct smtpcode_values v = smtpcode_codes_of(entry, field);
    return i < v.count && v.values[i] ? &smtpcode_entries[v.values[i]] : NULL;
}

const smtpcode_entry *smtpcode_next(const smtpcode_entry *prev,
                                    enum smtpcode_kind kind) {
    const smtpcode_entry *end = smtpcode_entries + smtpcode_nentries;

    for (const smtpcode_entry *e = prev ? prev + 1 : smtpcode_entries + 1;
         e < end; e++)
        if (kind == SMTPCODE_KIND_ANY || e->kind == (uint8_t)kind)
            return e;
    return NULL;
}
