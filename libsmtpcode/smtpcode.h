/*
 * smtpcode.h - what an SMTP reply means, who must act, and how to fix it.
 *
 * Every pointer this library returns is to constant data: never free it, it
 * stays valid for the life of the process.  Nothing here allocates, locks,
 * reads the locale or keeps state, so every function may be called from any
 * thread.  Text is UTF-8 and NUL-terminated; arguments are (pointer, length)
 * and need no NUL.  "Not found" is NULL, an absent number is 0; an accessor
 * that is given NULL for an entry says that everything is absent.
 */
#ifndef SMTPCODE_H
#define SMTPCODE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SMTPCODE_API __attribute__((visibility("default")))
#else
#define SMTPCODE_API
#endif

/* The header compiled against; smtpcode_version() is the running library. */
#define SMTPCODE_VERSION "0.1.0"
#define SMTPCODE_VERSION_MAJOR 0
#define SMTPCODE_VERSION_MINOR 1
#define SMTPCODE_VERSION_PATCH 0

/** One row of the knowledge base.  Opaque: read it through the accessors. */
typedef struct smtpcode_entry smtpcode_entry;

/** What an entry is about. */
enum smtpcode_kind {
    SMTPCODE_KIND_ANY = 0,
    SMTPCODE_KIND_REPLY_CODE = 1,      /**< 451; also 4xx and x5x */
    SMTPCODE_KIND_ENHANCED_STATUS = 2, /**< 4.7.1, x.7.1; also 4.7.x, 4.x.x */
    SMTPCODE_KIND_CONDITION = 3,       /**< mailbox-full */
    SMTPCODE_KIND_SERVER = 4,          /**< postfix, gmail */
    SMTPCODE_KIND_TEMPLATE = 5,        /**< a server's reply, as an example */
    SMTPCODE_KIND_TOKEN = 6,    /**< a server's own reason id: yahoo/tss04 */
    SMTPCODE_KIND_PHRASE = 7,   /**< wording of no server: de/mailbox-full */
    SMTPCODE_KIND_BLOCKLIST = 8 /**< spamhaus-zen */
};

/** How well a code's entry fits the code that was asked for. */
enum smtpcode_match {
    SMTPCODE_MATCH_NONE = 0,   /**< not a code (conditions, servers, ...) */
    SMTPCODE_MATCH_EXACT = 1,  /**< a registered or documented code */
    SMTPCODE_MATCH_RANGE = 2,  /**< in a range that one server uses */
    SMTPCODE_MATCH_VENDOR = 3, /**< one server's own meaning */
    SMTPCODE_MATCH_CLASS = 4   /**< nobody defines it: its digits only */
};

/** Whose change lets the same mail through, seen from the sender. */
enum smtpcode_who {
    SMTPCODE_WHO_UNKNOWN = 0,
    SMTPCODE_WHO_SENDER = 1,       /**< the person or their mail settings */
    SMTPCODE_WHO_SENDER_ADMIN = 2, /**< sending server, application, domain */
    SMTPCODE_WHO_INTERMEDIARY = 3, /**< forwarder, mailing list, gateway */
    SMTPCODE_WHO_RECIPIENT = 4,
    SMTPCODE_WHO_RECIPIENT_ADMIN = 5,
    SMTPCODE_WHO_NOBODY = 6 /**< time alone, or nothing to do */
};

/** Can the same attempt, unchanged, ever succeed? */
enum smtpcode_retry {
    SMTPCODE_RETRY_UNKNOWN = 0,
    SMTPCODE_RETRY_NO = 1,
    SMTPCODE_RETRY_LATER = 2,
    SMTPCODE_RETRY_AFTER_FIX = 3
};

/** May a mailing list drop the address? */
enum smtpcode_suppress {
    SMTPCODE_SUPPRESS_UNKNOWN = 0,
    SMTPCODE_SUPPRESS_NO = 1,
    SMTPCODE_SUPPRESS_AFTER_REPEATS = 2,
    SMTPCODE_SUPPRESS_YES = 3
};

/** What really happened.  The numbers are part of the ABI; data/conditions
 *  carries them too and the generator compares the two. */
