/*
 * own.c - the words that our own mail server finds when it got no reply, and
 * what else it tells with the name of a host.
 */
#include <string.h>

#include "finder.h"

#define AT(stage) SMTPCODE_STAGE_##stage
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* ---- hosts ---- */

enum { NAMED = 320 /* bytes that a name and what belongs to it may have */ };

static bool is_host_byte(char c) {
    return is_alpha(c) || is_digit(c) || c == '.' || c == '-' || c == '_' ||
           c == ':';
}

static bool has_dot(const char *s, const char *end) {
    while (s < end && *s != '.' && *s != ':')
        s++;
    return s < end;
}

static void set_peer(struct found *found, const char *s, const char *end) {
    while (end > s && (end[-1] == '.' || end[-1] == ':' || end[-1] == '-'))
        end--;
    if (end - s > REPLY_PEER)
        return;
    found->peer = s;
    found->peer_length = (uint8_t)(end - s);
}

/* Without a port: "h:25", where no other colon is. */
static const char *before_port(const char *s, const char *end) {
    const char *colon = end;

    while (colon > s && is_digit(colon[-1]))
        colon--;
    if (colon == s || colon[-1] != ':')
        return end;
    for (const char *c = s; c < colon - 1; c++)
        if (*c == ':')
            return end;
    return colon - 1;
}

static const char *end_of_host(const char *s, const char *end) {
    const char *limit = end - s > NAMED ? s + NAMED : end;

    while (s < limit && is_host_byte(*s))
        s++;
    return s;
}

/* The host at S: h[i]:25, h. [i], i (h), h. */
static void read_host(const struct finder *f, const char *s,
                      struct found *found) {
    if (s < f->end && (*s == '[' || *s == '"'))
        s++;
    const char *end = end_of_host(s, f->end);
    const char *next = end + (end < f->end && *end == ' ');
    bool bracket = next < f->end && *next == '[';

    if (f->end - next > 1 && *next == '(' && end > s && is_digit(*s)) {
        const char *name = next + 1, *after = end_of_host(name, f->end);
        if (has_dot(name, after)) {
            s = name;
            end = after;
        }
    }
    end = before_port(s, end);
    if (bracket || has_dot(s, end))
        set_peer(found, s, end);
}

/* The address that ends before the "]" at END; where its "[" is, or NULL. */
static const char *before_address(const char *floor, const char *end) {
    while (end > floor && (is_host_byte(end[-1]) || end[-1] == '/'))
        end--;
    return end > floor && end[-1] == '[' ? end - 1 : NULL;
}

/* The host that ends before END: "h[i]", "h [i]", "h". */
static void read_host_before(const struct finder *f, const char *end,
                             struct found *found) {
    const char *floor = end - f->text > NAMED ? end - NAMED : f->text;
    const char *address = NULL, *address_end = NULL;

    while (end > floor && is_blank(end[-1]))
        end--;
    if (end > floor && end[-1] == ']') {
        address_end = end - 1;
        address = before_address(floor, address_end);
        if (!address)
            return;
        for (end = address++; end > floor && is_blank(end[-1]);)
            end--;
    }
    const char *s = end;
    while (s > floor && is_host_byte(s[-1]))
        s--;
    bool named = end > s && !(end - s == 4 && smtpcode_begins(s, end, "host"));
    if (named && (address || has_dot(s, end)))
        set_peer(found, s, end);
    else if (address)
        set_peer(found, address, address_end);
}

void smtpcode_read_peer(const struct finder *f, const struct candidate *c,
                        struct found *found) {
    const char *peer = c->beside.peer;

    if (peer && c->beside.peer_before)
        read_host_before(f, peer, found);
    else if (peer)
        read_host(f, peer, found);
}

/* ---- stages told with a name between ---- */

struct named {
    char before[28]; /* the name */
    uint8_t length;
    uint8_t stage;
    uint8_t side;
};

#define NAME(before, stage, side) \
    { before, sizeof(before) - 1, stage, side }

/* Exim's */
static const struct named names[] = {
    NAME("server after ehlo ", AT(HELO), SMTPCODE_SIDE_THEIRS),
    NAME("server after helo ", AT(HELO), SMTPCODE_SIDE_THEIRS),
    NAME("server after lhlo ", AT(HELO), SMTPCODE_SIDE_THEIRS),
    NAME("rejected ehlo or helo ", AT(HELO), SMTPCODE_SIDE_OURS),
    NAME("rejected mail ", AT(MAIL), SMTPCODE_SIDE_OURS),
    NAME("rejected rcpt ", AT(RCPT), SMTPCODE_SIDE_OURS),
};

/* Does "host h [i]" end before END? */
static bool names_host(const char *text, const char *end) {
    const char *floor = end - text > NAMED ? end - NAMED : text;

    if (end == text || end[-1] != ']')
        return false;
    end = before_address(floor, end - 1);
    while (end && end > floor && is_blank(end[-1]))
        end--;
    while (end && end > floor && is_host_byte(end[-1]))
        end--;
    return end && smtpcode_ends_with(text, end, "host ", 5);
}

void smtpcode_tell_host(struct finder *f, const char *end) {
    while (end > f->text && is_blank(end[-1]))
        end--;
    if (!f->line.peer && names_host(f->text, end)) {
        f->line.peer = end;
        f->line.peer_before = true;
    }
}

