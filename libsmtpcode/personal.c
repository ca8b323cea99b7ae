/*
 * personal.c - the general rules of redaction: addresses, names, IPs and URLs
 * by their forms; names of people and secrets by what stands before them in
 * logs, dialogues and headers.
 *
 * One pass: each step of the loop goes on, and looks a bounded number of
 * bytes ahead or at bytes that no other step looks at.
 */
#include <string.h>

#include "personal.h"

enum { FAR = 320 /* bytes between what opens and what closes */ };

static const struct smtpcode_span none = {0, 0, 0};

static struct smtpcode_span span_of(size_t begin, size_t end, int kind) {
    struct smtpcode_span s = {begin, end > begin ? end - begin : 0, kind};

    return s;
}

static bool at_byte(const struct personal *p, size_t at, char c) {
    return at < p->len && p->text[at] == c;
}

/* WORD (small letters) from BEGIN to END? */
static bool says(const struct personal *p, size_t begin, size_t end,
                 const char *word) {
    for (; begin < end && *word; begin++, word++)
        if (small(p->text[begin]) != *word)
            return false;
    return begin == end && !*word;
}

static bool is_break(const struct personal *p, size_t at) {
    return at >= p->len || p->text[at] == '\n' || p->text[at] == '\r' ||
           (p->text[at] == '\\' && at + 1 < p->len &&
            (p->text[at + 1] == 'n' || p->text[at + 1] == 'r'));
}

static size_t skip_blanks(const struct personal *p, size_t at) {
    while (at < p->len && (p->text[at] == ' ' || p->text[at] == '\t'))
        at++;
    return at;
}

/* ---- secrets: what follows AUTH and 334 ---- */

static bool is_base64(char c) {
    return is_alnum(c) || c == '+' || c == '/' || c == '-' || c == '_';
}

static size_t base64_end(const struct personal *p, size_t at) {
    size_t end = at;

    while (end < p->len && is_base64(p->text[end]))
        end++;
    for (size_t pad = end + 2; end > at && end < pad && at_byte(p, end, '=');)
        end++;
    return end;
}

/* Nothing but quotes and brackets up to the end of the line. */
static bool ends_line(const struct personal *p, size_t at) {
    for (size_t most = at + 8; at < most && !is_break(p, at); at++)
        if (!is_blank(p->text[at]) && !memchr("'\")>,;", p->text[at], 6))
            return false;
    return is_break(p, at);
}