enum smtpcode_condition {
    SMTPCODE_CONDITION_UNKNOWN = 0,
    SMTPCODE_CONDITION_USER_UNKNOWN = 1,
    SMTPCODE_CONDITION_USER_MOVED = 2,
    SMTPCODE_CONDITION_MAILBOX_DISABLED = 3,
    SMTPCODE_CONDITION_MAILBOX_FULL = 4,
    SMTPCODE_CONDITION_RECIPIENT_REJECTED = 5,
    SMTPCODE_CONDITION_BLOCKED_BY_RECIPIENT = 6,
    SMTPCODE_CONDITION_CONFIRMATION_REQUIRED = 7,
    SMTPCODE_CONDITION_RECIPIENT_RATE_LIMITED = 8,
    SMTPCODE_CONDITION_POSTING_RESTRICTED = 9,
    SMTPCODE_CONDITION_BAD_RECIPIENT_SYNTAX = 10,
    SMTPCODE_CONDITION_BAD_SENDER_ADDRESS = 11,
    SMTPCODE_CONDITION_SENDER_REJECTED = 12,
    SMTPCODE_CONDITION_DOMAIN_NOT_FOUND = 13,
    SMTPCODE_CONDITION_DOMAIN_NO_MAIL = 14,
    SMTPCODE_CONDITION_DNS_FAILURE = 15,
    SMTPCODE_CONDITION_CONNECTION_FAILED = 16,
    SMTPCODE_CONDITION_DELIVERY_EXPIRED = 17,
    SMTPCODE_CONDITION_DELIVERY_DELAYED = 18,
    SMTPCODE_CONDITION_MAIL_LOOP = 19,
    SMTPCODE_CONDITION_RELAY_DENIED = 20,
    SMTPCODE_CONDITION_SERVER_ERROR = 21,
    SMTPCODE_CONDITION_SERVER_FULL = 22,
    SMTPCODE_CONDITION_SERVER_BUSY = 23,
    SMTPCODE_CONDITION_LOCAL_DELIVERY_FAILED = 24,
    SMTPCODE_CONDITION_TOO_MANY_CONNECTIONS = 25,
    SMTPCODE_CONDITION_RATE_LIMITED = 26,
    SMTPCODE_CONDITION_GREYLISTED = 27,
    SMTPCODE_CONDITION_MESSAGE_TOO_LARGE = 28,
    SMTPCODE_CONDITION_TOO_MANY_RECIPIENTS = 29,
    SMTPCODE_CONDITION_CONTENT_REJECTED = 30,
    SMTPCODE_CONDITION_ATTACHMENT_BLOCKED = 31,
    SMTPCODE_CONDITION_NOT_RFC_COMPLIANT = 32,
    SMTPCODE_CONDITION_SPAM_CONTENT = 33,
    SMTPCODE_CONDITION_VIRUS_FOUND = 34,
    SMTPCODE_CONDITION_IP_BLOCKLISTED = 35,
    SMTPCODE_CONDITION_DOMAIN_BLOCKLISTED = 36,
    SMTPCODE_CONDITION_POOR_REPUTATION = 37,
    SMTPCODE_CONDITION_CLIENT_BLOCKED = 38,
    SMTPCODE_CONDITION_BAD_HELO = 39,
    SMTPCODE_CONDITION_NO_REVERSE_DNS = 40,
    SMTPCODE_CONDITION_SENDER_AUTH_FAILED = 41,
    SMTPCODE_CONDITION_POLICY_REJECTED = 42,
    SMTPCODE_CONDITION_LOGIN_REQUIRED = 43,
    SMTPCODE_CONDITION_LOGIN_FAILED = 44,
    SMTPCODE_CONDITION_TLS_REQUIRED = 45,
    SMTPCODE_CONDITION_TLS_FAILED = 46,
    SMTPCODE_CONDITION_SENDER_ACCOUNT_LIMITED = 47,
    SMTPCODE_CONDITION_SENDER_NOT_ALLOWED = 48,
    SMTPCODE_CONDITION_SENDER_QUOTA_EXCEEDED = 49,
    SMTPCODE_CONDITION_OUTBOUND_REFUSED = 50,
    SMTPCODE_CONDITION_SUPPRESSED = 51,
    SMTPCODE_CONDITION_PROTOCOL_ERROR = 52,
    SMTPCODE_CONDITION_FEATURE_UNSUPPORTED = 53,
    SMTPCODE_CONDITION_DELIVERED = 54,
    SMTPCODE_CONDITION_NOT_A_BOUNCE = 55
};

/**
 * What an accessor reads.  Each field is of one type, named by its group:
 * smtpcode_number() reads numbers, smtpcode_related() entries and
 * smtpcode_text() texts.  Fields of a list (causes, remedies, checks, ...)
 * run in step: text I of CAUSE, text I of CAUSE_CLUE and number I of
 * CAUSE_WHO belong together.
 */
