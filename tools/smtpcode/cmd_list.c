/* cmd_list.c - smtpcode list: every entry, or those of a kind, class, ... */
#include <string.h>

#include "command.h"

static bool is_code(const smtpcode_entry *e) {
    return smtpcode_kind_of(e) == SMTPCODE_KIND_REPLY_CODE ||
           smtpcode_kind_of(e) == SMTPCODE_KIND_ENHANCED_STATUS;
}

static bool filtered(void) {
    return options.code_class || options.subject >= 0 || options.status ||
           options.condition || options.server;
}

/* 4.7.1 beside x.7.1 only where a class was asked for; what a server means
 * by a code only where that server was. */
static bool listed_by_default(const smtpcode_entry *e) {
    const char *id = smtpcode_id(e);

    if (options.all)
        return true;
    if (strchr(id, '/'))
        return options.server || options.kind == SMTPCODE_KIND_TEMPLATE;
    if (smtpcode_kind_of(e) == SMTPCODE_KIND_ENHANCED_STATUS)
        return (id[0] == 'x') == (options.code_class == 0) &&
               smtpcode_match_of(e) == SMTPCODE_MATCH_EXACT;
    return smtpcode_match_of(e) != SMTPCODE_MATCH_CLASS;
}

/* The code itself, without the server it belongs to. */
static const char *code_of(const smtpcode_entry *e) {
    const char *slash = strchr(smtpcode_id(e), '/');

    return slash ? slash + 1 : smtpcode_id(e);
}

static bool class_fits(const smtpcode_entry *e) {
    return is_code(e) && code_of(e)[0] == '0' + options.code_class;
}

/* 4.7.1 and x.7.1 are of subject 7; so, by their second digit, is none of
 * the reply codes, whose digits mean other things. */
static bool subject_fits(const smtpcode_entry *e) {
    return smtpcode_kind_of(e) == SMTPCODE_KIND_ENHANCED_STATUS &&
           code_of(e)[2] == '0' + options.subject;
}

static bool condition_fits(const smtpcode_entry *e) {
    const smtpcode_entry *condition;

    for (size_t i = 0;
         (condition = smtpcode_related(e, SMTPCODE_CONDITIONS, i)); i++)
        if (condition == options.condition)
            return true;
    return smtpcode_related(e, SMTPCODE_CONDITION, 0) == options.condition;
}

static bool wanted(const smtpcode_entry *e) {
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
    return listed_by_default(e);
}

static void print_heading(enum smtpcode_kind kind, bool first) {
    static const char *const headings[] = {
        "",           "Reply codes", "Enhanced status codes",
        "Conditions", "Servers",     "Replies of servers"};

    if (options.format != FORMAT_PAGE)
        return;
    if (!first)
        putchar('\n');
    styled(STYLE_HEAD, headings[kind]);
    putchar('\n');
}

static void print_listed(const smtpcode_entry *e) {
    if (options.format == FORMAT_PAGE)
        print_line(e, smtpcode_kind_of(e));
    else
        print_entry(e, NULL);
}

enum exit_status cmd_list(int argc, char **argv) {
    enum smtpcode_kind kind = SMTPCODE_KIND_ANY;
    bool found = false;

    if (argc > 1) {
        complain("list takes options only, not '%s'", safe(argv[1]));
        return EXIT_USAGE;
    }
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_ANY));) {
        if (!wanted(e))
            continue;
        if (!options.quiet && smtpcode_kind_of(e) != kind)
            print_heading(kind = smtpcode_kind_of(e), !found);
        if (!options.quiet)
            print_listed(e);
        found = true;
    }
    if (!found)
        complain(filtered() ? "nothing fits all of these options"
                            : "nothing of that kind");
    return found ? EXIT_FOUND : EXIT_NOT_FOUND;
}
