/*
 * pattern.c - a template's lines as words, and the words as literals and
 * placeholders.  What the matcher could not find for certain is refused here.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../../libsmtpcode/match.h"
#include "gen.h"

/* ORDER CLASS: bit I of a byte's class.  Bytes from 0x80 on are letters. */
static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
static const struct class {
    const char *others; /* besides small letters and digits */
    const char *only;   /* if set, nothing else */
    const char *except; /* if set, all but blanks and these */
} classes[8] = {
    {NULL, "0123456789abcdef.:", NULL}, /* ip */
    {NULL, NULL, "<>()[]\",;"},         /* addresses */
    {"-._", NULL, NULL},                /* domain, blocklist */
    {"-._:", NULL, NULL},               /* host */
    {NULL, NULL, "<>\""},               /* url */
    {NULL, NULL, "<>()[]{}\"',;"},      /* id */
    {NULL, "0123456789.,", NULL},       /* number */
    {"-+.,:/", NULL, NULL},             /* size, duration, date */
};

/* ORDER PLACEHOLDER: tables.h. */
static const char *const names[] = {
    "",        "any",    "ip",       "recipient", "sender",
    "address", "domain", "host",     "url",       "id",
    "number",  "size",   "duration", "date",      "blocklist"};
enum { NNAMES = sizeof names / sizeof *names };

static bool belongs(const struct class *c, int byte) {
    if (byte <= ' ' || byte == 0x7f || (byte >= 'A' && byte <= 'Z'))
        return false;
    if (c->only)
        return strchr(c->only, byte) != NULL;
    if (c->except)
        return !strchr(c->except, byte);
    return byte >= 0x80 || strchr(letters, byte) || strchr(c->others, byte);
}

const uint8_t *class_table(void) {
    static uint8_t table[256];

    if (table['0'])
        return table; /* made before */
    for (int byte = 1; byte < 256; byte++)
        for (int i = 0; i < 8; i++)
            if (belongs(&classes[i], byte))
                table[byte] |= (uint8_t)(1u << i);
    return table;
}

static bool in_class(int placeholder, char byte) {
    return class_table()[(unsigned char)byte] & smtpcode_class_of(placeholder);
}

/* ---- lines to words ---- */

/* "550-" or "550 ", or a line that is nothing else: the bytes it takes. */
static size_t reply_length(const char *line) {
    if (strspn(line, "0123456789") != 3)
        return 0;
    return line[3] == '\0' ? 3 : line[3] == ' ' || line[3] == '-' ? 4 : 0;
}

static size_t enhanced_length(const char *line) {
    size_t n = strspn(line, "0123456789.");
    struct code code;

    if (n > 10 || (line[n] != ' ' && line[n] != '\0') || !strchr("245", *line))
        return 0;
    return read_code(join_text("%.*s", (int)n, line), &code) &&
                   code.kind == SMTPCODE_KIND_ENHANCED_STATUS && !code.pattern
               ? n
               : 0;
}

/* The codes at the begin of LINE, as join.c takes them: they count if they are
 * the first, and are dropped if they are the first or repeat it. */
static const char *drop_codes(const char *line, bool first, struct pattern *p) {
    size_t n = reply_length(line);
    struct code code;

    if (n && first)
        p->reply = atoi(line);
    if (n && atoi(line) == p->reply)
        line += n;
    line += strspn(line, " ");
    const char *digits = line + (*line == '#');
    n = *digits ? enhanced_length(digits) : 0;
    if (!n || !read_code(join_text("%.*s", (int)n, digits), &code))
        return line;
    if (!p->enhanced)
        p->enhanced = (int)code_number(&code);
    return (int)code_number(&code) == p->enhanced ? digits + n : line;
}

/* Without the blanks at its ends. */
static const char *trim(struct pattern *p, char *words, size_t len) {
    while (len && words[len - 1] == ' ')
        len--;
    words[len] = '\0';
    for (size_t i = 0; *words == ' ' && i < p->njoins; i++)
        p->joins[i] = (uint16_t)(p->joins[i] - (p->joins[i] > 0));
    return *words == ' ' ? words + 1 : words;
}

const char *read_words(const char *const *lines, size_t nlines,
                       struct pattern *p) {
    const char *text = "";
    uint16_t joins[MOST_LINES];

    p->njoins = 0;
    for (size_t i = 0; i < nlines; i++) {
        if (i > 0 && p->njoins < MOST_LINES)
            joins[p->njoins++] = (uint16_t)strlen(text);
        text = join_text("%s%s%s", text, i ? "\n" : "",
                         drop_codes(lines[i], i == 0, p));
    }
    char *words = (char *)join_text("%s", text);
    smtpcode_normalise_joins(words, joins, p->njoins, p->joins);
    return trim(p, words, smtpcode_normalise(words, strlen(words), words));
}