enum smtpcode_field {
    /* Numbers. */
    SMTPCODE_NUMBER = 1,    /**< 451; 4007001 for 4.7.1, 7001 for x.7.1, 0 for a
                               class or range; a condition's or server's own */
    SMTPCODE_STATUS = 2,    /**< vocabulary STATUS */
    SMTPCODE_WHO = 3,       /**< enum smtpcode_who */
    SMTPCODE_RETRY = 4,     /**< enum smtpcode_retry; a condition's for 5xx */
    SMTPCODE_SUPPRESS = 5,  /**< enum smtpcode_suppress; the same */
    SMTPCODE_RETRY_4XX = 6, /**< a condition's retry for 4xx replies */
    SMTPCODE_SUPPRESS_4XX = 7,
    SMTPCODE_SCOPE = 8,        /**< vocabulary SCOPE */
    SMTPCODE_FIX_AT = 9,       /**< vocabulary FIX_AT */
    SMTPCODE_MINUTES = 10,     /**< [0] least and [1] most usual wait */
    SMTPCODE_CLASSES = 11,     /**< 2, 4, 5: those the standard's text allows */
    SMTPCODE_SERVER_KIND = 12, /**< vocabulary SERVER_KIND */
    SMTPCODE_STAGES = 13,      /**< vocabulary STAGE: where it is said */
    SMTPCODE_READS_AS_RULE = 14, /**< vocabulary RULE */
    SMTPCODE_CAUSE_WHO = 15,
    SMTPCODE_CAUSE_MINUTES = 16, /**< least wait; 0: not said */
    SMTPCODE_CAUSE_MINUTES_MOST = 17,
    SMTPCODE_REMEDY_FOR = 18, /**< enum smtpcode_who: the reader */
    SMTPCODE_CHECK_FOR = 19,
    SMTPCODE_WHO_IF_WHO = 20,
    SMTPCODE_STANDARD_RFC = 21,          /**< RFC number; 0: a draft */
    SMTPCODE_STANDARD_OBSOLETED_BY = 22, /**< RFC number or 0 */
    SMTPCODE_AT_STAGE = 23, /**< vocabulary STAGE, see AT_CONDITION */
    SMTPCODE_SIDE = 24,     /**< enum smtpcode_side: who says a template */
    SMTPCODE_FLAG = 25,     /**< vocabulary FLAG: what a template implies */
    SMTPCODE_WEAK = 26,     /**< 1: a phrase that yields to any other */
    SMTPCODE_LISTS = 27,    /**< vocabulary LISTS: what a blocklist lists */

    /* Entries. */
    SMTPCODE_CONDITION = 32,    /**< what a bare code says */
    SMTPCODE_AT_CONDITION = 33, /**< the same at AT_STAGE */
    SMTPCODE_CAUSE_CONDITION = 34,
    SMTPCODE_ENHANCED = 35, /**< enhanced codes that usually come with it */
    SMTPCODE_REPLIES = 36,  /**< reply codes that usually come with it */
    SMTPCODE_SEE_ALSO = 37,
    SMTPCODE_READS_AS = 38,   /**< 571 read as 5.7.1 */
    SMTPCODE_OWN_CODES = 39,  /**< servers' own meanings; a server's codes */
    SMTPCODE_TEMPLATES = 40,  /**< real replies */
    SMTPCODE_SERVER = 41,     /**< whose code or template it is */
    SMTPCODE_RUNS = 42,       /**< a server's software */
    SMTPCODE_DIGITS = 43,     /**< the entries of its digits: 4xx, x5x */
    SMTPCODE_CODES = 44,      /**< codes that may mean this condition */
    SMTPCODE_CONDITIONS = 45, /**< conditions that this code may mean */

    /* Texts: words and facts. */
    SMTPCODE_DETAIL = 48,  /**< a condition's detail ids; a code's one */
    SMTPCODE_COMMAND = 49, /**< commands it may answer */
    SMTPCODE_DIGIT = 50,   /**< "4", "5", "1" */
    SMTPCODE_STANDARD_SECTION = 51,
    SMTPCODE_STANDARD_DRAFT = 52,
    SMTPCODE_WHO_IF_WHEN = 53, /**< "side=ours"; NULL: a person must judge */
    SMTPCODE_LANGUAGE = 54,    /**< of a phrase: "de" */

    /* Texts: what servers say and are called. */
    SMTPCODE_LINE = 64, /**< a template's lines, with placeholders; a token's
                           or a phrase's words */
    SMTPCODE_MARK = 65,
    SMTPCODE_DOMAIN = 66,
    SMTPCODE_MX = 67,
    SMTPCODE_ZONE = 68,   /**< of a blocklist: zen.spamhaus.org */
    SMTPCODE_CALLED = 69, /**< how replies call a blocklist */