/* The commands and words of a dialogue that stand by themselves too. */
static bool is_command(const struct personal *p, size_t at, size_t end) {
    static const char words[][9] = {"quit", "data",     "rset", "noop",
                                    "vrfy", "starttls", "help", "turn"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (says(p, at, end, words[i]))
            return true;
    return false;
}

static bool ends_placeholder(const struct personal *p, size_t end) {
    size_t at = end > p->line + 28 ? end - 28 : p->line;

    while (at < end && smtpcode_placeholder_end(p->text, p->len, at) != end)
        at++;
    return at < end;
}

/* Whether what stands before AT in its line is a mark ("C: ", "]: ", ">>> ",
 * "b'") or a time, not a word or "250-". */
static bool follows_mark(const struct personal *p, size_t at) {
    size_t i = at, word;
    bool colon = false;

    while (i > p->line && is_blank(p->text[i - 1]))
        i--;
    if (i == p->line)
        return true;
    char c = p->text[i - 1];
    if (c == ']' && ends_placeholder(p, i))
        return false;
    if (c == '-')
        return i == p->line + 1 || !is_digit(p->text[i - 2]);
    if (!is_word(c))
        return true;
    for (word = i; word > p->line && i - word < 20; word--) {
        if (is_blank(p->text[word - 1]))
            break;
        colon = colon || p->text[word - 1] == ':';
    }
    return colon && is_digit(p->text[word]);
}

/* Of both cases and with a digit or sign, as hardly any word is. */
static bool is_scrambled(const char *text, size_t len) {
    unsigned seen = 0;

    for (size_t i = 0; i < len; i++)
        seen |= is_alpha(text[i]) ? (text[i] & 0x20 ? 1u : 2u) : 4u;
    return seen == 7;
}

/* A word by itself at AT, where base64 may stand. */
static struct smtpcode_span read_alone(const struct personal *p) {
    enum { SURE = 20 /* characters, whatever came before */ };
    size_t end = base64_end(p, p->at), length = end - p->at;

    if (length == 0 || length % 4 != 0 || (!p->secrets && length < SURE) ||
        !ends_line(p, end) || !follows_mark(p, p->at))
        return none;
    if (p->secrets ? is_command(p, p->at, end)
                   : !is_scrambled(p->text + p->at, length))
        return none;
    return span_of(p->at, end, KIND_AUTH);
}

enum { MOST_SECRETS = 16 /* lines of dialogues that run at the same time */ };

/* The word behind "334" or "AUTH LOGIN", if it is the line's last; SURE: even
 * if it looks like a word of a sentence. */
static struct smtpcode_span read_response(struct personal *p, size_t at,
                                          bool sure) {
    size_t begin = skip_blanks(p, at), end = base64_end(p, begin);

    p->secrets = MOST_SECRETS;
    p->at = begin;
    if (begin == at || end == begin || !ends_line(p, end))
        return none;
    for (size_t i = begin; i < end && !sure; i++)
        sure = !is_alpha(p->text[i]) || p->text[i] != small(p->text[i]);
    return sure ? span_of(begin, end, KIND_AUTH) : none;
}

/* "SASL LOGIN authentication failed: UGFzc3dvcmQ6", in a Postfix log. */
static struct smtpcode_span read_challenge(const struct personal *p,
                                           size_t at) {
    size_t begin = skip_blanks(p, at), end = base64_end(p, begin);

    return (end - begin) % 4 == 0 && (ends_line(p, end) || at_byte(p, end, ','))
               ? span_of(begin, end, KIND_AUTH)
               : none;
}

static bool is_mechanism(const struct personal *p, size_t at, size_t end) {
    static const char words[][12] = {
        "plain",      "login", "xoauth2",  "oauthbearer", "cram-md5",
        "digest-md5", "ntlm",  "gssapi",   "external",    "anonymous",
        "xoauth",     "apop",  "kerberos", "msn"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (says(p, at, end, words[i]))
            return true;
    return end - at > 6 && says(p, at, at + 6, "scram-");
}

/* "AUTH PLAIN AGJvYg==", but not "250-AUTH PLAIN LOGIN". */
static struct smtpcode_span read_auth(struct personal *p, size_t end) {
    bool command = follows_mark(p, p->at);
    size_t at = skip_blanks(p, end), mechanism = base64_end(p, at);

    p->at = end;
    if (at == end || !is_mechanism(p, at, mechanism))
        return none;
    size_t next = skip_blanks(p, mechanism);
    if (is_mechanism(p, next, base64_end(p, next)))
        return none; /* a list of them */
    return read_response(p, mechanism, command);
}

/* ---- values of fields ---- */

enum {             /* how a field is written */
       EQUALS = 1, /* user=bob */
       COLON = 2,  /* user: bob, "user": "bob", user "bob" */
       ANGLE = 4,  /* TO:<bob> */
       HEADER = 8, /* To: Bob <bob@example.org> */
       EXIM = 16   /* U=bob, in a line of Exim's log */
};

static const struct field {
    char name[16];
    uint8_t kind;
    uint8_t ways;
} fields[] = {
    {"to", SMTPCODE_PLACEHOLDER_RECIPIENT, EQUALS | ANGLE | HEADER},
    {"from", SMTPCODE_PLACEHOLDER_SENDER, EQUALS | ANGLE | HEADER},
    {"orig_to", SMTPCODE_PLACEHOLDER_RECIPIENT, EQUALS},
    {"rcpt", SMTPCODE_PLACEHOLDER_RECIPIENT, EQUALS},
    {"recipient", SMTPCODE_PLACEHOLDER_RECIPIENT, EQUALS},
    {"sender", SMTPCODE_PLACEHOLDER_SENDER, EQUALS | HEADER},
    {"mailfrom", SMTPCODE_PLACEHOLDER_SENDER, EQUALS},
    {"envelope-from", SMTPCODE_PLACEHOLDER_SENDER, EQUALS},
    {"ctladdr", SMTPCODE_PLACEHOLDER_ADDRESS, EQUALS},
    {"cc", SMTPCODE_PLACEHOLDER_RECIPIENT, HEADER},
    {"bcc", SMTPCODE_PLACEHOLDER_RECIPIENT, HEADER},
    {"reply-to", SMTPCODE_PLACEHOLDER_SENDER, HEADER},
    {"delivered-to", SMTPCODE_PLACEHOLDER_RECIPIENT, HEADER},
    {"return-path", SMTPCODE_PLACEHOLDER_SENDER, HEADER},
    {"x-original-to", SMTPCODE_PLACEHOLDER_RECIPIENT, HEADER},
    {"subject", SMTPCODE_PLACEHOLDER_ANY, EQUALS | HEADER},
    {"message-id", SMTPCODE_PLACEHOLDER_ID, EQUALS | COLON},
    {"msgid", SMTPCODE_PLACEHOLDER_ID, EQUALS | COLON},
    {"user", SMTPCODE_PLACEHOLDER_ID, EQUALS | COLON},
    {"username", SMTPCODE_PLACEHOLDER_ID, EQUALS | COLON},
    {"login", SMTPCODE_PLACEHOLDER_ID, EQUALS | COLON},
    {"sasl_username", SMTPCODE_PLACEHOLDER_ID, EQUALS | COLON},
    {"sasl_sender", SMTPCODE_PLACEHOLDER_ID, EQUALS},
    {"authid", SMTPCODE_PLACEHOLDER_ID, EQUALS | COLON},
    {"authzid", SMTPCODE_PLACEHOLDER_ID, EQUALS | COLON},
    {"auth_user", SMTPCODE_PLACEHOLDER_ID, EQUALS | COLON},
    {"ruser", SMTPCODE_PLACEHOLDER_ID, EQUALS},
    {"logname", SMTPCODE_PLACEHOLDER_ID, EQUALS},
    {"acct", SMTPCODE_PLACEHOLDER_ID, EQUALS},
    {"account", SMTPCODE_PLACEHOLDER_ID, EQUALS},
    {"mailbox", SMTPCODE_PLACEHOLDER_ID, EQUALS},
    {"password", KIND_AUTH, EQUALS | COLON},
    {"passwd", KIND_AUTH, EQUALS | COLON},
    {"pass", KIND_AUTH, EQUALS | COLON},
    {"secret", KIND_AUTH, EQUALS | COLON},
    {"token", KIND_AUTH, EQUALS},
    {"u", SMTPCODE_PLACEHOLDER_ID, EXIM},
    {"a", SMTPCODE_PLACEHOLDER_ID, EXIM},
    {"t", SMTPCODE_PLACEHOLDER_ANY, EXIM}, /* the subject, if quoted */
};

static const struct field *find_field(const struct personal *p, size_t begin,
                                      size_t end) {
    char first = (char)(begin < end ? small(p->text[begin]) : 0);

    if (end - begin >= sizeof fields->name)
        return NULL;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i].name[0] == first && says(p, begin, end, fields[i].name))
            return &fields[i];
    return NULL;
}

