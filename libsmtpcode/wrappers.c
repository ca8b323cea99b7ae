/*
 * wrappers.c - the forms in which replies arrive, a row per form.
 *
 * A lead is the text before a reply, and ends with the one byte that makes
 * the finder look; tests/cases/wrappers.tsv has an example of each.
 */
#include <string.h>

#include "reply.h"
#include "wrappers.h"

#define LEAD(text) text, sizeof(text) - 1
#define OURS SMTPCODE_SIDE_OURS
#define THEIRS SMTPCODE_SIDE_THEIRS
#define AT(stage) SMTPCODE_STAGE_##stage
#define FIRST SMTPCODE_FLAG_FIRST_LINE_ONLY
#define LAST SMTPCODE_FLAG_LAST_LINE_ONLY
#define SURE WRAPS_REPLY, RANK_SURE

/* lead, what, rank, stage, side, traits, flags, tail */
static const struct wrapper wrappers[] = {
    /* Bounces and logs of mail servers. */
    {LEAD("said:"), SURE, 0, THEIRS, TRAIT_INNER, 0, 0},
    {LEAD("refused to talk to me:"), SURE, AT(CONNECT), THEIRS, TRAIT_INNER, 0,
     0},
    {LEAD("status=bounced ("), WRAPS_REPLY, RANK_WORDS, 0, OURS, 0, 0, 0},
    {LEAD("status=deferred ("), WRAPS_REPLY, RANK_WORDS, 0, OURS, 0, 0, 0},
    {LEAD("status=undeliverable ("), WRAPS_REPLY, RANK_WORDS, 0, OURS, 0, 0, 0},
    {LEAD("reject:"), WRAPS_REJECT, 0, 0, OURS, 0, 0, 0},
    {LEAD("milter-reject:"), WRAPS_REJECT, 0, 0, OURS, 0, 0, 0},
    {LEAD("rcpt to:"), WRAPS_STAGE, 0, AT(RCPT), 0, 0, 0, 0},
    {LEAD("mail from:"), WRAPS_STAGE, 0, AT(MAIL), 0, 0, 0, 0},
    {LEAD("end of data:"), WRAPS_CODED, RANK_SURE, AT(END_OF_DATA), THEIRS,
     TRAIT_INNER, 0, 0},
    {LEAD("pipelined data:"), WRAPS_CODED, RANK_SURE, AT(DATA), THEIRS,
     TRAIT_INNER, 0, 0},
    {LEAD("after data:"), WRAPS_CODED, RANK_SURE, AT(DATA), THEIRS, TRAIT_INNER,
     0, 0},
    {LEAD("after starttls:"), WRAPS_CODED, RANK_SURE, AT(STARTTLS), THEIRS,
     TRAIT_INNER, 0, 0},
    {LEAD("initial connection:"), WRAPS_CODED, RANK_SURE, AT(CONNECT), THEIRS,
     TRAIT_INNER, 0, 0},
    {LEAD("smtp;"), SURE, 0, THEIRS, TRAIT_INNER, 0, 0},
    {LEAD("lmtp;"), SURE, 0, THEIRS, TRAIT_INNER, 0, 0},
    {LEAD("x-postfix;"), WRAPS_REPLY, RANK_WORDS, 0, OURS, 0, 0, 0},
    {LEAD("x-unix;"), WRAPS_REPLY, RANK_WORDS, 0, OURS, 0, 0, 0},
    {LEAD("status:"), WRAPS_ENHANCED, 0, 0, 0, TRAIT_LINE_START, 0, 0},
    {LEAD("dsn="), WRAPS_ENHANCED, 0, 0, 0, 0, 0, 0},
    {LEAD("(reason:"), SURE, 0, THEIRS, 0, FIRST, 0},
    {LEAD("server returned '"), SURE, 0, THEIRS, 0, 0, 0},
    {LEAD("server returned \""), SURE, 0, THEIRS, 0, 0, 0},
    {LEAD("rejected command '"), WRAPS_COMMAND, 0, 0, THEIRS, 0, 0, 0},
    {LEAD("response was:"), SURE, 0, THEIRS, TRAIT_BLOCK, 0, 0},
    {LEAD("remote server was:"), SURE, 0, THEIRS, TRAIT_BLOCK, 0, 0},
    {LEAD("error_code :"), WRAPS_EITHER, RANK_WORDS, 0, 0, 0, 0, 0},
    {LEAD("recipients failed:"), WRAPS_RECIPIENT, RANK_WORDS, AT(RCPT), 0,
     TRAIT_BLOCK, 0, 0},
    {LEAD("content-transfer-encoding:"), WRAPS_ENCODING, 0, 0, 0, 0, 0, 0},

    /* Mail clients and libraries. */
    {LEAD("responded:"), SURE, 0, THEIRS, TRAIT_BLOCK, 0, TAIL_PLEASE},
    {LEAD("invalid login:"), WRAPS_CODED, RANK_SURE, AT(AUTH), THEIRS,
     TRAIT_BLOCK, 0, 0},
    {LEAD("response="), WRAPS_CODED, RANK_SURE, 0, THEIRS, TRAIT_BLOCK, 0, 0},
    {LEAD("response:"), WRAPS_CODED, RANK_CODE, 0, THEIRS, TRAIT_BLOCK, 0, 0},
    {LEAD("command:"), WRAPS_COMMAND, 0, 0, 0, TRAIT_KEPT, 0, 0},
    {LEAD("responsecode:"), WRAPS_CODE, 0, 0, 0, 0, 0, 0},
    {LEAD("but got code \""), WRAPS_CODE, 0, 0, 0, 0, 0, 0},
    {LEAD("with message \""), SURE, 0, THEIRS, TRAIT_INNER, 0, 0},
    {LEAD("username command failed:"), WRAPS_CODED, RANK_SURE, AT(AUTH), THEIRS,
     TRAIT_BLOCK, 0, 0},
    {LEAD("password command failed:"), WRAPS_CODED, RANK_SURE, AT(AUTH), THEIRS,
     TRAIT_BLOCK, 0, 0},
    {LEAD("mail from command failed:"), WRAPS_CODED, RANK_SURE, AT(MAIL),
     THEIRS, TRAIT_BLOCK, 0, 0},
    {LEAD("rcpt to command failed:"), WRAPS_CODED, RANK_SURE, AT(RCPT), THEIRS,
     TRAIT_BLOCK, 0, 0},
    {LEAD("data command failed:"), WRAPS_CODED, RANK_SURE, AT(DATA), THEIRS,
     TRAIT_BLOCK, 0, 0},
    {LEAD("data end command failed:"), WRAPS_CODED, RANK_SURE, AT(END_OF_DATA),
     THEIRS, TRAIT_BLOCK, 0, 0},
    {LEAD("server -> client:"), WRAPS_CODED, RANK_CODE, 0, THEIRS, 0, 0, 0},
    {LEAD("client -> server:"), WRAPS_COMMAND, 0, 0, 0, 0, 0, 0},
    {LEAD("permanent:"), WRAPS_REPLY, RANK_WORDS, 0, THEIRS, TRAIT_LINE_START,
     FIRST, 0},
    {LEAD("transient:"), WRAPS_REPLY, RANK_WORDS, 0, THEIRS, TRAIT_LINE_START,
     FIRST, 0},
    {LEAD("session failed:"), WRAPS_CODED, RANK_SURE, 0, THEIRS, 0, LAST, 0},
    {LEAD("smtpauthenticationerror:"), WRAPS_CODED, RANK_SURE, 0, THEIRS, 0,
     FIRST, 0},
    {LEAD("net::smtpserverbusy:"), WRAPS_CODED, RANK_SURE, 0, THEIRS, 0, FIRST,
     0},
    {LEAD("net::smtpsyntaxerror:"), WRAPS_CODED, RANK_SURE, 0, THEIRS, 0, FIRST,
     0},
    {LEAD("net::smtpfatalerror:"), WRAPS_CODED, RANK_SURE, 0, THEIRS, 0, FIRST,
     0},
    {LEAD("net::smtpunknownerror:"), WRAPS_CODED, RANK_SURE, 0, THEIRS, 0,
     FIRST, 0},
    {LEAD("authenticationinvalidcredentials:"), WRAPS_CODED, RANK_SURE, AT(AUTH), THEIRS,
     TRAIT_BLOCK, 0, 0},
    {LEAD("error:"), WRAPS_CODED, RANK_SURE, 0, THEIRS,
     TRAIT_INNER | TRAIT_BOTH, 0, 0},
    {LEAD("smtpstatus="), WRAPS_CODE, 0, 0, 0, 0, 0, 0},
    {LEAD("smtpmsg="), SURE, 0, THEIRS, 0, 0, 0},
    {LEAD("add recipient:"), WRAPS_STAGE, 0, AT(RCPT), 0, 0, 0, 0},
    {LEAD("add recipient \""), WRAPS_STAGE, 0, AT(RCPT), 0, 0, 0, 0},
    {LEAD("set sender \""), WRAPS_STAGE, 0, AT(MAIL), 0, 0, 0, 0},
    {LEAD("last response code:"), WRAPS_CODE, 0, 0, 0, 0, 0, 0},
    {LEAD("last response:"), SURE, 0, THEIRS, TRAIT_BLOCK, 0, 0},
    {LEAD("not successful:"), WRAPS_CODED, RANK_SURE, 0, THEIRS, TRAIT_BLOCK, 0,
     TAIL_NGINX},
    {LEAD("rcpt failed:"), WRAPS_CODED, RANK_SURE, AT(RCPT), THEIRS, 0, 0, 0},
    {LEAD("mail failed:"), WRAPS_CODED, RANK_SURE, AT(MAIL), THEIRS, 0, 0, 0},
    {LEAD("severity:"), WRAPS_WORD, 0, 0, 0, 0, 0, 0},
    {LEAD("category:"), WRAPS_WORD, 0, 0, 0, 0, 0, 0},
    {LEAD("detail:"), WRAPS_WORD, 0, 0, 0, 0, 0, 0},

    /* Fields of JSON. */
    {LEAD("\"reason\":"), WRAPS_REPLY, RANK_CODE, 0, 0, TRAIT_BLOCK, 0, 0},
    {LEAD("\"diagnosticcode\":"), WRAPS_REPLY, RANK_CODE, 0, 0, TRAIT_BLOCK, 0,
     0},
    {LEAD("\"response\":"), WRAPS_CODED, RANK_SURE, 0, THEIRS, TRAIT_BLOCK, 0,
     0},
    {LEAD("\"content\":"), WRAPS_REPLY, RANK_WORDS, 0, THEIRS, TRAIT_BLOCK, 0,
     0},
    {LEAD("\"status\":"), WRAPS_ENHANCED, 0, 0, 0, 0, 0, 0},
    {LEAD("\"code\":"), WRAPS_CODE, 0, 0, 0, 0, 0, 0},
    {LEAD("\"responsecode\":"), WRAPS_CODE, 0, 0, 0, 0, 0, 0},
    {LEAD("\"class\":"), WRAPS_CLASS, 0, 0, 0, 0, 0, 0},
    {LEAD("\"subject\":"), WRAPS_SUBJECT, 0, 0, 0, 0, 0, 0},
    {LEAD("\"detail\":"), WRAPS_DETAIL, 0, 0, 0, 0, 0, 0},
    {LEAD("\"command\":"), WRAPS_COMMAND, 0, 0, 0, TRAIT_KEPT, 0, 0},
};

