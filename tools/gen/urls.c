/*
 * urls.c - the URLs that servers' replies and the base itself name: pages of
 * documentation, which redaction may leave as they are.
 */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

struct urls {
    char **list; /* without "https://", small letters */
    size_t count;
};

static char small(char c) {
    return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

/* The URL behind "://" at TEXT.  Of one with a placeholder only what stands
 * before the last '/' in front of it, and that has to be more than a scheme:
 * "https://support.example{any}" may be anybody's. */
static size_t length_of(const char *text) {
    size_t n = strcspn(text, " {<>\"'");

    if (text[n] == '{')
        while (n > 0 && text[n - 1] != '/')
            n--;
    while (n > 0 && strchr(".,;:)", text[n - 1]))
        n--;
    return n;
}

static void add_urls(struct urls *urls, const char *text) {
    for (; text && (text = strstr(text, "://")); text += 3) {
        size_t n = length_of(text + 3);
        if (n == 0)
            continue;
        char *url = grow(NULL, 0, n + 1);
        url[n] = '\0';
        urls->list = grow(urls->list, urls->count, sizeof *urls->list);
        for (size_t i = 0; i < n; i++)
            url[i] = small(text[3 + i]);
        urls->list[urls->count++] = url;
    }
}

static int compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

size_t collect_urls(char ***list) {
    struct urls urls = {NULL, 0};
    size_t n = 0;

    for (size_t i = 0; i < nentries; i++)
        for (size_t k = 0; k < entries[i]->nitems; k++) {
            const struct item *item = &entries[i]->items[k];
            if (item->field == SMTPCODE_LINE || item->field == SMTPCODE_LINK ||
                (item->field >= SMTPCODE_PAGE_CODES &&
                 item->field <= SMTPCODE_PAGE_LOOKUP))
                add_urls(&urls, item->value.text);
        }
    if (urls.count > 0)
        qsort(urls.list, urls.count, sizeof(char *), compare);
    for (size_t i = 0; i < urls.count; i++)
        if (n == 0 || strcmp(urls.list[n - 1], urls.list[i]) != 0)
            urls.list[n++] = urls.list[i];
    *list = urls.list;
    return n;
}
