/* stream.h - reading lines, or all there is, in bounded memory. */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>

struct stream {
    int fd;
    int error; /* errno of what failed, or 0 */
    bool cut;  /* the middle of the last item is left out */
    /* Called before every read(), which may wait; false stops. */
    bool (*before_read)(void);
    bool stopped; /* by it */
    size_t head, tail;
    char *buffer;
    size_t size, begin, end;
    size_t searched; /* bytes from BEGIN that hold no LF */
};

/* False: out of memory. */
bool open_stream(struct stream *s, int fd, size_t head, size_t tail);
void close_stream(struct stream *s);

/* The next line without its LF, valid until the next call; the last one may
 * lack it.  False at the end of the input, or on an error. */
bool next_line(struct stream *s, const char **line, size_t *len);

/* All of the input, as much of it as is kept.  False on an error. */
bool read_all(struct stream *s, const char **text, size_t *len);

#endif
