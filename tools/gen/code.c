/* code.c - the forms in which the data writes codes, read strictly. */
#include <string.h>

#include "gen.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* One to three digits without a leading zero (RFC 3463 2), *AT moved past
 * them; -1 if there are none such. */
static int read_number(const char **at) {
    const char *s = *at;
    int value = 0;

    while (is_digit(*s) && s - *at < 3)
        value = value * 10 + (*s++ - '0');
    if (s == *at || is_digit(*s) || (**at == '0' && s - *at > 1))
        return -1;
    *at = s;
    return value;
}

/* "x" as CODE_ANY, else a number; -1 if neither. */
static int read_part(const char **at) {
    if (**at != 'x')
        return read_number(at);
    ++*at;
    return CODE_ANY;
}

/* 451, 4xx, x5x. */
static bool read_reply(const char *text, struct code *code) {
    int first = text[0] - '0', second = text[1] - '0';

    if (strlen(text) != 3)
        return false;
    *code = (struct code){.kind = SMTPCODE_KIND_REPLY_CODE};
    if (strcmp(text + 1, "xx") == 0) {
        code->pattern = true;
        return first >= 2 && first <= 5;
    }
    if (text[0] == 'x' && text[2] == 'x') {
        code->pattern = true;
        return second >= 0 && second <= 5;
    }
    code->detail = code->last = read_number(&text);
    return !*text && code->detail >= SMTPCODE_FIRST_CODE &&
           code->detail <= SMTPCODE_LAST_CODE;
}

/* 4.7.1, x.7.1, x.7.x, 4.x.x, 4.7.500-699. */
static bool read_enhanced(const char *text, struct code *code) {
    *code = (struct code){.kind = SMTPCODE_KIND_ENHANCED_STATUS};
    code->row = row_of(*text);
    if (code->row < 0 || *++text != '.')
        return false;
    text++;
    code->subject = read_part(&text);
    if (code->subject == -1 || *text != '.')
        return false;
    text++;
    code->detail = code->last = read_part(&text);
    if (*text == '-') {
        text++;
        code->last = read_number(&text);
    }
    code->pattern = code->detail == CODE_ANY;
    return !*text && code->detail != -1 && code->last >= code->detail &&
           (code->subject != CODE_ANY || (code->pattern && code->row > 0));
}

bool read_code(const char *text, struct code *code) {
    return strchr(text, '.') ? read_enhanced(text, code)
                             : read_reply(text, code);
}

/* The number that SMTPCODE_NUMBER gives: 451, 4007001; 0 for what is not one
 * code. */
uint32_t code_number(const struct code *code) {
    static const uint32_t classes[] = {0, 2, 4, 5};

    if (code->pattern || code->last != code->detail)
        return 0;
    if (code->kind == SMTPCODE_KIND_REPLY_CODE)
        return (uint32_t)code->detail;
    return classes[code->row] * 1000000 + (uint32_t)code->subject * 1000 +
           (uint32_t)code->detail;
}