static bool is_field_byte(char c) {
    return is_alnum(c) || c == '_' || c == '-';
}

static bool begins_code(const struct personal *p, size_t at) {
    return p->len - at >= 3 && is_digit(p->text[at]) &&
           is_digit(p->text[at + 1]) && is_digit(p->text[at + 2]) &&
           (at + 3 == p->len || memchr(" -", p->text[at + 3], 2));
}

/* The end of a value without quotes. */
static size_t bare_end(const struct personal *p, size_t at) {
    while (at < p->len && !is_blank(p->text[at]) && p->text[at] != 0x7f &&
           !memchr(",;)>]\"'\\<", p->text[at], 9))
        at++;
    while (at > 0 && (p->text[at - 1] == '.' || p->text[at - 1] == ':'))
        at--;
    return at;
}

/* What closes the quote at AT, or AT itself. */
static size_t find_close(const struct personal *p, size_t at) {
    char close = (char)(p->text[at] == '<' ? '>' : p->text[at]);
    size_t most = p->len - at - 1 < FAR ? p->len - at - 1 : FAR;
    const char *found = memchr(p->text + at + 1, close, most);

    return found ? (size_t)(found - p->text) : at;
}

/* The value at AT, in quotes, in <> or bare.  None: it is no value, or has
 * been replaced before. */