bool smtpcode_read_named(struct finder *f, const char *at) {
    if (at > f->text && at[-1] == ']') {
        smtpcode_tell_host(f, at);
        return false;
    }
    const char *name = before_word(f->text, at);
    if (name == at || name - f->text < 6)
        return false;
    char c = name[-2] | 0x20; /* what the rows end with */
    if (c != 'o' && c != 'l' && c != 't')
        return false;
    for (size_t i = 0; i < COUNT(names); i++)
        if (smtpcode_ends_with(f->text, name, names[i].before,
                               names[i].length)) {
            f->stage = names[i].stage;
            f->side = names[i].side;
            return f->side == SMTPCODE_SIDE_OURS;
        }
    return false;
}

/* ---- words of our own ---- */

struct own {
    char words[48];
    uint8_t stage;
    bool host; /* its name follows */
};

/* What Postfix, Exim, sendmail and qmail write where no reply was. */
static const struct own own[] = {
    {"connect to ", AT(CONNECT), true},
    {"conversation with ", 0, true},
    {"lost connection with ", 0, true},
    {"all hosts for ", 0, false},
    {"all relevant mx records ", 0, false},
    {"an mx or srv record indicated no ", 0, false},
    {"a tls session is required", AT(STARTTLS), false},
    {"cannot start tls", AT(STARTTLS), false},
    {"connected to ", 0, true},
    {"connection refused", AT(CONNECT), false},
    {"connection reset", 0, false},
    {"connection timed out", AT(CONNECT), false},
    {"host not found", 0, false},
    {"host or domain name not found", 0, false},
    {"host unknown", 0, false},
    {"lowest numbered mx record points to local", 0, false},
    {"mail for ", 0, false},
    {"name server: ", 0, false},
    {"network is unreachable", AT(CONNECT), false},
    {"network unreachable", AT(CONNECT), false},
    {"no route to host", AT(CONNECT), false},
    {"remote host closed connection", 0, false},
    {"retry time not reached", 0, false},
    {"retry timeout exceeded", 0, false},
    {"server certificate ", AT(STARTTLS), false},
    {"smtp timeout ", 0, false},
    {"sorry, i couldn't find any host", 0, false},
    {"sorry, i wasn't able to establish an smtp", AT(CONNECT), false},
    {"tls is required, but ", AT(STARTTLS), false},
    {"unable to look up host ", 0, false},
    {"unrouteable address", 0, false},
};

/* What may follow: when it broke, or that it was perhaps too late. */
static const char circumstances[][24] = {
    "while performing ", "while receiving ", "while sending ",
    "in response to ",   "timeout after ",   "sent more than once",
    "possible duplicate"};
enum { STAGES = 5 /* of them are before a stage */ };

static void read_circumstance(const char *s, const char *end,
                              struct found *found) {
    for (size_t i = 0; i < COUNT(circumstances); i++) {
        if (!may_begin(s, end, circumstances[i]))
            continue;
        const char *stage = smtpcode_begins(s, end, circumstances[i]);
        if (stage && i < STAGES)
            found->stage = smtpcode_read_stage(stage, end);
        else if (stage)
            found->flags |= SMTPCODE_FLAG_MAYBE_DELIVERED;
    }
}

static void read_circumstances(const char *s, const char *end,
                               struct found *found) {
    for (const char *limit = end - s > 512 ? s + 512 : end; s < limit; s++)
        if (is_blank(*s))
            read_circumstance(s + 1, end, found);
}

/* The bytes that any of them begins with. */
static const bool begins_own[256] = {
    ['a'] = true, ['c'] = true, ['h'] = true, ['l'] = true,
    ['m'] = true, ['n'] = true, ['r'] = true, ['s'] = true,
    ['t'] = true, ['u'] = true, ['='] = true /* a soft break */};

static const char *find_own(const char *s, const char *end,
                            const struct own **which) {
    const char *after;

    if (s >= end || !begins_own[(unsigned char)(is_alpha(*s) ? *s | 0x20 : *s)])
        return NULL;
    for (size_t i = 0; i < COUNT(own); i++)
        if (may_begin(s, end, own[i].words) &&
            (after = smtpcode_begins(s, end, own[i].words))) {
            *which = &own[i];
            return after;
        }
    return NULL;
}

bool smtpcode_is_own(const char *s, const char *end) {
    const struct own *which;

    return find_own(s, end, &which) != NULL;
}

/* Where the next ": " ends, with more behind it up to LIMIT; or NULL. */
static const char *after_colon(const char *s, const char *limit) {
    while (limit - s > 2) {
        s = memchr(s, ':', (size_t)(limit - s - 2));
        if (!s)
            return NULL;
        if (s[1] == ' ')
            return s + 2;
        s++;
    }
    return NULL;
}

/* Log lines have our words after ": ". */
const char *smtpcode_find_own_words(const char *s, const char *end) {
    const char *limit = end - s > 512 ? s + 512 : end, *from = s;
    const struct own *which;

    while (s && !find_own(s, end, &which))
        s = after_colon(s, limit);
    return s ? s : from;
}

void smtpcode_read_own(const struct finder *f, struct candidate *c,
                       struct found *found) {
    const char *s = c->start, *after;
    const char *inner =
        smtpcode_begins(s, c->end, "delivery temporarily suspended: ");
    const struct own *o;

    s = inner ? inner : s;
    after = find_own(s, c->end, &o);
    if (!after)
        return;
    found->side = SMTPCODE_SIDE_OURS;
    found->stage = found->stage ? found->stage : o->stage;
    if (o->host && !c->beside.peer)
        read_host(f, after, found);
    read_circumstances(s, c->end, found);
}
