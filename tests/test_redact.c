/*
 * test_redact.c - what is hidden of a text: tests/cases/redact.tsv, a row
 * each; and of every template, filled with canaries and wrapped, none is left:
 * in each fourth wrapper, in all of them with SMTPCODE_WHOLE=1.
 */
#define _GNU_SOURCE /* getline, strsep, strcasestr, memmem */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rows.h"
#include "smtpcode.h"

enum { MOST_ROWS = 400, MOST_SPANS = 500, ROOM = 1 << 16 };
enum { NAME, TEXT, WANT, NCOLUMNS };

static char *rows[MOST_ROWS][NCOLUMNS];
static size_t nrows;

/* ---- redacting ---- */

/* What the text was taken for. */
struct taken {
    const char *rule; /* its id */
    int code;
};

static size_t find(const char *text, size_t len, struct smtpcode_span *spans,
                   struct taken *taken) {
    static smtpcode_reply reply;
    smtpcode_result result;
    const smtpcode_entry *e = NULL;
    int found = smtpcode_reply_read(&reply, text, len) == SMTPCODE_OK &&
                smtpcode_diagnose(&reply, NULL, &result) == SMTPCODE_OK;

    if (found && smtpcode_result_number(&result, SMTPCODE_BASIS, 0) !=
                     SMTPCODE_BASIS_PHRASE) /* a sentence has no captures */
        e = smtpcode_result_related(&result, SMTPCODE_RULE, 0);
    taken->rule = e ? smtpcode_id(e) : "";
    taken->code = found ? smtpcode_reply_code(&reply) : 0;
    size_t n =
        smtpcode_redact(text, len, found ? &result : NULL, spans, MOST_SPANS);
    assert_true(n <= MOST_SPANS);
    for (size_t i = 0, at = 0; i < n; i++) {
        assert_true(spans[i].length > 0 && spans[i].offset >= at &&
                    spans[i].length <= len - spans[i].offset);
        assert_non_null(smtpcode_word(SMTPCODE_WORDS_CAPTURE, spans[i].kind));
        at = spans[i].offset + spans[i].length;
    }
    return n;
}

/* TEXT with {kind} for each span. */
static size_t redact(const char *text, size_t len, char *out,
                     struct taken *taken) {
    struct smtpcode_span spans[MOST_SPANS];
    size_t n = find(text, len, spans, taken), at = 0, put = 0;

    for (size_t i = 0; i < n; i++) {
        memcpy(out + put, text + at, spans[i].offset - at);
        put += spans[i].offset - at;
        put += (size_t)sprintf(
            out + put, "{%s}",
            smtpcode_word(SMTPCODE_WORDS_CAPTURE, spans[i].kind));
        at = spans[i].offset + spans[i].length;
    }
    memcpy(out + put, text + at, len - at);
    put += len - at;
    out[put] = '\0';
    return put;
}

/* ---- the rows ---- */

/* \n \r \t \0 and \xNN are a byte, \\ is a backslash. */
static size_t unescape(char *text) {
    static const char letters[] = "nrt0\\", bytes[] = "\n\r\t\0\\";
    size_t n = 0;

    for (const char *c = text; *c; c++) {
        const char *letter = *c == '\\' && c[1] ? strchr(letters, c[1]) : NULL;
        unsigned byte;
        if (letter) {
            text[n++] = bytes[letter - letters];
            c++;
        } else if (sscanf(c, "\\x%2x", &byte) == 1) {
            text[n++] = (char)byte;
            c += 3;
        } else {
            text[n++] = *c;
        }
    }
    text[n] = '\0';
    return n;
}

static void check_row(void **state) {
    char **row = *state, out[ROOM];
    struct taken taken;
    size_t text = unescape(row[TEXT]), want = unescape(row[WANT]);
    size_t have = redact(row[TEXT], text, out, &taken);

    if (have != want || memcmp(out, row[WANT], want) != 0)
        fail_msg("have: %s\nwant: %s", out, row[WANT]);
}

/* ---- canaries ---- */

/* ORDER CAPTURE; N makes each one unique.  Those of {any} are words that
 * nothing but the template makes personal. */
static const char *const canaries[] = {
    "any",       "canary%db and wrencanary%d",
    "ip",        "203.0.113.%d",
    "recipient", "Canaryrcpt%d@rcptcanary%d.example",
    "sender",    "canarysend%d@sendcanary%d.example.org",
    "address",   "o'canary+%d@addrcanary%d.example",
    "domain",    "domcanary%d.example.com",
    "host",      "mx-canary%d.hostcanary.example.net",
    "url",       "https://urlcanary.example/canary%d?q=canary%d",
    "id",        "4Zcanary%dQx",
    "number",    "73519020%d",
    "size",      "1048576",
    "duration",  "300",
    "date",      "2026-11-23",
    "blocklist", "canary%d.bl.example.org"};