enum { NWRAPPERS = sizeof wrappers / sizeof wrappers[0] };

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* The same before END, which is the start of a line: where the last one ends
 * with a soft break. */
static const char *before_soft_break(const char *text, const char *end) {
    const char *s = end;

    if (s > text && s[-1] == '\n')
        s--;
    if (s > text && s[-1] == '\r')
        s--;
    return s < end && s > text && s[-1] == '=' ? s - 1 : end;
}

/* Is LEAD, N bytes, what ends before END?  Compared from its end. */
static bool ends_with(const char *text, const char *end, const char *lead,
                      size_t n) {
    while (n > 0) {
        char c = lead[--n];
        if (end > text && end[-1] == '\n')
            end = before_soft_break(text, end);
        if (end == text)
            return false;
        if (c == ' ') {
            if (!is_blank(end[-1]))
                return false;
            for (int run = 0; end > text && is_blank(end[-1]); run++)
                if (run == 16)
                    return false; /* a bound for hostile text */
                else
                    end--;
        } else if (lower(*--end) != c) {
            return false;
        }
    }
    return end == text || !(is_alpha(*lead) || is_digit(*lead)) ||
           !(is_alpha(end[-1]) || is_digit(end[-1]));
}

/* S after a soft line break of quoted-printable, if one is there. */
static const char *after_soft_break(const char *s, const char *end) {
    if (end - s > 1 && s[1] == '\n')
        return s + 2;
    return end - s > 2 && s[1] == '\r' && s[2] == '\n' ? s + 3 : s;
}

