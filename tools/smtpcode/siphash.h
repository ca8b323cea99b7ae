/* siphash.h - a keyed hash of short texts. */
#ifndef SIPHASH_H
#define SIPHASH_H

#include <stddef.h>
#include <stdint.h>

enum { SIPHASH_KEY = 16 /* bytes */ };

/* SipHash-2-4 (Aumasson, Bernstein 2012). */
uint64_t siphash(const unsigned char key[SIPHASH_KEY], const void *bytes,
                 size_t len);

#endif