static const char *canary_for(const char *name, size_t len) {
    for (size_t i = 0; i < sizeof canaries / sizeof *canaries; i += 2)
        if (strlen(canaries[i]) == len && memcmp(canaries[i], name, len) == 0)
            return canaries[i + 1];
    return NULL;
}

/* Append LINE with its placeholders filled; N counts them. */
static char *fill(char *out, const char *line, int *n) {
    const char *begin = out;

    while (*line) {
        const char *close = *line == '{' ? strchr(line, '}') : NULL;
        const char *value =
            close ? canary_for(line + 1, (size_t)(close - line - 1)) : NULL;
        if (!value) {
            *out++ = *line++;
            continue;
        }
        if (strncmp(line, "{any}", 5) == 0 && out > begin &&
            isalnum((unsigned char)out[-1]))
            *out++ = ' '; /* not a part of a name */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        out += sprintf(out, value, *n, *n);
#pragma GCC diagnostic pop
        ++*n;
        line = close + 1;
    }
    *out = '\0';
    return out;
}

/* The reply of TEMPLATE, its lines with BREAK between them. */
static void make_reply(const smtpcode_entry *e, const char *line_break,
                       char *out) {
    const char *line;
    int n = 10;

    *out = '\0';
    for (size_t i = 0; (line = smtpcode_text(e, SMTPCODE_LINE, i)); i++) {
        if (i > 0)
            out = stpcpy(out, line_break);
        out = fill(out, line, &n);
    }
}

/* Each third blank behind the codes as a fold, with the codes again. */
static void fold(const char *reply, const char *line_break, char *out) {
    size_t codes = strspn(reply, "0123456789-."), blanks = 0;
    char first[32];

    if (reply[codes] == ' ')
        codes += 1 + strspn(reply + codes + 1, "0123456789.");
    if (codes > 20 || codes < 3)
        codes = 0;
    snprintf(first, sizeof first, "%.*s", (int)codes, reply);
    for (size_t i = 0; reply[i]; i++) {
        if (i > codes && reply[i] == ' ' && ++blanks % 3 == 0 && codes) {
            out = stpcpy(out, line_break);
            out = stpcpy(out, first);
        }
        *out++ = reply[i];
    }
    *out = '\0';
}

static const char *const typed[] = {"203.0.113",  "rcptcanary", "canaryrcpt",
                                    "sendcanary", "canarysend", "addrcanary",
                                    "o'canary",   "domcanary",  "mx-canary",
                                    "hostcanary", "urlcanary",  ".bl.example"};
static const char *const captured[] = {"canary", "735190"};

static const char *survivor(const char *text, const char *const *list,
                            size_t n) {
    for (size_t i = 0; i < n; i++)
        if (strcasestr(text, list[i]))
            return list[i];
    return NULL;
}

/* What has been redacted is left as it is. */
static void check_again(const char *redacted) {
    static char text[ROOM], again[ROOM];
    struct taken taken;
    char *put = text;

    for (const char *c = redacted; *c; c++)
        if (*c == '{' && strchr(c, '}') && strcspn(c, "}") < 12) {
            put +=
                sprintf(put, "[%.*s 0a1b2c]", (int)strcspn(c, "}") - 1, c + 1);
            c += strcspn(c, "}");
        } else {
            *put++ = *c;
        }
    *put = '\0';
    redact(text, strlen(text), again, &taken);
    if (strcmp(text, again) != 0)
        fail_msg("once:  %s\nagain: %s", text, again);
}

static size_t ntried, nwon;

/* Addresses, hosts, IPs and URLs never survive; words that only the template
 * makes personal do not where it or its like was recognised. */
static void check_canaries(const smtpcode_entry *e, const char *text) {
    static char out[ROOM];
    const char *line = smtpcode_text(e, SMTPCODE_LINE, 0);
    struct taken taken;

    redact(text, strlen(text), out, &taken);
    const char *left = survivor(out, typed, sizeof typed / sizeof *typed);
    if (left)
        fail_msg("%s: '%s' is left: %s\nof: %s", smtpcode_id(e), left, out,
                 text);
    ntried++;
    if (strcmp(taken.rule, smtpcode_id(e)) != 0 ||
        (taken.code && taken.code != atoi(line))) /* the wrapper's own */
        return;
    nwon++;
    check_again(out);
    left = survivor(out, captured, sizeof captured / sizeof *captured);
    if (left)
        fail_msg("%s: '%s' is left: %s\nof: %s", smtpcode_id(e), left, out,
                 text);
}

static void try_in(const smtpcode_entry *e, const char *before,
                   const char *reply, const char *after) {
    static char text[3 * ROOM];

    stpcpy(stpcpy(stpcpy(text, before), reply), after);
    check_canaries(e, text);
}

struct wrapper {
    char *before, *after;
};
static struct wrapper wrappers[MOST_ROWS];
static size_t nwrappers;

/* Where the reply begins whose code stands before WORDS; NULL if it is not
 * CODE that stands there. */
