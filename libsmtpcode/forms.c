/*
 * forms.c - how far addresses, names, URLs and the like go in any text.
 *
 * In doubt they go further: what is hidden without need costs a word, what is
 * not hidden cannot be called back.
 */
#include <string.h>

#include "personal.h"

static size_t length_of(const char *text) {
    size_t n = 0;

    while (text[n])
        n++;
    return n;
}

static unsigned byte_at(const char *text, size_t len, size_t at) {
    return at < len ? (unsigned char)text[at] : 0;
}

size_t smtpcode_mark_end(const char *text, size_t len, size_t at) {
    unsigned lead = byte_at(text, len, at), next = byte_at(text, len, at + 1);

    if (lead == 0xc2 && next >= 0x80 && next < 0xc0)
        return at + 2; /* no-break space, << and >> */
    if ((byte_at(text, len, at + 2) & 0xc0) != 0x80)
        return at;
    if (((lead == 0xe2 || lead == 0xe3) && next == 0x80) ||
        (lead == 0xef && next == 0xbc))
        return at + 3; /* curly quotes; corner quotes, full stops; wide forms */
    return at;
}

/* The end of a backslash, a letter, and N hexadecimal digits; without them
 * that of the backslash. */
static size_t hex_end(const char *text, size_t len, size_t at, size_t n) {
    for (size_t i = at + 2; i < at + 2 + n; i++)
        if (i >= len || !is_hex(text[i]))
            return at + 1;
    return at + 2 + n;
}

size_t smtpcode_escape_end(const char *text, size_t len, size_t at) {
    if (byte_at(text, len, at) != '\\')
        return at;
    switch (byte_at(text, len, at + 1)) {
    case 'n':
    case 'r':
    case 't':
        return at + 2;
    case 'x':
        return hex_end(text, len, at, 2);
    case 'u':
        return hex_end(text, len, at, 4);
    }
    return at + 1;
}

/* ---- runs ---- */

/* RFC 5322 3.2.3 atext and the dot, by the bits of 32 bytes each:
 * ! # $ % & ' * + - . / = ? ^ _ ` { | } ~ letters, digits */
static bool is_atext(unsigned char c) {
    static const uint32_t members[4] = {0, 0xa3ffecfau, 0xc7fffffeu,
                                        0x7fffffffu};

    return c >= 0x80 || members[c >> 5] >> (c & 31) & 1;
}

/* The one of O'Brien, not that of b'...' or of a quoted word. */
static bool joins(const char *text, size_t len, size_t from, size_t at) {
    return at > from && at + 1 < len && is_alpha(text[at - 1]) &&
           is_alpha(text[at + 1]) && !(at - from == 1 && text[from] == 'b');
}

size_t smtpcode_run_end(const char *text, size_t len, size_t at) {
    size_t end = at;

    while (end < len && is_atext((unsigned char)text[end]) &&
           (text[end] != '\'' || joins(text, len, at, end)) &&
           smtpcode_mark_end(text, len, end) == end)
        end++;
    return end;
}

/* ---- IPv4 ---- */

/* Four numbers up to 255, not more, and not a loopback address. */
size_t smtpcode_ip4_end(const char *text, size_t len, size_t at) {
    size_t end = at;

    if (at > 0 && (is_digit(text[at - 1]) ||
                   (at > 1 && text[at - 1] == '.' && is_digit(text[at - 2]))))
        return at;
    for (int octet = 0; octet < 4; octet++) {
        size_t begin = octet ? end + 1 : end;
        int value = 0;
        if (octet && byte_at(text, len, end) != '.')
            return at;
        for (end = begin; end < len && is_digit(text[end]) && value < 256;)
            value = value * 10 + text[end++] - '0';
        if (end == begin || value > 255)
            return at;
    }
    if (is_digit((char)byte_at(text, len, end)) ||
        (byte_at(text, len, end) == '.' &&
         is_digit((char)byte_at(text, len, end + 1))) ||
        memcmp(text + at, "127.", 4) == 0)
        return at;
    return end;
}

/* ---- names of hosts ---- */

size_t smtpcode_labels_end(const char *text, size_t len, size_t at) {
    size_t end = at;

    while (end < len &&
           (is_word(text[end]) || text[end] == '-' || text[end] == '_' ||
            (text[end] == '.' && end > at && text[end - 1] != '.')) &&
           smtpcode_mark_end(text, len, end) == end)
        end++;
    while (end > at && !is_word(text[end - 1]))
        end--;
    return end;
}

struct labels {
    size_t count;
    size_t before, last; /* where the last two begin */
    bool numeric;        /* all of them */
    bool numbered;       /* all but the last */
};