    /* Texts: sentences.  All NULL in a library built with PROSE=0. */
    SMTPCODE_TITLE = 96, /**< one line, no full stop */
    SMTPCODE_NAME = 97,  /**< what the standard or the operator calls it */
    SMTPCODE_MEANING = 98,
    SMTPCODE_NOTE = 99, /**< on the standing of the code */
    SMTPCODE_ANSWER_WHO = 100,
    SMTPCODE_ANSWER_AGAIN = 101,
    SMTPCODE_ANSWER_ADDRESS = 102,
    SMTPCODE_CAUSE = 103,      /**< most likely first */
    SMTPCODE_CAUSE_CLUE = 104, /**< words that give it away */
    SMTPCODE_REMEDY = 105,
    SMTPCODE_DONT = 106,
    SMTPCODE_DONT_SINCE = 107, /**< "2025-03" */
    SMTPCODE_CHECK = 108,
    SMTPCODE_CHECK_COMMAND = 109, /**< may hold {ip}, {domain}, {host} */
    SMTPCODE_DIGIT_TITLE = 110,
    SMTPCODE_DIGIT_MEANING = 111,
    SMTPCODE_CONFLICT = 112,
    SMTPCODE_CONFLICT_WHO = 113,
    SMTPCODE_CONFLICT_SOURCE = 114,
    SMTPCODE_DETAIL_TEXT = 115,
    SMTPCODE_WHO_IF = 116,
    SMTPCODE_READS_AS_TEXT = 117,
    SMTPCODE_SOURCE = 118, /**< URLs */
    SMTPCODE_SEEN = 119,   /**< "2026-11": when SOURCE was read */
    SMTPCODE_PAGE_CODES = 120,
    SMTPCODE_PAGE_POSTMASTER = 121,
    SMTPCODE_PAGE_DELISTING = 122,
    SMTPCODE_PAGE_LOOKUP = 123, /**< of a blocklist; may hold {ip}, {domain} */
    SMTPCODE_LINK = 124,        /**< documentation of this very reply */
    SMTPCODE_UNTIL = 125,       /**< "2024-09": when a server stopped it */
    SMTPCODE_LIST_ERROR = 126,  /**< a blocklist's answer that is no listing */
    SMTPCODE_LIST_ERROR_TEXT = 127,
    SMTPCODE_ANSWER_AGAIN_4XX = 128, /**< a condition's, for 4xx replies, where
                                        it is another answer */
    SMTPCODE_ANSWER_ADDRESS_4XX = 129,

    /* Of a diagnosis only: numbers, */
    SMTPCODE_REPLY_CODE = 200,      /**< 550 */
    SMTPCODE_ENHANCED_CODE = 201,   /**< 5007001 for 5.7.1 */
    SMTPCODE_STAGE = 202,           /**< enum smtpcode_stage */
    SMTPCODE_BASIS = 203,           /**< enum smtpcode_basis */
    SMTPCODE_CONFIDENCE = 204,      /**< of 100, measured */
    SMTPCODE_SERVER_EVIDENCE = 205, /**< enum smtpcode_evidence */
    SMTPCODE_STATED = 206, /**< vocabulary STATED: what the code says */
    SMTPCODE_JUDGED = 207, /**< the same, as we see it */
    SMTPCODE_FINAL = 208,  /**< has the sending server stopped trying? 1 yes,
                              2 no, 0 not known */
    SMTPCODE_RETRY_AFTER = 209, /**< seconds that the reply itself asks for */
    SMTPCODE_CANDIDATE_BASIS = 210,
    SMTPCODE_CANDIDATE_REASON = 211, /**< vocabulary REASON */

    /* and entries. */
    SMTPCODE_RULE = 230,      /**< the row that decided: gmail/no-such-user */
    SMTPCODE_SOFTWARE = 231,  /**< what runs at the server */
    SMTPCODE_TOKEN = 232,     /**< the server's own reason id */
    SMTPCODE_BLOCKLIST = 233, /**< that the reply names */
    SMTPCODE_OWN_CODE = 234,  /**< the server's own meaning of the code */
    SMTPCODE_CANDIDATE = 235, /**< rows that fit, the best first */
    SMTPCODE_CANDIDATE_CONDITION = 236
};

/** The closed lists of words that numbers stand for. */
enum smtpcode_vocabulary {
    SMTPCODE_WORDS_KIND = 1,
    SMTPCODE_WORDS_MATCH = 2,
    SMTPCODE_WORDS_STATUS = 3,
    SMTPCODE_WORDS_WHO = 4,
    SMTPCODE_WORDS_RETRY = 5,
    SMTPCODE_WORDS_SUPPRESS = 6,
    SMTPCODE_WORDS_SCOPE = 7,
    SMTPCODE_WORDS_FIX_AT = 8,
    SMTPCODE_WORDS_STAGE = 9,
    SMTPCODE_WORDS_SERVER_KIND = 10,
    SMTPCODE_WORDS_RULE = 11,
    SMTPCODE_WORDS_SIDE = 12,
    SMTPCODE_WORDS_FLAG = 13, /**< N stands for bit N - 1 */
    SMTPCODE_WORDS_BASIS = 14,
    SMTPCODE_WORDS_EVIDENCE = 15,
    SMTPCODE_WORDS_STATED = 16,
    SMTPCODE_WORDS_LISTS = 17,
    SMTPCODE_WORDS_CAPTURE = 18,
    SMTPCODE_WORDS_REASON = 19
};

/** The word for VALUE ("sender-admin"), or NULL if it stands for none.
 *  Values run from 1 without gaps. */