static char *reply_start(char *text, char *words, const char *code) {
    char *begin = words;

    while (begin > text && strchr("0123456789. -", begin[-1]))
        begin--;
    while (*begin == ' ' || *begin == '-' || *begin == '.')
        begin++;
    return strncmp(begin, code, 3) == 0 ? begin : NULL;
}

enum { FORM = 1, KEEPS, FORM_CODE, FORM_WORDS = 5, FORM_COLUMNS = 7 };

/* What stands around the reply in the forms of tests/cases/wrappers.tsv that
 * keep it whole and have it on one line. */
static void read_wrappers(void) {
    static char *forms[MOST_ROWS][FORM_COLUMNS];
    size_t n = read_cells("tests/cases/wrappers.tsv", &forms[0][0],
                          FORM_COLUMNS, 0, MOST_ROWS);

    for (size_t i = 0; i < n; i++) {
        char **form = forms[i], *words, *begin;
        if (strcmp(form[KEEPS], "text") != 0 || !*form[FORM_WORDS] ||
            !*form[FORM_CODE])
            continue;
        unescape(form[FORM]);
        words = strstr(form[FORM], form[FORM_WORDS]);
        begin = words ? reply_start(form[FORM], words, form[FORM_CODE]) : NULL;
        if (!begin)
            continue;
        wrappers[nwrappers].after = strdup(words + strlen(form[FORM_WORDS]));
        *begin = '\0';
        wrappers[nwrappers++].before = strdup(form[FORM]);
    }
}

static void test_canaries(void **state) {
    static char reply[ROOM], folded[ROOM];
    const char *whole = getenv("SMTPCODE_WHOLE");
    size_t ntemplates = 0, step = whole && *whole == '1' ? 1 : 4;
    (void)state;

    read_wrappers();
    assert_true(nwrappers > 10);
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_TEMPLATE));) {
        ntemplates++;
        make_reply(e, "\r\n", reply);
        try_in(e, "", reply, "");
        fold(reply, "\r\n", folded);
        try_in(e, "", folded, "\r\n");
        make_reply(e, "\\n", reply);
        fold(reply, "\\n", folded);
        for (size_t i = ntemplates % step; i < nwrappers; i += step) {
            /* Not two ways to break lines in one text. */
            int one = strchr(wrappers[i].before, '\n') == NULL;
            if (one || !strstr(reply, "\\n"))
                try_in(e, wrappers[i].before, reply, wrappers[i].after);
            if (one)
                try_in(e, wrappers[i].before, folded, wrappers[i].after);
        }
    }
    printf("redact: %zu templates, %zu wrappers, %zu replies, in %zu the "
           "template was found\n",
           ntemplates, nwrappers, ntried, nwon);
    assert_true(ntemplates > 0 && nwon > ntried / 2);
}

/* ---- limits ---- */

static void test_most(void **state) {
    static const char text[] = "a@b.example c@d.example e@f.example";
    struct smtpcode_span spans[3];
    (void)state;

    memset(spans, 0xff, sizeof spans);
    assert_int_equal(smtpcode_redact(text, sizeof text - 1, NULL, NULL, 0), 3);
    assert_int_equal(smtpcode_redact(text, sizeof text - 1, NULL, spans, 2), 3);
    assert_int_equal(spans[1].offset, 12);
    assert_int_equal(spans[2].length, (size_t)-1);
    assert_int_equal(smtpcode_redact("", 0, NULL, spans, 3), 0);
}

/* A capture of another text is not in this one: all of the reply must go. */
static void test_foreign_text(void **state) {
    static const char text[] =
        "550 5.1.1 <bob@example.org>: Recipient address rejected: User unknown "
        "in local recipient table";
    static const char other[] = "450 something else";
    smtpcode_reply reply;
    smtpcode_result result;
    struct smtpcode_span span;
    (void)state;

    smtpcode_reply_read(&reply, text, sizeof text - 1);
    smtpcode_diagnose(&reply, NULL, &result);
    assert_int_equal(smtpcode_result_capture(&result, 0, &span), 1);
    assert_int_equal(
        smtpcode_redact(other, sizeof other - 1, &result, &span, 1), 1);
    assert_string_equal(smtpcode_word(SMTPCODE_WORDS_CAPTURE, span.kind),
                        "reply");
    assert_int_equal(span.length, sizeof other - 1);
}

int main(void) {
    static struct CMUnitTest tests[MOST_ROWS + 3] = {
        {"canaries", test_canaries, NULL, NULL, NULL},
        {"most", test_most, NULL, NULL, NULL},
        {"another text", test_foreign_text, NULL, NULL, NULL}};

    nrows = read_cells("tests/cases/redact.tsv", &rows[0][0], NCOLUMNS, 0, MOST_ROWS);
    for (size_t i = 0; i < nrows; i++)
        tests[3 + i] =
            (struct CMUnitTest){rows[i][NAME], check_row, NULL, NULL, rows[i]};
    return _cmocka_run_group_tests("redact", tests, nrows + 3, NULL, NULL);
}