static struct smtpcode_span read_value(const struct personal *p, size_t at,
                                       int kind) {
    size_t begin = at, end;

    if (at_byte(p, at, '\\') && at_byte(p, at + 1, '"'))
        begin = ++at;
    if (at_byte(p, at, '<') || at_byte(p, at, '"') || at_byte(p, at, '\'')) {
        begin = at + 1;
        if ((end = find_close(p, at)) == at)
            return none;
        if (end > begin && p->text[end - 1] == '\\')
            end--;
    } else {
        end = bare_end(p, at);
    }
    if (end <= begin || begins_code(p, begin) ||
        smtpcode_placeholder_end(p->text, p->len, begin) > begin)
        return none;
    return span_of(begin, end, kind);
}

/* The field whose name ends at END, where its = is. */
static const struct field *field_before(const struct personal *p, size_t end) {
    size_t begin = end;

    while (begin > p->at && end - begin < 16 &&
           is_field_byte(p->text[begin - 1]))
        begin--;
    const struct field *f = find_field(p, begin, end);
    return f && (f->ways & EQUALS || (f->ways & EXIM && p->exim)) ? f : NULL;
}

/* "user=bob" in the run that ends at RUN; a name without its = is none. */
static struct smtpcode_span read_equals(const struct personal *p, size_t run) {
    const char *equals = memchr(p->text + p->at, '=', run - p->at);

    if (!equals)
        return none;
    size_t value = (size_t)(equals - p->text) + 1;
    const struct field *f = field_before(p, value - 1);
    if (!f)
        return none;
    if (f->ways & EXIM) { /* A=plain:bob, T="subject" */
        if (f->kind == SMTPCODE_PLACEHOLDER_ANY && !at_byte(p, value, '"'))
            return none;
        if (at_byte(p, run, ':') && run > value)
            value = run + 1;
    }
    return read_value(p, value, f->kind);
}

/* Behind a field's name: `: "`, `": "`, ` "`; where the value begins, or 0. */
static size_t after_colon(const struct personal *p, size_t at) {
    size_t s = at + (at_byte(p, at, '"') || at_byte(p, at, '\''));

    if (at_byte(p, s, '\\') && at_byte(p, s + 1, '"'))
        s += 2;
    if (at_byte(p, s, ':'))
        return skip_blanks(p, s + 1);
    s = skip_blanks(p, at);
    return s > at && at_byte(p, s, '"') ? s : 0;
}

/* The people named in a header field: all but their addresses, which are
 * found by themselves. */
static struct smtpcode_span read_header(const struct personal *p, size_t at,
                                        const struct field *f) {
    static const char after[] = "; from=<"; /* in a Postfix log */
    size_t begin = skip_blanks(p, at), end = begin;
    bool blank = false;

    if (smtpcode_placeholder_end(p->text, p->len, begin) > begin)
        return none;
    for (; !is_break(p, end); end++) {
        if (p->text[end] == '<' && f->kind != SMTPCODE_PLACEHOLDER_ANY)
            break;
        if (p->len - end > sizeof after - 1 &&
            memcmp(p->text + end, after, sizeof after - 1) == 0)
            break;
        blank = blank || is_blank(p->text[end]);
    }
    while (end > begin &&
           (is_blank(p->text[end - 1]) || p->text[end - 1] == '"'))
        end--;
    begin += begin < end && p->text[begin] == '"';
    if (begin >= end || (!blank && memchr(p->text + begin, '@', end - begin)))
        return none;
    return span_of(begin, end, f->kind);
}

/* "Login: user=<bob>" */
static bool names_field(const struct personal *p, size_t at) {
    size_t end = at;

    while (end < p->len && end - at < 16 && is_field_byte(p->text[end]))
        end++;
    return end > at && at_byte(p, end, '=') && find_field(p, at, end);
}

/* Field names that end with a colon, where the run that ends at RUN is one. */
static struct smtpcode_span read_colon(const struct personal *p, size_t run,
                                       bool header) {
    const struct field *f = find_field(p, p->at, run);

    if (!f)
        return none;
    if (f->ways & COLON) {
        size_t value = after_colon(p, run);
        if (value == 0 || names_field(p, value))
            return none;
        return read_value(p, value, f->kind);
    }
    if (!at_byte(p, run, ':'))
        return none;
    size_t value = skip_blanks(p, run + 1);
    if (f->ways & ANGLE && at_byte(p, value, '<'))
        return read_value(p, value, f->kind);
    return f->ways & HEADER && header ? read_header(p, run + 1, f) : none;
}

/* ---- Exim's log ---- */

