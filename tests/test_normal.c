/*
 * test_normal.c - the normaliser by blocks against the one by bytes: the same
 * bytes out, nothing read or written beside the caller's.
 *
 *     test_normal [FILE...]    on these files' lines too
 */
#define _DEFAULT_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "block.h"
#include "tables.h"

enum { MOST = 4096, RANDOM = 1000000, MOST_RANDOM = 200, GUARD = 0x5a };

/* MOST bytes with a page behind and before them that nobody may touch. */
struct guarded {
    char *begin, *end;
};

static struct guarded in, out;
static size_t compared;

static struct guarded guard(void) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t size = (MOST + page - 1) / page * page;
    char *at = mmap(NULL, size + 2 * page, PROT_NONE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (at == MAP_FAILED || mprotect(at + page, size, PROT_READ | PROT_WRITE))
        abort();
    return (struct guarded){at + page, at + page + size};
}

/* TEXT at IN gives WORDS at OUT, and the byte behind the room stays. */
static void check_at(const char *text, size_t len, char *from, char *to,
                     const char *words, size_t nwords) {
    int is_room = to + len < out.end && to != from;

    memcpy(from, text, len);
    if (is_room)
        to[len] = GUARD;
    size_t n = smtpcode_normalise(from, len, to);
    if (n != nwords || memcmp(to, words, n) != 0)
        fail_msg("'%.*s' becomes '%.*s', not '%.*s'", (int)len, text, (int)n,
                 to, (int)nwords, words);
    if (is_room && to[len] != GUARD)
        fail_msg("'%.*s': written behind its %zu bytes", (int)len, text, len);
    compared++;
}

static void check(const char *text, size_t len) {
    char words[MOST];
    size_t n = smtpcode_normalise_plain(text, len, words);

    check_at(text, len, in.end - len, out.end - len, words, n);
    check_at(text, len, in.begin, out.begin, words, n);
    check_at(text, len, in.end - len, in.end - len, words, n); /* in place */
}

static void check_prefixes(const char *text, size_t len) {
    for (size_t n = 0; n <= len; n++)
        check(text, n);
}

/* Each value in each place of a block, alone and among its like. */
static void test_bytes(void **state) {
    char text[3 * 16];

    (void)state;
    for (int byte = 0; byte < 256; byte++)
        for (size_t at = 0; at < sizeof text; at++)
            for (int other = 'a'; other >= ' '; other -= 'a' - ' ') {
                memset(text, other, sizeof text);
                text[at] = (char)byte;
                check(text, sizeof text);
                memset(text, byte, at);
                check(text, sizeof text);
            }
}

static void test_templates(void **state) {
    char text[MOST];
    const char *line;

    (void)state;
    compared = 0;
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_TEMPLATE));) {
        size_t n = 0;
        for (size_t i = 0; (line = smtpcode_text(e, SMTPCODE_LINE, i)); i++)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s\r\n", line);
        check_prefixes(text, n);
    }
    assert_true(compared > 100000);
}

static size_t unescape(char *s) {
    char *to = s, *from = s;

    for (; *from; from++) {
        if (*from == '\\' && from[1])
            from++, *to++ = (char)(*from == 'n'   ? '\n'
                                   : *from == 'r' ? '\r'
                                   : *from == 't' ? '\t'
                                                  : *from);
        else
            *to++ = *from;
    }
    return (size_t)(to - s);
}

/* Lines as they are, and with \n and the like as the bytes they mean. */
static void test_file(void **state) {
    const char *path = *state;
    char line[MOST];
    FILE *f = fopen(path, "r");
    int n = 0;

    if (!f)
        fail_msg("cannot read %s", path);
    for (; fgets(line, sizeof line, f); n++) {
        check_prefixes(line, strlen(line));
        check_prefixes(line, unescape(line));
    }
    fclose(f);
    print_message("%d lines\n", n);
    assert_true(n > 0);
}

static uint32_t below(uint32_t n) {
    static uint32_t seed = 1;

    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

/* Of one sort of byte or of several: words, blanks, controls, high bytes. */
static char random_byte(uint32_t sorts) {
    switch (below(sorts)) {
    case 0:
        return "abcxyzABCXYZ@[`{/:09"[below(20)];
    case 1:
        return "  \t\r\n"[below(5)];
    case 2:
        return (char)below(33);
    default:
        return (char)below(256);
    }
}

/* At all alignments of both, at all lengths. */
static void test_random(void **state) {
    char text[MOST_RANDOM], words[MOST_RANDOM];

    (void)state;
    for (uint32_t i = 0; i < RANDOM; i++) {
        uint32_t sorts = 1 + below(4);
        size_t len = i % (MOST_RANDOM + 1);
        for (size_t k = 0; k < len; k++)
            text[k] = random_byte(sorts);
        size_t n = smtpcode_normalise_plain(text, len, words);
        check_at(text, len, in.end - len - below(16), out.end - len - below(16),
                 words, n);
        check_at(text, len, in.end - len, in.end - len, words, n);
    }
}

int main(int argc, char **argv) {
    struct CMUnitTest tests[16] = {
        cmocka_unit_test(test_bytes), cmocka_unit_test(test_templates),
        cmocka_unit_test(test_random),
        cmocka_unit_test_prestate(test_file, "tests/cases/wrappers.tsv")};
    int n = 4;

    for (int i = 1; i < argc && n < 16; i++)
        tests[n++] =
            (struct CMUnitTest){argv[i], test_file, NULL, NULL, argv[i]};
    in = guard();
    out = guard();
#ifdef SMTPCODE_BLOCK
    print_message("by blocks of %d bytes\n", SMTPCODE_BLOCK);
#else
    print_message("by bytes: this compiler has no SIMD\n");
#endif
    return _cmocka_run_group_tests("normal", tests, (size_t)n, NULL, NULL);
}
