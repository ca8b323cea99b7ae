/*
 * header.c - the numbers of enum smtpcode_condition in smtpcode.h against
 * those of data/conditions: both are written by hand and stay for ever.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

static const char prefix[] = "SMTPCODE_CONDITION_";

/* "MAILBOX_FULL = 4," to "mailbox-full"; the number, or -1. */
static int read_constant(const char *at, char *id, size_t size) {
    size_t n = 0;

    for (; *at == '_' || isupper((unsigned char)*at); at++)
        if (n + 1 < size)
            id[n++] = *at == '_' ? '-' : (char)tolower((unsigned char)*at);
    id[n] = '\0';
    return strncmp(at, " = ", 3) == 0 ? (int)strtol(at + 3, NULL, 10) : -1;
}

static int number_in(const char *header, const char *wanted) {
    char id[64];

    for (const char *at = header; (at = strstr(at, prefix));) {
        at += strlen(prefix);
        int number = read_constant(at, id, sizeof id);
        if (number >= 0 && strcmp(id, wanted) == 0)
            return number;
    }
    return -1;
}

static void check_constants(const struct source *header) {
    char id[64];

    for (const char *at = header->text; (at = strstr(at, prefix));) {
        at += strlen(prefix);
        if (read_constant(at, id, sizeof id) >= 0 &&
            !find_entry(SMTPCODE_KIND_CONDITION, id))
            complain(header, at, "no condition '%s' in the data", id);
    }
}

void check_header(const char *path) {
    static char text[65536];
    FILE *file = fopen(path, "r");
    struct source header = {path, "", "", text, NULL};

    if (!file) {
        complain(&header, NULL, "cannot be read");
        return;
    }
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    check_constants(&header);
    for (size_t i = 0; i < nentries; i++) {
        const struct entry *e = entries[i];
        if (e->kind != SMTPCODE_KIND_CONDITION)
            continue;
        int number = number_in(text, e->id);
        if (number < 0)
            complain(e->source, "\"id\"", "no constant for '%s' in %s", e->id,
                     path);
        else if ((uint32_t)number != e->number)
            complain(e->source, "\"number\"", "number %u, but %d in %s",
                     (unsigned)e->number, number, path);
    }
}
