/*
 * stream.c - reading lines, or all there is, in bounded memory.
 *
 * Of more than HEAD + TAIL bytes the first HEAD and the last TAIL are kept:
 * what a reply says stands at its begin, or at the end of what quotes it.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stream.h"

bool open_stream(struct stream *s, int fd, size_t head, size_t tail) {
    *s = (struct stream){.fd = fd, .head = head, .tail = tail};
    /* Room for as much again as is moved: cutting stays linear. */
    s->size = head + 2 * tail + 1;
    s->buffer = malloc(s->size);
    return s->buffer != NULL;
}

void close_stream(struct stream *s) {
    free(s->buffer);
    s->buffer = NULL;
}

/* The middle of what was read of one item leaves, a blank in its place. */
static void cut_middle(struct stream *s) {
    char *kept = s->buffer + s->head + 1;

    s->buffer[s->head] = ' ';
    memmove(kept, s->buffer + s->end - s->tail, s->tail);
    s->searched = s->end = s->head + 1 + s->tail;
    s->cut = true;
}

static void make_room(struct stream *s) {
    if (s->begin > 0) {
        memmove(s->buffer, s->buffer + s->begin, s->end - s->begin);
        s->end -= s->begin;
        s->begin = 0;
    }
    if (s->end == s->size)
        cut_middle(s);
}

/* More input; false at its end or on an error. */
static bool fill(struct stream *s) {
    ssize_t n;

    make_room(s);
    s->stopped = s->before_read && !s->before_read();
    if (s->stopped)
        return false;
    do
        n = read(s->fd, s->buffer + s->end, s->size - s->end);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        s->error = errno;
    if (n <= 0)
        return false;
    s->end += (size_t)n;
    return true;
}

/* The LF that ends the line that begins at BEGIN, or NULL; no byte is looked
 * at twice. */
static const char *find_end(struct stream *s) {
    const char *from = s->buffer + s->begin + s->searched;

    const char *found = memchr(from, '\n', s->end - s->begin - s->searched);
    s->searched = s->end - s->begin;
    return found;
}

bool next_line(struct stream *s, const char **line, size_t *len) {
    const char *stop;

    s->cut = false;
    s->searched = 0;
    while (!(stop = find_end(s)))
        if (!fill(s))
            break;
    *line = s->buffer + s->begin;
    *len = stop ? (size_t)(stop - *line) : s->end - s->begin;
    s->begin += *len + (stop != NULL);
    return stop || (*len > 0 && !s->error && !s->stopped);
}

bool read_all(struct stream *s, const char **text, size_t *len) {
    while (fill(s))
        ;
    *text = s->buffer;
    *len = s->end;
    return !s->error;
}
