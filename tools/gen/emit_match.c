/* emit_match.c - the matcher's tables as C, a record a line. */
#include <string.h>

#include "gen.h"

static void emit_bloom(FILE *out, const struct tables *t) {
    fputs("/* two bits for each gram of an anchor */\n"
          "const uint32_t smtpcode_match_bloom[SMTPCODE_BLOOM_WORDS] = {",
          out);
    for (int i = 0; i < SMTPCODE_BLOOM_WORDS; i++)
        fprintf(out, "%s0x%x,", i % 8 ? " " : "\n    ", (unsigned)t->bloom[i]);
    fputs("\n};\n", out);
}

static void emit_heads(FILE *out, const struct tables *t) {
    fprintf(out,
            "\n/* %zu buckets, the fullest has %zu grams */\n"
            "const uint8_t smtpcode_match_bucket_shift = %d;\n"
            "const uint16_t smtpcode_match_heads[] = {",
            t->nbuckets, t->deepest, t->bucket_shift);
    for (size_t i = 0; i <= t->nbuckets; i++)
        fprintf(out, "%s%u,", i % 16 ? " " : "\n    ", t->heads[i]);
    fputs("\n};\n", out);
}

/* ORDER GRAM: tables.h. */
static void emit_grams(FILE *out, const struct tables *t) {
    fprintf(out,
            "\n/* {hash, record << 8 | offset in the anchor}: %zu */\n"
            "const struct smtpcode_gram smtpcode_match_grams[] = {\n",
            t->ngrams);
    for (size_t i = 0; i < t->ngrams; i++)
        fprintf(out, "    {0x%x, 0x%x},\n", (unsigned)t->grams[i].hash,
                (unsigned)t->grams[i].place);
    fputs("    {0, 0},\n};\n", out);
}

static void emit_starts(FILE *out, const struct tables *t) {
    fprintf(out,
            "\n/* {first bytes, record}: templates too short for an anchor */\n"
            "const uint16_t smtpcode_match_nstarts = %zu;\n"
            "const struct smtpcode_start smtpcode_match_starts[] = {\n",
            t->nstarts);
    for (size_t i = 0; i < t->nstarts; i++)
        fprintf(out, "    {0x%x, 0x%x},\n", (unsigned)t->starts[i].bytes,
                (unsigned)t->starts[i].record);
    fputs("    {0, 0},\n};\n", out);
}

/* Of the record of pattern I; patterns are in the order of their records,
 * several for one, and some without. */
static size_t end_of(const struct tables *t, size_t i) {
    if (template_patterns[i]->record == SIZE_MAX)
        return SIZE_MAX;
    while (++i < ntemplate_patterns)
        if (template_patterns[i]->record != SIZE_MAX)
            return template_patterns[i]->record;
    return t->records.size;
}

static void emit_records(FILE *out, const struct tables *t) {
    static const char *const parts[] = {"", ", first line", ", last line"};
    size_t at = 0;

    fprintf(out,
            "\n/* %zu records, %zu bytes; tables.h says what is in them */\n"
            "const unsigned char smtpcode_match_records[] = {\n",
            t->nrecords, t->records.size);
    for (size_t i = 0; i < ntemplate_patterns; i++) {
        size_t start = template_patterns[i]->record, end = end_of(t, i);
        if (end == start)
            continue; /* the same words as the next */
        fputs("   ", out);
        for (; at < end; at++)
            fprintf(out, " %u,", t->records.at[at]);
        fprintf(out, " /* 0x%zx: %s%s */\n", start,
                template_patterns[i]->entry->id,
                parts[template_patterns[i]->part]);
    }
    fputs("    0,\n};\n", out);
}

/* ORDER CLASS: pattern.c. */
static void emit_classes_of_bytes(FILE *out) {
    const uint8_t *table = class_table();

    fputs("\nconst uint8_t smtpcode_match_classes[256] = {", out);
    for (int i = 0; i < 256; i++)
        fprintf(out, "%s%u,", i % 16 ? " " : "\n    ", table[i]);
    fputs("\n};\n", out);
}

void emit_matcher(FILE *out, const struct tables *t) {
    emit_bloom(out, t);
    emit_heads(out, t);
    emit_grams(out, t);
    emit_starts(out, t);
    emit_records(out, t);
    emit_classes_of_bytes(out);
    fputs("\n", out);
}
