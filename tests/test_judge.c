/*
 * test_judge.c - what is made of a reply: a row each of tests/cases/
 * diagnose.tsv and traps.tsv: hints, the reply, and what the answer says.
 */
#define _GNU_SOURCE /* getline, strsep */
#include "../libsmtpcode/judge.h"
#include "judged.h"

/* ---- how much may be made of the evidence: every case there is ---- */

/* design.md 4 once more, rule by rule and in other words. */
static int allowed(int basis, int stated, int scope, int side, unsigned flags,
                   int known) {
    bool about_address = scope == 1 || scope == 2;
    bool doubtful =
        flags & (SMTPCODE_FLAG_AMBIGUOUS | SMTPCODE_FLAG_CONFLICT |
                 SMTPCODE_FLAG_MIXED_CODES | SMTPCODE_FLAG_TRUNCATED);

    if (!known || !about_address || doubtful || side == SMTPCODE_SIDE_OURS)
        return SMTPCODE_SUPPRESS_NO;
    switch (basis) {
    case SMTPCODE_BASIS_TOKEN:
    case SMTPCODE_BASIS_TEMPLATE:
    case SMTPCODE_BASIS_OWN_CODE:
        return stated == 2 ? SMTPCODE_SUPPRESS_YES
                           : SMTPCODE_SUPPRESS_AFTER_REPEATS;
    case SMTPCODE_BASIS_PHRASE:
    case SMTPCODE_BASIS_ENHANCED:
        return SMTPCODE_SUPPRESS_AFTER_REPEATS;
    default:
        return SMTPCODE_SUPPRESS_NO;
    }
}

static void check_floor(const struct result *r) {
    int want =
        allowed(r->basis, r->stated, r->scope, r->side, r->flags, r->rule != 0);

    if (smtpcode_most_suppress(r) != want)
        fail_msg("basis %d stated %d scope %d side %d flags %x: %d, not %d",
                 r->basis, r->stated, r->scope, r->side, r->flags,
                 smtpcode_most_suppress(r), want);
}

static void suppress_floor(void **state) {
    size_t n = 0;
    struct result r;

    (void)state;
    memset(&r, 0, sizeof r);
    for (r.rule = 0; r.rule < 2; r.rule++)
        for (r.basis = 0; r.basis <= SMTPCODE_BASIS_TOKEN; r.basis++)
            for (r.stated = 0; r.stated <= 2; r.stated++)
                for (r.scope = 0; r.scope <= 9; r.scope++)
                    for (r.side = 0; r.side <= SMTPCODE_SIDE_BETWEEN; r.side++)
                        for (unsigned f = 0; f < 1024; f++, n++) {
                            r.flags = (uint16_t)f;
                            check_floor(&r);
                        }
    assert_int_equal(n, 2 * 9 * 3 * 10 * 4 * 1024);
}

/* ---- the answer as JSON, whatever the server said ---- */

static void ask(const char *text, size_t len, smtpcode_reply *reply,
                smtpcode_result *result) {
    assert_int_equal(smtpcode_reply_read(reply, text, len), SMTPCODE_OK);
    assert_int_equal(smtpcode_diagnose(reply, NULL, result), SMTPCODE_OK);
}

static const char relayed[] = "554 5.7.1 <u@example.org>: Relay access denied";

/* Like snprintf at every size. */
static void json_of_any_size(void **state) {
    static char whole[1 << 16], part[1 << 16];
    static smtpcode_reply reply;
    smtpcode_result result;

    (void)state;
    ask(relayed, sizeof relayed - 1, &reply, &result);
    size_t len = smtpcode_json(&result, whole, sizeof whole);
    assert_int_equal(smtpcode_json(&result, NULL, 0), len);
    for (size_t size = 1; size <= len + 1; size++) {
        memset(part, '?', size + 1);
        assert_int_equal(smtpcode_json(&result, part, size), len);
        assert_memory_equal(part, whole, size - 1);
        assert_int_equal(part[size - 1], '\0');
        assert_int_equal(part[size], '?');
    }
}

