/* output.c - text for a terminal: width, colour, wrapping, safety. */
#define _POSIX_C_SOURCE 200809L
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "command.h"

enum { NARROWEST = 40, USUAL = 80, WIDEST = 100 };

static size_t terminal_width(void) {
    struct winsize size;
    const char *set = getenv("COLUMNS");
    long width = 0;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    if (width <= 0 && set)
        width = strtol(set, NULL, 10);
    if (width <= 0)
        width = USUAL;
    if (width < NARROWEST)
        width = NARROWEST;
    /* Longer lines are no easier to read. */
    return width > WIDEST ? WIDEST : (size_t)width;
}

void find_terminal(const char *when) {
    const char *none = getenv("NO_COLOR"), *term = getenv("TERM");
    bool terminal = isatty(STDOUT_FILENO) == 1;

    options.width = terminal_width();
    options.colour =
        terminal && !(none && *none) && !(term && strcmp(term, "dumb") == 0);
    if (when && strcmp(when, "auto") != 0)
        options.colour = strcmp(when, "always") == 0 && !(none && *none);
    if (options.plain)
        options.colour = false;
}

void begin_style(enum style style) {
    static const char *const codes[] = {"",   "1",  "1;4", "2",
                                        "32", "33", "31",  "1"};

    if (options.colour && style != STYLE_NONE)
        printf("\033[%sm", codes[style]);
}

void end_style(enum style style) {
    if (options.colour && style != STYLE_NONE)
        fputs("\033[0m", stdout);
}

void styled(enum style style, const char *text) {
    begin_style(style);
    fputs(text, stdout);
    end_style(style);
}

/* The code point at TEXT and its length; the base holds valid UTF-8 only. */
static uint32_t code_point(const char *text, size_t *len) {
    unsigned char c = (unsigned char)*text;
    uint32_t point = c;

    *len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    if (*len > 1)
        point = c & (0x7fu >> *len);
    for (size_t i = 1; i < *len && text[i]; i++)
        point = point << 6 | ((unsigned char)text[i] & 0x3fu);
    return point;
}

/* CJK, Hangul and pictures take two columns. */
static size_t width_of(uint32_t point) {
    return (point >= 0x1100 && point <= 0x115f) ||
                   (point >= 0x2e80 && point <= 0xa4cf) ||
                   (point >= 0xac00 && point <= 0xd7a3) ||
                   (point >= 0xf900 && point <= 0xfaff) ||
                   (point >= 0xff00 && point <= 0xff60) ||
                   (point >= 0x1f000 && point <= 0x1faff) ||
                   (point >= 0x20000 && point <= 0x3fffd)
               ? 2
               : 1;
}

/* The columns of the character at TEXT, and its bytes. */
static size_t character(const char *text, size_t *len) {
    if ((unsigned char)*text < 0x80) { /* nearly all of them */
        *len = 1;
        return 1;
    }
    return width_of(code_point(text, len));
}

static size_t columns_in(const char *text, size_t bytes) {
    size_t sum = 0, len;

    for (size_t i = 0; i < bytes && text[i]; i += len)
        sum += character(text + i, &len);
    return sum;
}

size_t columns(const char *text) {
    return text ? columns_in(text, strlen(text)) : 0;
}

void blanks(size_t n) {
    static const char some[] = "                                ";

    for (; n >= sizeof some; n -= sizeof some - 1)
        fwrite(some, 1, sizeof some - 1, stdout);
    fwrite(some, 1, n, stdout);
}

size_t line_break(const char *text, size_t room, size_t *next) {
    size_t fit = 0, blank = 0, len, used = 0;

    for (; text[fit]; fit += len) {
        used += character(text + fit, &len);
        if (used > room)
            break;
        if (text[fit] == ' ')
            blank = fit;
    }
    if (!text[fit] || text[fit] == ' ')
        blank = fit;
    if (blank == 0) /* one long word */
        blank = fit > 0 ? fit : strlen(text);
    *next = blank;
    while (text[*next] == ' ')
        ++*next;
    while (blank > 0 && text[blank - 1] == ' ')
        blank--;
    return blank;
}

