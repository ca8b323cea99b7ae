/* cmd_server.c - smtpcode server [NAME [CODE...]]: who says what. */
#include <string.h>

#include "command.h"

static enum exit_status list_servers(void) {
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_SERVER));)
        if (options.quiet)
            break;
        else if (options.format == FORMAT_PAGE)
            print_line(e, SMTPCODE_KIND_SERVER);
        else
            print_entry(e, NULL);
    return EXIT_FOUND;
}

enum exit_status cmd_server(int argc, char **argv) {
    if (refuse_filters("server"))
        return EXIT_USAGE;
    if (argc < 2)
        return list_servers();

    const smtpcode_entry *server = find_server(argv[1]);
    if (!server) {
        complain("no server '%s'; `smtpcode server` lists them", safe(argv[1]));
        suggest_entries(argv[1]);
        return EXIT_NOT_FOUND;
    }
    if (argc > 2) {
        options.server = server;
        return cmd_show(argc - 2, argv + 2);
    }
    if (!options.quiet)
        print_entry(server, NULL);
    return EXIT_FOUND;
}
