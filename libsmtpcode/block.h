/*
 * block.h - sixteen bytes of a text at once, by SSE2 or NEON, whichever the
 * compiler may use; without SMTPCODE_BLOCK there is neither.
 */
#ifndef SMTPCODE_BLOCK_H
#define SMTPCODE_BLOCK_H

#define SMTPCODE_BLOCK 16

#if defined(SMTPCODE_PLAIN)
#undef SMTPCODE_BLOCK

#elif defined(__SSE2__)
#include <emmintrin.h>

typedef __m128i block;

static inline block block_load(const void *bytes) {
    return _mm_loadu_si128((const __m128i *)bytes);
}

static inline void block_store(void *bytes, block b) {
    _mm_storeu_si128((__m128i *)bytes, b);
}

/* Capitals as small letters, and what is no more than a blank as a blank. */
static inline block block_fold(block b) {
    const __m128i bit = _mm_set1_epi8(0x20);
    /* bytes compare signed: A to Z become the 26 lowest numbers */
    __m128i moved = _mm_add_epi8(b, _mm_set1_epi8(128 - 'A'));
    __m128i capitals = _mm_cmplt_epi8(moved, _mm_set1_epi8(-128 + 26));

    return _mm_max_epu8(_mm_or_si128(b, _mm_and_si128(capitals, bit)), bit);
}

/* Bit I: byte I is a blank, or less. */
static inline unsigned block_blanks(block b) {
    const __m128i blank = _mm_set1_epi8(0x20);

    return (unsigned)_mm_movemask_epi8(
        _mm_cmpeq_epi8(_mm_max_epu8(b, blank), blank));
}

/* Bit I: byte I is one of SET, or 0x80 or more. */
static inline unsigned block_among(block b, const char *set) {
    block found = b;

    for (; *set; set++)
        found = _mm_or_si128(found, _mm_cmpeq_epi8(b, _mm_set1_epi8(*set)));
    return (unsigned)_mm_movemask_epi8(found);
}

/* The bytes of A where MASK has 0xff, those of B where it has 0. */
static inline block block_choose(block mask, block a, block b) {
    return _mm_or_si128(_mm_and_si128(mask, a), _mm_andnot_si128(mask, b));
}

#elif defined(__aarch64__) && defined(__ARM_NEON)
#include <arm_neon.h>

typedef uint8x16_t block;

static inline block block_load(const void *bytes) {
    return vld1q_u8((const uint8_t *)bytes);
}

static inline void block_store(void *bytes, block b) {
    vst1q_u8((uint8_t *)bytes, b);
}

static inline block block_fold(block b) {
    const uint8x16_t bit = vdupq_n_u8(0x20);
    uint8x16_t capitals =
        vcltq_u8(vsubq_u8(b, vdupq_n_u8('A')), vdupq_n_u8(26));

    return vmaxq_u8(vorrq_u8(b, vandq_u8(capitals, bit)), bit);
}

/* Bit I: byte I of MASK is 0xff, not 0. */
static inline unsigned block_bits(uint8x16_t mask) {
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                        1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t bits = vandq_u8(mask, vld1q_u8(weights));

    return vaddv_u8(vget_low_u8(bits)) | (unsigned)vaddv_u8(vget_high_u8(bits))
                                             << 8;
}

static inline unsigned block_blanks(block b) {
    return block_bits(vcleq_u8(b, vdupq_n_u8(0x20)));
}

static inline unsigned block_among(block b, const char *set) {
    uint8x16_t found = vcgeq_u8(b, vdupq_n_u8(0x80));

    for (; *set; set++)
        found = vorrq_u8(found, vceqq_u8(b, vdupq_n_u8((uint8_t)*set)));
    return block_bits(found);
}

static inline block block_choose(block mask, block a, block b) {
    return vbslq_u8(mask, a, b);
}

#else
#undef SMTPCODE_BLOCK
#endif

#endif
