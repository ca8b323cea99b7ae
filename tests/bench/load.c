#define _POSIX_C_SOURCE 200809L
#include "load.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct pattern *patterns[NTEMPLATES];
size_t npatterns;
struct reply replies[NREPLIES];

static const char *const words[] = {
    "accept",      "access",      "account",     "action",      "address",
    "again",       "alias",       "allowed",     "attachment",  "attempts",
    "available",   "bad",         "banned",      "because",     "blocked",
    "body",        "bounce",      "busy",        "cannot",      "certificate",
    "client",      "closed",      "command",     "complete",    "confirm",
    "connection",  "connections", "contact",     "content",     "could",
    "daily",       "deferred",    "deliver",     "delivery",    "denied",
    "directory",   "disabled",    "disk",        "does",        "domain",
    "due",         "encrypted",   "error",       "exceeded",    "exist",
    "expired",     "external",    "failed",      "failure",     "filter",
    "forbidden",   "format",      "forwarding",  "found",       "from",
    "full",        "gateway",     "greylisted",  "group",       "has",
    "header",      "hops",        "host",        "hour",        "identity",
    "inactive",    "inbound",     "invalid",     "is",          "later",
    "limit",       "list",        "listed",      "local",       "lookup",
    "loop",        "mail",        "mailbox",     "maintenance", "many",
    "maximum",     "message",     "messages",    "missing",     "name",
    "network",     "no",          "not",         "number",      "only",
    "open",        "originating", "outbound",    "over",        "part",
    "password",    "permanently", "permitted",   "please",      "pointer",
    "policy",      "port",        "postmaster",  "prohibited",  "protocol",
    "queue",       "queued",      "quota",       "rate",        "reached",
    "reasons",     "receive",     "recipient",   "recipients",  "record",
    "refused",     "rejected",    "relay",       "remote",      "reply",
    "reputation",  "request",     "required",    "resolve",     "resources",
    "restricted",  "retry",       "reverse",     "route",       "security",
    "send",        "sender",      "sending",     "server",      "service",
    "session",     "shutting",    "signature",   "size",        "spam",
    "storage",     "submission",  "suspended",   "syntax",      "system",
    "temporarily", "temporary",   "the",         "this",        "timeout",
    "to",          "too",         "transaction", "unable",      "unauthorized",
    "unavailable", "unknown",     "unsolicited", "unverified",  "user",
    "valid",       "verify",      "virus",       "volume",      "was",
    "will",        "with",        "without",     "your",        "zone"};
enum { NWORDS = sizeof words / sizeof *words };

double now(void) {
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static uint32_t below(uint32_t n) {
    static uint32_t seed = 1;

    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static struct pattern *add_pattern(const char *text) {
    struct pattern *p = calloc(1, sizeof *p);

    p->words = text;
    p->number = (unsigned)npatterns + 1;
    if (npatterns == NTEMPLATES || read_pattern(p)) {
        free(p);
        return NULL;
    }
    return patterns[npatterns++] = p;
}

void collect_templates(void) {
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_TEMPLATE));) {
        const char *lines[64];
        struct pattern codes = {0}, *p;
        size_t n = 0;
        while (n < 64 && (lines[n] = smtpcode_text(e, SMTPCODE_LINE, n)))
            n++;
        if ((p = add_pattern(read_words(lines, n, &codes)))) {
            p->reply = codes.reply;
            p->enhanced = codes.enhanced;
        }
    }
}

/* Names of products, rules and hosts: one word in five is met once only. */
static int rare_word(char *out) {
    static const char *const syllables[] = {
        "al",  "bar", "cor", "dex", "en", "fil", "gate", "hex", "in",  "jet",
        "kor", "lin", "mx",  "net", "or", "pro", "qs",   "ra",  "sec", "tor",
        "ul",  "vir", "web", "xo",  "yl", "zen", "4",    "7",   "-",   "."};

    return sprintf(out, "%s%s%s", syllables[below(26)], syllables[below(30)],
                   syllables[below(28)]);
}

/* Of two the one nearer to the list's begin: some words are met much more. */
static int common_word(char *out) {
    uint32_t a = below(NWORDS), b = below(NWORDS);

    return sprintf(out, "%s", words[(a < b ? a : b) * 77 % NWORDS]);
}