static bool at_line_start(const char *text, const char *s) {
    return s == text || s[-1] == '\n' || s[-1] == '\r' ||
           (s - text >= 2 && s[-1] == 'n' && s[-2] == '\\');
}

const struct wrapper *smtpcode_wrapper_at(const char *text, const char *at) {
    char last = lower(*at), before = at > text ? lower(at[-1]) : '\0';

    for (size_t i = 0; i < NWRAPPERS; i++) {
        const struct wrapper *w = &wrappers[i];
        const char *lead = w->lead;
        if (lead[w->length - 1] != last || lead[w->length - 2] != before ||
            !ends_with(text, at + 1, lead, w->length))
            continue;
        if (!(w->traits & TRAIT_LINE_START) ||
            at_line_start(text, at + 1 - w->length))
            return w;
    }
    return NULL;
}

const char *smtpcode_begins(const char *s, const char *end, const char *word) {
    for (; *word; word++) {
        if (s < end && *s == '=')
            s = after_soft_break(s, end);
        if (s >= end)
            return NULL;
        if (*word == ' ') {
            if (!is_blank(*s))
                return NULL;
            while (s < end && is_blank(*s))
                s++;
        } else if (lower(*s++) != *word) {
            return NULL;
        }
    }
    return s;
}

struct command {
    char name[20];
    uint8_t stage;
};