SMTPCODE_API const char *smtpcode_word(enum smtpcode_vocabulary vocabulary,
                                       int value);

/** The entry for a reply code: 200 to 599, 101 and 111.  A code that nobody
 *  defines gets that of its first digit (MATCH_CLASS); a server's own meaning
 *  of a reply code is asked for with smtpcode_find_for().  NULL: no such. */
SMTPCODE_API const smtpcode_entry *smtpcode_find_reply(int code);

/** The entry for an enhanced status code: CLASS 2, 4, 5, or 0 for any;
 *  SUBJECT and DETAIL 0 to 999.  An unregistered one gets the meaning of the
 *  server that has it for its own (MATCH_VENDOR, MATCH_RANGE), else that of
 *  its subject, or of its class where the subject is none (MATCH_CLASS).
 *  NULL: not an enhanced code, or any class with a subject above 7. */
SMTPCODE_API const smtpcode_entry *
smtpcode_find_enhanced(int code_class, int subject, int detail);

/** The entry for what TEXT names: "451", "4.7.1", "x.7.1", "4xx",
 *  "mailbox-full", "gmail", "gmail/no-such-user".  ASCII case does not count,
 *  blanks do.  NULL: nothing of that name. */
SMTPCODE_API const smtpcode_entry *smtpcode_find(const char *text, size_t len);

/** As smtpcode_find(), but SERVER's own meaning of the code if it has one. */
SMTPCODE_API const smtpcode_entry *
smtpcode_find_for(const smtpcode_entry *server, const char *text, size_t len);

/** The entry after PREV of KIND (KIND_ANY: of any); a NULL PREV starts, and
 *  NULL is the end.  Codes come in the order of their numbers, then their
 *  classes, then servers' own; conditions by number; servers and templates by
 *  name. */
SMTPCODE_API const smtpcode_entry *smtpcode_next(const smtpcode_entry *prev,
                                                 enum smtpcode_kind kind);

/** "451", "4.7.1", "mailbox-full", "gmail", "gmail/x.7.27": unique, stable. */
SMTPCODE_API const char *smtpcode_id(const smtpcode_entry *entry);

SMTPCODE_API enum smtpcode_kind smtpcode_kind_of(const smtpcode_entry *entry);

SMTPCODE_API enum smtpcode_match smtpcode_match_of(const smtpcode_entry *entry);

/** Number I of FIELD, or 0 where the entry has none. */
SMTPCODE_API int smtpcode_number(const smtpcode_entry *entry,
                                 enum smtpcode_field field, size_t i);

/** Entry I of FIELD, or NULL. */
SMTPCODE_API const smtpcode_entry *smtpcode_related(const smtpcode_entry *entry,
                                                    enum smtpcode_field field,
                                                    size_t i);

/** Text I of FIELD, or NULL where there is none (see also smtpcode_count:
 *  an optional text within a list is NULL too). */
SMTPCODE_API const char *smtpcode_text(const smtpcode_entry *entry,
                                       enum smtpcode_field field, size_t i);

/** How many values FIELD has in this entry. */
SMTPCODE_API size_t smtpcode_count(const smtpcode_entry *entry,
                                   enum smtpcode_field field);

/** Write ENTRY as one JSON object, like snprintf: at most SIZE bytes with the
 *  NUL, returns the length that the whole needs without it.  BUF may be NULL
 *  when SIZE is 0.  The shape is entry.schema.json: keys may be added, never
 *  vanish or change type. */
SMTPCODE_API size_t smtpcode_entry_json(const smtpcode_entry *entry, char *buf,
                                        size_t size);

/* ---- one reply: what a server said, taken out of what wraps it ---- */

/** Errors are negative; numbers are never reused. */
enum smtpcode_status {
    SMTPCODE_OK = 0,
    SMTPCODE_ERR_NOT_A_REPLY = -1, /**< no code and no words in the text */
    SMTPCODE_ERR_BAD_HINT = -2     /**< a hint's value is out of its range */
};

/** A sentence for STATUS; never NULL. */
SMTPCODE_API const char *smtpcode_strerror(enum smtpcode_status status);

/** Where in the dialogue a reply came; vocabulary STAGE. */
enum smtpcode_stage {
    SMTPCODE_STAGE_UNKNOWN = 0,
    SMTPCODE_STAGE_CONNECT = 1,
    SMTPCODE_STAGE_GREETING = 2,
    SMTPCODE_STAGE_HELO = 3,
    SMTPCODE_STAGE_STARTTLS = 4,
    SMTPCODE_STAGE_AUTH = 5,
    SMTPCODE_STAGE_MAIL = 6,
    SMTPCODE_STAGE_RCPT = 7,
    SMTPCODE_STAGE_DATA = 8,
    SMTPCODE_STAGE_END_OF_DATA = 9,
    SMTPCODE_STAGE_QUIT = 10
};

