/*
 * gen.h - the data compiler: data/ in, three C files of tables out.
 *
 * Runs at build time only, so it may use jansson, keeps everything until the
 * process ends, and stops only after every file was read: each complaint is
 * "file:line: what" on stderr, and with one complaint nothing is written.
 */
#ifndef GEN_H
#define GEN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../../libsmtpcode/tables.h"

/* ---- source.c: files and complaints ---- */

struct source {
    const char *path;
    const char *folder; /* "codes", "enhanced", ... or "" */
    const char *stem;   /* file name without ".json" */
    const char *text;
    json_t *root; /* NULL: could not be read */
};

extern struct source *sources; /* sorted by path */
extern size_t nsources;

void read_sources(const char *data_dir);
/* NEEDLE is a piece of the file's text that stands on the line to blame. */
void complain(const struct source *source, const char *needle,
              const char *format, ...) __attribute__((format(printf, 3, 4)));
size_t complaints(void);
void *grow(void *array, size_t count, size_t size);
const char *join_text(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* ---- code.c: codes as the data writes them ---- */

enum { CODE_ANY = 1000 }; /* the x of x.7.x and 4.x.x */

struct code {
    enum smtpcode_kind kind;
    bool pattern; /* 4xx, x5x, x.7.x, 4.x.x */
    int row;      /* of an enhanced code: x, 2, 4, 5 */
    int subject;
    int detail, last; /* first and last of a range; a reply code's number */
};

/* False if TEXT is no code, pattern or range. */
bool read_code(const char *text, struct code *code);
uint32_t code_number(const struct code *code);

/* ---- lint.c: what a string of the data may hold ---- */

/* What is wrong with TEXT for a reader or a terminal, or NULL. */
const char *lint_text(const char *text);
const char *lint_sentence(const char *text);
const char *lint_title(const char *text, size_t most);
const char *lint_remedy(const char *text);
const char *lint_command(const char *text);
const char *lint_template_line(const char *text);
/* A URL that may hold {ip} or {domain}, behind its host. */
const char *lint_probe(const char *text);
const char *lint_url(const char *text);

/* ---- shape.c: which keys, in which order, of which type ---- */

void check_shape(const struct source *source);
/* The value of WORD in a vocabulary, or 0. */
int word_value(enum smtpcode_vocabulary vocabulary, const char *word);
/* What is wrong with TEXT as words to look for in replies, or NULL. */
const char *lint_words(const char *text);

/* ---- build.c: JSON to entries ---- */

struct entry;

struct value {
    uint32_t number;
    const char *text;    /* for texts; NULL: absent within a list */
    struct entry *entry; /* for entries */
};

struct item { /* one value of one field */
    uint16_t field;
    uint16_t serial; /* keeps the order within a field */
    struct value value;
};

struct entry {
    enum smtpcode_kind kind;
    enum smtpcode_match match;
    const char *id;
    uint32_t number; /* what SMTPCODE_NUMBER gives; of a code: 0 for several */
    uint32_t index;  /* in smtpcode_entries, set by number_entries() */
    struct item *items;
    size_t nitems;
    const struct source *source;
    json_t *json;
    /* A server's own code: which codes it covers. */
    struct entry *server;
    uint32_t from, to;
    uint16_t classes;
};

extern struct entry **entries;
extern size_t nentries;

void build_entries(void);
struct entry *find_entry(enum smtpcode_kind kind, const char *id);
void add_number(struct entry *e, enum smtpcode_field field, uint32_t number);
void add_text(struct entry *e, enum smtpcode_field field, const char *text);
void add_entry(struct entry *e, enum smtpcode_field field, struct entry *other);
/* The code of an entry without the server it belongs to. */
const char *code_of(const struct entry *e);
bool has_entry(const struct entry *e, enum smtpcode_field field,
               const struct entry *other);
struct entry *new_entry(enum smtpcode_kind kind, enum smtpcode_match match,
                        const char *id, const struct source *source,
                        json_t *json);
/* The row of the tables (x, 2, 4, 5) for a code's first character. */
int row_of(char code_class);

/* ---- merge.c: one JSON object from several that share keys ---- */

/* An enhanced code's file as it reads for CODE_CLASS ('x', '2', '4', '5'). */
json_t *merge_class(const struct source *source, char code_class);
/* OWN (a server's code) with what it leaves out taken from its condition. */
json_t *merge_condition(const json_t *own, const char *code,
                        const json_t *condition);
const struct source *find_source(const char *folder, const char *stem);

/* ---- fields.c: a JSON object's keys to an entry's fields ---- */

void fill_code(struct entry *e);
void fill_condition(struct entry *e);
void fill_server(struct entry *e);
void fill_template(struct entry *e);
void fill_token(struct entry *e);
void fill_phrase(struct entry *e);
void fill_blocklist(struct entry *e);

/* ---- link.c: what follows from all entries together ---- */

void link_entries(void);
/* Sort, number from 1, and refuse what occurs twice. */
void number_entries(void);

/* ---- header.c ---- */

/* The condition numbers of smtpcode.h against those of the data. */
void check_header(const char *path);

/* How far behind the most met servers E's is: its "rank", else far. */
uint32_t rank_of(const struct entry *e);

/* ---- urls.c ---- */

/* All URLs that replies and pages name, without their scheme, in small
 * letters, sorted, each once. */
size_t collect_urls(char ***list);

/* ---- intern.c: equal strings and equal runs are stored once ---- */

struct pool {
    char *bytes;
    size_t size;
    size_t *starts; /* of each stored run, in order */
    size_t *lengths;
    size_t count;
    size_t *slots; /* hash table of run numbers + 1 */
    size_t nslots;
};

size_t intern(struct pool *pool, const void *bytes, size_t len);

/* ---- pattern.c: a template's words as literals and placeholders ---- */

enum { MOST_ELEMENTS = 64, MOST_LINES = 64 };

struct element {
    int placeholder; /* enum smtpcode_placeholder; 0: a literal */
    int index;       /* of a placeholder, from 0 */
    const char *bytes;
    size_t len;
};

struct pattern {
    const struct entry *entry;
    const char *words; /* normalised, without codes, with {placeholders} */
    uint16_t joins[MOST_LINES]; /* the blanks in words where lines meet */
    size_t njoins;
    unsigned number;     /* of the entry */
    int reply, enhanced; /* its codes: 451, 4007001; 0 for none */
    bool open;           /* may begin anywhere */
    enum smtpcode_lines part;
    unsigned stages;    /* one bit for each at which it is said; 0: any */
    unsigned condition; /* its number; 0: not known */
    struct element elements[MOST_ELEMENTS];
    size_t n;
    int nplaceholders;
    size_t literals;        /* bytes */
    size_t record;          /* where record.c put it */
    bool blank_before_last; /* {any}, and as optional as it */
};

/* By byte, the classes of placeholders that it belongs to. */
const uint8_t *class_table(void);
/* The words of a reply's LINES; its codes go to P. */
const char *read_words(const char *const *lines, size_t nlines,
                       struct pattern *p);
/* P->words to elements; what is wrong with them, or NULL. */
const char *read_pattern(struct pattern *p);
bool is_any(const struct element *e);
bool is_typed(const struct element *e);
bool known_leftwards(const struct pattern *p, size_t i);
/* Whether a part of a template shows that it is one, and where it ends. */
bool stands_alone(const struct pattern *p);
/* Where P's words begin: SMTPCODE_BEGINS_LINE and others. */
unsigned begins(const struct pattern *p);
/* P's words with VALUES (by placeholder) in place; where its lines meet then
 * goes to JOINS, which may be NULL. */
char *fill_words(const struct pattern *p, const char *const *values,
                 uint16_t *joins);
extern const char *const standard_values[];

/* ---- record.c: patterns to the bytes that the matcher reads ---- */

struct bytes {
    unsigned char *at;
    size_t size;
};

/* The record of COUNT patterns that differ in their codes only, with element
 * ANCHOR as its anchor; its offset in RECORDS. */
size_t put_record(struct bytes *records, struct pattern *const *patterns,
                  size_t count, size_t anchor);

/* ---- compile.c: many patterns to the tables of the matcher ---- */

struct tables {
    uint32_t bloom[SMTPCODE_BLOOM_WORDS];
    uint16_t *heads;
    size_t nbuckets;
    struct smtpcode_gram *grams;
    size_t ngrams;
    struct bytes records;
    struct smtpcode_start *starts;
    size_t nstarts;
    uint8_t bucket_shift;
    size_t deepest; /* grams in the fullest bucket */
    size_t nrecords;
};

/* Sorts PATTERNS; calls REFUSE for each that cannot be found.  Parts that too
 * many templates share are left out, with SIZE_MAX as their record. */
void compile(struct tables *t, struct pattern **patterns, size_t count,
             void (*refuse)(const struct pattern *p, const char *why));
struct smtpcode_matcher view(const struct tables *t);

/* ---- templates.c: the templates of the data ---- */

/* Compile them all, with a complaint for each rule that one breaks; a
 * template of several lines makes a pattern for each of its parts too. */
void compile_templates(void);
extern struct tables template_tables;
extern struct pattern **template_patterns;
extern size_t ntemplate_patterns;

/* One bit for each stage at which E is said; all where it does not say. */
unsigned stages_of(const struct entry *e);
const struct entry *condition_of(const struct entry *e);

/* ---- letters.c: beyond ASCII, in UTF-8 ---- */

/* The character at *AT, which goes on behind it. */
uint32_t next_letter(const char **at);
/* At most 4 bytes; returns how many. */
size_t put_letter(char *out, uint32_t point);
/* POINT itself if it has no capital. */
uint32_t capital_of(uint32_t point);
/* What stands for POINT without its accent ("ae" for a German one where
 * TWO_LETTERS), or NULL. */
const char *without_accent(uint32_t point, bool two_letters);

/* ---- forms.c: the ways to write a phrase ---- */

enum { MOST_FORMS = 24 };

/* Capitals, accents and apostrophes of TEXT in all ways; the first is TEXT. */
size_t forms_of(const char *text, const char *language,
                const char *forms[MOST_FORMS]);
const char *lint_charset(const char *name);
/* LEN bytes of TEXT in CHARSET; NULL if it has not all its letters. */
const char *encode(const char *charset, const char *text, size_t len,
                   size_t *out_len);

/* ---- shorts.c: short patterns to the tables of the short path ---- */

struct piece {
    const char *bytes;
    size_t len;
};

struct short_pattern {
    const struct entry *entry;
    const char *text;                          /* as the data has it */
    unsigned number;                           /* of the entry */
    unsigned flags;                            /* enum smtpcode_short_flag */
    struct piece pieces[SMTPCODE_SHORT_PARTS]; /* an {any} between two */
    size_t n;
    size_t anchor;   /* the piece by whose gram it is found */
    size_t gram;     /* where in the piece; SIZE_MAX: nowhere */
    uint16_t *pairs; /* whose side it is */
    size_t npairs;
    size_t record;
};

struct short_tables {
    struct smtpcode_pair pairs[SMTPCODE_SHORT_PAIRS];
    size_t npairs;
    /* What compile_shorts() makes: */
    uint32_t bloom[SMTPCODE_SHORT_BLOOM];
    size_t nbloom;
    uint16_t *heads;
    size_t nbuckets;
    struct smtpcode_short_gram *grams;
    size_t ngrams;
    struct bytes records;
    uint8_t bloom_shift, bucket_shift;
    size_t deepest;                  /* grams in the fullest bucket */
    struct short_pattern **patterns; /* sorted by words, each once */
    size_t npatterns;
};

extern const char *const not_in_charset;
extern const char *const too_many_grams; /* why a table has no more room */

/* TEXT, with {any} if it may have PLACEHOLDERS, to the pieces and flags of P;
 * what is wrong, not_in_charset among it, or NULL. */
const char *read_short(const char *text, bool placeholders, const char *charset,
                       struct short_pattern *p);
/* TEXT as one SIDE, SMTPCODE_SHORT_LEFT or _RIGHT, of PAIR. */
const char *read_side(const char *text, unsigned side, unsigned pair,
                      const char *charset, struct short_pattern *p);
int compare_words(const struct short_pattern *a, const struct short_pattern *b);
/* A new pair in T of the entry NUMBER: its number, or SMTPCODE_SHORT_PAIRS if
 * there are too many. */
unsigned new_pair(struct short_tables *t, unsigned number, unsigned flags);
/* Sorts PATTERNS; grams are chosen that TYPICAL words do not have.  The pairs
 * of T stay.  REFUSE may be NULL. */
void compile_shorts(struct short_tables *t, struct short_pattern **patterns,
                    size_t count, const char *const *typical, size_t ntypical,
                    void (*refuse)(const struct short_pattern *p,
                                   const char *why));
struct smtpcode_shorts view_shorts(const struct short_tables *t);

/* ---- fragments.c: sentences of templates ---- */

enum { LEAST_FRAGMENT = 34 }; /* bytes, also without what condense.c drops */

/* Those that show their template's condition and server, each once; after
 * compile_templates(). */
void each_fragment(void (*use)(const struct entry *e, const char *text));

/* ---- wording.c: tokens, marks, blocklists and phrases of the data ---- */

/* After compile_templates(). */
void compile_wording(void);
extern struct short_tables name_tables, phrase_tables;

/* ---- emit_short.c ---- */

void emit_shorts(FILE *out, const char *name, const struct short_tables *t);

/* ---- emit_match.c ---- */

void emit_matcher(FILE *out, const struct tables *t);

/* ---- evidence.c ---- */

void check_evidence(void);
void emit_evidence(FILE *out);

/* ---- emit.c ---- */

void emit_tables(const char *out_dir);

#endif