/* "1tEabc-0001aB-2C", "1tEabc-000000012Ab-2CdE" */
static bool is_exim_id(const struct personal *p, size_t at, size_t end) {
    size_t length = end - at, second = length == 16 ? 6 : 11;

    if ((length != 16 && length != 23) || p->text[at + 6] != '-' ||
        p->text[at + 7 + second] != '-')
        return false;
    for (size_t i = at; i < end; i++)
        if (!is_alnum(p->text[i]) && i != at + 6 && i != at + 7 + second)
            return false;
    return true;
}

/* Who it is for, or from: "=> bob". */
static struct smtpcode_span read_arrow(const struct personal *p) {
    static const char arrows[][3] = {"=>", "->", "**", "==", "*>", ">>", "<="};

    if (!p->exim || p->len - p->at < 4 || p->text[p->at + 2] != ' ')
        return none;
    for (size_t i = 0; i < sizeof arrows / sizeof *arrows; i++)
        if (memcmp(p->text + p->at, arrows[i], 2) == 0)
            return read_value(p, p->at + 3,
                              i == 6 ? SMTPCODE_PLACEHOLDER_SENDER
                                     : SMTPCODE_PLACEHOLDER_RECIPIENT);
    return none;
}

/* ---- URLs ---- */

/* How much of the URL (without its scheme) URL of the base has too; ORDER as
 * of memcmp(). */
static size_t compare_url(const char *base, const char *url, size_t len,
                          int *order) {
    size_t n = 0;

    while (n < len && base[n] && base[n] == small(url[n]))
        n++;
    int ours = (unsigned char)base[n];
    int theirs = n < len ? (unsigned char)small(url[n]) : 0;
    *order = (ours > theirs) - (ours < theirs);
    return n;
}

/* How much of it is nobody's: a page that the base knows, or the folder in
 * which one is.  Its host at least, else 0: "support.google.com.evil.example"
 * and "support.google.com@evil.example" only begin alike. */
static size_t known_part(const char *base, const char *url, size_t len) {
    int order;
    size_t n = compare_url(base, url, len, &order);

    if (n == len || (!base[n] && memchr("/?#", url[n], 3)))
        return memchr(url, '/', n) || !base[n] ? n : 0;
    while (n > 0 && url[n - 1] != '/')
        n--;
    return n;
}

static size_t known_length(const char *url, size_t len) {
    size_t low = 0, high = smtpcode_nurls, best = 0;
    int order;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        compare_url(smtpcode_match_pool + smtpcode_urls[mid], url, len, &order);
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    /* What is most alike stands beside its place. */
    for (size_t i = low > 0 ? low - 1 : 0; i <= low && i < smtpcode_nurls;
         i++) {
        const char *base = smtpcode_match_pool + smtpcode_urls[i];
        size_t n = known_part(base, url, len);
        best = n > best ? n : best;
    }
    return best;
}

/* The URL from BEGIN, whose scheme ends at COLON: whole, or what the base
 * does not know of it. */
static struct smtpcode_span read_url(struct personal *p, size_t begin,
                                     size_t colon) {
    size_t host = colon + 3, end = smtpcode_url_end(p->text, p->len, host);

    if (end <= host)
        return none;
    p->at = end;
    size_t known = known_length(p->text + host, end - host);
    return span_of(known ? host + known : begin, end, SMTPCODE_PLACEHOLDER_URL);
}

static size_t scheme_begin(const struct personal *p, size_t colon) {
    size_t begin = colon;

    while (begin > p->at &&
           (is_alnum(p->text[begin - 1]) || p->text[begin - 1] == '+'))
        begin--;
    return begin;
}

static bool is_url(const struct personal *p, size_t colon) {
    return p->len - colon > 3 && colon > p->at &&
           memcmp(p->text + colon, "://", 3) == 0 &&
           is_alpha(p->text[colon - 1]);
}

/* ---- addresses ---- */

/* Signs that a local part may have and none begins with. */
static size_t local_begin(const struct personal *p, size_t at, size_t end) {
    while (end - at > 1 && memchr("{'`*|=&?!~^$/#%}", p->text[at], 16))
        at++;
    return at;
}

static struct smtpcode_span read_address(const struct personal *p, size_t run) {
    size_t end = smtpcode_domain_end(p->text, p->len, run);

    return end == run ? none
                      : span_of(local_begin(p, p->at, run), end,
                                SMTPCODE_PLACEHOLDER_ADDRESS);
}