/** Which side spoke. */
enum smtpcode_side {
    SMTPCODE_SIDE_UNKNOWN = 0,
    SMTPCODE_SIDE_OURS = 1, /**< the server whose log or bounce this is */
    SMTPCODE_SIDE_THEIRS = 2,
    SMTPCODE_SIDE_BETWEEN = 3
};

/** Has the sending server stopped trying, having delivered or given up? */
enum smtpcode_final {
    SMTPCODE_FINAL_UNKNOWN = 0,
    SMTPCODE_FINAL_STOPPED = 1,
    SMTPCODE_FINAL_TRYING = 2
};

/** What an answer must be taken with; bits of a set. */
enum smtpcode_flag {
    SMTPCODE_FLAG_TRUNCATED = 1,   /**< the middle of the reply is left out */
    SMTPCODE_FLAG_MIXED_CODES = 2, /**< its lines carry different codes */
    SMTPCODE_FLAG_CONFLICT = 4,  /**< codes or reason ids contradict another */
    SMTPCODE_FLAG_BUDGET = 8,    /**< hostile words: not all were compared */
    SMTPCODE_FLAG_BAD_UTF8 = 16, /**< escape the words before you show them */
    SMTPCODE_FLAG_FIRST_LINE_ONLY = 32, /**< this wrapper keeps no more */
    SMTPCODE_FLAG_LAST_LINE_ONLY = 64,
    SMTPCODE_FLAG_AMBIGUOUS = 128, /**< several replies have these words */
    SMTPCODE_FLAG_FORWARDED = 256, /**< refused behind a forward or a list */
    SMTPCODE_FLAG_MAYBE_DELIVERED = 512 /**< it may have arrived: a resend
                                           makes a second copy */
};

/**
 * One reply: its codes, and its words without the codes, unwrapped, decoded,
 * lines joined by one blank, in their original case.  The caller owns it, on
 * the stack or in an array, and need not initialise or free it; the three
 * ways to fill it below replace what it held.  It never refers to the
 * caller's text, may be copied with memcpy, and must not be written by two
 * threads at once.  8 KiB; look inside through the accessors only.
 */
typedef struct smtpcode_reply {
    double opaque[1024]; /* aligned for any 8-byte number */
} smtpcode_reply;

/** Find the reply in TEXT: a bare reply, a line of a log, an exception, a
 *  whole bounce; any bytes.  Of several the innermost one of the remote
 *  server is taken, else the first failure.  Text without a code is taken as
 *  the words of a reply.  Time is linear in LEN. */
SMTPCODE_API enum smtpcode_status
smtpcode_reply_read(smtpcode_reply *reply, const char *text, size_t len);

/** A reply whose code the caller has apart, as smtplib gives it; TEXT may
 *  repeat it.  CODE outside 200 to 599: none.  Nothing is unwrapped. */
SMTPCODE_API enum smtpcode_status smtpcode_reply_set(smtpcode_reply *reply,
                                                     int code, const char *text,
                                                     size_t len);

/** A reply line by line as it comes from the network, with its code, with or
 *  without its CR LF; nothing is unwrapped or decoded.  Until _end() the
 *  accessors must not be called. */
SMTPCODE_API void smtpcode_reply_begin(smtpcode_reply *reply);
SMTPCODE_API void smtpcode_reply_line(smtpcode_reply *reply, const char *text,
                                      size_t len);
SMTPCODE_API enum smtpcode_status smtpcode_reply_end(smtpcode_reply *reply);

/** 200 to 599; 0: the text had none. */
SMTPCODE_API int smtpcode_reply_code(const smtpcode_reply *reply);

/** The enhanced status code's class (2, 4, 5; 0: the text had none), and its
 *  subject and detail, 0 to 999.  One that stands beside the reply (a log's
 *  dsn=, a DSN's Status) counts where the reply has none, unless x.0.0. */
SMTPCODE_API int smtpcode_reply_class(const smtpcode_reply *reply);
SMTPCODE_API int smtpcode_reply_subject(const smtpcode_reply *reply);
SMTPCODE_API int smtpcode_reply_detail(const smtpcode_reply *reply);

/** The code of the outermost reply that quotes this one, or 0: what the
 *  nearest server stated, as in "450 4.1.1 ... host h said: 550 5.1.1 ...". */
SMTPCODE_API int smtpcode_reply_outer_code(const smtpcode_reply *reply);

/** The words, *LEN bytes at most 4,096, not NUL-terminated; any byte may be
 *  in them.  Never NULL; valid as long as REPLY is unchanged. */
SMTPCODE_API const char *smtpcode_reply_words(const smtpcode_reply *reply,
                                              size_t *len);

/** What the wrapper tells, else UNKNOWN. */
SMTPCODE_API enum smtpcode_stage
smtpcode_reply_stage(const smtpcode_reply *reply);
SMTPCODE_API enum smtpcode_side
smtpcode_reply_side(const smtpcode_reply *reply);

