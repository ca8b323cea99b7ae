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

/* What the judge asks of a row, so that it need not search its lists; a code,
 * condition, template, token, phrase or blocklist.  ORDER VERDICT:
 * emit_verdicts(). */
struct smtpcode_verdict {
    uint32_t detail;    /* offset into smtpcode_codes_pool, 0: none */
    uint16_t condition; /* indexes into smtpcode_entries */
    uint16_t server;
    uint16_t stages; /* bit N: said at stage N; 0: at any */
    uint16_t flags;  /* that it implies: enum smtpcode_flag */
    uint16_t minutes[2];
    uint8_t who, retry, suppress, retry_4xx, suppress_4xx, scope, fix_at, side;
    uint8_t has; /* enum smtpcode_has */
};

enum smtpcode_has {
    SMTPCODE_HAS_AT = 1,     /* other conditions at some stages */
    SMTPCODE_HAS_WHO_IF = 2, /* somebody else in some cases */
    SMTPCODE_HAS_WEAK = 4,   /* yields to any other phrase */
    SMTPCODE_HAS_OWN = 8,    /* a server: codes of its own */
    SMTPCODE_IS_SOFTWARE = 16,
    SMTPCODE_HAS_NO_WHO = 32,   /* words that do not tell who must act */
    SMTPCODE_HAS_READS_AS = 64, /* a code without its dots, perhaps */
    SMTPCODE_HAS_RUNS = 128     /* a server: its software */
};

/* The hosts of a server: those called NAME or below it.  ORDER HOST:
 * emit_hosts(). */
struct smtpcode_host {
    uint32_t name; /* offset into smtpcode_codes_pool */
    uint16_t server;
};

/* Most hosts are of no server that is known: a bit is set for each name's
 * hash.  That goes from the name's end, so that one walk over a host gives
 * those of all its domains. */
enum { SMTPCODE_HOST_BITS = 2048 };

static inline uint32_t smtpcode_hash_host(uint32_t hash, char c) {
    return (hash ^ (unsigned char)c) * 0x01000193u; /* FNV-1a */
}

static inline uint32_t smtpcode_host_bit(uint32_t hash) { return hash >> 21; }

enum { /* how a template's codes go with those of the reply */
       SMTPCODE_CODES_OPPOSE, /* temporary here, permanent there */
       SMTPCODE_CODES_DIFFER,
       SMTPCODE_CODES_SILENT, /* one of them has none */
       SMTPCODE_CODES_AGREE,
       SMTPCODE_NCODES
};

/* How much of the reply the words that decided are. */
enum smtpcode_part {
    SMTPCODE_PART_LITTLE, /* less than a third */
    SMTPCODE_PART_SOME,
    SMTPCODE_PART_MOST, /* two thirds and more */
    SMTPCODE_NPARTS
};

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
extern const uint16_t smtpcode_nranges; /* of own codes, which come first; */
extern const struct smtpcode_own smtpcode_own_codes[]; /* each part by from */
extern const char smtpcode_data_hash[];
extern const struct smtpcode_verdict smtpcode_verdicts[]; /* by entry */
extern const uint16_t smtpcode_unknown;                   /* the condition */
extern const uint16_t smtpcode_nhosts;
extern const struct smtpcode_host smtpcode_hosts[]; /* by name */
extern const uint32_t smtpcode_host_bits[SMTPCODE_HOST_BITS / 32];
/* How often evidence was right on real replies, of 100: by its basis, by how
 * its codes go with those of the reply, by enum smtpcode_part. */
extern const uint8_t smtpcode_shares[SMTPCODE_BASIS_TOKEN + 1][SMTPCODE_NCODES]
                                    [SMTPCODE_NPARTS];
/* Pages that replies and the base name: offsets into smtpcode_match_pool,
 * without "https://", small letters, sorted. */
extern const uint16_t smtpcode_nurls;
extern const uint32_t smtpcode_urls[];

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

/* ---- the matcher: which template's words a reply has ---- */

/* What a template leaves open.  ORDER PLACEHOLDER: tools/gen/pattern.c. */
enum smtpcode_placeholder {
    SMTPCODE_PLACEHOLDER_ANY = 1,
    SMTPCODE_PLACEHOLDER_IP,
    SMTPCODE_PLACEHOLDER_RECIPIENT,
    SMTPCODE_PLACEHOLDER_SENDER,
    SMTPCODE_PLACEHOLDER_ADDRESS,
    SMTPCODE_PLACEHOLDER_DOMAIN,
    SMTPCODE_PLACEHOLDER_HOST,
    SMTPCODE_PLACEHOLDER_URL,
    SMTPCODE_PLACEHOLDER_ID,
    SMTPCODE_PLACEHOLDER_NUMBER,
    SMTPCODE_PLACEHOLDER_SIZE,
    SMTPCODE_PLACEHOLDER_DURATION,
    SMTPCODE_PLACEHOLDER_DATE,
    SMTPCODE_PLACEHOLDER_BLOCKLIST
};

