/* emit_short.c - the tables of the short path as C, a record a line. */
#include "gen.h"

static void emit_bloom(FILE *out, const char *name,
                       const struct short_tables *t) {
    fprintf(out,
            "\n/* %zu patterns; two bits for the gram of each */\n"
            "const uint8_t smtpcode_%s_bloom_shift = %d;\n"
            "const uint32_t smtpcode_%s_bloom[] = {",
            t->npatterns, name, t->bloom_shift, name);
    for (size_t i = 0; i < t->nbloom; i++)
        fprintf(out, "%s0x%x,", i % 8 ? " " : "\n    ", (unsigned)t->bloom[i]);
    fputs("\n};\n", out);
}

/* ORDER PAIR: tables.h. */
static void emit_pairs(FILE *out, const char *name,
                       const struct short_tables *t) {
    fprintf(out,
            "\n/* {entry, flags} */\n"
            "const uint16_t smtpcode_%s_npairs = %zu;\n"
            "const struct smtpcode_pair smtpcode_%s_pairs[] = {\n",
            name, t->npairs, name);
    for (size_t i = 0; i < t->npairs; i++)
        fprintf(out, "    {%u, %u},\n", t->pairs[i].entry, t->pairs[i].flags);
    fputs("    {0, 0},\n};\n", out);
}

static void emit_heads(FILE *out, const char *name,
                       const struct short_tables *t) {
    fprintf(out,
            "\n/* %zu buckets, the fullest has %zu grams */\n"
            "const uint8_t smtpcode_%s_bucket_shift = %d;\n"
            "const uint16_t smtpcode_%s_heads[] = {",
            t->nbuckets, t->deepest, name, t->bucket_shift, name);
    for (size_t i = 0; i <= t->nbuckets; i++)
        fprintf(out, "%s%u,", i % 16 ? " " : "\n    ", t->heads[i]);
    fputs("\n};\n", out);
}

/* ORDER SHORT GRAM: tables.h. */
static void emit_grams(FILE *out, const char *name,
                       const struct short_tables *t) {
    fprintf(out,
            "\n/* {bytes, record << 8 | offset in its literal} */\n"
            "const struct smtpcode_short_gram smtpcode_%s_grams[] = {\n",
            name);
    for (size_t i = 0; i < t->ngrams; i++)
        fprintf(out, "    {0x%x, 0x%x},\n", (unsigned)t->grams[i].bytes,
                (unsigned)t->grams[i].place);
    fputs("    {0, 0},\n};\n", out);
}

static void emit_records(FILE *out, const char *name,
                         const struct short_tables *t) {
    fprintf(out,
            "\n/* %zu bytes; tables.h says what is in them */\n"
            "const unsigned char smtpcode_%s_records[] = {\n",
            t->records.size, name);
    for (size_t i = 0; i < t->npatterns; i++) {
        size_t at = t->patterns[i]->record;
        size_t end =
            i + 1 < t->npatterns ? t->patterns[i + 1]->record : t->records.size;
        fputs("   ", out);
        for (; at < end; at++)
            fprintf(out, " %u,", t->records.at[at]);
        fprintf(out, " /* 0x%zx: %s */\n", t->patterns[i]->record,
                t->patterns[i]->entry->id);
    }
    fputs("    0,\n};\n", out);
}

void emit_shorts(FILE *out, const char *name, const struct short_tables *t) {
    emit_bloom(out, name, t);
    emit_heads(out, name, t);
    emit_grams(out, name, t);
    emit_records(out, name, t);
    emit_pairs(out, name, t);
    fputs("\n", out);
}
