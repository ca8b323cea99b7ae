/* intern.c - equal strings and equal runs of values are stored once. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

static uint64_t hash_bytes(const void *bytes, size_t len) { /* FNV-1a */
    const unsigned char *b = bytes;
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ b[i]) * 0x100000001b3u;
    return hash;
}

static void put_slot(struct pool *pool, size_t run) {
    size_t i = hash_bytes(pool->bytes + pool->starts[run], pool->lengths[run]) %
               pool->nslots;

    while (pool->slots[i])
        i = (i + 1) % pool->nslots;
    pool->slots[i] = run + 1;
}

static void widen(struct pool *pool) {
    pool->nslots = pool->nslots ? 2 * pool->nslots : 4096;
    pool->slots = calloc(pool->nslots, sizeof *pool->slots);
    for (size_t run = 0; run < pool->count; run++)
        put_slot(pool, run);
}

static size_t append(struct pool *pool, const void *bytes, size_t len) {
    size_t start = pool->size;

    for (size_t i = 0; i < len; i++) {
        pool->bytes = grow(pool->bytes, pool->size, 1);
        pool->bytes[pool->size++] = ((const char *)bytes)[i];
    }
    pool->starts = grow(pool->starts, pool->count, sizeof *pool->starts);
    pool->lengths = grow(pool->lengths, pool->count, sizeof *pool->lengths);
    pool->starts[pool->count] = start;
    pool->lengths[pool->count] = len;
    put_slot(pool, pool->count++);
    return start;
}

size_t intern(struct pool *pool, const void *bytes, size_t len) {
    if (2 * pool->count >= pool->nslots)
        widen(pool);
    for (size_t i = hash_bytes(bytes, len) % pool->nslots; pool->slots[i];
         i = (i + 1) % pool->nslots) {
        size_t run = pool->slots[i] - 1;
        if (pool->lengths[run] == len &&
            memcmp(pool->bytes + pool->starts[run], bytes, len) == 0)
            return pool->starts[run];
    }
    return append(pool, bytes, len);
}
