/* lint.c - what a string of the data may hold. */
#define _GNU_SOURCE /* strcasestr */
#include <ctype.h>
#include <string.h>

#include "gen.h"

struct span {
    uint32_t first, last;
};

/* Control, invisible and direction-changing characters: they would let a
 * file look different from what it says, or move a terminal's cursor. */
static const struct span forbidden[] = {
    {0x00, 0x1f},     {0x7f, 0x9f},       {0xad, 0xad},     {0x34f, 0x34f},
    {0x61c, 0x61c},   {0x115f, 0x1160},   {0x17b4, 0x17b5}, {0x180b, 0x180f},
    {0x200b, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x206f}, {0x2800, 0x2800},
    {0x3164, 0x3164}, {0xfe00, 0xfe0f},   {0xfeff, 0xfeff}, {0xffa0, 0xffa0},
    {0xfff9, 0xfffb}, {0xe0000, 0xe0fff},
};

/* The next code point; the text is valid UTF-8, jansson saw to that. */
static uint32_t next_point(const unsigned char **at) {
    const unsigned char *s = *at;
    int more = *s < 0x80 ? 0 : *s < 0xe0 ? 1 : *s < 0xf0 ? 2 : 3;
    uint32_t point = more ? *s & (0x3fu >> more) : *s;

    for (int i = 1; i <= more; i++)
        point = point << 6 | (s[i] & 0x3fu);
    *at = s + more + 1;
    return point;
}

const char *lint_text(const char *text) {
    const unsigned char *at = (const unsigned char *)text;

    while (*at) {
        uint32_t point = next_point(&at);
        for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
            if (forbidden[i].first <= point && point <= forbidden[i].last)
                return "a control, invisible or direction-changing character";
    }
    return NULL;
}

static const char *lint_blanks(const char *text) {
    size_t len = strlen(text);

    if (len == 0)
        return "empty";
    if (text[0] == ' ' || text[len - 1] == ' ')
        return "a blank at its begin or end";
    if (strstr(text, "  "))
        return "two blanks in a row";
    return lint_text(text);
}

/* Characters, not bytes: what does not continue another one. */
static size_t characters(const char *text) {
    size_t n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

const char *lint_sentence(const char *text) {
    const char *wrong = lint_blanks(text);

    if (wrong)
        return wrong;
    if (characters(text) > 280)
        return "longer than 280 characters: make it two sentences";
    if (!strchr(".?:)", text[strlen(text) - 1]))
        return "a sentence that does not end as one";
    return NULL;
}

const char *lint_title(const char *text, size_t most) {
    const char *wrong = lint_blanks(text);

    if (wrong)
        return wrong;
    if (characters(text) > most)
        return most == 60 ? "longer than 60 characters"
                          : "longer than 80 characters";
    return strchr(".!", text[strlen(text) - 1]) ? "a full stop at its end"
                                                : NULL;
}

/* Rule R7: no advice weakens security.  Such words belong under "dont". */
static const char *const weakens[] = {
    "turn off tls",     "disable tls",        "turn tls off",
    "disable starttls", "turn off starttls",  "disable certificate",
    "skip certificate", "ignore certificate", "less secure app",
    "disable spf",      "disable dkim",       "disable the firewall",
};

const char *lint_remedy(const char *text) {
    for (size_t i = 0; i < sizeof weakens / sizeof *weakens; i++)
        if (strcasestr(text, weakens[i]))
            return "advice that weakens security";
    return lint_sentence(text);
}

/* The length of one of NAMES at the '{' that TEXT points to, or 0. */
static size_t placeholder(const char *text, const char *const *names) {
    for (; *names; names++) {
        size_t len = strlen(*names);
        if (strncmp(text + 1, *names, len) == 0 && text[len + 1] == '}')
            return len + 2;
    }
    return 0;
}

static const char *lint_placeholders(const char *text,
                                     const char *const *names) {
    for (; *text; text++)
        if (*text == '}')
            return "a '}' without its '{'";
        else if (*text == '{') {
            size_t len = placeholder(text, names);
            if (len == 0)
                return "an unknown placeholder";
            text += len - 1;
        }
    return NULL;
}

/* Rule R1: a captured value in a command stands in single quotes. */
static bool quoted(const char *text, const char *at) {
    size_t quotes = 0;

    for (const char *c = text; c < at; c++)
        quotes += *c == '\'';
    return quotes % 2 == 1;
}

const char *lint_command(const char *text) {
    static const char *const names[] = {"ip", "domain", "host", NULL};

    for (const char *at = text; (at = strchr(at, '{')); at++)
        if (placeholder(at, names) && !quoted(text, at))
            return "a placeholder outside single quotes";
    const char *wrong = lint_text(text);
    return wrong ? wrong : lint_placeholders(text, names);
}

/* Rule R3: only what is written out says where a link leads.  One whose host
 * is all of it may end there. */
static const char *lint_links(const char *text) {
    for (const char *at = text; (at = strstr(at, "://")); at += 3) {
        size_t host = strcspn(at + 3, "/{}@\\ \"'<>()[]");
        bool ends = strchr(" \"'<>()[]", at[3 + host]) != NULL;
        const char *scheme = at;
        while (scheme > text && isalpha((unsigned char)scheme[-1]))
            scheme--;
        if (at == scheme || (scheme > text && scheme[-1] == '}') || host == 0 ||
            (!ends && at[3 + host] != '/'))
            return "a link without its host written out up to a '/'";
    }
    return NULL;
}

const char *lint_template_line(const char *text) {
    static const char *const names[] = {
        "ip",       "recipient", "sender",    "address", "domain",
        "host",     "url",       "id",        "number",  "size",
        "duration", "date",      "blocklist", "any",     NULL};
    const char *wrong = lint_text(text);

    if (!wrong)
        wrong = lint_placeholders(text, names);
    return wrong ? wrong : lint_links(text);
}

const char *lint_url(const char *text) {
    size_t scheme = strncmp(text, "https://", 8) == 0  ? 8
                    : strncmp(text, "http://", 7) == 0 ? 7
                                                       : 0;
    const char *slash = scheme ? strchr(text + scheme, '/') : NULL;

    for (const char *c = text; *c; c++)
        if (*c <= ' ' || *c > '~')
            return "not a URL";
    return slash && slash > text + scheme ? NULL
                                          : "not a URL with a host and a path";
}

const char *lint_probe(const char *text) {
    static const char *const names[] = {"ip", "domain", NULL};
    const char *wrong = lint_url(text);
    const char *slash = wrong ? NULL : strchr(strstr(text, "//") + 2, '/');
    const char *brace = strchr(text, '{');

    if (!wrong && brace && brace < slash)
        wrong = "a placeholder in the host";
    return wrong ? wrong : lint_placeholders(text, names);
}
