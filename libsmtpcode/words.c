/*
 * words.c - the closed vocabularies.  The generator reads them here too, so a
 * word exists once.  Arrays of arrays, not of pointers: no relocations.
 */
#include "smtpcode.h"

typedef char word[20];

/* Each list starts at the value 1, in the order of its enum. */
static const word kinds[] = {"reply-code", "enhanced-status", "condition",
                             "server",     "template",        "token",
                             "phrase",     "blocklist"};
static const word matches[] = {"exact", "range", "vendor", "class"};
static const word statuses[] = {
    "standard",  "extension", "experimental", "draft",      "de-facto",
    "list-only", "not-smtp",  "registered",   "deprecated", "documented"};
static const word whos[] = {"sender",    "sender-admin",    "intermediary",
                            "recipient", "recipient-admin", "nobody"};
static const word retries[] = {"no", "later", "after-fix"};
static const word suppressions[] = {"no", "after-repeats", "yes"};
static const word scopes[] = {"recipient", "recipient-domain", "message",
                              "sender",    "sender-domain",    "account",
                              "ip",        "session",          "server"};
static const word places[] = {"address", "content",  "client",
                              "account", "software", "server",
                              "dns",     "network",  "policy"};
static const word stages[] = {"connect",     "greeting", "helo", "starttls",
                              "auth",        "mail",     "rcpt", "data",
                              "end-of-data", "quit"};
static const word server_kinds[] = {"mailbox-provider", "mta", "filter",
                                    "relay-service", "blocklist-operator"};
static const word rules[] = {
    "fallback",          "not-at-auth", "text-must-agree",
    "class-and-subject", "hint",        "never"};

static const word sides[] = {"ours", "theirs", "between"};
static const word flags[] = {"truncated",      "mixed-codes", "conflict",
                             "budget",         "bad-utf8",    "first-line-only",
                             "last-line-only", "ambiguous",   "forwarded",
                             "maybe-delivered"};
static const word bases[] = {"digit",    "reply-code", "dotless",  "enhanced",
                             "own-code", "phrase",     "template", "token"};
static const word evidences[] = {"text", "host"};
static const word stated[] = {"temporary", "permanent"};
static const word lists[] = {"ip", "domain", "url"};
/* ORDER PLACEHOLDER: names[] in tools/gen/pattern.c. */
static const word captures[] = {"any",     "ip",        "recipient", "sender",
                                "address", "domain",    "host",      "url",
                                "id",      "number",    "size",      "duration",
                                "date",    "blocklist", "auth",      "reply"};
static const word reasons[] = {"decides",     "agrees", "less-exact",
                               "wrong-stage", "weak",   "shorter"};

#define PICK(words, value)                                               \
    ((value) >= 1 && (size_t)(value) <= sizeof(words) / sizeof(words)[0] \
         ? (words)[(value)-1]                                            \
         : NULL)

const char *smtpcode_word(enum smtpcode_vocabulary vocabulary, int value) {
    switch (vocabulary) {
    case SMTPCODE_WORDS_KIND:
        return PICK(kinds, value);
    case SMTPCODE_WORDS_MATCH:
        return PICK(matches, value);
    case SMTPCODE_WORDS_STATUS:
        return PICK(statuses, value);
    case SMTPCODE_WORDS_WHO:
        return PICK(whos, value);
    case SMTPCODE_WORDS_RETRY:
        return PICK(retries, value);
    case SMTPCODE_WORDS_SUPPRESS:
        return PICK(suppressions, value);
    case SMTPCODE_WORDS_SCOPE:
        return PICK(scopes, value);
    case SMTPCODE_WORDS_FIX_AT:
        return PICK(places, value);
    case SMTPCODE_WORDS_STAGE:
        return PICK(stages, value);
    case SMTPCODE_WORDS_SERVER_KIND:
        return PICK(server_kinds, value);
    case SMTPCODE_WORDS_RULE:
        return PICK(rules, value);
    case SMTPCODE_WORDS_SIDE:
        return PICK(sides, value);
    case SMTPCODE_WORDS_FLAG:
        return PICK(flags, value);
    case SMTPCODE_WORDS_BASIS:
        return PICK(bases, value);
    case SMTPCODE_WORDS_EVIDENCE:
        return PICK(evidences, value);
    case SMTPCODE_WORDS_STATED:
        return PICK(stated, value);
    case SMTPCODE_WORDS_LISTS:
        return PICK(lists, value);
    case SMTPCODE_WORDS_CAPTURE:
        return PICK(captures, value);
    case SMTPCODE_WORDS_REASON:
        return PICK(reasons, value);
    }
    return NULL;
}