/* COUNT words, and among them NPARTS of PARTS, of which there are ten; the
 * result is the caller's to free. */
static char *sentence(uint32_t count, uint32_t nparts,
                      const char *const *parts) {
    char text[1024];
    size_t n = 0;

    for (uint32_t left = count; left; left--) {
        n += (size_t)(below(5) ? common_word(text + n) : rare_word(text + n));
        n += (size_t)sprintf(text + n, "%s", below(9) || left == 1 ? "" : ".");
        if (nparts && below(left) < nparts) {
            n += (size_t)sprintf(text + n, " %s", parts[below(10)]);
            nparts--;
        }
        if (left > 1)
            n += (size_t)sprintf(text + n, " ");
    }
    return strcpy(malloc(n + 1), text);
}

/* As those of the data: nine words and less than one placeholder each, every
 * fourth of these {any}. */
void invent_templates(void) {
    static const char *const holes[] = {"{any}",          "{any}",
                                        "{any}",          "[{ip}]",
                                        "<{recipient}>:", "{host}",
                                        "({host})",       "{domain}",
                                        "id={id}",        "({number})"};
    static const uint8_t counts[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
                                     1, 1, 1, 1, 1, 2, 2, 2, 3, 4};

    while (npatterns < NTEMPLATES) {
        struct pattern *p =
            add_pattern(sentence(6 + below(7), counts[below(20)], holes));
        if (!p)
            continue;
        p->open = below(20) == 0;
        p->reply = below(2) ? 550 : 451;
        p->enhanced = p->reply == 550 ? 5007001 : 4007001;
    }
}

static char *example(const struct pattern *p) {
    char name[32], address[64], ip[32], id[32];
    const char *v[15];

    memcpy(v, standard_values, sizeof v);
    v[2] = ip;
    v[3] = v[4] = v[5] = address;
    v[6] = v[7] = v[14] = name;
    v[9] = id;
    snprintf(name, sizeof name, "mx%u.example.net", below(999));
    snprintf(address, sizeof address, "user%u@%s", below(99999), name);
    snprintf(ip, sizeof ip, "192.0.2.%u", below(256));
    snprintf(id, sizeof id, "%x-%x.%u", below(1 << 24), below(1 << 24),
             below(999));
    return fill_words(p, v, NULL);
}

static char *other_text(void) {
    static const char *const values[] = {"<user4711@example.org>",
                                         "[192.0.2.77]",
                                         "mx7.example.net",
                                         "https://example.com/1",
                                         "(in reply to)",
                                         "1a2b3c-4d5e",
                                         "user@example.net",
                                         "2001:db8::25",
                                         "4711",
                                         "\"quoted\""};

    return sentence(8 + below(9), below(3), values);
}

/* As it arrives: sentences begin with a capital, and one reply in eight has
 * two blanks or a fold somewhere.  Its bytes with the NUL. */
static size_t write_raw(const char *text, char *raw) {
    size_t n = 0, len = strlen(text), fold = below((uint32_t)len * 8 + 1);

    for (size_t i = 0; i < len; i++) {
        int begins = i == 0 || (i > 1 && text[i - 2] == '.');
        raw[n++] = (char)(begins ? toupper((unsigned char)text[i]) : text[i]);
        if (text[i] == ' ' && i >= fold) {
            n += (size_t)sprintf(raw + n, below(2) ? " " : "\r\n\t");
            fold = len;
        }
    }
    raw[n] = '\0';
    return n + 1;
}

/* Side by side in memory, as a log's are. */
void make_replies(void) {
    static char bytes[NREPLIES * 512];
    char *at = bytes;

    for (size_t i = 0; i < NREPLIES; i++) {
        const struct pattern *p = patterns[below((uint32_t)npatterns)];
        char *text = below(4) ? example(p) : other_text();
        if (strlen(text) + 8 > (size_t)(bytes + sizeof bytes - at))
            abort();
        size_t size = write_raw(text, at);
        replies[i] = (struct reply){at, size - 1, p->reply, p->enhanced};
        at += size;
        free(text);
    }
}