/* How much of a template a record holds.  Logs and bounces often keep one line
 * of a reply only, so the first and the last are records too; such a part
 * counts only where the reply is nothing else. */
enum smtpcode_lines {
    SMTPCODE_LINES_ALL,
    SMTPCODE_LINES_FIRST, /* its first line */
    SMTPCODE_LINES_LAST   /* its last line */
};

/*
 * ORDER RECORD: put_record() in tools/gen/record.c.  A record is bytes, its
 * numbers low byte first:
 *
 *     2  literal bytes of the template
 *     1  where it begins, see below
 *     1  number of rows: templates with these words
 *     2  from the record's start to what stands left of the anchor
 *     1  length of the anchor
 *    11  a row: 2 entry, 2 reply code, 3 enhanced code (0: has none),
 *        2 stages (a bit for each; 0: any), 1 part, 1 number of its condition
 *        the anchor's bytes
 *        what follows the anchor, to an END
 *        what precedes it in its unit, nearest first, to an END
 *        the units left of that, nearest first, each after its ANY, to an END
 *
 * and the parts after the anchor are made of these:
 */
enum {
    SMTPCODE_BEGINS_LINE = 0,
    SMTPCODE_BEGINS_ANYWHERE = 1,
    SMTPCODE_BEGINS_REPLY = 2, /* and ends with it: rows are parts */

    SMTPCODE_OP_END = 0,
    /* 1 to 14: a placeholder and, in the next byte, which one it is */
    SMTPCODE_OP_EDGE = 15,   /* no letter or digit on both sides */
    SMTPCODE_OP_LITERAL = 31 /* + length, up to 255: so many bytes follow */
};

enum {
    SMTPCODE_GRAM = 8,    /* bytes that are hashed together */
    SMTPCODE_STRIDE = 4,  /* of a text, the gram of each 4th byte */
    SMTPCODE_WINDOW = 11, /* so one gram of a window is met at any place */
    SMTPCODE_MOST_LITERAL = 224,
    SMTPCODE_MOST_CAPTURES = 16,
    SMTPCODE_BLOOM_WORDS = 4096, /* 16 KB, so that it stays in L1 */
    SMTPCODE_RECORD_ROWS = 7,    /* offset of a record's rows */
    SMTPCODE_ROW_SIZE = 11,
    SMTPCODE_MOST_ROWS = 32,
    SMTPCODE_BUDGET = 4096, /* steps, and 16 for each byte */
    SMTPCODE_BUDGET_BYTE = 16
};

/* A gram of an anchor.  ORDER GRAM: emit_matcher(). */
struct smtpcode_gram {
    uint32_t hash;
    uint32_t place; /* offset of the record << 8 | of the gram in the anchor */
};

/* A template too short for an anchor, found by its first four bytes. */
struct smtpcode_start {
    uint32_t bytes; /* as smtpcode_load() reads them */
    uint32_t record;
};

/* Tables, so that others than the built-in ones can be searched too. */
struct smtpcode_matcher {
    const uint32_t *bloom;
    const uint16_t *heads; /* bucket I: grams heads[I] to heads[I + 1] */
    const struct smtpcode_gram *grams;
    const unsigned char *records;
    const struct smtpcode_start *starts; /* sorted */
    const uint8_t *classes; /* by byte: the classes it belongs to, as bits */
    uint16_t nstarts;
    uint8_t bucket_shift; /* from a hash of 32 bits to the number of a bucket */
};

extern const uint32_t smtpcode_match_bloom[SMTPCODE_BLOOM_WORDS];
extern const uint16_t smtpcode_match_heads[];
extern const struct smtpcode_gram smtpcode_match_grams[];
extern const unsigned char smtpcode_match_records[];
extern const struct smtpcode_start smtpcode_match_starts[];
extern const uint8_t smtpcode_match_classes[256];
extern const uint16_t smtpcode_match_nstarts;
extern const uint8_t smtpcode_match_bucket_shift;

