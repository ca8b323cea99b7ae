/* find.c - libFuzzer target: any bytes as the name of an entry. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtpcode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A name that is found is found again by the id of what it found, except
 * that a code of a class finds the class. */
static void check(const smtpcode_entry *e) {
    static char json[1 << 20];
    const char *id = smtpcode_id(e);

    if (smtpcode_find(id, strlen(id)) != e)
        abort();
    if (smtpcode_entry_json(e, json, sizeof json) >= sizeof json)
        abort();
    if (json[0] != '{' || json[strlen(json) - 1] != '}')
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char server_id[] = "gmail";
    const smtpcode_entry *server =
        smtpcode_find(server_id, sizeof server_id - 1);
    const smtpcode_entry *e = smtpcode_find((const char *)data, size);

    if (e)
        check(e);
    e = smtpcode_find_for(server, (const char *)data, size);
    if (e)
        check(e);
    return 0;
}