/* ---- words to elements ---- */

/* The placeholder that TEXT begins with, or 0. */
static int placeholder_at(const char *text, size_t *len) {
    for (int i = 1; *text == '{' && i < NNAMES; i++) {
        *len = strlen(names[i]) + 2;
        if (strncmp(text + 1, names[i], *len - 2) == 0 && text[*len - 1] == '}')
            return i;
    }
    return 0;
}

static const char *add_element(struct pattern *p, int placeholder,
                               const char *bytes, size_t len) {
    if (p->n == MOST_ELEMENTS)
        return "too many parts";
    if (placeholder && p->nplaceholders == SMTPCODE_MOST_CAPTURES)
        return "more than 16 placeholders";
    p->elements[p->n++] = (struct element){
        placeholder, placeholder ? p->nplaceholders++ : 0, bytes, len};
    if (!placeholder)
        p->literals += len;
    return NULL;
}

static size_t literal_length(const char *text) {
    size_t len = 1, unused;

    while (text[len] && len < SMTPCODE_MOST_LITERAL &&
           !placeholder_at(text + len, &unused))
        len++;
    return len;
}

static const char *split(struct pattern *p) {
    const char *wrong = NULL;
    size_t len;

    for (const char *at = p->words; *at && !wrong; at += len) {
        int placeholder = placeholder_at(at, &len);
        if (!placeholder)
            len = literal_length(at);
        wrong = add_element(p, placeholder, at, len);
    }
    return wrong;
}

bool is_any(const struct element *e) {
    return e->placeholder == SMTPCODE_PLACEHOLDER_ANY;
}

bool is_typed(const struct element *e) { return e->placeholder > 1; }

static size_t length_of_value(int placeholder, const char *words) {
    struct smtpcode_matcher tables = {.classes = class_table()};
    struct search s = {
        .tables = &tables, .words = words, .len = strlen(words), .budget = 1};

    return smtpcode_value_end(&s, placeholder, 0);
}

/* A duration is several words, so LITERAL must not go on as one would: with
 * a unit of time, or a number. */
static bool continues_duration(const struct element *literal,
                               const struct element *next) {
    const char *blank = memchr(literal->bytes, ' ', literal->len);
    size_t n = blank ? (size_t)(blank + 1 - literal->bytes) : literal->len;

    while (n < literal->len && isalpha((unsigned char)literal->bytes[n]))
        n++;
    if (n == literal->len && next && !(is_any(next) && literal->len == 1))
        return true; /* which word comes is not known */
    const char *bytes = join_text("1%.*s", (int)literal->len, literal->bytes);
    return length_of_value(SMTPCODE_PLACEHOLDER_DURATION, bytes) != 1 ||
           length_of_value(SMTPCODE_PLACEHOLDER_DURATION,
                           join_text("1 d%s", bytes + 1)) != 3 ||
           length_of_value(SMTPCODE_PLACEHOLDER_DURATION,
                           join_text("1 d%s1 d", bytes + 1)) != 3;
}

/* Whether the value before LITERAL ends where LITERAL begins, whatever the
 * reply: NEXT is the element behind LITERAL, or NULL. */
static bool delimits(int placeholder, const struct element *literal,
                     const struct element *next) {
    size_t n = 0;

    while (n < literal->len && strchr(".,:;", literal->bytes[n]))
        n++;
    if (placeholder == SMTPCODE_PLACEHOLDER_DURATION &&
        continues_duration(literal, next))
        return false;
    if (n < literal->len)
        return !in_class(placeholder, literal->bytes[n]);
    return !next || is_any(next); /* trailing punctuation, or nothing fits */
}

static const char *check_neighbours(const struct element *e,
                                    const struct element *next,
                                    const struct element *third) {
    if (!e->placeholder || !next)
        return NULL;
    if (is_any(e) && next->placeholder)
        return "where does a value begin that follows {any} directly";
    if (is_typed(e) && is_typed(next))
        return "where does one value end and the next begin";
    if (is_typed(e) && !next->placeholder &&
        !delimits(e->placeholder, next, third))
        return "the value may run into the words that follow it";
    return NULL;
}

static bool is_join(const struct pattern *p, const char *at) {
    for (size_t i = 0; i < p->njoins; i++)
        if (p->words + p->joins[i] == at)
            return true;
    return false;
}

/* What {any} stands for at the end may be missing, with the blank before it:
 * `is disabled. [host]`, `is disabled.`  Not where a value would end there. */
