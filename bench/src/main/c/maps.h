/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An array and a hash map for one thread: helper functions of both baselines. The native codelets inline them with
 * constant shapes; uBPF calls them. Values are multiples of 8 bytes.
 */
#ifndef MAPS_H
#define MAPS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum map_type { HASH = 1, ARRAY = 2, PERCPU_ARRAY = 6 };

struct shape {
    uint32_t type;
    uint32_t entries;
    uint32_t key_size;
    uint32_t value_size;
};

/* A hash map is an open table of twice as many buckets as entries (a power of two): used, key, value. */
#define INLINE static inline __attribute__((always_inline))
#define ROUND_UP(bytes) (((size_t)(bytes) + 7) & ~(size_t)7)

INLINE size_t map_buckets(struct shape shape)
{
    return 2 * (size_t)shape.entries;
}

INLINE size_t map_bucket_bytes(struct shape shape)
{
    return 8 + ROUND_UP(shape.key_size) + ROUND_UP(shape.value_size);
}

INLINE size_t map_bytes(struct shape shape)
{
    return shape.type == HASH ? map_buckets(shape) * map_bucket_bytes(shape)
                              : (size_t)shape.entries * shape.value_size;
}

/* The bucket of a key, or the free one where it belongs. */
INLINE unsigned char *map_bucket(void *memory, struct shape shape, const void *key)
{
    uint64_t hash = 0;
    for (uint32_t at = 0; at < shape.key_size; at += 8) {
        uint64_t word = 0;
        memcpy(&word, (const char *)key + at, shape.key_size - at < 8 ? shape.key_size - at : 8);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15;
    }
    size_t mask = map_buckets(shape) - 1;
    for (size_t index = (hash >> 32) & mask;; index = (index + 1) & mask) {
        unsigned char *bucket = (unsigned char *)memory + index * map_bucket_bytes(shape);
        if (!*bucket || !memcmp(bucket + 8, key, shape.key_size))
            return bucket;
    }
}

INLINE void *map_lookup(void *memory, struct shape shape, const void *key)
{
    if (shape.type == HASH) {
        unsigned char *bucket = map_bucket(memory, shape, key);
        return *bucket ? bucket + 8 + ROUND_UP(shape.key_size) : NULL;
    }
    uint32_t index;
    memcpy(&index, key, sizeof(index));
    return index < shape.entries ? (char *)memory + (size_t)index * shape.value_size : NULL;
}

/* Creates or replaces; the caller sees to it that a hash map never holds more than its entries. */
INLINE long map_update(void *memory, struct shape shape, const void *key, const void *value)
{
    if (shape.type == HASH) {
        unsigned char *bucket = map_bucket(memory, shape, key);
        *bucket = 1;
        memcpy(bucket + 8, key, shape.key_size);
        memcpy(bucket + 8 + ROUND_UP(shape.key_size), value, shape.value_size);
        return 0;
    }
    void *place = map_lookup(memory, shape, key);
    if (!place)
        return -1;
    memcpy(place, value, shape.value_size);
    return 0;
}

#endif
