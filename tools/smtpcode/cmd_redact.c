/*
 * cmd_redact.c - smtpcode redact [--key FILE] [FILE...]: the input without
 * what must not be shown to strangers.
 *
 * `[recipient 3f9a1c]`: the digits are a keyed hash of the value, so the same
 * address is the same wherever it stands, and nobody without the key finds it
 * by trying.  The same value has the same digits whatever it is called.
 */
#define _DEFAULT_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "command.h"
#include "siphash.h"
#include "stream.h"

enum {
    HALF = 256 << 10, /* of a longer line the first and last so many bytes */
    MOST_LINES = 16   /* of a dialogue that logs in, see below */
};

struct redactor {
    unsigned char key[SIPHASH_KEY];
    bool terminal;
    int dialogue; /* lines in which a word by itself may be a password */
    struct smtpcode_span *spans;
    size_t count, room;
    struct text line, out;
};

/* ---- the key ---- */

static bool random_key(unsigned char *key) {
    if (getrandom(key, SIPHASH_KEY, 0) == SIPHASH_KEY)
        return true;
    complain("no random key: %s", strerror(errno));
    return false;
}

/* All bytes of the file count, so a key may be text of any length. */
static void condense(const char *bytes, size_t len, unsigned char *key) {
    for (unsigned char half = 0; half < 2; half++) {
        const unsigned char use[SIPHASH_KEY] = {'k', 'e', 'y', half};
        uint64_t hash = siphash(use, bytes, len);
        for (int i = 0; i < 8; i++)
            key[half * 8 + i] = (unsigned char)(hash >> 8 * i);
    }
}

static bool read_key(const char *name, unsigned char *key) {
    char bytes[4096];
    FILE *f = fopen(name, "rb");

    if (!f) {
        complain("--key: %s: %s", safe(name), strerror(errno));
        return false;
    }
    size_t len = fread(bytes, 1, sizeof bytes, f);
    bool failed = ferror(f) != 0;
    fclose(f);
    if (failed || len < SIPHASH_KEY) {
        complain(failed ? "--key: %s: cannot be read"
                        : "--key: %s: fewer than 16 bytes",
                 safe(name));
        return false;
    }
    condense(bytes, len, key);
    return true;
}

/* ---- one value ---- */

/* An IP in one of its many forms, as its bytes; 0: it is none. */
static size_t pack_ip(const char *text, size_t len, char *out) {
    char name[64];
    const char *zone = memchr(text, '%', len);

    len = zone ? (size_t)(zone - text) : len;
    if (len >= sizeof name)
        return 0;
    memcpy(name, text, len);
    name[len] = '\0';
    if (inet_pton(AF_INET, name, out) == 1)
        return 4;
    return inet_pton(AF_INET6, name, out) == 1 ? 16 : 0;
}

