/*
 * emit.c - the tables as three C files, made to be read: an entry a line,
 * what it is in a comment.  Everything is kept in memory until all of it is
 * there, so a failure leaves no half of a table behind.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

struct unit {
    const char *name;
    const char *what;
    uint16_t first, end; /* its fields */
    char *text;          /* of the file, from open_memstream() */
    size_t size;
    FILE *out;
    struct pool pool;   /* of strings */
    struct pool values; /* of runs of uint32_t */
};

static struct unit units[] = {
    {.name = "codes",
     .what = "codes, numbers, links and ids",
     .first = 0,
     .end = SMTPCODE_LINE},
    {.name = "match",
     .what = "what servers say and are called",
     .first = SMTPCODE_LINE,
     .end = SMTPCODE_TITLE},
    {.name = "prose",
     .what = "sentences",
     .first = SMTPCODE_TITLE,
     .end = UINT16_MAX},
};

enum { CODES, MATCH, PROSE, NUNITS };

static void fail(const char *what) {
    fprintf(stderr, "gen: %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

/* TEXT inside a comment: it must not end it. */
static void emit_comment(FILE *out, const char *text) {
    for (; text && *text; text++)
        if (*text != '*' || text[1] != '/')
            fputc(*text, out);
}

static void emit_string(FILE *out, const char *text, size_t offset) {
    fputs("    \"", out);
    for (; *text; text++) {
        if (strchr("\"\\?", *text)) /* '?': trigraphs */
            fputc('\\', out);
        fputc(*text, out);
    }
    fprintf(out, "\\0\" /* %zu */\n", offset);
}

static void emit_pool(const struct unit *u) {
    fprintf(u->out,
            "\n/* %zu strings, %zu bytes */\n"
            "const char smtpcode_%s_pool[] =\n",
            u->pool.count, u->pool.size, u->name);
    for (size_t i = 0; i < u->pool.count; i++)
        emit_string(u->out, u->pool.bytes + u->pool.starts[i],
                    u->pool.starts[i]);
    fputs("    ;\n", u->out);
}

static uint32_t offset_of(struct unit *u, const char *text) {
    return text ? (uint32_t)intern(&u->pool, text, strlen(text) + 1) : 0;
}

static uint32_t value_of(struct unit *u, const struct item *item) {
    if (item->field < SMTPCODE_CONDITION)
        return item->value.number;
    if (item->field < SMTPCODE_DETAIL)
        return item->value.entry ? item->value.entry->index : 0;
    return offset_of(u, item->value.text);
}

static size_t run_length(const struct entry *e, size_t first) {
    size_t n = 1;

    while (first + n < e->nitems &&
           e->items[first + n].field == e->items[first].field)
        n++;
    return n;
}

/* The values of one field of E as a list of U.  ORDER LIST: tables.h. */
static void emit_list(struct unit *u, const struct entry *e, size_t first,
                      size_t count) {
    static uint32_t values[UINT16_MAX];

    for (size_t i = 0; i < count; i++)
        values[i] = value_of(u, &e->items[first + i]);
    size_t start = intern(&u->values, values, count * sizeof *values);
    fprintf(u->out, " {%u, %zu, %zu},", e->items[first].field, count,
            start / sizeof *values);
}

static size_t emit_lists_of(struct unit *u, const struct entry *e) {
    size_t nlists = 0, count;

    for (size_t i = 0; i < e->nitems; i += count) {
        count = run_length(e, i);
        if (e->items[i].field < u->first || e->items[i].field >= u->end)
            continue;
        emit_list(u, e, i, count);
        nlists++;
    }
    return nlists;
}

static void emit_values(const struct unit *u) {
    fprintf(u->out,
            "\n/* %zu runs, %zu values */\n"
            "const uint32_t smtpcode_%s_values[] = {\n",
            u->values.count, u->values.size / sizeof(uint32_t), u->name);
    for (size_t run = 0; run < u->values.count; run++) {
        size_t start = u->values.starts[run];
        fputs("   ", u->out);
        for (size_t i = 0; i < u->values.lengths[run]; i += sizeof(uint32_t)) {
            uint32_t value;
            memcpy(&value, u->values.bytes + start + i, sizeof value);
            fprintf(u->out, " %u,", (unsigned)value);
        }
        fprintf(u->out, " /* %zu */\n", start / sizeof(uint32_t));
    }
    fputs("    0,\n};\n", u->out); /* C99: never empty */
}

/* Entry I has the lists START[I] to START[I + 1]. */
static void emit_start(const struct unit *u, const uint32_t *start) {
    fprintf(u->out, "\nconst uint32_t smtpcode_%s_start[] = {\n    0, ",
            u->name);
    for (size_t i = 0; i <= nentries; i++)
        fprintf(u->out, "%u,%s", (unsigned)start[i], i % 16 ? " " : "\n    ");
    fputs("\n};\n", u->out);
}

static void emit_unit(struct unit *u) {
    uint32_t *start = calloc(nentries + 1, sizeof *start);

    if (!start)
        fail("memory");
    offset_of(u, ""); /* offset 0: absent */
    fprintf(u->out,
            "\n/* {field, how many, first of the values} */\n"
            "const struct smtpcode_list smtpcode_%s_lists[] = {\n",
            u->name);
    for (size_t i = 0; i < nentries; i++) {
        fputs("   ", u->out);
        size_t n = emit_lists_of(u, entries[i]);
        fprintf(u->out, " /* %s */\n", entries[i]->id);
        start[i + 1] = start[i] + (uint32_t)n;
    }
    fputs("    {0, 0, 0},\n};\n", u->out);
    emit_start(u, start);
    emit_values(u);
    emit_pool(u);
    free(start);
}

static const char *title_of(const struct entry *e) {
    for (size_t i = 0; i < e->nitems; i++)
        if (e->items[i].field == SMTPCODE_TITLE)
            return e->items[i].value.text;
    return "";
}

/* ORDER ENTRY: tables.h. */
static void emit_entries(struct unit *u) {
    fprintf(u->out,
            "const uint16_t smtpcode_nentries = %zu;\n\n"
            "/* {id, kind, match} */\n"
            "const struct smtpcode_entry smtpcode_entries[] = {\n"
            "    {0, 0, 0}, /* 0: none */\n",
            nentries + 1);
    for (size_t i = 0; i < nentries; i++) {
        const struct entry *e = entries[i];
        fprintf(u->out, "    {%u, %d, %d}, /* %u: %s  ",
                (unsigned)offset_of(u, e->id), (int)e->kind, (int)e->match,
                (unsigned)e->index, e->id);
        emit_comment(u->out, title_of(e));
        fputs(" */\n", u->out);
    }
    fputs("};\n", u->out);
}

static int by_id(const void *left, const void *right) {
    return strcmp((*(struct entry *const *)left)->id,
                  (*(struct entry *const *)right)->id);
}

static void emit_ids(FILE *out) {
    struct entry **sorted = malloc(nentries * sizeof(struct entry *));

    if (!sorted)
        fail("memory");
    memcpy(sorted, entries, nentries * sizeof(struct entry *));
    qsort(sorted, nentries, sizeof(struct entry *), by_id);
    fprintf(out,
            "\nconst uint16_t smtpcode_nids = %zu;\n"
            "const uint16_t smtpcode_ids[] = {\n",
            nentries);
    for (size_t i = 0; i < nentries; i++)
        fprintf(out, "    %u, /* %s */\n", (unsigned)sorted[i]->index,
                sorted[i]->id);
    fputs("};\n", out);
    free(sorted);
}

static unsigned index_of(enum smtpcode_kind kind, const char *id) {
    const struct entry *e = find_entry(kind, id);

    return e ? (unsigned)e->index : 0;
}

/* A code without an entry of its own gets that of its first digit. */
static void emit_replies(FILE *out) {
    fputs("\nconst uint16_t smtpcode_replies[] = {\n", out);
    for (int code = SMTPCODE_FIRST_CODE; code <= SMTPCODE_LAST_CODE; code++) {
        unsigned index =
            index_of(SMTPCODE_KIND_REPLY_CODE, join_text("%d", code));
        if (!index)
            index = index_of(SMTPCODE_KIND_REPLY_CODE,
                             join_text("%dxx", code / 100));
        fprintf(out, "%s%u,", code % 10 ? " " : "    ", index);
        if (code % 10 == 9)
            fprintf(out, " /* %d */\n", code - 9);
    }
    fputs("};\n", out);
}

static unsigned detail_index(char row, int subject, int detail) {
    return index_of(SMTPCODE_KIND_ENHANCED_STATUS,
                    join_text("%c.%d.%d", row, subject, detail));
}

/* Cells without a code stay 0. */
static void emit_lookup(FILE *out) {
    static const char rows[] = "x245";

    fputs("\nconst uint16_t smtpcode_registered[SMTPCODE_NCLASSES + 1]\n"
          "    [SMTPCODE_NSUBJECTS][SMTPCODE_NDETAILS] = {\n",
          out);
    for (int r = 0; r < SMTPCODE_NCLASSES; r++) {
        fputs("    {\n", out);
        for (int s = 0; s < SMTPCODE_NSUBJECTS; s++) {
            fputs("        {", out);
            for (int d = 0; d < SMTPCODE_NDETAILS; d++)
                fprintf(out, "%u%s", detail_index(rows[r], s, d),
                        d + 1 < SMTPCODE_NDETAILS ? ", " : "");
            fprintf(out, "}, /* %c.%d */\n", rows[r], s);
        }
        fputs("    },\n", out);
    }
    fputs("    {{0}}, /* no class */\n};\n", out);
}

static void emit_classes(FILE *out) {
    static const char rows[] = "x245";

    fputs("\nconst uint16_t\n    smtpcode_subject_entries[SMTPCODE_NCLASSES]"
          "[SMTPCODE_NSUBJECTS] = {\n",
          out);
    for (int r = 0; r < SMTPCODE_NCLASSES; r++) {
        fputs("    {", out);
        for (int s = 0; s < SMTPCODE_NSUBJECTS; s++) {
            unsigned index = index_of(SMTPCODE_KIND_ENHANCED_STATUS,
                                      join_text("%c.%d.x", rows[r], s));
            if (!index) /* no file for the subject: its class answers */
                index = index_of(SMTPCODE_KIND_ENHANCED_STATUS,
                                 join_text("%c.x.x", rows[r]));
            fprintf(out, "%u, ", index);
        }
        fprintf(out, "}, /* %c */\n", rows[r]);
    }
    fputs("};\n\nconst uint16_t smtpcode_class_entries[] = {", out);
    for (int r = 0; r < SMTPCODE_NCLASSES; r++)
        fprintf(out, "%u, ",
                index_of(SMTPCODE_KIND_ENHANCED_STATUS,
                         join_text("%c.x.x", rows[r])));
    fputs("};\n", out);
}

static bool is_range(const struct entry *own) { return own->from < own->to; }

/* Ranges first, as they are few and any of them may hold a code. */
static int by_from(const void *left, const void *right) {
    const struct entry *a = *(struct entry *const *)left;
    const struct entry *b = *(struct entry *const *)right;

    if (is_range(a) != is_range(b))
        return is_range(a) ? -1 : 1;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (rank_of(a) != rank_of(b)) /* the most met server answers */
        return rank_of(a) < rank_of(b) ? -1 : 1;
    return a->index < b->index ? -1 : 1;
}

/* ORDER OWN: tables.h. */
static void emit_own(FILE *out) {
    struct entry **own = NULL;
    size_t n = 0, ranges = 0;

    for (size_t i = 0; i < nentries; i++)
        if (entries[i]->server && entries[i]->classes) {
            own = grow(own, n, sizeof(struct entry *));
            own[n++] = entries[i];
            ranges += is_range(entries[i]);
        }
    if (n)
        qsort(own, n, sizeof(struct entry *), by_from);
    fprintf(out,
            "\n/* {from, to, classes, server, entry} */\n"
            "const uint16_t smtpcode_nown = %zu;\n"
            "const uint16_t smtpcode_nranges = %zu;\n"
            "const struct smtpcode_own smtpcode_own_codes[] = {\n",
            n, ranges);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "    {%u, %u, %u, %u, %u}, /* %s */\n",
                (unsigned)own[i]->from, (unsigned)own[i]->to, own[i]->classes,
                (unsigned)own[i]->server->index, (unsigned)own[i]->index,
                own[i]->id);
    fputs("    {0, 0, 0, 0, 0},\n};\n", out);
    free(own);
}

static uint32_t number_of(const struct entry *e, enum smtpcode_field field,
                          size_t skip) {
    for (size_t i = 0; i < e->nitems; i++)
        if (e->items[i].field == field && skip-- == 0)
            return e->items[i].value.number;
    return 0;
}

static unsigned link_of(const struct entry *e, enum smtpcode_field field) {
    for (size_t i = 0; i < e->nitems; i++)
        if (e->items[i].field == field)
            return e->items[i].value.entry
                       ? (unsigned)e->items[i].value.entry->index
                       : 0;
    return 0;
}

static bool has_field(const struct entry *e, enum smtpcode_field field) {
    for (size_t i = 0; i < e->nitems; i++)
        if (e->items[i].field == field)
            return true;
    return false;
}

/* The values of FIELD as bits, value N as bit N - LOWEST. */
static unsigned bits_of(const struct entry *e, enum smtpcode_field field,
                        unsigned lowest) {
    unsigned bits = 0;

    for (size_t i = 0; i < e->nitems; i++)
        if (e->items[i].field == field)
            bits |= 1u << (e->items[i].value.number - lowest);
    return bits;
}

static unsigned detail_of(struct unit *u, const struct entry *e) {
    if (e->kind != SMTPCODE_KIND_CONDITION)
        for (size_t i = 0; i < e->nitems; i++)
            if (e->items[i].field == SMTPCODE_DETAIL)
                return (unsigned)offset_of(u, e->items[i].value.text);
    return 0;
}

static bool has_own(const struct entry *server) {
    for (size_t i = 0; i < nentries; i++)
        if (entries[i]->server == server && entries[i]->classes)
            return true;
    return false;
}

static bool is_software(const struct entry *e) {
    const int mta = 2; /* vocabulary SERVER_KIND */

    return e->kind == SMTPCODE_KIND_SERVER &&
           number_of(e, SMTPCODE_SERVER_KIND, 0) == mta;
}

static bool has_no_who(const struct entry *e) {
    return e->kind >= SMTPCODE_KIND_TEMPLATE && has_field(e, SMTPCODE_WHO) &&
           number_of(e, SMTPCODE_WHO, 0) == 0;
}

static unsigned has_of(const struct entry *e) {
    return (has_own(e) ? SMTPCODE_HAS_OWN : 0u) |
           (is_software(e) ? SMTPCODE_IS_SOFTWARE : 0u) |
           (has_no_who(e) ? SMTPCODE_HAS_NO_WHO : 0u) |
           (has_field(e, SMTPCODE_AT_STAGE) ? SMTPCODE_HAS_AT : 0u) |
           (has_field(e, SMTPCODE_WHO_IF_WHO) ? SMTPCODE_HAS_WHO_IF : 0u) |
           (has_field(e, SMTPCODE_READS_AS_RULE) ? SMTPCODE_HAS_READS_AS : 0u) |
           (has_field(e, SMTPCODE_RUNS) ? SMTPCODE_HAS_RUNS : 0u) |
           (has_field(e, SMTPCODE_WEAK) ? SMTPCODE_HAS_WEAK : 0u);
}

struct host {
    const char *name;
    const struct entry *server;
};

static int by_name(const void *left, const void *right) {
    const struct host *a = left, *b = right;
    int order = strcmp(a->name, b->name);

    return order ? order
                 : (a->server->index > b->server->index) -
                       (a->server->index < b->server->index);
}

static size_t collect_hosts(struct host **hosts) {
    size_t n = 0;

    for (size_t i = 0; i < nentries; i++)
        for (size_t j = 0; j < entries[i]->nitems; j++) {
            const struct item *item = &entries[i]->items[j];
            if (entries[i]->kind != SMTPCODE_KIND_SERVER ||
                (item->field != SMTPCODE_MX && item->field != SMTPCODE_DOMAIN))
                continue;
            *hosts = grow(*hosts, n, sizeof **hosts);
            (*hosts)[n++] = (struct host){item->value.text, entries[i]};
        }
    if (n)
        qsort(*hosts, n, sizeof **hosts, by_name);
    return n;
}

static void emit_host_bits(FILE *out, const struct host *hosts, size_t n) {
    uint32_t bits[SMTPCODE_HOST_BITS / 32] = {0};

    for (size_t i = 0; i < n; i++) {
        uint32_t hash = 0;
        for (size_t at = strlen(hosts[i].name); at-- > 0;)
            hash = smtpcode_hash_host(hash, hosts[i].name[at]);
        hash = smtpcode_host_bit(hash);
        bits[hash / 32] |= 1u << hash % 32;
    }
    fputs("const uint32_t smtpcode_host_bits[] = {", out);
    for (size_t i = 0; i < SMTPCODE_HOST_BITS / 32; i++)
        fprintf(out, "%s0x%08xu,", i % 6 ? " " : "\n    ", (unsigned)bits[i]);
    fputs("\n};\n", out);
}

/* ORDER HOST: tables.h. */
static void emit_hosts(struct unit *u) {
    struct host *hosts = NULL;
    size_t n = collect_hosts(&hosts);

    fprintf(u->out,
            "\n/* {name, server} */\n"
            "const uint16_t smtpcode_nhosts = %zu;\n"
            "const struct smtpcode_host smtpcode_hosts[] = {\n",
            n);
    for (size_t i = 0; i < n; i++)
        fprintf(u->out, "    {%zu, %u}, /* %s: %s */\n",
                (size_t)offset_of(u, hosts[i].name),
                (unsigned)hosts[i].server->index, hosts[i].name,
                hosts[i].server->id);
    fputs("    {0, 0},\n};\n", u->out);
    emit_host_bits(u->out, hosts, n);
    free(hosts);
}

static void emit_urls(struct unit *u) {
    char **urls = NULL;
    size_t n = collect_urls(&urls);

    fprintf(u->out,
            "\nconst uint16_t smtpcode_nurls = %zu;\n"
            "const uint32_t smtpcode_urls[] = {\n",
            n);
    for (size_t i = 0; i < n; i++) {
        fprintf(u->out, "    %zu, /* ", (size_t)offset_of(u, urls[i]));
        emit_comment(u->out, urls[i]);
        fputs(" */\n", u->out);
        free(urls[i]);
    }
    fputs("    0,\n};\n", u->out);
    free(urls);
}

/* ORDER VERDICT: tables.h. */
static void emit_verdicts(struct unit *u) {
    fputs(
        "\n/* {detail, condition, server, stages, flags, {minutes}, who, retry,"
        " suppress,\n * the same for 4xx, scope, fix_at, side, has} */\n"
        "const struct smtpcode_verdict smtpcode_verdicts[] = {\n"
        "    {0, 0, 0, 0, 0, {0, 0}, 0, 0, 0, 0, 0, 0, 0, 0, 0},\n",
        u->out);
    for (size_t i = 0; i < nentries; i++) {
        const struct entry *e = entries[i];
        fprintf(
            u->out,
            "    {%u, %u, %u, %u, %u, {%u, %u}, %u, %u, %u, %u, %u, %u, %u,"
            " %u, %u}, /* %s */\n",
            detail_of(u, e), link_of(e, SMTPCODE_CONDITION),
            link_of(e, SMTPCODE_SERVER), bits_of(e, SMTPCODE_STAGES, 0),
            bits_of(e, SMTPCODE_FLAG, 1), number_of(e, SMTPCODE_MINUTES, 0),
            number_of(e, SMTPCODE_MINUTES, 1), number_of(e, SMTPCODE_WHO, 0),
            number_of(e, SMTPCODE_RETRY, 0), number_of(e, SMTPCODE_SUPPRESS, 0),
            number_of(e, SMTPCODE_RETRY_4XX, 0),
            number_of(e, SMTPCODE_SUPPRESS_4XX, 0),
            number_of(e, SMTPCODE_SCOPE, 0), number_of(e, SMTPCODE_FIX_AT, 0),
            number_of(e, SMTPCODE_SIDE, 0), has_of(e), e->id);
    }
    const struct entry *unknown =
        find_entry(SMTPCODE_KIND_CONDITION, "unknown");
    fprintf(u->out, "};\nconst uint16_t smtpcode_unknown = %u;\n",
            unknown ? (unsigned)unknown->index : 0);
}

static uint64_t hash_text(uint64_t hash, const char *text) { /* FNV-1a */
    for (; text && *text; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
    return (hash ^ 0xff) * 0x100000001b3u;
}

static uint64_t hash_charsets(uint64_t hash, const struct source *s) {
    size_t i;
    const json_t *one;

    json_array_foreach(json_object_get(s->root, "charsets"), i, one) hash =
        hash_text(hash, json_string_value(one));
    return hash;
}

static uint64_t hash_shares(uint64_t hash) {
    const struct source *s = find_source("", "evidence");
    char *rows =
        s ? json_dumps(json_object_get(s->root, "rows"), JSON_COMPACT) : NULL;

    hash = hash_text(hash, rows);
    free(rows);
    return hash;
}

/* Of what the data says, not of how the tables are laid out. */
static void emit_hash(FILE *out) {
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < nentries; i++) {
        hash = hash_text(hash, entries[i]->id);
        if (json_is_true(json_object_get(entries[i]->json, "open")))
            hash = hash_text(hash, "open"); /* of a template: no field */
        if (entries[i]->kind == SMTPCODE_KIND_PHRASE)
            hash = hash_charsets(hash, entries[i]->source);
        hash = hash_text(hash, json_string_value(json_object_get(
                                   entries[i]->json, "shared")));
        for (size_t j = 0; j < entries[i]->nitems; j++) {
            const struct item *item = &entries[i]->items[j];
            hash = hash_text(hash, join_text("%u %u", item->field,
                                             (unsigned)item->value.number));
            hash = hash_text(hash, item->value.text);
            hash = hash_text(hash,
                             item->value.entry ? item->value.entry->id : NULL);
        }
    }
    hash = hash_shares(hash);
    fprintf(out, "\nconst char smtpcode_data_hash[] = \"%016llx\";\n",
            (unsigned long long)hash);
}

static const char *part_of(const struct unit *u, const char *out_dir) {
    return join_text("%s/tables_%s.c.part", out_dir, u->name);
}

/* On failure take away what was written, so that no part stays. */
static void give_up(const char *out_dir, const char *what) {
    int cause = errno;

    for (int i = 0; i < NUNITS; i++)
        remove(part_of(&units[i], out_dir));
    errno = cause;
    fail(what);
}

static void write_part(const struct unit *u, const char *out_dir) {
    const char *part = part_of(u, out_dir);
    FILE *file = fopen(part, "w");

    if (!file)
        give_up(out_dir, part);
    bool whole = fwrite(u->text, 1, u->size, file) == u->size;
    if (fclose(file) != 0 || !whole)
        give_up(out_dir, part);
}

void emit_tables(const char *out_dir) {
    for (int i = 0; i < NUNITS; i++) {
        struct unit *u = &units[i];
        if (!(u->out = open_memstream(&u->text, &u->size)))
            fail("memory");
        fprintf(u->out,
                "/* Generated by tools/gen from data/: %s.\n"
                " * Do not edit: run `make`. */\n#include \"tables.h\"\n\n",
                u->what);
        if (i == CODES) {
            offset_of(u, "");
            emit_entries(u);
            emit_ids(u->out);
            emit_replies(u->out);
            emit_lookup(u->out);
            emit_classes(u->out);
            emit_own(u->out);
            emit_verdicts(u);
            emit_hosts(u);
            emit_evidence(u->out);
            emit_hash(u->out);
        }
        if (i == MATCH) {
            emit_urls(u);
            emit_matcher(u->out, &template_tables);
            emit_shorts(u->out, "names", &name_tables);
            emit_shorts(u->out, "phrases", &phrase_tables);
        }
        emit_unit(u);
        if (fclose(u->out) != 0)
            fail("memory");
    }
    for (int i = 0; i < NUNITS; i++)
        write_part(&units[i], out_dir);
    for (int i = 0; i < NUNITS; i++) {
        const char *path = join_text("%s/tables_%s.c", out_dir, units[i].name);
        if (rename(part_of(&units[i], out_dir), path) != 0)
            give_up(out_dir, path);
    }
}
