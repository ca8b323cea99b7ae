/*
 * wrapper_cases.h - the rows of tests/cases/wrappers.tsv: forms in which
 * replies arrive.  For test_reply.c and test_wrapped.c.
 */
#ifndef TESTS_WRAPPER_CASES_H
#define TESTS_WRAPPER_CASES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WRAPPERS = 300, NCOLUMNS = 11 };

struct wrapper_case {
    char *columns[NCOLUMNS]; /* as the file's first line names them */
    size_t len;              /* of wrapped */
};

static struct wrapper_case wrapper_cases[MAX_WRAPPERS];

/* Undo the file's own escapes, in place; the length. */
static inline size_t unescape(char *s) {
    char *out = s, *from = s;

    for (; *s; s++) {
        if (*s == '\\' && s[1]) {
            s++;
            *out++ = (char)(*s == 'n'   ? '\n'
                            : *s == 'r' ? '\r'
                            : *s == 't' ? '\t'
                                        : *s);
        } else {
            *out++ = *s;
        }
    }
    *out = '\0';
    return (size_t)(out - from);
}

static inline size_t load_wrappers(const char *file) {
    static char text[1 << 18];
    size_t n = 0;
    FILE *f = fopen(file, "r");

    if (!f || fread(text, 1, sizeof text - 1, f) == 0) {
        perror(file);
        exit(2);
    }
    fclose(f);
    for (char *line = strtok(text, "\n"); line && n < MAX_WRAPPERS;
         line = strtok(NULL, "\n")) {
        if (*line == '#' || strncmp(line, "name\t", 5) == 0)
            continue;
        struct wrapper_case *c = &wrapper_cases[n++];
        for (int i = 0; i < NCOLUMNS; i++) {
            c->columns[i] = line;
            line += strcspn(line, "\t");
            if (*line)
                *line++ = '\0';
        }
        c->len = unescape(c->columns[1]);
    }
    return n;
}

#endif
