/*
 * lookup.c - from a code or a name to its entry.
 *
 * Both kinds of code are a direct index into a small table: a nanosecond or
 * two, and smaller than any hash.
 */
#include <stdbool.h>

#include "tables.h"

enum { NO_NUMBER = -1, ANY_CLASS = 0 };

/* A code as read: reply is NO_NUMBER for an enhanced one. */
struct code {
    int reply;
    int code_class; /* ANY_CLASS: x.7.1 */
    int subject;
    int detail;
};

static const smtpcode_entry *entry_at(uint16_t index) {
    return index ? &smtpcode_entries[index] : NULL;
}

/* The row of the tables for a class: x, 2, 4, 5, or SMTPCODE_NO_CLASS.  A
 * table, because nobody predicts which class comes next. */
static const unsigned char class_rows[8] = {0, 4, 1, 4, 2, 3, 4, 4};

static unsigned class_row(int code_class) {
    return code_class >= 0 && code_class <= 7 ? class_rows[code_class]
                                              : SMTPCODE_NO_CLASS;
}

const smtpcode_entry *smtpcode_find_reply(int code) {
    if (code < SMTPCODE_FIRST_CODE || code > SMTPCODE_LAST_CODE)
        return NULL;
    return entry_at(smtpcode_replies[code - SMTPCODE_FIRST_CODE]);
}

/* The first own code, not a range, that is not below KEY. */
static size_t own_at(uint32_t key) {
    size_t low = smtpcode_nranges;

    for (size_t n = smtpcode_nown - low, half; n > 0; n -= half) {
        half = n - n / 2; /* no branch: it would be mispredicted */
        low += half * (smtpcode_own_codes[low + half - 1].from < key);
    }
    return low;
}

static int own_fits(const struct smtpcode_own *own, uint32_t key, unsigned row,
                    uint16_t server) {
    return own->from <= key && key <= own->to &&
           (row == 0 || own->classes >> row & 1) &&
           (server == 0 || own->server == server);
}

/* The narrowest own code that holds KEY; of SERVER, or of any (0). */
static const smtpcode_entry *find_own(uint32_t key, unsigned row,
                                      uint16_t server) {
    const struct smtpcode_own *all = smtpcode_own_codes, *best = NULL;

    for (size_t i = own_at(key); i < smtpcode_nown && all[i].from == key; i++)
        if (own_fits(&all[i], key, row, server))
            return entry_at(all[i].entry);
    for (size_t i = 0; i < smtpcode_nranges; i++)
        if (own_fits(&all[i], key, row, server) &&
            (!best || all[i].to - all[i].from < best->to - best->from))
            best = &all[i];
    return best ? entry_at(best->entry) : NULL;
}

const smtpcode_entry *smtpcode_find_own(uint32_t key, int code_class,
                                        uint16_t server) {
    unsigned row = class_row(code_class);

    return row == SMTPCODE_NO_CLASS ? NULL : find_own(key, row, server);
}

/* What answers a code that is not registered. */
static const smtpcode_entry *find_unregistered(unsigned row, int subject,
                                               int detail) {
    if (row == SMTPCODE_NO_CLASS || subject < 0 ||
        subject > SMTPCODE_MAX_SUBCODE || detail < 0 ||
        detail > SMTPCODE_MAX_SUBCODE)
        return NULL;
    const smtpcode_entry *own =
        find_own(SMTPCODE_OWN_KEY(subject, detail), row, 0);
    if (own)
        return own;
    return entry_at(subject < SMTPCODE_NSUBJECTS
                        ? smtpcode_subject_entries[row][subject]
                        : smtpcode_class_entries[row]);
}

const smtpcode_entry *smtpcode_find_enhanced(int code_class, int subject,
                                             int detail) {
    if (((unsigned)code_class | (unsigned)subject) < SMTPCODE_NSUBJECTS &&
        (unsigned)detail < SMTPCODE_NDETAILS) {
        uint16_t index =
            smtpcode_registered[class_rows[code_class]][subject][detail];
        if (index)
            return &smtpcode_entries[index];
    }
    return find_unregistered(class_row(code_class), subject, detail);
}

static int is_digit(char c) { return c >= '0' && c <= '9'; }

/* One to three digits without a leading zero (RFC 3463 2), *AT moved past
 * them; or NO_NUMBER. */
static int read_subcode(const char **at, const char *end) {
    const char *s = *at;
    int value = 0;

    while (s < end && is_digit(*s) && s - *at < 3)
        value = value * 10 + (*s++ - '0');
    if (s == *at || (**at == '0' && s - *at > 1) || (s < end && is_digit(*s)))
        return NO_NUMBER;
    *at = s;
    return value;
}