/* "user%40example.org", or with "=40" from quoted-printable. */
static struct smtpcode_span read_encoded(const struct personal *p, size_t run) {
    int kind;

    for (size_t at = p->at + 1; at + 4 < run; at++) {
        if ((p->text[at] != '%' && p->text[at] != '=') ||
            p->text[at + 1] != '4' || p->text[at + 2] != '0')
            continue;
        size_t labels = smtpcode_labels_end(p->text, run, at + 3);
        size_t end = smtpcode_host_end(p->text, at + 3, labels, &kind);
        if (labels > at + 3 && end > at + 3)
            return span_of(local_begin(p, p->at, at), end,
                           SMTPCODE_PLACEHOLDER_ADDRESS);
    }
    return none;
}

/* "John Doe"@example.org */
static struct smtpcode_span read_quoted(const struct personal *p) {
    size_t most = p->len - p->at < 130 ? p->len : p->at + 130;

    for (size_t at = p->at + 1; at < most && !is_break(p, at); at++) {
        if (p->text[at] != '"')
            continue;
        if (!at_byte(p, at + 1, '@')) {
            if (p->text[at - 1] == '\\')
                continue;
            return none;
        }
        size_t end = smtpcode_domain_end(p->text, p->len, at + 1);
        return end > at + 1 ? span_of(p->at, end, SMTPCODE_PLACEHOLDER_ADDRESS)
                            : none;
    }
    return none;
}

/* "<bob>:", as Postfix writes a user of its own. */
static struct smtpcode_span read_angle(const struct personal *p) {
    size_t end = p->at + 1;
    bool is_small = false;

    for (; end < p->len && end - p->at < 66; end++) {
        char c = p->text[end];
        if (!is_word(c) && !memchr(".-_+=/", c, 6))
            break;
        is_small = is_small || (is_word(c) && !is_digit(c) && small(c) == c);
    }
    return is_small && at_byte(p, end, '>') && at_byte(p, end + 1, ':')
               ? span_of(p->at + 1, end, SMTPCODE_PLACEHOLDER_ADDRESS)
               : none;
}

/* /home/bob */
static struct smtpcode_span read_path(const struct personal *p, size_t run) {
    static const char homes[][17] = {"/home/", "/users/", "/var/mail/",
                                     "/var/spool/mail/"};

    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++) {
        size_t n = 6;
        while (homes[i][n])
            n++;
        if (run - p->at <= n || !says(p, p->at, p->at + n, homes[i]))
            continue;
        size_t begin = p->at + n, end = begin;
        while (end < run && p->text[end] != '/')
            end++;
        return span_of(begin, end, SMTPCODE_PLACEHOLDER_ID);
    }
    return none;
}

/* ---- the pass ---- */

/* What a run is by itself or with what follows it. */
static struct smtpcode_span read_special(struct personal *p, size_t run,
                                         bool header) {
    if (says(p, p->at, run, "auth"))
        return read_auth(p, run);
    if (says(p, p->at, run, "334") && follows_mark(p, p->at))
        return read_response(p, run, true);
    if (says(p, p->at, run, "sasl"))
        p->sasl = true;
    if (p->sasl && says(p, p->at, run, "failed") && at_byte(p, run, ':'))
        return read_challenge(p, run + 1);
    p->header = p->header || says(p, p->at, run, "header");
    p->exim = p->exim || is_exim_id(p, p->at, run);
    if (p->text[p->at] == '/')
        return read_path(p, run);
    return read_colon(p, run, header);
}

static struct smtpcode_span read_run(struct personal *p, size_t run) {
    bool header = p->header;

    p->header = false;
    p->run = run;
    struct smtpcode_span s = read_equals(p, run);
    if (!s.length && at_byte(p, run, '@'))
        s = read_address(p, run);
    if (!s.length && at_byte(p, run, ':') && is_url(p, run))
        return read_url(p, scheme_begin(p, run), run);
    if (!s.length)
        s = read_special(p, run, header);
    if (!s.length && p->at < run)
        s = read_encoded(p, run);
    return s;
}

static bool begins_word(const struct personal *p) {
    char before = (char)(p->at > 0 ? p->text[p->at - 1] : ' ');

    return p->at == p->line || (!is_base64(before) && before != '=');
}