static bool all_digits(const char *text, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (!is_digit(text[i]))
            return false;
    return true;
}

static struct labels read_labels(const char *text, size_t at, size_t end) {
    struct labels l = {0, at, at, true, true};

    for (size_t i = at; i <= end; i++)
        if (i == end || text[i] == '.') {
            l.count++;
            l.before = l.last;
            l.last = at;
            l.numbered = l.numeric;
            l.numeric = l.numeric && all_digits(text + at, i - at);
            at = i + 1;
        }
    return l;
}

static bool is_one_of(const char *text, size_t len, const char *words) {
    while (*words) {
        size_t n = 0;
        while (words[n] != ' ')
            n++;
        size_t same = 0;
        while (same < n && same < len && words[same] == small(text[same]))
            same++;
        if (same == n && n == len)
            return true;
        words += n + 1;
    }
    return false;
}

/* A last label by which a name is known in spite of its capitals: "Gmail.Com",
 * not "full.Please". */
static bool is_sure(const char *label, size_t len) {
    if (len == 2)
        return !is_one_of(
            label, len, "it in to no is my me so be do at as us by am if we ");
    return is_one_of(label, len,
                     "com net org edu gov mil int info biz arpa local ");
}

/* xn--, and the top-level domains most used in their own letters. */
static bool is_foreign(const char *label, size_t len) {
    static const char known[][13] = {
        "\xd1\x80\xd1\x84",                         /* rf */
        "\xe4\xb8\xad\xe5\x9b\xbd",                 /* China */
        "\xe4\xb8\xad\xe5\x9c\x8b",                 /* the same */
        "\xe5\x8f\xb0\xe7\x81\xa3",                 /* Taiwan */
        "\xe9\xa6\x99\xe6\xb8\xaf",                 /* Hong Kong */
        "\xed\x95\x9c\xea\xb5\xad",                 /* Korea */
        "\xd1\x83\xd0\xba\xd1\x80",                 /* ukr */
        "\xd0\xb1\xd0\xb5\xd0\xbb",                 /* bel */
        "\xd1\x81\xd1\x80\xd0\xb1",                 /* srb */
        "\xd0\xb1\xd0\xb3",                         /* bg */
        "\xd1\x80\xd1\x83\xd1\x81",                 /* rus */
        "\xd1\x81\xd0\xb0\xd0\xb9\xd1\x82",         /* sait */
        "\xe0\xb9\x84\xe0\xb8\x97\xe0\xb8\xa2",     /* Thai */
        "\xe0\xa4\xad\xe0\xa4\xbe\xe0\xa4\xb0\xe0", /* Bharat, its begin */
    };

    if (len > 4 && small(label[0]) == 'x' && small(label[1]) == 'n' &&
        label[2] == '-' && label[3] == '-')
        return true;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t n = length_of(known[i]);
        if (len >= n && memcmp(known[i], label, n) == 0)
            return true;
    }
    return false;
}

/* "org", "ORG"; "Org" only where it is sure, for in "full.Please" a sentence
 * begins, and "mail.SendFailedException" is no host either. */
static bool is_top_level(const char *label, size_t len) {
    size_t small_ones = 0;

    for (size_t i = 0; i < len; i++) {
        if (!is_alpha(label[i]))
            return is_foreign(label, len);
        small_ones += label[i] == small(label[i]);
    }
    return len > 1 &&
           (small_ones == 0 || small_ones == len || is_sure(label, len));
}

/* Files that postmasters speak of; nothing of anybody is in their names. */
static bool is_file(const char *text, size_t len) {
    return is_one_of(text, len,
                     "main.cf master.cf sendmail.cf submit.cf local.cf "
                     "sendmail.mc submit.mc resolv.conf exim.conf "
                     "dovecot.conf nsswitch.conf ");
}

/* Chinese and Japanese go on without a blank: "mx.example.org" and then more
 * letters.  The end of the last label's ASCII. */
static size_t ascii_end(const char *text, size_t at, size_t end) {
    size_t dot = end;

    while (dot > at && text[dot - 1] != '.')
        dot--;
    size_t ascii = dot;
    while (ascii < end && (unsigned char)text[ascii] < 0x80)
        ascii++;
    return ascii > dot ? ascii : end;
}