void wrapped(const char *text, size_t from, size_t to) {
    if (!text) /* a library without sentences */
        return;
    size_t next, room = to > from + 10 ? to - from : 10;

    for (;;) {
        size_t n = line_break(text, room, &next);
        fwrite(text, 1, n, stdout);
        text += next;
        if (!*text)
            return;
        putchar('\n');
        blanks(from);
    }
}

void labelled(const char *label, size_t at, const char *text) {
    size_t used = 2 + columns(label);

    blanks(2);
    if (used + 1 > at && *label) { /* the text goes below it */
        wrapped(label, 2, options.width);
        putchar('\n');
        used = 0;
    } else {
        fputs(label, stdout);
    }
    if (text && *text) {
        blanks(at - used);
        wrapped(text, at, options.width);
    }
    putchar('\n');
}

/* Print the next line of CELL's text; false when nothing is left. */
static bool cell_line(const struct cell *cell, const char **text) {
    char line[512];
    size_t next = 0, n;

    if (!*text || !**text)
        return false;
    n = line_break(*text, cell->to - cell->from, &next);
    if (n >= sizeof line)
        n = sizeof line - 1;
    memcpy(line, *text, n);
    line[n] = '\0';
    styled(cell->style, line);
    *text += next;
    return true;
}

static bool row_line(const struct cell *cells, const char **texts, size_t n) {
    size_t column = 0;

    for (size_t i = 0; i < n; i++) {
        if (!texts[i] || !*texts[i])
            continue;
        size_t next,
            bytes = line_break(texts[i], cells[i].to - cells[i].from, &next);
        size_t used = columns_in(texts[i], bytes);
        blanks(cells[i].from - column);
        cell_line(&cells[i], &texts[i]);
        column = cells[i].from + used;
    }
    putchar('\n');
    for (size_t i = 0; i < n; i++)
        if (texts[i] && *texts[i])
            return true;
    return false;
}

void row(const struct cell *cells, size_t n) {
    const char *texts[8] = {NULL};

    for (size_t i = 0; i < n && i < 8; i++)
        texts[i] = cells[i].text;
    while (row_line(cells, texts, n))
        ;
}

const char *safe(const char *text) {
    static char buffers[2][200 * 4 + 4];
    static int turn;
    char *out = buffers[turn = !turn], *at = out;

    for (size_t i = 0; text[i]; i++) {
        unsigned char c = (unsigned char)text[i];
        if (i == 200) {
            at += sprintf(at, "...");
            break;
        }
        if (c < 0x20 || c >= 0x7f || c == '\\')
            at += sprintf(at, "\\x%02x", c);
        else
            *at++ = (char)c;
    }
    *at = '\0';
    return out;
}

/* Without blanks, so that it is never broken. */
void wait_text(char *buf, size_t size, int least, int most) {
    static const struct {
        int minutes;
        const char *unit;
    } units[] = {{1440, "d"}, {60, "h"}, {1, "min"}};
    size_t i = 0;

    while (least % units[i].minutes || most % units[i].minutes)
        i++;
    if (least < 60 && most >= 120 && most % 60 == 0)
        snprintf(buf, size, "%dmin-%dh", least, most / 60);
    else if (least >= most)
        snprintf(buf, size, "%d%s", least / units[i].minutes, units[i].unit);
    else
        snprintf(buf, size, "%d-%d%s", least / units[i].minutes,
                 most / units[i].minutes, units[i].unit);
}

void print_json(const smtpcode_entry *entry) {
    size_t need = smtpcode_entry_json(entry, NULL, 0);
    char *json = malloc(need + 1);

    if (!json) {
        complain("out of memory");
        exit(EXIT_USAGE);
    }
    smtpcode_entry_json(entry, json, need + 1);
    fwrite(json, 1, need, stdout);
    putchar('\n');
    free(json);
}
