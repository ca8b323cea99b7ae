/* evidence.c - how far each kind of evidence is to be believed: measured
 * shares, from data/evidence.json. */
#include <string.h>

#include "gen.h"

static const char *const codes[] = {"oppose", "differ", "silent", "agree"};
static const char *const parts[] = {"little", "some", "most"};
enum { MOST_ROWS = 16 };

/* WORD's place in LIST; ANY where the row does not name it; -1: unknown. */
static int place_of(const json_t *row, const char *key, const char *const *list,
                    int n) {
    const char *word = json_string_value(json_object_get(row, key));

    if (!word)
        return SMTPCODE_EVIDENCE_ANY;
    for (int i = 0; i < n; i++)
        if (strcmp(list[i], word) == 0)
            return i;
    return -1;
}

static void emit_row(FILE *out, const struct source *s, const json_t *row) {
    const char *basis = json_string_value(json_object_get(row, "basis"));
    int share = (int)json_integer_value(json_object_get(row, "share"));
    int agree = place_of(row, "codes", codes, 4);
    int part = place_of(row, "part", parts, 3);

    if (agree < 0 || part < 0)
        complain(s, "\"rows\"", "unknown 'codes' or 'part'");
    if (share > 100 || share % 5 != 0)
        complain(s, "\"share\"", "a share is 0 to 100, in steps of 5");
    if (out)
        fprintf(out, "    {%d, %d, %d, %d}, /* %s */\n",
                word_value(SMTPCODE_WORDS_BASIS, basis), agree, part, share,
                basis);
}

/* ORDER EVIDENCE: tables.h. */
static size_t each_row(FILE *out) {
    const struct source *s = find_source("", "evidence");
    const json_t *rows = s ? json_object_get(s->root, "rows") : NULL;
    size_t i;
    const json_t *row;

    json_array_foreach(rows, i, row) emit_row(out, s, row);
    if (json_array_size(rows) > MOST_ROWS)
        complain(s, "\"rows\"", "more than %d rows", MOST_ROWS);
    return json_array_size(rows);
}

void check_evidence(void) { each_row(NULL); }

void emit_evidence(FILE *out) {
    fputs("\n/* {basis, codes, part, share of 100} */\n"
          "const struct smtpcode_evidence_row smtpcode_evidence[] = {\n",
          out);
    size_t n = each_row(out);
    fprintf(out,
            "    {0, 0, 0, 0},\n};\nconst uint8_t smtpcode_nevidence = %zu;\n",
            n);
}
