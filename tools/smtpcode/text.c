/* text.c - a text that grows as pieces are appended; never cut. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

static void need_room(struct text *text, size_t more) {
    if (text->len + more + 1 <= text->size)
        return;
    text->size = 2 * (text->len + more + 1);
    text->bytes = realloc(text->bytes, text->size);
    if (!text->bytes) {
        complain("out of memory");
        exit(EXIT_USAGE);
    }
}

void append(struct text *text, const char *format, ...) {
    va_list args;

    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        return;
    need_room(text, (size_t)len);
    va_start(args, format);
    vsnprintf(text->bytes + text->len, (size_t)len + 1, format, args);
    va_end(args);
    text->len += (size_t)len;
}

void append_bytes(struct text *text, const char *bytes, size_t n) {
    need_room(text, n);
    memcpy(text->bytes + text->len, bytes, n);
    text->len += n;
    text->bytes[text->len] = '\0';
}

void append_item(struct text *text, const char *separator, const char *item) {
    if (text->len)
        append_bytes(text, separator, strlen(separator));
    if (item)
        append_bytes(text, item, strlen(item));
}

struct text *scratch(void) {
    static struct text text;

    text.len = 0;
    return &text;
}

const char *text_of(const struct text *text) {
    return text->bytes ? text->bytes : "";
}

void free_text(struct text *text) {
    free(text->bytes);
    *text = (struct text){NULL, 0, 0};
}