/* An IPv4 address among other labels, or glued to a word. */
static struct smtpcode_span find_ip4(const struct personal *p, size_t at,
                                     size_t labels) {
    for (; at < labels; at++) {
        size_t end = smtpcode_ip4_end(p->text, p->len, at);
        if (end > at)
            return span_of(at, end, SMTPCODE_PLACEHOLDER_IP);
    }
    return none;
}

/* "250-mx.example.org": AT is where the name begins. */
static size_t skip_code(const struct personal *p, size_t at) {
    return p->len - at > 4 && p->text[at] >= '2' && p->text[at] <= '5' &&
                   is_digit(p->text[at + 1]) && is_digit(p->text[at + 2]) &&
                   p->text[at + 3] == '-' && is_alpha(p->text[at + 4]) &&
                   begins_word(p) && follows_mark(p, at)
               ? at + 4
               : at;
}

/* "mx", "_dmarc"; dashes are passed one by one. */
static bool begins_name(const struct personal *p, size_t at) {
    if (p->text[at] == '_')
        return at + 1 < p->len && is_word(p->text[at + 1]);
    return is_word(p->text[at]);
}

/* Names and IPv4 addresses within the run; a URL that lacks its scheme. */
static struct smtpcode_span read_name(struct personal *p) {
    size_t begin = skip_code(p, p->at);
    int kind;

    if (!begins_name(p, begin)) {
        p->at++;
        return none;
    }
    size_t labels = smtpcode_labels_end(p->text, p->len, begin);
    p->at = labels > p->at ? labels : p->at + 1;
    size_t end = smtpcode_host_end(p->text, begin, labels, &kind);
    if (end <= begin)
        return find_ip4(p, begin, labels);
    if (kind == SMTPCODE_PLACEHOLDER_HOST &&
        (at_byte(p, end, '/') || at_byte(p, end, '?'))) {
        end = smtpcode_url_end(p->text, p->len, end);
        kind = SMTPCODE_PLACEHOLDER_URL;
    }
    return span_of(begin, end, kind);
}

/* CR and LF are one break. */
static void take_break(struct personal *p, size_t end) {
    if (p->secrets > 0 && p->at > p->line)
        p->secrets--;
    p->at = p->line = end;
    p->exim = p->sasl = false;
    p->header = true;
}

/* A byte that no run begins with. */
static struct smtpcode_span read_sign(struct personal *p) {
    size_t at = p->at, end = smtpcode_placeholder_end(p->text, p->len, at);
    char c = p->text[at];

    if (end == at)
        end = smtpcode_escape_end(p->text, p->len, at);
    if (end == at)
        end = smtpcode_mark_end(p->text, p->len, at);
    struct smtpcode_span s = c == '"'   ? read_quoted(p)
                             : c == '<' ? read_angle(p)
                                        : none;
    if (is_break(p, at))
        take_break(p, end > at ? end : at + 1);
    else
        p->at = end > at ? end : at + 1;
    return s;
}

static bool may_begin_ip6(const struct personal *p) {
    char before = (char)(p->at > 0 ? p->text[p->at - 1] : ' ');

    if (!is_hex(p->text[p->at]) && p->text[p->at] != ':')
        return false;
    if (before == ':') /* IPv6:2001:db8::1 */
        return p->at >= 5 && says(p, p->at - 5, p->at - 1, "ipv6");
    return !is_word(before);
}

/* What begins at AT; if nothing does, AT goes on. */
static struct smtpcode_span step(struct personal *p) {
    struct smtpcode_span s = none;

    if (begins_word(p)) {
        s = read_arrow(p);
        if (!s.length && is_base64(p->text[p->at]))
            s = read_alone(p);
    }
    if (!s.length && may_begin_ip6(p)) {
        s = span_of(p->at, smtpcode_ip6_end(p->text, p->len, p->at),
                    SMTPCODE_PLACEHOLDER_IP);
    }
    if (s.length)
        return s;
    if (p->at < p->run)
        return read_name(p);
    size_t run = smtpcode_run_end(p->text, p->len, p->at);
    return run > p->at ? read_run(p, run) : read_sign(p);
}

struct smtpcode_span smtpcode_next_personal(struct personal *p) {
    if (p->at == 0)
        p->header = true;
    while (p->at < p->len) {
        size_t before = p->at;
        struct smtpcode_span s = step(p);
        if (s.length && s.offset + s.length > before) {
            p->at = s.offset + s.length;
            return s;
        }
    }
    return none;
}