static void drop_last_blank(struct pattern *p) {
    struct element *words = p->n > 1 ? &p->elements[p->n - 2] : NULL;

    if (!words || words->placeholder || !is_any(words + 1))
        return;
    size_t last = words->len - 1, begin = 0;
    while (begin < last && strchr(".,:;", words->bytes[begin]))
        begin++;
    if (begin == last || words->bytes[last] != ' ' ||
        is_join(p, words->bytes + last))
        return;
    words->len--;
    p->literals--;
    p->blank_before_last = true;
}

static const char *check_pattern(const struct pattern *p) {
    const char *wrong = NULL;

    for (size_t i = 0; i < p->n && !wrong; i++)
        wrong = check_neighbours(&p->elements[i],
                                 i + 1 < p->n ? &p->elements[i + 1] : NULL,
                                 i + 2 < p->n ? &p->elements[i + 2] : NULL);
    if (p->open && p->n && p->elements[0].placeholder)
        return "an open template begins with words";
    return p->literals ? wrong : "no words";
}

const char *read_pattern(struct pattern *p) {
    const char *wrong = split(p);

    if (!wrong)
        drop_last_blank(p);
    return wrong ? wrong : check_pattern(p);
}

/* Whether the value might have begun further left than BEFORE ends. */
static bool reaches_into(int placeholder, const struct element *before) {
    char last = before->bytes[before->len - 1];

    return in_class(placeholder, last) ||
           (placeholder == SMTPCODE_PLACEHOLDER_IP && last == 'v'); /* ipv6: */
}

/* Whether the place of element I decides where its unit begins: each value
 * left of it follows a literal that ends outside its class, or is first, and
 * is one word. */
bool known_leftwards(const struct pattern *p, size_t i) {
    for (; i > 0 && !is_any(&p->elements[i - 1]); i--) {
        const struct element *value = &p->elements[i - 1];
        if (value->placeholder == SMTPCODE_PLACEHOLDER_DURATION ||
            (is_typed(value) && i > 1 &&
             reaches_into(value->placeholder, value - 1)))
            return false;
    }
    return true;
}

unsigned begins(const struct pattern *p) {
    if (p->part)
        return SMTPCODE_BEGINS_REPLY;
    return p->open ? SMTPCODE_BEGINS_ANYWHERE : SMTPCODE_BEGINS_LINE;
}

/* Letters outside of URLs: a URL alone may be anybody's. */
static bool has_word(const struct element *e) {
    for (size_t i = 0; i < e->len; i++) {
        if (e->len - i > 4 && strncmp(e->bytes + i, "http", 4) == 0)
            while (i < e->len && e->bytes[i] != ' ')
                i++;
        if (i < e->len && isalpha((unsigned char)e->bytes[i]))
            return true;
    }
    return false;
}

bool stands_alone(const struct pattern *p) {
    bool words = false, anchor = false;
    const struct element *edge =
        &p->elements[p->part == SMTPCODE_LINES_FIRST ? p->n - 1 : 0];

    for (size_t i = 0; i < p->n; i++) {
        const struct element *e = &p->elements[i];
        if (e->placeholder)
            continue;
        words = words || has_word(e);
        anchor = anchor || (e->len >= SMTPCODE_WINDOW && known_leftwards(p, i));
    }
    return words && anchor && !is_any(edge);
}

/* ---- words with values in place ---- */

/* Note that byte AT of P's words is byte N of the filled ones. */
static void map_joins(const struct pattern *p, const char *at, size_t n,
                      uint16_t *joins) {
    for (size_t i = 0; joins && i < p->njoins; i++)
        if (p->words + p->joins[i] == at)
            joins[i] = (uint16_t)n;
}

char *fill_words(const struct pattern *p, const char *const *values,
                 uint16_t *joins) {
    char *text = NULL;
    size_t n = 0;

    for (size_t i = 0; i < p->n; i++) {
        const struct element *e = &p->elements[i];
        const char *more = e->placeholder ? values[e->placeholder] : e->bytes;
        size_t len = e->placeholder ? strlen(more) : e->len;
        if (i + 1 == p->n && p->blank_before_last && len > 0)
            more = join_text(" %s", more), len++;
        for (size_t k = 0; k < len; k++) {
            if (!e->placeholder && more[k] == ' ')
                map_joins(p, more + k, n, joins);
            text = grow(text, n, 1);
            text[n++] = more[k];
        }
    }
    text = grow(text, n, 1);
    text[n] = '\0';
    return text;
}

/* ORDER PLACEHOLDER: one value each that no template has as its words. */
const char *const standard_values[] = {"",
                                       "something else",
                                       "192.0.2.1",
                                       "user@example.org",
                                       "sender@example.com",
                                       "somebody@example.net",
                                       "example.org",
                                       "mx.example.net",
                                       "https://help.example.com/a?b=1",
                                       "a1b2c3d4-5e.f6",
                                       "42",
                                       "1024",
                                       "300",
                                       "2026-11-23",
                                       "bl.example.com"};