size_t smtpcode_host_end(const char *text, size_t at, size_t end, int *kind) {
    end = ascii_end(text, at, end);

    struct labels l = read_labels(text, at, end);
    const char *last = text + l.last;
    size_t length = end - l.last, ip = smtpcode_ip4_end(text, end, at);

    *kind = SMTPCODE_PLACEHOLDER_HOST;
    if (ip == end) {
        *kind = SMTPCODE_PLACEHOLDER_IP;
        return end;
    }
    if (l.count < 2 || l.numeric || is_file(text + at, end - at))
        return at;
    if (is_top_level(last, length))
        return l.numbered && !is_sure(last, length) ? at : end;
    /* "mx.example.com.Please" ends a sentence. */
    if (l.count > 2 && l.last > l.before + 1 &&
        is_sure(text + l.before, l.last - 1 - l.before))
        return l.last - 1;
    return at;
}

/* One label is enough behind an @; else it ends where a name does. */
static size_t one_domain_end(const char *text, size_t len, size_t at) {
    int kind;

    if (at < len && text[at] == '[') {
        size_t most = len - at < 128 ? len - at : 128;
        const char *close = memchr(text + at, ']', most);
        return close ? (size_t)(close - text) + 1 : at;
    }
    size_t end = smtpcode_labels_end(text, len, at);
    size_t host = end > at ? smtpcode_host_end(text, at, end, &kind) : at;
    return host > at ? host : end;
}

size_t smtpcode_domain_end(const char *text, size_t len, size_t at) {
    size_t end = at;

    while (end < len && text[end] == '@') {
        size_t domain = one_domain_end(text, len, end + 1);
        if (domain == end + 1)
            break;
        end = domain;
    }
    return end;
}

/* ---- IPv6 ---- */

/* "%eth0" */
static size_t zone_end(const char *text, size_t len, size_t at) {
    size_t end = at + 1;

    if (at >= len || text[at] != '%')
        return at;
    while (end < len && end - at < 17 && is_alnum(text[end]))
        end++;
    return end > at + 1 ? end : at;
}

/* The longest has 45 bytes, so a run that is none is not read again. */
size_t smtpcode_ip6_end(const char *text, size_t len, size_t at) {
    size_t end = at, colons = 0, group = 0, digits = 0, doubles = 0;

    for (; end < len && end - at < 46; end++) {
        char c = text[end];
        if (c == ':') {
            colons++;
            doubles += end > at && text[end - 1] == ':';
            group = 0;
        } else if (c == '.') {
            group = 0;
        } else if (is_hex(c) && group < 4) {
            group++;
            digits++;
        } else {
            break;
        }
    }
    if (end < len && is_word(text[end]))
        return at;
    while (end > at &&
           (text[end - 1] == '.' ||
            (text[end - 1] == ':' && end - at > 1 && text[end - 2] != ':'))) {
        end--;
        colons -= text[end] == ':';
    }
    if (!digits || colons > 7 || !(doubles == 1 || (colons == 7 && !doubles)))
        return at;
    return zone_end(text, len, end);
}

/* ---- URLs ---- */

static bool ends_url(char c) {
    return is_blank(c) || c == 0x7f || c == '"' || c == '<' || c == '>' ||
           c == '\\' || c == '`';
}

static bool trails(char c) {
    static const char marks[] = "!'),.:;?]}";

    return c && memchr(marks, c, sizeof marks - 1);
}

size_t smtpcode_url_end(const char *text, size_t len, size_t at) {
    size_t end = at;

    while (end < len && !ends_url(text[end]) &&
           smtpcode_mark_end(text, len, end) == end)
        end++;
    while (end > at && trails(text[end - 1]))
        end--;
    return end;
}

/* ---- placeholders ---- */

static bool is_kind(const char *text, size_t len) {
    const char *word;

    for (int i = 1; (word = smtpcode_word(SMTPCODE_WORDS_CAPTURE, i)); i++)
        if (length_of(word) == len && memcmp(word, text, len) == 0)
            return true;
    return false;
}

size_t smtpcode_placeholder_end(const char *text, size_t len, size_t at) {
    static const char dropped[] = "[auth dropped]";
    size_t word = at + 1, end, digits;

    if (at >= len || text[at] != '[')
        return at;
    if (len - at >= sizeof dropped - 1 &&
        memcmp(text + at, dropped, sizeof dropped - 1) == 0)
        return at + sizeof dropped - 1;
    for (end = word; end < len && end - word < 10 && is_alpha(text[end]); end++)
        ;
    if (end >= len || text[end] != ' ' || !is_kind(text + word, end - word))
        return at;
    for (digits = ++end; end < len && end - digits < 17 && is_hex(text[end]);)
        end++;
    return end < len && text[end] == ']' &&
                   (end - digits == 6 || end - digits == 16)
               ? end + 1
               : at;
}
