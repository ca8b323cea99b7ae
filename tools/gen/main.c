/*
 * main.c - gen DATA_DIR HEADER [OUT_DIR]
 *
 * Without OUT_DIR it checks and writes nothing.  Exit status 1 after any
 * complaint.
 */
#include <stdlib.h>

#include "gen.h"

int main(int argc, char **argv) {
    if (argc < 3 || argc > 4) {
        fputs("usage: gen DATA_DIR smtpcode.h [OUT_DIR]\n", stderr);
        return 2;
    }
    read_sources(argv[1]);
    for (size_t i = 0; i < nsources; i++)
        check_shape(&sources[i]);
    if (complaints() == 0) {
        build_entries();
        link_entries();
        number_entries();
        check_header(argv[2]);
        check_evidence();
        compile_templates();
        compile_wording();
    }
    if (complaints() > 0)
        return EXIT_FAILURE;
    if (argc == 4)
        emit_tables(argv[3]);
    return EXIT_SUCCESS;
}
