/*
 * tables.h - the shape of what tools/gen writes, for the library only.
 *
 * Three units hold the base: codes (numbers, links, ids), match (what servers
 * say) and prose (sentences).  Each keeps, for every entry, a run of lists;
 * a list is one field's values, and a value is a number, an index into
 * smtpcode_entries or an offset into the unit's own pool of strings.  There
 * are no pointers, so the tables need no relocation and stay in pages that
 * all processes share.
 */
#ifndef SMTPCODE_TABLES_H
#define SMTPCODE_TABLES_H

#include <stdint.h>

#include "smtpcode.h"

/* ORDER ENTRY: emit_entries() in tools/gen/emit.c writes these fields. */
struct smtpcode_entry {
    uint32_t id; /* offset into smtpcode_codes_pool */
    uint8_t kind;
    uint8_t match;
};

/* ORDER LIST: emit_unit() in tools/gen/emit.c. */
struct smtpcode_list {
    uint16_t field;
    uint16_t count;
    uint32_t first; /* index into the unit's values */
};

/* A server's own code or range.  ORDER OWN: emit_own(). */
struct smtpcode_own {
    uint32_t from; /* smtpcode_own_key() of the first and the last code */
    uint32_t to;
    uint16_t classes; /* bit N: class N */
    uint16_t server;  /* indexes into smtpcode_entries */
    uint16_t entry;
};

enum {
    SMTPCODE_FIRST_CODE = 100, /* of smtpcode_replies */
    SMTPCODE_LAST_CODE = 599,
    SMTPCODE_NSUBJECTS = 8,
    SMTPCODE_NDETAILS = 64,
    SMTPCODE_NCLASSES = 4,      /* x, 2, 4, 5 */
    SMTPCODE_NO_CLASS = 4,      /* a row without codes, for what is no class */
    SMTPCODE_MAX_SUBCODE = 999, /* RFC 3463 2: at most three digits */
    SMTPCODE_MAX_ID = 64
};

/* Reply codes and enhanced codes in one space, class apart: 451; 7001001. */
#define SMTPCODE_OWN_KEY(subject, detail) \
    (1000000u + (uint32_t)(subject)*1000u + (uint32_t)(detail))

#pragma GCC visibility push(hidden)      /* else each one costs a GOT slot */
extern const uint16_t smtpcode_nentries; /* entry 0 stands for "none" */
extern const struct smtpcode_entry smtpcode_entries[];
extern const uint16_t smtpcode_nids;
extern const uint16_t smtpcode_ids[];     /* all entries by id */
extern const uint16_t smtpcode_replies[]; /* by reply code */
/* Registered codes, 0 elsewhere: 5 KB, and one load to the entry. */
extern const uint16_t smtpcode_registered[SMTPCODE_NCLASSES + 1]
                                         [SMTPCODE_NSUBJECTS]
                                         [SMTPCODE_NDETAILS];
extern const uint16_t smtpcode_subject_entries[SMTPCODE_NCLASSES]
                                              [SMTPCODE_NSUBJECTS];
extern const uint16_t smtpcode_class_entries[SMTPCODE_NCLASSES];
extern const uint16_t smtpcode_nown;
extern const struct smtpcode_own smtpcode_own_codes[]; /* by from */
extern const char smtpcode_data_hash[];

#define SMTPCODE_UNIT(name)                                      \
    extern const uint32_t smtpcode_##name##_start[];             \
    extern const struct smtpcode_list smtpcode_##name##_lists[]; \
    extern const uint32_t smtpcode_##name##_values[];            \
    extern const char smtpcode_##name##_pool[]

SMTPCODE_UNIT(codes);
SMTPCODE_UNIT(match);
SMTPCODE_UNIT(prose);

struct smtpcode_values {
    const uint32_t *values;
    size_t count;
};

/* Entry 0, of which everything is absent, for NULL. */
const smtpcode_entry *smtpcode_known(const smtpcode_entry *entry);

/* FIELD among the lists START[0] to START[1]; COUNT 0 where it is not. */
struct smtpcode_values smtpcode_find_list(const struct smtpcode_list *lists,
                                          const uint32_t *start,
                                          enum smtpcode_field field,
                                          const uint32_t *values);
#pragma GCC visibility pop

#endif