/* What stands in {recipient}, and how the answer shows it. */
static const struct {
    const char *name, *said, *shown;
} said[] = {
    {"plain", "u@example.org", "u@example.org"},
    {"a quote", "u\\\"x@example.org", NULL},
    {"an escape sequence", "u\033]0;x\a@example.org", NULL},
    {"C1", "u\xc2\x9b@example.org", "u\\u009b@example.org"},
    {"bidi", "u\xe2\x80\xae@example.org", "u\\u202e@example.org"},
    {"a tag", "u\xf3\xa0\x81\x81@example.org", "u\\udb40\\udc41@example.org"},
    {"no UTF-8", "u\xff\xfe@example.org",
     "u\xef\xbf\xbd\xef\xbf\xbd@example.org"},
    {"half a character", "u\xe2\x80@example.org",
     "u\xef\xbf\xbd\xef\xbf\xbd@example.org"},
    {"too long a form", "u\xc0\xaf@example.org",
     "u\xef\xbf\xbd\xef\xbf\xbd@example.org"},
    {"cyrillic", "\xd1\x8e@example.org", "\xd1\x8e@example.org"},
};

static void json_of_strangers(void **state) {
    static char json[1 << 16];
    static smtpcode_reply reply;
    smtpcode_result result;

    (void)state;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        char text[200];
        int n = snprintf(text, sizeof text,
                         "554 5.7.1 <%s>: Relay access denied", said[i].said);
        ask(text, (size_t)n, &reply, &result);
        size_t len = smtpcode_json(&result, json, sizeof json);
        json_t *root = json_loads(json, 0, NULL);
        if (!root)
            fail_msg("%s: not JSON: %s", said[i].name, json);
        json_decref(root);
        for (size_t k = 0; k < len; k++)
            if ((unsigned char)json[k] < ' ' || json[k] == 0x7f)
                fail_msg("%s: a control character", said[i].name);
        if (said[i].shown && !strstr(json, said[i].shown))
            fail_msg("%s: %s is not in %s", said[i].name, said[i].shown, json);
    }
}

/* ---- an answer is of the reply's own class ---- */

static const struct {
    const char *reply, *condition;
    bool temporary;
} of_class[] = {
    {"550 5.1.1 User unknown", "user-unknown", false},
    {"450 4.1.1 User unknown", "user-unknown", true},
    {"User unknown", "user-unknown", false},
    {"550 5.7.1 Client host rejected: Access denied", "client-blocked", false},
    {"450 4.7.1 Client host rejected: Access denied", "client-blocked", true},
    {"454 4.7.1 Relaying denied", "relay-denied", true},
};

static void answers_of_class(void **state) {
    static smtpcode_reply reply;
    smtpcode_result result;

    (void)state;
    for (size_t i = 0; i < sizeof of_class / sizeof *of_class; i++) {
        const char *text = of_class[i].reply;
        ask(text, strlen(text), &reply, &result);
        const smtpcode_entry *e =
            smtpcode_result_related(&result, SMTPCODE_CONDITION, 0);
        const char *have =
            smtpcode_result_text(&result, SMTPCODE_ANSWER_AGAIN, 0);
        const char *want =
            smtpcode_text(e,
                          of_class[i].temporary ? SMTPCODE_ANSWER_AGAIN_4XX
                                                : SMTPCODE_ANSWER_AGAIN,
                          0);
        assert_string_equal(smtpcode_id(e), of_class[i].condition);
        assert_non_null(want);
        if (!have || strcmp(have, want) != 0)
            fail_msg("%s: \"%s\"", text, have ? have : "nothing");
    }
}

/* ---- what may enter a command ---- */

static const char no_name[] = "450 4.7.25 Client host rejected: cannot find "
                              "your hostname, [%s]";
