/*
 * siphash.c - SipHash-2-4: who lacks the key can neither tell what a hash is
 * of, nor try all addresses there are.
 *
 * Forty lines of our own, and not a library's, because a release builds with
 * a C compiler alone; tests/test_siphash.c has the vectors of its authors.
 */
#include "siphash.h"

static uint64_t load(const unsigned char *bytes, size_t n) {
    uint64_t value = 0;

    for (size_t i = 0; i < n; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

static uint64_t rotate(uint64_t x, int bits) {
    return x << bits | x >> (64 - bits);
}

static void mix(uint64_t v[4], int rounds) {
    while (rounds-- > 0) {
        v[0] += v[1];
        v[1] = rotate(v[1], 13) ^ v[0];
        v[0] = rotate(v[0], 32);
        v[2] += v[3];
        v[3] = rotate(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = rotate(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = rotate(v[1], 17) ^ v[2];
        v[2] = rotate(v[2], 32);
    }
}

static void absorb(uint64_t v[4], uint64_t word) {
    v[3] ^= word;
    mix(v, 2);
    v[0] ^= word;
}

uint64_t siphash(const unsigned char key[SIPHASH_KEY], const void *bytes,
                 size_t len) {
    const unsigned char *at = bytes;
    uint64_t k0 = load(key, 8), k1 = load(key + 8, 8);
    uint64_t v[4] = {k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du,
                     k0 ^ 0x6c7967656e657261u, k1 ^ 0x7465646279746573u};
    size_t left = len;

    for (; left >= 8; left -= 8, at += 8)
        absorb(v, load(at, 8));
    absorb(v, load(at, left) | (uint64_t)len << 56);
    v[2] ^= 0xff;
    mix(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
