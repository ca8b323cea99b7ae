/*
 * beside.c - what a text tells about a reply, beside it: codes, stage, host,
 * what became of the mail.
 *
 * A field belongs to the reply that it stands next to: the open one, or else
 * the last one of its line (a log's) or block (a header's), or else the next.
 * One that a reply has already is the next one's.
 */
#include "finder.h"

static const struct beside nothing;

/* Where a field of this line or BLOCK goes. */
static struct beside *nearest(struct finder *f, bool block) {
    if (f->open.start)
        return &f->open.beside;
    if (f->last && (block || f->last_here))
        return &f->last->beside;
    return block ? &f->block : &f->line;
}

static void add(struct beside *to, const struct beside *from) {
    if (!to->told) {
        to->told = from->told;
        to->enhanced = from->enhanced;
    }
    if (!to->final)
        to->final = from->final;
    if (!to->peer) {
        to->peer = from->peer;
        to->peer_before = from->peer_before;
    }
    to->forwarded |= from->forwarded;
}

void smtpcode_take_beside(struct finder *f, struct candidate *c) {
    const char *peer = f->block.peer;

    if (f->open.start)
        add(&c->beside, &f->open.beside);
    add(&c->beside, &f->line);
    add(&c->beside, &f->block);
    f->line = nothing;
    f->block = nothing;
    f->block.peer = peer; /* "while talking to" holds for all of a transcript */
}

/* ---- the reply code ---- */

struct digit_word {
    char word[28];
    uint8_t digit;
};

/* lettre's names of the three digits. */
static const struct digit_word digit_words[] = {
    {"positivecompletion", 2},
    {"positiveintermediate", 3},
    {"transientnegativecompletion", 4},
    {"permanentnegativecompletion", 5},
    {"syntax", 0},
    {"information", 1},
    {"connections", 2},
    {"unspecified3", 3},
    {"unspecified4", 4},
    {"mailsystem", 5},
    {"zero", 0},
    {"one", 1},
    {"two", 2},
    {"three", 3},
    {"four", 4},
    {"five", 5},
    {"six", 6},
    {"seven", 7},
    {"eight", 8},
    {"nine", 9},
};

static void read_word(struct finder *f, const char *s) {
    for (size_t i = 0; i < sizeof digit_words / sizeof digit_words[0]; i++)
        if (may_begin(s, f->end, digit_words[i].word) &&
            smtpcode_begins(s, f->end, digit_words[i].word)) {
            f->words = f->words < 3 ? f->words + 1 : 1;
            f->spelled =
                (f->words == 1 ? 0 : f->spelled) * 10 + digit_words[i].digit;
            if (f->words == 3 && f->spelled >= 200 && f->spelled < 600)
                f->apart = f->spelled;
            return;
        }
}

/* "Expected response code 235 but got code": what was expected tells what was
 * sent.  AT is the quote after it. */
static void read_expected(struct finder *f, const char *at) {
    enum { BEFORE = 17 }; /* from the number to the quote */

    if (at - f->text <= BEFORE)
        return;
    int code = smtpcode_read_reply_code(at - BEFORE, f->end);
    switch (code ? code : smtpcode_read_reply_code(at - BEFORE - 1, f->end)) {
    case 235:
    case 334:
        f->stage = SMTPCODE_STAGE_AUTH;
        break;
    case 354:
        f->stage = SMTPCODE_STAGE_DATA;
        break;
    }
}

static void read_reject(struct finder *f, const struct wrapper *w,
                        const char *s) {
    f->stage = smtpcode_read_stage(s, f->end);
    f->side = w->side;
    f->kept = false;
}

/* ---- the enhanced code ---- */

static void tell_enhanced(struct finder *f, bool block, uint32_t enhanced) {
    struct beside *b = nearest(f, block);

    if (b->told)
        b = block ? &f->block : &f->line;
    b->told = true;
    b->enhanced = enhanced;
}

/* A part of an enhanced code whose parts come apart, the class first. */
static void read_part(struct finder *f, uint8_t part, const char *s) {
    unsigned n;

    if (!read_number(s, f->end, &n))
        return;
    if (part == WRAPS_CLASS) {
        f->parts = n == 2 || n == 4 || n == 5 ? ENHANCED(n, 0, 0) : 0;
    } else if (part == WRAPS_SUBJECT) {
        if (f->parts && f->parts % 1000000 == 0)
            f->parts += n * 1000;
    } else if (f->parts) {
        tell_enhanced(f, true, f->parts + n);
        f->parts = 0;
    }
}

/* RFC 3464's Status: also where every field agrees, wherever the reply is. */
static void read_enhanced(struct finder *f, const struct wrapper *w,
                          const char *s) {
    bool block = w->traits & TRAIT_BLOCK;
    const char *after;
    uint32_t enhanced = smtpcode_read_enhanced(s, f->end, &after);

    if (!enhanced)
        return;
    if (after > f->at)
        f->at = after; /* in quotes it would look like a reply */
    tell_enhanced(f, block, enhanced);
    if (!block)
        return;
    f->differ |= f->status && f->status != enhanced;
    f->status = enhanced;
}