/** Whether the sending server goes on, by a log's status=, a report's Action
 *  and the like; the reply's own class says nothing of it. */
SMTPCODE_API enum smtpcode_final
smtpcode_reply_final(const smtpcode_reply *reply);

/** The host that said it, as the text names it ("host H[1.2.3.4] said:",
 *  relay=), else its address; *LEN bytes at most 255, 0: not told.  Not
 *  NUL-terminated, never NULL.  Text is no proof: anybody can write it. */
SMTPCODE_API const char *smtpcode_reply_peer(const smtpcode_reply *reply,
                                             size_t *len);

/** How many replies the text held, this one included. */
SMTPCODE_API size_t smtpcode_reply_count(const smtpcode_reply *reply);

/** Bits of enum smtpcode_flag. */
SMTPCODE_API unsigned smtpcode_reply_flags(const smtpcode_reply *reply);

/** The reply's place in the caller's text, codes and line breaks included:
 *  its offset, and its length in *LEN; both 0 when it came by lines. */
SMTPCODE_API size_t smtpcode_reply_source_span(const smtpcode_reply *reply,
                                               size_t *len);

/* ---- diagnosis: what the reply means, and whose move it is ---- */

/** What decided; the greater, the more exact. */
enum smtpcode_basis {
    SMTPCODE_BASIS_NONE = 0,
    SMTPCODE_BASIS_DIGIT = 1,      /**< the first digit of the code */
    SMTPCODE_BASIS_REPLY_CODE = 2, /**< 450 */
    SMTPCODE_BASIS_DOTLESS = 3,    /**< 571, read as 5.7.1 */
    SMTPCODE_BASIS_ENHANCED = 4,   /**< 5.1.1, as registered */
    SMTPCODE_BASIS_OWN_CODE = 5,   /**< the server's own meaning of the code */
    SMTPCODE_BASIS_PHRASE = 6,     /**< wording that many servers use, or one
                                        sentence of a template (the rule) */
    SMTPCODE_BASIS_TEMPLATE = 7,   /**< the words of this very reply */
    SMTPCODE_BASIS_TOKEN = 8       /**< the server's own reason id */
};

/** How it is known whose server it is. */
enum smtpcode_evidence {
    SMTPCODE_EVIDENCE_NONE = 0,
    SMTPCODE_EVIDENCE_TEXT = 1, /**< by its words, which anybody can write */
    SMTPCODE_EVIDENCE_HOST = 2  /**< the caller's peer is one of its hosts */
};

/** What a code says, and what we make of it. */
enum smtpcode_stated {
    SMTPCODE_STATED_NOTHING = 0, /**< no failure, or no code */
    SMTPCODE_STATED_TEMPORARY = 1,
    SMTPCODE_STATED_PERMANENT = 2
};

/** What a refusal is about. */
enum smtpcode_scope {
    SMTPCODE_SCOPE_UNKNOWN = 0,
    SMTPCODE_SCOPE_RECIPIENT = 1,
    SMTPCODE_SCOPE_RECIPIENT_DOMAIN = 2,
    SMTPCODE_SCOPE_MESSAGE = 3,
    SMTPCODE_SCOPE_SENDER = 4,
    SMTPCODE_SCOPE_SENDER_DOMAIN = 5,
    SMTPCODE_SCOPE_ACCOUNT = 6,
    SMTPCODE_SCOPE_IP = 7,
    SMTPCODE_SCOPE_SESSION = 8,
    SMTPCODE_SCOPE_SERVER = 9
};

/** Where the change is made that lets the mail through. */
enum smtpcode_fix_at {
    SMTPCODE_FIX_UNKNOWN = 0,
    SMTPCODE_FIX_ADDRESS = 1,
    SMTPCODE_FIX_CONTENT = 2,
    SMTPCODE_FIX_CLIENT = 3,
    SMTPCODE_FIX_ACCOUNT = 4,
    SMTPCODE_FIX_SOFTWARE = 5,
    SMTPCODE_FIX_SERVER = 6,
    SMTPCODE_FIX_DNS = 7,
    SMTPCODE_FIX_NETWORK = 8,
    SMTPCODE_FIX_POLICY = 9
};

/** What the caller's connection was for. */
enum smtpcode_role {
    SMTPCODE_ROLE_UNKNOWN = 0,
    SMTPCODE_ROLE_SUBMISSION = 1, /**< to the sender's own server, to log in */
    SMTPCODE_ROLE_RELAY = 2       /**< to an MX of the recipient */
};

/** What the caller knows besides the reply.  Set all to 0, then SIZE to
 *  sizeof(smtpcode_hints); later versions may add members at the end. */
typedef struct smtpcode_hints {
    size_t size;
    enum smtpcode_stage stage; /**< if known it counts, not the wrapper's */
    enum smtpcode_role role;
    const char *peer; /**< host name of the server that was connected to */
    size_t peer_length;
} smtpcode_hints;

