/* cmd_list.c - smtpcode list: every entry, or those of a kind, class, ... */
#include <string.h>

#include "command.h"

static void print_heading(enum smtpcode_kind kind, bool first) {
    static const char *const headings[] = {"",
                                           "Reply codes",
                                           "Enhanced status codes",
                                           "Conditions",
                                           "Servers",
                                           "Replies of servers",
                                           "Reason ids of servers",
                                           "Phrases",
                                           "Blocklists"};

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
        complain("nothing fits all of these options");
    return found ? EXIT_FOUND : EXIT_NOT_FOUND;
}