/* ---- what became of the mail ---- */

struct outcome {
    char word[24];
    uint8_t final;
};

static const struct outcome outcomes[] = {
    {"deferred", SMTPCODE_FINAL_TRYING},
    {"delayed", SMTPCODE_FINAL_TRYING},
    {"tempfail", SMTPCODE_FINAL_TRYING},
    {"transientfailure", SMTPCODE_FINAL_TRYING},
    {"bounce", SMTPCODE_FINAL_STOPPED},
    {"delivered", SMTPCODE_FINAL_STOPPED},
    {"dropped", SMTPCODE_FINAL_STOPPED},
    {"expanded", SMTPCODE_FINAL_STOPPED},
    {"expired", SMTPCODE_FINAL_STOPPED},
    {"failed", SMTPCODE_FINAL_STOPPED},
    {"ok", SMTPCODE_FINAL_STOPPED},
    {"permfail", SMTPCODE_FINAL_STOPPED},
    {"relayed", SMTPCODE_FINAL_STOPPED},
    {"sent", SMTPCODE_FINAL_STOPPED},
};

uint8_t smtpcode_read_final(const char *s, const char *end) {
    if (smtpcode_begins(s, end, "failed to "))
        return SMTPCODE_FINAL_UNKNOWN; /* it says what failed */
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
        if (may_begin(s, end, outcomes[i].word) &&
            smtpcode_begins(s, end, outcomes[i].word))
            return outcomes[i].final;
    return SMTPCODE_FINAL_UNKNOWN;
}

static void tell_final(struct finder *f, bool block, uint8_t final) {
    struct beside *b = nearest(f, block);

    if (b->final)
        b = block ? &f->block : &f->line;
    if (final)
        b->final = final;
}

/* Lines of Postfix, sendmail, qmail, Exim and Gmail that tell the sender. */
static const struct outcome sentences[] = {
    {"it will be retried ", SMTPCODE_FINAL_TRYING},
    {"will keep trying ", SMTPCODE_FINAL_TRYING},
    {"gmail will retry ", SMTPCODE_FINAL_TRYING},
    {"no action is required ", SMTPCODE_FINAL_TRYING},
    {"this is a permanent err", SMTPCODE_FINAL_STOPPED},
    {"i'm not going to try ag", SMTPCODE_FINAL_STOPPED},
};

/* The bytes that one of them begins with. */
static const bool begins_sentence[256] = {
    ['g'] = true, ['G'] = true, ['i'] = true, ['I'] = true, ['n'] = true,
    ['N'] = true, ['t'] = true, ['T'] = true, ['w'] = true, ['W'] = true};

void smtpcode_read_sentence(struct finder *f, const char *s) {
    const char *host;

    if (*s == '.' &&
        (host = smtpcode_begins(s, f->end, "... while talking to "))) {
        f->block.peer = host;
        f->block.peer_before = false;
    }
    if (!begins_sentence[(unsigned char)*s])
        return;
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
        if (may_begin(s, f->end, sentences[i].word) &&
            smtpcode_begins(s, f->end, sentences[i].word))
            f->final = sentences[i].final;
}

static bool is_log_line(const char *s, const char *end) {
    if (end - s < 6)
        return false;
    return *s == '{' ||
           (is_digit(s[0]) && is_digit(s[1]) && is_digit(s[2]) &&
            is_digit(s[3])) ||
           (is_alpha(*s) && s[3] == ' ' && is_digit(s[5]));
}

void smtpcode_end_line(struct finder *f, const char *s) {
    const char *line = skip_line_blanks(s, f->end);

    f->last_here = false;
    if (line == f->end || *line == '\n' || *line == '\r') {
        f->last = NULL;
        f->block = nothing;
    } else if (is_log_line(s, f->end)) {
        f->last = NULL;
        f->line = nothing;
    }
}

/* ---- host and recipient ---- */

static void tell_peer(struct finder *f, bool block, const char *peer) {
    struct beside *b = nearest(f, block);

    if (smtpcode_begins(peer, f->end, "none"))
        return;
    if (b->peer)
        b = block ? &f->block : &f->line;
    b->peer = peer;
    b->peer_before = false;
}

/* The domain in "<a@b>", which ends with END. */
static const char *domain(const char *text, const char *end) {
    const char *s = end;

    while (s > text && s[-1] != '@' && !is_blank(s[-1]) && end - s < 256)
        s--;
    return s > text && s[-1] == '@' ? s : NULL;
}