static int read_class(char c) {
    return (c | 0x20) == 'x' ? ANY_CLASS : c > '0' ? c - '0' : NO_NUMBER;
}

static int read_enhanced(const char *text, const char *end, struct code *code) {
    code->code_class = read_class(*text++);
    if (*text++ != '.')
        return 0;
    code->subject = read_subcode(&text, end);
    if (code->subject < 0 || text >= end || *text++ != '.')
        return 0;
    code->detail = read_subcode(&text, end);
    return code->detail >= 0 && text == end &&
           class_row(code->code_class) != SMTPCODE_NO_CLASS;
}

/* Read TEXT as a code and nothing else; false if it is not one. */
static int read_code(const char *text, size_t len, struct code *code) {
    code->reply = NO_NUMBER;
    if (len == 3 && is_digit(text[0]) && is_digit(text[1]) &&
        is_digit(text[2])) {
        code->reply =
            (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
        return 1;
    }
    return len >= 5 && len <= 9 && read_enhanced(text, text + len, code);
}

/* The order of an entry's id and TEXT, which holds no NUL. */
static int compare_id(uint16_t index, const char *text, size_t len) {
    const char *id = smtpcode_codes_pool + smtpcode_entries[index].id;

    for (size_t i = 0; i < len; i++)
        if (id[i] != text[i])
            return (unsigned char)id[i] < (unsigned char)text[i] ? -1 : 1;
    return id[len] != '\0';
}

static const smtpcode_entry *find_id(const char *text, size_t len) {
    size_t low = 0, high = smtpcode_nids;

    while (low < high) {
        size_t mid = (low + high) / 2;
        int order = compare_id(smtpcode_ids[mid], text, len);
        if (order == 0)
            return entry_at(smtpcode_ids[mid]);
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

static const smtpcode_entry *find_name(const char *text, size_t len) {
    char id[SMTPCODE_MAX_ID];

    if (len == 0 || len >= sizeof id)
        return NULL;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\0')
            return NULL;
        id[i] = text[i];
        if (text[i] >= 'A' && text[i] <= 'Z')
            id[i] = (char)(text[i] - 'A' + 'a');
    }
    id[len] = '\0';
    return find_id(id, len);
}

/* "4.7.1" and "4.7.26": nearly all that is asked.  Read without a branch
 * that the next code could turn the other way; NULL: read it slowly. */
static const smtpcode_entry *find_short(const char *text, size_t len) {
    static const unsigned char rows[8] = {4, 4, 1, 4, 2, 3, 4, 4};
    const unsigned char *t = (const unsigned char *)text;
    /* "4.7." as one number: compilers make one load of this. */
    uint32_t head = (uint32_t)t[0] | (uint32_t)t[1] << 8 |
                    (uint32_t)t[2] << 16 | (uint32_t)t[3] << 24;
    uint32_t odd = (head ^ 0x2e302e30u) & 0xfff8fff8u; /* "0.0." to "7.7." */
    unsigned two = len == 6;
    unsigned first = t[4] - (unsigned)'0';
    unsigned last = t[len - 1] - (unsigned)'0';
    unsigned detail = first + (first * 9 + last) * two;

    if (odd | (last > 9) | (first - two > 9 - two) |
        (detail >= SMTPCODE_NDETAILS))
        return NULL;
    return entry_at(smtpcode_registered[rows[t[0] & 7]][t[2] & 7][detail]);
}

/* Apart, so that the short way needs no stack. */
#if defined(__GNUC__)
__attribute__((noinline))
#endif
static const smtpcode_entry *
find_slowly(const char *text, size_t len) {
    struct code code;

    if (!read_code(text, len, &code))
        return find_name(text, len);
    if (code.reply != NO_NUMBER)
        return smtpcode_find_reply(code.reply);
    return smtpcode_find_enhanced(code.code_class, code.subject, code.detail);
}

const smtpcode_entry *smtpcode_find(const char *text, size_t len) {
    const smtpcode_entry *e =
        len == 5 || len == 6 ? find_short(text, len) : NULL;

    return e ? e : find_slowly(text, len);
}

const smtpcode_entry *smtpcode_find_for(const smtpcode_entry *server,
                                        const char *text, size_t len) {
    struct code code;

    if (server && read_code(text, len, &code)) {
        bool reply = code.reply != NO_NUMBER;
        uint32_t key = reply ? (uint32_t)code.reply
                             : SMTPCODE_OWN_KEY(code.subject, code.detail);
        unsigned row = reply ? 0 : class_row(code.code_class);
        const smtpcode_entry *own =
            find_own(key, row, (uint16_t)(server - smtpcode_entries));
        if (own)
            return own;
    }
    return smtpcode_find(text, len);
}
