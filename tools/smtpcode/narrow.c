/* narrow.c - which entries `list` and `search` show. */
#include <string.h>

#include "command.h"

static bool is_code(const smtpcode_entry *e) {
    return smtpcode_kind_of(e) == SMTPCODE_KIND_REPLY_CODE ||
           smtpcode_kind_of(e) == SMTPCODE_KIND_ENHANCED_STATUS;
}

bool filtered(void) {
    return options.code_class || options.subject >= 0 || options.status ||
           options.condition || options.kind;
}

bool refuse_filters(const char *command) {
    if (filtered())
        complain("--kind, --class, --subject, --status and --condition are "
                 "for list and search, not for %s",
                 command);
    return filtered();
}

/* A row that is looked for in replies. */
bool is_rule(const smtpcode_entry *e) {
    enum smtpcode_kind kind = smtpcode_kind_of(e);

    return kind == SMTPCODE_KIND_TEMPLATE || kind == SMTPCODE_KIND_TOKEN ||
           kind == SMTPCODE_KIND_PHRASE;
}

bool refuse_server(void) {
    if (options.server)
        complain("--server is for codes; for a reply name the host that said "
                 "it: --peer HOST");
    return options.server != NULL;
}

bool refuse_hints(void) {
    bool given = options.hints.stage || options.hints.role ||
                 options.hints.peer || options.explain || options.unknown;

    if (given)
        complain("--stage, --peer, --submission, --relay, --explain and "
                 "--unknown are for a reply: smtpcode diagnose REPLY");
    return given;
}

/* 4.7.1 beside x.7.1 only where a class was asked for; what a server means
 * by a code only where that server was. */
static bool listed_by_default(const smtpcode_entry *e) {
    const char *id = smtpcode_id(e);

    if (options.all)
        return true;
    if (strchr(id, '/'))
        return options.server || options.status || options.condition ||
               (options.kind != SMTPCODE_KIND_ANY && is_rule(e));
    if (smtpcode_kind_of(e) == SMTPCODE_KIND_ENHANCED_STATUS)
        return (id[0] == 'x') == (options.code_class == 0) &&
               smtpcode_match_of(e) == SMTPCODE_MATCH_EXACT;
    return smtpcode_match_of(e) != SMTPCODE_MATCH_CLASS;
}

const char *bare_code(const smtpcode_entry *e) {
    const char *slash = strchr(smtpcode_id(e), '/');

    return slash ? slash + 1 : smtpcode_id(e);
}

static bool class_fits(const smtpcode_entry *e) {
    return is_code(e) && bare_code(e)[0] == '0' + options.code_class;
}

/* 4.7.1 and x.7.1 are of subject 7; so, by their second digit, is none of
 * the reply codes, whose digits mean other things. */
static bool subject_fits(const smtpcode_entry *e) {
    return smtpcode_kind_of(e) == SMTPCODE_KIND_ENHANCED_STATUS &&
           bare_code(e)[2] == '0' + options.subject;
}

static bool condition_fits(const smtpcode_entry *e) {
    const smtpcode_entry *condition;

    for (size_t i = 0;
         (condition = smtpcode_related(e, SMTPCODE_CONDITIONS, i)); i++)
        if (condition == options.condition)
            return true;
    return smtpcode_related(e, SMTPCODE_CONDITION, 0) == options.condition;
}

bool fits_options(const smtpcode_entry *e) {
    if (options.kind && smtpcode_kind_of(e) != options.kind)
        return false;
    if (options.code_class && !class_fits(e))
        return false;
    if (options.subject >= 0 && !subject_fits(e))
        return false;
    if (options.status &&
        smtpcode_number(e, SMTPCODE_STATUS, 0) != options.status)
        return false;
    if (options.condition && !condition_fits(e))
        return false;
    if (options.server &&
        smtpcode_related(e, SMTPCODE_SERVER, 0) != options.server)
        return false;
    return true;
}

bool wanted(const smtpcode_entry *e) {
    return fits_options(e) && listed_by_default(e);
}