/* Do the addresses that end with the ">" at A and B differ in the domain? */
static bool is_elsewhere(const char *text, const char *a, const char *b) {
    const char *one = domain(text, a), *two = domain(text, b);

    if (!one || !two)
        return false;
    while (one < a && two < b && (*one | 0x20) == (*two | 0x20))
        one++, two++;
    return one < a || two < b;
}

/* Postfix: to=<a@b>, orig_to=<c@d>, S being after the latter's "=". */
static void read_original(struct finder *f, const char *s) {
    static const char lead[] = ">, orig_to=";
    const char *limit = f->end - s > 320 ? s + 320 : f->end;
    const char *to = s - (sizeof lead - 1);

    while (s < limit && *s != '>' && !is_blank(*s))
        s++;
    if (s < limit && *s == '>' && to > f->text && *to == '>' &&
        is_elsewhere(f->text, to, s))
        nearest(f, false)->forwarded = true;
}

/* Exim: "** a@b <c@d> F=<> R=router", AT being the blank before R. */
static void read_exim(struct finder *f, const char *at) {
    const char *s = before_word(f->text, at), *last = at, *original = NULL;

    for (int words = 0; words < 3 && s < last && s > f->text; words++) {
        if (*s == '<')
            original = last - 1;
        else if (last - s > 3 && s[1] != '=')
            break;
        last = s - 1;
        s = before_word(f->text, last);
    }
    if (s - f->text < 3 || !is_blank(s[-1]))
        return;
    const char *sign = s - 3;
    bool trying = sign[0] == '=' && sign[1] == '=';
    if (!trying && !(sign[0] == '*' && sign[1] == '*') &&
        !((sign[0] == '=' || sign[0] == '-') && sign[1] == '>'))
        return;
    tell_final(f, false,
               trying ? SMTPCODE_FINAL_TRYING : SMTPCODE_FINAL_STOPPED);
    if (original && is_elsewhere(f->text, original, last))
        nearest(f, false)->forwarded = true;
}

/* ---- rows ---- */

const char *smtpcode_open_value(const struct finder *f, const char *s) {
    struct candidate ignored = {0};

    return smtpcode_open_quote(f, skip_blanks(s, f->end), &ignored);
}

static void tell_stage(struct finder *f, const struct wrapper *w,
                       const char *lead) {
    static const char exim[] = "smtp error from remote mail server ";

    if (f->open.start && (f->open.code || f->open.enhanced))
        return;
    f->stage = w->stage;
    if (!w->side)
        return;
    f->side = w->side;
    if (smtpcode_ends_with(f->text, lead, exim, sizeof exim - 1))
        smtpcode_tell_host(f, lead - (sizeof exim - 1));
}

static void read_command(struct finder *f, const struct wrapper *w,
                         const char *s) {
    uint8_t stage = smtpcode_read_stage(s, f->end);

    f->kept |= (w->traits & (TRAIT_KEPT | TRAIT_BLOCK)) != 0;
    if (w->traits & TRAIT_KEPT)
        f->kept_stage = stage;
    else
        f->stage = stage;
}

/* A code of its own, before its reply or after it. */
static void read_apart(struct finder *f, const char *s) {
    int code = smtpcode_read_reply_code(s, f->end);
    f->coded |= s < f->end && is_digit(*s);
    struct candidate *c = f->open.start ? &f->open : f->last;

    if (code && s + 3 > f->at)
        f->at = s + 3;
    if (code && c && !c->code && !c->apart)
        c->apart = code;
    else if (code)
        f->apart = code;
    read_expected(f, s - 1);
}

void smtpcode_read_beside(struct finder *f, const struct wrapper *w,
                          const char *s) {
    const char *lead = s - w->length;
    bool block = w->traits & TRAIT_BLOCK;

    s = smtpcode_open_value(f, s);
    switch (w->what) {
    case WRAPS_STAGE:
        tell_stage(f, w, lead);
        break;
    case WRAPS_COMMAND:
        read_command(f, w, s);
        break;
    case WRAPS_REJECT:
        read_reject(f, w, s);
        break;
    case WRAPS_CODE:
        read_apart(f, s);
        break;
    case WRAPS_ENHANCED:
        read_enhanced(f, w, s);
        break;
    case WRAPS_CLASS:
    case WRAPS_SUBJECT:
    case WRAPS_DETAIL:
        read_part(f, w->what, s);
        break;
    case WRAPS_WORD:
        read_word(f, s);
        break;
    case WRAPS_ENCODING:
        f->quoted_printable = smtpcode_begins(s, f->end, "quoted-p") != NULL;
        break;
    case WRAPS_FINAL:
        tell_final(f, block, smtpcode_read_final(s, f->end));
        break;
    case WRAPS_PEER:
        tell_peer(f, block, s);
        break;
    case WRAPS_ORIGINAL:
        read_original(f, s);
        break;
    case WRAPS_EXIM:
        read_exim(f, lead);
        break;
    }
}
