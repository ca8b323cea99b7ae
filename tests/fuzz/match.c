/*
 * match.c - libFuzzer target: hostile words against the library's own tables,
 * the answer compared with that of the matcher that tries everything.
 *
 * Input: a byte of options, then words.  With its high bit the words are the
 * example of a template, which the next two bytes choose, with the rest in it.
 */
#include <stdint.h>
#include <stdlib.h>

#include "../slow_match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);
const char *__asan_default_options(void);

/* The generator runs once and leaves its memory to the system. */
const char *__asan_default_options(void) {
    return "detect_leaks=0";
}

enum { MOST_WORDS = 400 };

/* The generator's own patterns, parts too: the tables were made of them. */
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    read_sources("data");
    build_entries();
    link_entries();
    number_entries();
    compile_templates();
    return complaints() > 0;
}

/* The example of a template with TEXT in the place of each value. */
static char *quote(unsigned choice, char *text) {
    const char *values[15];

    for (int i = 0; i < 15; i++)
        values[i] = choice & 0x8000 ? standard_values[i] : text;
    values[SMTPCODE_PLACEHOLDER_ANY] = text;
    return fill_words(template_patterns[choice % ntemplate_patterns], values,
                      NULL);
}

static void check_result(const struct smtpcode_said *said,
                         const struct smtpcode_match_result *r) {
    if (r->begin > r->end || r->end > said->len)
        abort();
    for (unsigned i = 0; i < r->ncaptures; i++)
        if (r->captures[i].offset > said->len ||
            r->captures[i].length > said->len - r->captures[i].offset)
            abort();
}

static void compare(const struct smtpcode_said *said) {
    struct smtpcode_match_result found, want;

    smtpcode_match(said, &found);
    check_result(said, &found);
    if (found.budget_spent)
        return; /* may miss one, and says so */
    slow_match((const struct pattern *const *)template_patterns,
               ntemplate_patterns, said, &want);
    if (!slow_agrees(&want, &found))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const int replies[] = {0, 550, 450, 554};
    char text[MOST_WORDS + 1] = "", *words;
    uint16_t joins[64];
    struct smtpcode_said said = {.joins = joins};

    if (size < 3)
        return 0;
    unsigned options = data[0];
    size_t len = size - 3 < MOST_WORDS ? size - 3 : MOST_WORDS;
    for (size_t i = 0; i < len; i++)
        text[i] = data[i + 3] ? (char)data[i + 3] : ' ';
    words = options & 0x80 ? quote(data[1] | (unsigned)data[2] << 8, text)
                           : (char *)(uintptr_t)join_text("%s", text);
    len = strlen(words);
    for (size_t i = 0; i < len && said.njoins < 64; i++)
        if (words[i] == '\n')
            joins[said.njoins++] = (uint16_t)i;
    smtpcode_normalise_joins(words, joins, said.njoins, joins);
    said.len = smtpcode_normalise(words, len, words);
    said.words = words;
    said.reply_code = replies[options & 3];
    said.enhanced = options & 4 ? 5001001 : 0;
    said.stage = options >> 3 & 8;
    if (said.len <= MOST_WORDS)
        compare(&said);
    free(words);
    return 0;
}