/* A reply as the matcher reads it. */
struct smtpcode_said {
    const char *words; /* normalised */
    size_t len;
    const uint16_t *joins; /* the blanks that were line breaks, rising */
    size_t njoins;
    int reply_code; /* 451; 0: none */
    int enhanced;   /* 4007001; 0: none */
    int stage;      /* enum smtpcode_stage; 0: not known */
};

/* A part of the normalised words that a placeholder stands for. */
struct smtpcode_capture {
    uint32_t offset;
    uint32_t length;
    uint8_t kind; /* enum smtpcode_placeholder */
};

struct smtpcode_match_result {
    uint16_t entry; /* of the template; 0: none matched */
    uint16_t literals;
    uint32_t begin; /* of what it matched in the words */
    uint32_t end;   /* the words may go on */
    uint32_t steps; /* that the search took of its budget */
    uint8_t codes;
    uint8_t part;         /* enum smtpcode_lines */
    uint8_t at_stage;     /* 0: said at other stages than this */
    uint8_t ambiguous;    /* 1: the entries differ in their condition */
    uint8_t budget_spent; /* 1: a better one may have been missed */
    uint8_t nentries;
    uint8_t ncaptures;
    /* Templates that nothing in the reply tells apart: these words, codes and
     * stages that go with the reply equally well.  The first one is entry. */
    uint16_t entries[SMTPCODE_MOST_ROWS];
    struct smtpcode_capture captures[SMTPCODE_MOST_CAPTURES]; /* in order;
                                     past ncaptures anything */
};

/* Capitals to small letters (ASCII), a run of bytes up to 0x20 to one blank;
 * OUT has room for LEN bytes, and may be TEXT.  Returns the new length. */
size_t smtpcode_normalise(const char *text, size_t len, char *out);
/* The same a byte at a time, as where the compiler has no SIMD. */
size_t smtpcode_normalise_plain(const char *text, size_t len, char *out);
/* Where the blanks JOINS (rising offsets into TEXT) are in the normal form,
 * to OUT. */
void smtpcode_normalise_joins(const char *text, const uint16_t *joins,
                              size_t count, uint16_t *out);

uint32_t smtpcode_load(const char *bytes); /* four of them */
uint32_t smtpcode_hash_gram(const char *bytes);
uint32_t smtpcode_bucket(uint32_t hash, uint8_t shift);
/* The bits of a gram in its word of the Bloom table, which is HASH >> 20. */
uint32_t smtpcode_bloom_bits(uint32_t hash);
/* The bit of PLACEHOLDER's class in smtpcode_matcher.classes; 0: any byte. */
uint8_t smtpcode_class_of(int placeholder);

/* The best template for what was SAID.  1 if there is one. */
int smtpcode_match_in(const struct smtpcode_matcher *matcher,
                      const struct smtpcode_said *said,
                      struct smtpcode_match_result *out);
int smtpcode_match(const struct smtpcode_said *said,
                   struct smtpcode_match_result *out);

/* SERVER's own meaning of the code with KEY (SMTPCODE_OWN_KEY, or a reply
 * code) and CODE_CLASS (0: any), or NULL. */
const smtpcode_entry *smtpcode_find_own(uint32_t key, int code_class,
                                        uint16_t server);

/* Entry 0, of which everything is absent, for NULL. */
const smtpcode_entry *smtpcode_known(const smtpcode_entry *entry);

/* FIELD among the lists START[0] to START[1]; COUNT 0 where it is not. */
struct smtpcode_values smtpcode_find_list(const struct smtpcode_list *lists,
                                          const uint32_t *start,
                                          enum smtpcode_field field,
                                          const uint32_t *values);

/* All that smtpcode_number() or smtpcode_related() reads of FIELD. */
struct smtpcode_values smtpcode_codes_of(const smtpcode_entry *entry,
                                         enum smtpcode_field field);

/* ---- the short path: tokens, marks, blocklists' names, phrases ---- */

/*
 * ORDER SHORT: put_short() in tools/gen/shorts.c.  A pattern is literals with
 * one {any} between two; its record is bytes:
 *
 *     2  entry, low byte first
 *     1  enum smtpcode_short_flag
 *        the literal that holds the gram
 *        those right of it, then a 0
 *        those left of it, nearest first, then a 0
 *
 * and a literal is
 *
 *     1  length
 *     1  bytes from the {any} beside it, as one comes to it, to its first
 *        blank: what it shares the {any}'s word with; SMTPCODE_NO_BLANK
 *        its bytes
 */