/* The first that fits. */
static const struct command commands[] = {
    {"ehlo", AT(HELO)},
    {"helo", AT(HELO)},
    {"lhlo", AT(HELO)},
    {"auth", AT(AUTH)},
    {"mail", AT(MAIL)},
    {"rcpt", AT(RCPT)},
    {"bdat", AT(END_OF_DATA)},
    {"data end", AT(END_OF_DATA)},
    {"data", AT(DATA)},
    {"end of data", AT(END_OF_DATA)},
    {"end-of-", AT(END_OF_DATA)},
    {"starttls", AT(STARTTLS)},
    {"connect", AT(CONNECT)},
    {"quit", AT(QUIT)},
    {".", AT(END_OF_DATA)},
};

uint8_t smtpcode_read_stage(const char *s, const char *end) {
    while (s < end && (is_blank(*s) || *s == '\'' || *s == '"'))
        s++;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (smtpcode_begins(s, end, commands[i].name))
            return commands[i].stage;
    return SMTPCODE_STAGE_UNKNOWN;
}

static const char nginx_tails[][32] = {", client: ", ", server: "};
static const char please_tails[][32] = {" please check the message",
                                        " please verify that your"};

const char *smtpcode_find_tail(const char *s, const char *end, uint8_t tail) {
    const char(*tails)[32] = tail == TAIL_NGINX ? nginx_tails : please_tails;

    if (tail == TAIL_NONE)
        return end;
    for (bool blank = false; s < end; blank = is_blank(*s++))
        if ((*s == ',' || (is_blank(*s) && !blank)) &&
            (smtpcode_begins(s, end, tails[0]) ||
             smtpcode_begins(s, end, tails[1])))
            return s;
    return end;
}
