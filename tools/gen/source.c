/* source.c - the files of data/, and complaints about them. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gen.h"

struct source *sources;
size_t nsources;

static size_t ncomplaints;

size_t complaints(void) { return ncomplaints; }

static int line_of(const struct source *source, const char *needle) {
    const char *hit = needle ? strstr(source->text, needle) : NULL;
    int line = 1;

    for (const char *c = source->text; hit && c < hit; c++)
        line += *c == '\n';
    return line;
}

/* What a file holds may be hostile to a terminal. */
static void print_safely(const char *text) {
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || (unsigned char)*text >= 0x7f)
            fprintf(stderr, "\\x%02x", (unsigned char)*text);
        else
            fputc(*text, stderr);
}

void complain(const struct source *source, const char *needle,
              const char *format, ...) {
    va_list args;
    char what[400]; /* longer ones are cut: they only repeat the file */

    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    print_safely(source->path);
    fprintf(stderr, ":%d: ", line_of(source, needle));
    print_safely(what);
    fputc('\n', stderr);
    ncomplaints++;
}

static void die(const char *path) {
    fprintf(stderr, "gen: %s: %s\n", path, strerror(errno));
    exit(EXIT_FAILURE);
}

/* Make room for one more after COUNT elements; doubles at powers of two. */
void *grow(void *array, size_t count, size_t size) {
    if (count & (count - 1))
        return array;
    array = realloc(array, (count ? 2 * count : 1) * size);
    if (!array)
        die("memory");
    return array;
}

const char *join_text(const char *format, ...) {
    va_list args;

    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = malloc((size_t)len + 1);
    if (!text)
        die("memory");
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return text;
}

static char *read_text(const char *path, size_t *len) {
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t size = 0, got;

    if (!file)
        die(path);
    do {
        text = realloc(text, size + 65537);
        if (!text)
            die(path);
        size += got = fread(text + size, 1, 65536, file);
    } while (got > 0);
    if (ferror(file))
        die(path);
    fclose(file);
    text[size] = '\0';
    *len = size;
    return text;
}

static bool ends_with(const char *name, const char *end) {
    size_t n = strlen(name), m = strlen(end);

    return n > m && strcmp(name + n - m, end) == 0;
}

/* jansson knows the line itself. */
static void complain_json(const struct source *s, const json_error_t *error) {
    print_safely(s->path);
    fprintf(stderr, ":%d: ", error->line);
    print_safely(error->text);
    fputc('\n', stderr);
    ncomplaints++;
}

static void read_source(const char *path, const char *folder,
                        const char *name) {
    struct source *s;
    json_error_t error;
    size_t len;

    sources = grow(sources, nsources, sizeof *sources);
    s = &sources[nsources++];
    s->path = strdup(path);
    s->folder = folder;
    char *stem = strdup(name);
    if (!s->path || !stem)
        die(path);
    stem[strlen(stem) - strlen(".json")] = '\0';
    s->stem = stem;
    s->text = read_text(path, &len);
    s->root = json_loadb(s->text, len, JSON_REJECT_DUPLICATES, &error);
    if (!s->root)
        complain_json(s, &error);
    else if (!json_is_object(s->root)) {
        complain(s, NULL, "not an object");
        s->root = NULL;
    }
}

static int skip_hidden(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

/* All .json below DIR; FOLDER is the first folder below data/. */
static void read_folder(const char *dir, const char *folder) {
    struct dirent **names;
    int n = scandir(dir, &names, skip_hidden, NULL);

    if (n < 0)
        die(dir);
    for (int i = 0; i < n; i++) {
        const char *path = join_text("%s/%s", dir, names[i]->d_name);
        struct stat status;
        if (stat(path, &status) < 0)
            die(path);
        bool schema = !*folder && strcmp(names[i]->d_name, "schema") == 0;
        if (S_ISDIR(status.st_mode) && !schema)
            read_folder(path, *folder ? folder : strdup(names[i]->d_name));
        else if (ends_with(path, ".json"))
            read_source(path, folder, names[i]->d_name);
        free(names[i]);
    }
    free(names);
}

static int by_path(const void *a, const void *b) {
    return strcmp(((const struct source *)a)->path,
                  ((const struct source *)b)->path);
}

void read_sources(const char *data_dir) {
    read_folder(data_dir, "");
    qsort(sources, nsources, sizeof *sources, by_path);
}
