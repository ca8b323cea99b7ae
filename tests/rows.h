/*
 * rows.h - the rows of a file in tests/cases: cells between tabs; lines that
 * begin with # and empty ones are none.
 */
#ifndef ROWS_H
#define ROWS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void refuse_rows(const char *path, const char *what) {
    fprintf(stderr, "%s: %s\n", path, what);
    exit(1);
}

/* Append PATH's rows of NCOLUMNS cells to ROWS, which has N of at most MOST;
 * returns how many there are then. */
static inline size_t read_cells(const char *path, char **rows, size_t ncolumns,
                                size_t n, size_t most) {
    char *line = NULL;
    size_t size = 0;
    FILE *f = fopen(path, "r");

    if (!f)
        refuse_rows(path, "cannot be read");
    while (getline(&line, &size, f) > 0) {
        char *rest = line;
        line[strcspn(line, "\n")] = '\0';
        if (*line == '#' || !*line)
            continue;
        if (n == most)
            refuse_rows(path, "too many rows");
        for (size_t i = 0; i < ncolumns; i++) {
            char *cell = strsep(&rest, "\t");
            if (!cell)
                refuse_rows(path, "too few columns in a row");
            rows[n * ncolumns + i] = strdup(cell);
        }
        n++;
    }
    free(line);
    fclose(f);
    return n;
}

/* "\n" of two characters is a line break, as in the command's filter. */
static inline size_t unescape_breaks(char *text) {
    size_t n = 0;

    for (const char *c = text; *c; c++)
        if (c[0] == '\\' && c[1] == 'n' && c++)
            text[n++] = '\n';
        else
            text[n++] = *c;
    text[n] = '\0';
    return n;
}

#endif
