/* evidence.c - how far each kind of evidence is to be believed: measured
 * shares, from data/evidence.json. */
#include <string.h>

#include "gen.h"

static const char *const codes[] = {"oppose", "differ", "silent", "agree"};
static const char *const parts[] = {"little", "some", "most"};
enum { MOST_ROWS = 16, NBASES = SMTPCODE_BASIS_TOKEN + 1, ANY = -2 };

static int shares[NBASES][SMTPCODE_NCODES][SMTPCODE_NPARTS]; /* -1: none yet */

/* WORD's place in LIST; ANY where the row does not name it; -1: unknown. */
static int place_of(const json_t *row, const char *key, const char *const *list,
                    int n) {
    const char *word = json_string_value(json_object_get(row, key));

    if (!word)
        return ANY;
    for (int i = 0; i < n; i++)
        if (strcmp(list[i], word) == 0)
            return i;
    return -1;
}

/* The first row that fits counts. */
static void take_share(int basis, int agree, int part, int share) {
    for (int c = 0; c < SMTPCODE_NCODES; c++)
        for (int p = 0; p < SMTPCODE_NPARTS; p++)
            if ((agree == ANY || agree == c) && (part == ANY || part == p) &&
                shares[basis][c][p] < 0)
                shares[basis][c][p] = share;
}

static void read_row(const struct source *s, const json_t *row) {
    const char *basis = json_string_value(json_object_get(row, "basis"));
    int share = (int)json_integer_value(json_object_get(row, "share"));
    int agree = place_of(row, "codes", codes, SMTPCODE_NCODES);
    int part = place_of(row, "part", parts, SMTPCODE_NPARTS);
    int number = basis ? word_value(SMTPCODE_WORDS_BASIS, basis) : 0;

    if (agree == -1 || part == -1)
        complain(s, "\"rows\"", "unknown 'codes' or 'part'");
    if (share > 100 || share % 5 != 0)
        complain(s, "\"share\"", "a share is 0 to 100, in steps of 5");
    if (number > 0 && number < NBASES)
        take_share(number, agree, part, share);
}

static void read_rows(void) {
    const struct source *s = find_source("", "evidence");
    const json_t *rows = s ? json_object_get(s->root, "rows") : NULL;
    size_t i;
    const json_t *row;

    memset(shares, -1, sizeof shares);
    json_array_foreach(rows, i, row) read_row(s, row);
    if (json_array_size(rows) > MOST_ROWS)
        complain(s, "\"rows\"", "more than %d rows", MOST_ROWS);
}

void check_evidence(void) { read_rows(); }

void emit_evidence(FILE *out) {
    read_rows();
    fputs("\n/* of 100, by how the codes go together and by part */\n"
          "const uint8_t smtpcode_shares[][SMTPCODE_NCODES][SMTPCODE_NPARTS] ="
          " {\n",
          out);
    for (int basis = 0; basis < NBASES; basis++) {
        fputs("    {", out);
        for (int c = 0; c < SMTPCODE_NCODES; c++)
            for (int p = 0; p < SMTPCODE_NPARTS; p++)
                fprintf(out, "%s%d%s", p == 0 ? "{" : "",
                        shares[basis][c][p] < 0 ? 0 : shares[basis][c][p],
                        p < SMTPCODE_NPARTS - 1   ? ", "
                        : c < SMTPCODE_NCODES - 1 ? "}, "
                                                  : "}");
        fprintf(out, "}, /* %s */\n",
                basis ? smtpcode_word(SMTPCODE_WORDS_BASIS, basis) : "none");
    }
    fputs("};\n", out);
}