/* Equal values to equal bytes: no case, "%40" as "@". */
static size_t normalise(const char *text, size_t len, int kind, char *out) {
    size_t n = 0;

    if (strcmp(smtpcode_word(SMTPCODE_WORDS_CAPTURE, kind), "ip") == 0 &&
        (n = pack_ip(text, len, out)) > 0)
        return n;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (len - i > 2 && memcmp(text + i, "%40", 3) == 0) {
            c = '@';
            i += 2;
        }
        out[n++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    return n;
}

static void append_hash(struct redactor *r, const char *text, size_t len,
                        int kind) {
    char *value = malloc(len + 16);

    if (!value) {
        complain("out of memory");
        exit(EXIT_USAGE);
    }
    uint64_t hash = siphash(r->key, value, normalise(text, len, kind, value));
    free(value);
    if (options.wide)
        append(&r->out, "%016" PRIx64, hash);
    else /* for people: 24 bits */
        append(&r->out, "%06" PRIx64, hash >> 40);
}

/* Sizes, times and small numbers say nothing of anybody, and much of what is
 * wrong: "25MB", "00:05:00", "2026-11-23".  Not a name that looks alike. */
static bool is_harmless(const char *word, const char *text, size_t len) {
    size_t digits = 0, letters = 0, dots = 0;

    if (strcmp(word, "size") != 0 && strcmp(word, "duration") != 0 &&
        strcmp(word, "date") != 0 && strcmp(word, "number") != 0)
        return false;
    for (size_t i = 0; i < len; i++) {
        letters = (text[i] | 0x20) >= 'a' ? letters + 1 : 0;
        digits += text[i] >= '0' && text[i] <= '9';
        dots += text[i] == '.';
        if (letters > 3)
            return false;
    }
    return digits > 0 && dots < 3 && len <= 26 &&
           (digits < 6 || strcmp(word, "number") != 0);
}

static void append_placeholder(struct redactor *r, const char *text,
                               const struct smtpcode_span *s) {
    const char *word = smtpcode_word(SMTPCODE_WORDS_CAPTURE, s->kind);

    if (strcmp(word, "auth") == 0) {
        append(&r->out, "[auth dropped]");
    } else if (is_harmless(word, text + s->offset, s->length)) {
        append_bytes(&r->out, text + s->offset, s->length);
    } else {
        append(&r->out, "[%s ", word);
        append_hash(r, text + s->offset, s->length, s->kind);
        append(&r->out, "]");
    }
}

/* ---- one line ---- */

static void find_spans(struct redactor *r, const char *text, size_t len,
                       const smtpcode_result *result) {
    r->count = smtpcode_redact(text, len, result, r->spans, r->room);
    if (r->count <= r->room)
        return;
    r->room = 2 * r->count;
    r->spans = realloc(r->spans, r->room * sizeof *r->spans);
    if (!r->spans) {
        complain("out of memory");
        exit(EXIT_USAGE);
    }
    r->count = smtpcode_redact(text, len, result, r->spans, r->room);
}

static bool is_auth(const struct smtpcode_span *s) {
    return strcmp(smtpcode_word(SMTPCODE_WORDS_CAPTURE, s->kind), "auth") == 0;
}

static void find_in_line(struct redactor *r, const char *line, size_t len) {
    static smtpcode_reply reply;
    smtpcode_result result;

    if (smtpcode_reply_read(&reply, line, len) != SMTPCODE_OK) {
        find_spans(r, line, len, NULL);
        return;
    }
    smtpcode_diagnose(&reply, NULL, &result);
    find_spans(r, line, len, &result);
}

/*
 * A login is a dialogue of several lines, the library sees one at a time.  So
 * where a login may be going on a line is put behind what asks for a password:
 * the library then takes a word by itself for one.  Whether a line begins a
 * login is seen by whether such a word behind it would be taken for one.
 */
static const char asks[] = "334 QQ==\n", answers[] = "\nQQ==";
enum { ASKS = sizeof asks - 1, ANSWERS = sizeof answers - 1 };

static bool mentions(const char *line, size_t len, const char *word) {
    size_t n = strlen(word);

    for (size_t i = 0; i + n <= len; i++) {
        size_t same = 0;
        while (same < n && (line[i + same] | 0x20) == (word[same] | 0x20))
            same++;
        if (same == n)
            return true;
    }
    return false;
}

static bool begins_login(struct redactor *r, const char *line, size_t len) {
    if (!mentions(line, len, "auth") && !mentions(line, len, "334"))
        return false;
    r->line.len = 0;
    append_bytes(&r->line, line, len);
    append_bytes(&r->line, answers, ANSWERS);
    find_spans(r, text_of(&r->line), r->line.len, NULL);
    return r->count > 0 && r->spans[r->count - 1].offset == len + 1;
}

/* False: nothing in LINE is a secret only because of the lines before. */
static bool find_answer(struct redactor *r, const char *line, size_t len) {
    size_t n = 0;
    bool found = false;

    r->line.len = 0;
    append_bytes(&r->line, asks, ASKS);
    append_bytes(&r->line, line, len);
    find_spans(r, text_of(&r->line), r->line.len, NULL);
    for (size_t i = 0; i < r->count; i++) {
        if (r->spans[i].offset < ASKS)
            continue;
        r->spans[n] = r->spans[i];
        r->spans[n].offset -= ASKS;
        found = found || is_auth(&r->spans[n]);
        n++;
    }
    r->count = n;
    return found;
}

static void redact_line(struct redactor *r, const char *line, size_t len) {
    size_t at = 0;
    bool login = begins_login(r, line, len);

    if (r->dialogue == 0 || !find_answer(r, line, len))
        find_in_line(r, line, len);
    r->dialogue = login ? MOST_LINES : r->dialogue - (r->dialogue > 0);
    r->out.len = 0;
    for (size_t i = 0; i < r->count; i++) {
        append_bytes(&r->out, line + at, r->spans[i].offset - at);
        append_placeholder(r, line, &r->spans[i]);
        at = r->spans[i].offset + r->spans[i].length;
    }
    append_bytes(&r->out, line + at, len - at);
}

/* Any byte may leave, but not to a terminal. */
static void write_out(struct redactor *r) {
    struct text shown = {NULL, 0, 0};

    if (r->terminal)
        append_escaped(&shown, text_of(&r->out), r->out.len);
    const struct text *t = r->terminal ? &shown : &r->out;
    fwrite(text_of(t), 1, t->len, stdout);
    free_text(&shown);
}

/* ---- files ---- */

static bool flush_output(void) { return fflush(stdout) == 0; }

static void redact_stream(struct redactor *r, struct stream *s,
                          const char *name) {
    const char *line;
    size_t len;
    bool told = false;

    while (next_line(s, &line, &len)) {
        bool ended = line + len < s->buffer + s->begin;
        redact_line(r, line, len);
        write_out(r);
        if (ended)
            putchar('\n');
        if (s->cut && !told)
            complain("%s: of lines over %d bytes the middle is left out",
                     safe(name), 2 * HALF);
        told = told || s->cut;
    }
}

static bool redact_fd(struct redactor *r, int fd, const char *name) {
    struct stream s;

    if (!open_stream(&s, fd, HALF, HALF)) {
        complain("out of memory");
        return false;
    }
    s.before_read = flush_output;
    r->dialogue = 0;
    redact_stream(r, &s, name);
    if (s.error)
        complain("%s: %s", safe(name), strerror(s.error));
    close_stream(&s);
    return !s.error && !s.stopped;
}

static bool redact_file(struct redactor *r, const char *name) {
    if (strcmp(name, "-") == 0)
        return redact_fd(r, STDIN_FILENO, "standard input");
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        complain("%s: %s", safe(name), strerror(errno));
        return false;
    }
    bool ok = redact_fd(r, fd, name);
    close(fd);
    return ok;
}

enum exit_status cmd_redact(int argc, char **argv) {
    static char standard_input[] = "-";
    static char *no_file[] = {NULL, standard_input};
    struct redactor r = {.terminal = isatty(STDOUT_FILENO) == 1};
    bool ok = true;

    if (refuse_filters("redact") || refuse_server() || refuse_hints())
        return EXIT_USAGE;
    if (!(options.key ? read_key(options.key, r.key) : random_key(r.key)))
        return EXIT_USAGE;
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    if (argc == 1) {
        argc = 2;
        argv = no_file;
    }
    for (int i = 1; i < argc && !ferror(stdout); i++)
        ok = redact_file(&r, argv[i]) && ok;
    free_text(&r.line);
    free_text(&r.out);
    free(r.spans);
    return ok ? EXIT_FOUND : EXIT_USAGE;
}
