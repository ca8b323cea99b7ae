/*
 * server.c - who said a reply.  Its words show it, but anybody can write
 * them; only the name of the host that the caller was connected to confirms
 * it (design.md R4), matched on label boundaries.
 */
#include <string.h>

#include "judge.h"

static char small(char c) {
    return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

/* The order of NAME, which ends in NUL, and HOST. */
static int compare_host(const char *name, const char *host, size_t len) {
    for (size_t i = 0; i < len; i++) {
        unsigned char a = (unsigned char)name[i];
        unsigned char b = (unsigned char)small(host[i]);
        if (a != b)
            return a < b ? -1 : 1;
        if (!a)
            return -1; /* a NUL within HOST */
    }
    return name[len] ? 1 : 0;
}

static uint16_t find_host(const char *host, size_t len) {
    size_t low = 0, high = smtpcode_nhosts;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct smtpcode_host *h = &smtpcode_hosts[mid];
        int order = compare_host(smtpcode_codes_pool + h->name, host, len);
        if (order == 0)
            return h->server;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return 0;
}

static bool may_be_host(uint32_t hash) {
    uint32_t bit = smtpcode_host_bit(hash);

    return smtpcode_host_bits[bit / 32] >> bit % 32 & 1;
}

/* The longest of its domains that is known counts. */
uint16_t smtpcode_server_of_host(const char *host, size_t len) {
    enum { LONGEST_NAME = 255 }; /* RFC 1035 2.3.4 */
    uint16_t server = 0;
    uint32_t hash = 0;

    if (len > 0 && host[len - 1] == '.')
        len--;
    if (len > LONGEST_NAME)
        return 0;
    for (size_t at = len; at-- > 0;) {
        hash = smtpcode_hash_host(hash, small(host[at]));
        if ((at > 0 && host[at - 1] != '.') || !may_be_host(hash))
            continue;
        uint16_t found = find_host(host + at, len - at);
        if (found)
            server = found;
    }
    return server;
}

void smtpcode_take_server(struct result *r, uint16_t server, int evidence) {
    if (!server)
        return;
    if (verdict_of(server)->has & SMTPCODE_IS_SOFTWARE) {
        r->software = r->software ? r->software : server;
    } else if (!r->server) {
        r->server = server;
        r->evidence = (uint8_t)evidence;
    }
}

static bool is_list_operator(uint16_t server) {
    enum { LIST_OPERATOR = 5 }; /* vocabulary SERVER_KIND */

    return smtpcode_number(&smtpcode_entries[server], SMTPCODE_SERVER_KIND,
                           0) == LIST_OPERATOR;
}

/* Marks come in the order of the words.  The first one counts: what a server
 * on the way had to add stands behind the reply that it tells.  And a list
 * that is named has not said the reply. */
void smtpcode_take_mark(struct inquiry *q, uint16_t server) {
    uint16_t *mark = verdict_of(server)->has & SMTPCODE_IS_SOFTWARE
                         ? &q->marked_software
                         : &q->marked;

    if (!*mark || is_list_operator(*mark))
        *mark = server;
}

/* The software that its operator runs, if that is known, whatever the words
 * look like: others write as Postfix does. */
static void find_software(struct inquiry *q) {
    struct result *r = q->out;
    uint16_t runs = !r->software && verdict_of(r->server)->has & SMTPCODE_HAS_RUNS
                        ? index_of(smtpcode_related(
                              &smtpcode_entries[r->server], SMTPCODE_RUNS, 0))
                        : 0;

    smtpcode_take_server(r, runs ? runs : q->marked_software,
                         SMTPCODE_EVIDENCE_TEXT);
}

/* A host that the reply's own words name as the other side. */
static uint16_t captured_host(const struct inquiry *q) {
    const struct result *r = q->out;

    for (unsigned i = 0; i < r->ncaptures; i++) {
        const struct captured *c = &r->captures[i];
        if (c->kind == SMTPCODE_PLACEHOLDER_HOST)
            return smtpcode_server_of_host(q->reply->words + c->offset,
                                           c->length);
    }
    return 0;
}

void smtpcode_attribute(struct inquiry *q) {
    struct result *r = q->out;

    smtpcode_take_server(r, q->peer, SMTPCODE_EVIDENCE_HOST);
    smtpcode_take_server(r, verdict_of(r->token)->server,
                         SMTPCODE_EVIDENCE_TEXT);
    smtpcode_take_server(r, q->sayer, SMTPCODE_EVIDENCE_TEXT);
    uint16_t wrapper =
        smtpcode_server_of_host(q->reply->peer, q->reply->peer_length);
    smtpcode_take_server(r, wrapper, SMTPCODE_EVIDENCE_TEXT);
    smtpcode_take_server(r, q->marked, SMTPCODE_EVIDENCE_TEXT);
    find_software(q);
    r->named = captured_host(q);
    if (!r->named)
        r->named = wrapper;
}
