/* version.c - which code and which data a program runs with. */
#include "tables.h"

const char *smtpcode_version(void) { return SMTPCODE_VERSION; }

const char *smtpcode_data_version(void) { return smtpcode_data_hash; }