static const char no_host[] =
    "Sorry, I couldn't find any host named %s. (#5.1.2)";

/* The first are captured, so that only the rule itself keeps them out. */
static const struct {
    const char *text, *value, *command; /* NULL: the placeholder stays */
} commands[] = {
    {no_host, "example.org", "'example.org'"},
    {no_host, "-x.example.org", NULL},
    {no_host, "ex_ample.org", NULL},
    {no_host, "ex\xc3\xa4mple.org", NULL},
    {no_host, "\xff.example.org", NULL},
    {no_name, "192.0.2.1", "'192.0.2.1'"},
    {no_name, "2001:db8::1", "'2001:db8::1'"},
    {no_name, "-xyz", NULL},
    {no_name, "$(id)", NULL},
    {no_name, "';id;'", NULL},
    {no_name, "`id`", NULL},
    {no_name, "192.0.2.1%0a", NULL},
};

static void commands_of_strangers(void **state) {
    static smtpcode_reply reply;
    smtpcode_result result;

    (void)state;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        char text[200], command[200];
        bool seen = false;
        int n =
            snprintf(text, sizeof text, commands[i].text, commands[i].value);
        ask(text, (size_t)n, &reply, &result);
        for (size_t k = 0;
             smtpcode_result_text(&result, SMTPCODE_CHECK_COMMAND, k); k++) {
            size_t len =
                smtpcode_result_check(&result, k, command, sizeof command);
            assert_int_equal(len, strlen(command));
            seen |= commands[i].command &&
                    strstr(command, commands[i].command) != NULL;
            if (!commands[i].command && strstr(command, commands[i].value))
                fail_msg("%s entered: %s", commands[i].value, command);
        }
        if (commands[i].command && !seen)
            fail_msg("%s is in no command", commands[i].command);
        struct smtpcode_span span;
        if (commands[i].text == no_host)
            assert_true(smtpcode_result_capture(&result, 0, &span));
    }
}

/* ---- hints ---- */

static void bad_hints(void **state) {
    static smtpcode_reply reply;
    smtpcode_result result;
    const smtpcode_hints bad[] = {
        {0, SMTPCODE_STAGE_RCPT, SMTPCODE_ROLE_UNKNOWN, NULL, 0},
        {sizeof(smtpcode_hints), (enum smtpcode_stage)11, SMTPCODE_ROLE_UNKNOWN,
         NULL, 0},
        {sizeof(smtpcode_hints), SMTPCODE_STAGE_RCPT, (enum smtpcode_role)3,
         NULL, 0},
        {sizeof(smtpcode_hints), SMTPCODE_STAGE_RCPT, SMTPCODE_ROLE_UNKNOWN,
         NULL, 5},
    };

    (void)state;
    ask(relayed, sizeof relayed - 1, &reply, &result);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(smtpcode_diagnose(&reply, &bad[i], &result),
                         SMTPCODE_ERR_BAD_HINT);
        assert_string_equal(smtpcode_id(smtpcode_result_related(
                                &result, SMTPCODE_CONDITION, 0)),
                            "relay-denied");
    }
    assert_string_equal(smtpcode_strerror(SMTPCODE_ERR_BAD_HINT),
                        "hint out of range");
}

int main(void) {
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(suppress_floor),
        cmocka_unit_test(json_of_any_size),
        cmocka_unit_test(json_of_strangers),
        cmocka_unit_test(answers_of_class),
        cmocka_unit_test(commands_of_strangers),
        cmocka_unit_test(bad_hints),
    };
    static struct CMUnitTest tests[MOST_ROWS + 10];

    read_rows("tests/cases/diagnose.tsv");
    read_rows("tests/cases/traps.tsv");
    size_t n = tests_of_rows(tests);
    memcpy(tests + n, others, sizeof others);
    return _cmocka_run_group_tests(
        "judge", tests, n + sizeof others / sizeof *others, NULL, NULL);
}
