/*
 * scan.h - which of the next 64 bytes matter, as bits: the passes over a text
 * skip what lies between.  With SSE2 16 bytes at once, else byte by byte;
 * both give the same bits.
 */
#ifndef SMTPCODE_SCAN_H
#define SMTPCODE_SCAN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Eight bytes at S, in no order that matters.  A freestanding compiler calls
 * memcpy() for them. */
static inline uint64_t scan_load_8(const char *s) {
    uint64_t bytes;

#if defined(__GNUC__)
    __builtin_memcpy(&bytes, s, sizeof bytes);
#else
    memcpy(&bytes, s, sizeof bytes);
#endif
    return bytes;
}

static inline void scan_store_8(char *s, uint64_t bytes) {
#if defined(__GNUC__)
    __builtin_memcpy(s, &bytes, sizeof bytes);
#else
    memcpy(s, &bytes, sizeof bytes);
#endif
}

/* The number of the lowest bit of BITS, which has one. */
static inline unsigned scan_first(uint64_t bits) {
#if defined(__GNUC__)
    return (unsigned)__builtin_ctzll(bits);
#else
    unsigned n = 0;

    for (; !(bits & 1); bits >>= 1)
        n++;
    return n;
#endif
}

#if defined(__SSE2__) && !defined(SMTPCODE_PLAIN)
#include <emmintrin.h>

#define SCAN_BLOCK 16

typedef unsigned scan_block(__m128i bytes);

static inline __m128i scan_load(const char *s) {
    return _mm_loadu_si128((const __m128i *)(const void *)s);
}

static inline __m128i scan_eq(__m128i bytes, char c) {
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c));
}

/* Bytes that are FROM or one of the N after it. */
static inline __m128i scan_range(__m128i bytes, char from, char n) {
    __m128i off = _mm_sub_epi8(bytes, _mm_set1_epi8(from));

    return _mm_cmpeq_epi8(_mm_min_epu8(off, _mm_set1_epi8(n)), off);
}

static inline void scan_store(char *s, __m128i bytes) {
    _mm_storeu_si128((__m128i *)(void *)s, bytes);
}

static inline unsigned scan_bits(__m128i bytes) {
    return (unsigned)_mm_movemask_epi8(bytes);
}

/* The last bytes before END, fewer than 16, by a load that ends with them
 * where TEXT has as many before. */
static inline unsigned scan_rest(const char *text, const char *s,
                                 const char *end, scan_block *block) {
    unsigned n = (unsigned)(end - s);
    char last[16] = {0};

    if (end - text >= 16)
        return block(scan_load(end - 16)) >> (16 - n);
    memcpy(last, s, n);
    return block(scan_load(last)) & ((1u << n) - 1);
}

/* The bits of the bytes at S that BLOCK knows; TEXT is where the bytes begin
 * that may be read. */
static inline uint64_t scan_64(const char *text, const char *s, const char *end,
                               scan_block *block) {
    uint64_t bits = 0;
    unsigned at = 0;

    for (; at < 64 && end - s >= 16; at += 16, s += 16)
        bits |= (uint64_t)block(scan_load(s)) << at;
    if (at < 64 && s < end)
        bits |= (uint64_t)scan_rest(text, s, end, block) << at;
    return bits;
}

#define SCAN(name, text, s, end) scan_64(text, s, end, name##_block)
#define SCANNER(name, plain, simd)                   \
    static inline unsigned name##_block(__m128i v) { \
        return (unsigned)(simd);                     \
    }                                                \
    struct name##_scanner /* takes the semicolon */
#else
typedef int scan_byte(char c);

static inline uint64_t scan_64(const char *s, const char *end,
                               scan_byte *matters) {
    size_t n = end - s < 64 ? (size_t)(end - s) : 64;
    uint64_t bits = 0;

    for (size_t i = 0; i < n; i++)
        bits |= (uint64_t)matters(s[i]) << i;
    return bits;
}

#define SCAN(name, text, s, end) ((void)(text), scan_64(s, end, name##_byte))
#define SCANNER(name, plain, simd)                            \
    static inline int name##_byte(char c) { return (plain); } \
    struct name##_scanner
#endif

/* A pass over a text: the 64 bytes that were looked at last. */
struct scan {
    const char *from; /* NULL: none */
    uint64_t bits;
};

/* The first byte from S on that the scanner knows, or END; S never goes back
 * in a pass. */
#define PASS(name)                                                             \
    static inline const char *name##_next(struct scan *pass, const char *text, \
                                          const char *s, const char *end) {    \
        while (s < end) {                                                      \
            if (!pass->from || s - pass->from >= 64) {                         \
                pass->from = s;                                                \
                pass->bits = SCAN(name, text, s, end);                         \
            }                                                                  \
            uint64_t bits = pass->bits >> (s - pass->from);                    \
            if (bits)                                                          \
                return s + scan_first(bits);                                   \
            s = end - pass->from > 64 ? pass->from + 64 : end;                 \
        }                                                                      \
        return end;                                                            \
    }                                                                          \
    struct name##_scanner

#endif