enum smtpcode_short_flag {
    SMTPCODE_SHORT_BEGINS = 1, /* with a letter, so where a word does */
    SMTPCODE_SHORT_ENDS = 2,
    /* Whether it counts is known later: it hides no hit within it. */
    SMTPCODE_SHORT_YIELDS = 4,
    /* One side of pairs: the numbers of those follow its only literal. */
    SMTPCODE_SHORT_LEFT = 8,
    SMTPCODE_SHORT_RIGHT = 16,
    SMTPCODE_SHORT_SOME = 32 /* a pair: a few words may stand between */
};

enum {
    SMTPCODE_SHORT_GRAM = 4,
    SMTPCODE_SHORT_LITERAL = 254, /* bytes at most */
    SMTPCODE_SHORT_PARTS = 16,
    SMTPCODE_SHORT_BUCKET = 16,  /* grams at most: bounds the worst case */
    SMTPCODE_SHORT_BLOOM = 4096, /* words at most: 16 KB */
    SMTPCODE_SHORT_PAIRS = 512,  /* at most */
    SMTPCODE_NO_BLANK = 255,
    SMTPCODE_ANY_PLAIN = 64, /* bytes of an {any} that are not masked */
    SMTPCODE_ANY_ALL = 320,  /* an address is 254 at most */
    SMTPCODE_MASKED = 1      /* what no pattern has, and the words neither */
};

/* ORDER SHORT GRAM: emit_shorts(). */
struct smtpcode_short_gram {
    uint32_t bytes; /* as smtpcode_load() reads them */
    uint32_t place; /* offset of the record << 8 | of the gram in its literal */
};

/* A phrase that is many wordings: one of its left sides, then one of its right
 * ones.  So they cost as many records as there are sides. */
struct smtpcode_pair {
    uint16_t entry;
    uint16_t flags; /* SMTPCODE_SHORT_YIELDS, SMTPCODE_SHORT_SOME */
};

/* Tables, so that others than the built-in ones can be searched too. */
struct smtpcode_shorts {
    const uint32_t *bloom;
    const uint16_t *heads; /* bucket I: grams heads[I] to heads[I + 1] */
    const struct smtpcode_short_gram *grams;
    const unsigned char *records;
    uint8_t bloom_shift; /* from a hash to a word of BLOOM */
    uint8_t bucket_shift;
    uint16_t npairs;
    const struct smtpcode_pair *pairs;
};

#define SMTPCODE_SHORTS(name)                                          \
    extern const uint32_t smtpcode_##name##_bloom[];                   \
    extern const uint16_t smtpcode_##name##_heads[];                   \
    extern const struct smtpcode_short_gram smtpcode_##name##_grams[]; \
    extern const unsigned char smtpcode_##name##_records[];            \
    extern const uint8_t smtpcode_##name##_bloom_shift;                \
    extern const uint8_t smtpcode_##name##_bucket_shift;               \
    extern const uint16_t smtpcode_##name##_npairs;                    \
    extern const struct smtpcode_pair smtpcode_##name##_pairs[]

SMTPCODE_SHORTS(names);
SMTPCODE_SHORTS(phrases);

/* Where the words of ENTRY stand among those that were searched. */
struct smtpcode_hit {
    uint16_t entry;
    uint16_t length;
    uint32_t offset;
};

uint32_t smtpcode_short_hash(uint32_t gram);
uint32_t smtpcode_short_bits(uint32_t hash); /* in its word of the Bloom */

/* All that stand in WORDS (normalised), by offset, then the longer one, then
 * by entry; one within a longer one is left out.  At most MOST: when there are
 * more, the longest.  Returns how many. */
size_t smtpcode_find_short(const struct smtpcode_shorts *tables,
                           const char *words, size_t len,
                           struct smtpcode_hit *hits, size_t most);
/* Tokens, marks (the entry is the server), zones and names of blocklists. */
size_t smtpcode_find_names(const char *words, size_t len,
                           struct smtpcode_hit *hits, size_t most);
/* WORDS, normalised, without the little ones, to OUT, which has room for LEN +
 * 2 bytes: a blank stands around each. */
size_t smtpcode_condense(const char *words, size_t len, char *out);

/* Phrases and sentences of templates (the entry is the template), in words
 * that smtpcode_mask() and smtpcode_condense() went over. */
size_t smtpcode_find_phrases(const char *words, size_t len,
                             struct smtpcode_hit *hits, size_t most);

/* WORDS (normalised) to OUT, of the same length, with SMTPCODE_MASKED for each
 * byte of addresses, hosts, URLs and of quoted or bracketed words. */
void smtpcode_mask(const char *words, size_t len, char *out);
#pragma GCC visibility pop

#endif