/** The answer.  The caller owns it as he owns the reply that it refers to:
 *  it is valid as long as that one is unchanged and at its place.  512 bytes;
 *  look inside through the accessors only. */
typedef struct smtpcode_result {
    double opaque[64];
} smtpcode_result;

/** Part of a text.  KIND is a value of the vocabulary CAPTURE. */
struct smtpcode_span {
    size_t offset;
    size_t length;
    int kind;
};

/** What REPLY means; HINTS may be NULL.  ERR_BAD_HINT leaves the answer as
 *  without hints; there is an answer in any case, if only "unknown". */
SMTPCODE_API enum smtpcode_status smtpcode_diagnose(const smtpcode_reply *reply,
                                                    const smtpcode_hints *hints,
                                                    smtpcode_result *result);

/** As for an entry: number I of FIELD, or 0; entry I, or NULL; text I, or
 *  NULL; and how many there are.  Numbers: REPLY_CODE to CANDIDATE_REASON
 *  above, WHO, RETRY, SUPPRESS, SCOPE, FIX_AT, SIDE, FLAG (vocabulary FLAG),
 *  MINUTES, and those that go with the texts (CAUSE_WHO, REMEDY_FOR,
 *  CHECK_FOR, STANDARD_RFC).  Entries: CONDITION (never NULL), SERVER, RULE to
 *  CANDIDATE_CONDITION, CAUSE_CONDITION.  Texts: DETAIL, TITLE to CHECK,
 *  STANDARD_SECTION, LINK: from the most exact row that has them, so a
 *  reply's own advice comes before that of its condition; a general answer
 *  (ANSWER_*) that would not be true of this reply is left out. */
SMTPCODE_API int smtpcode_result_number(const smtpcode_result *result,
                                        enum smtpcode_field field, size_t i);
SMTPCODE_API const smtpcode_entry *
smtpcode_result_related(const smtpcode_result *result,
                        enum smtpcode_field field, size_t i);
SMTPCODE_API const char *smtpcode_result_text(const smtpcode_result *result,
                                              enum smtpcode_field field,
                                              size_t i);
SMTPCODE_API size_t smtpcode_result_count(const smtpcode_result *result,
                                          enum smtpcode_field field);

/** Bits of enum smtpcode_flag, those of the reply included. */
SMTPCODE_API unsigned smtpcode_result_flags(const smtpcode_result *result);

/** Value I that the reply gave for a placeholder: SPAN is its place in
 *  smtpcode_reply_words() and its kind.  1, or 0 where there are no more.
 *  What a stranger's server said: never a link, a command or a headline. */
SMTPCODE_API int smtpcode_result_capture(const smtpcode_result *result,
                                         size_t i, struct smtpcode_span *span);

/** Command of check I with the reply's values in place of {ip}, {domain} and
 *  {host} where they are harmless (letters, digits, `.`, `:`, `-`, and no `-`
 *  first); else the placeholder stays.  Like snprintf: at most SIZE bytes with
 *  the NUL, returns the whole length without it, 0 where there is no check. */
SMTPCODE_API size_t smtpcode_result_check(const smtpcode_result *result,
                                          size_t i, char *buf, size_t size);

/** The answer as one JSON object, like snprintf: at most SIZE bytes with the
 *  NUL, returns the length that the whole needs without it.  BUF may be NULL
 *  when SIZE is 0.  The shape is result.schema.json: keys may be added, never
 *  vanish or change type.  Always valid UTF-8. */
SMTPCODE_API size_t smtpcode_json(const smtpcode_result *result, char *buf,
                                  size_t size);

/** Parts of TEXT that must not be shown to strangers, in order, none over
 *  another: addresses, hosts, IPs, URLs, names of users, what was said to log
 *  in; and all that RESULT captured, which must be the answer for a reply that
 *  was read from this very TEXT.  NULL: whatever the reply means.  Where a
 *  capture cannot be found, the whole reply is a part, of the kind "reply".
 *  Pages that the base knows are left, as are queue ids in a log, loopback
 *  addresses, and placeholders such as "[recipient 3f9a1c]"; in a reply with
 *  one of these captures do not count.  Like snprintf: at most MOST go to
 *  SPANS, returns how many there are.  Time is linear. */
SMTPCODE_API size_t smtpcode_redact(const char *text, size_t len,
                                    const smtpcode_result *result,
                                    struct smtpcode_span *spans, size_t most);

/** Version of the running library ("0.1.0"). */
SMTPCODE_API const char *smtpcode_version(void);

/** Hash of the data compiled in: 16 hexadecimal digits, the same for the same
 *  data whatever machine built it. */
SMTPCODE_API const char *smtpcode_data_version(void);

#ifdef __cplusplus
}
#endif

#endif
