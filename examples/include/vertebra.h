/* SPDX-License-Identifier: Apache-2.0 */
/* What a codelet may use: types, section and map macros, and the helper functions, under the names that libbpf uses. */
#ifndef VERTEBRA_H
#define VERTEBRA_H

typedef signed char __s8;
typedef unsigned char __u8;
typedef short __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long __s64;
typedef unsigned long long __u64;

#define SEC(name) __attribute__((section(name), used))
#define __always_inline inline __attribute__((always_inline))
#define __uint(name, value) int(*name)[value]
#define __type(name, value) typeof(value) *name

enum {
    BPF_MAP_TYPE_HASH = 1,
    BPF_MAP_TYPE_ARRAY = 2,
    BPF_MAP_TYPE_PERCPU_HASH = 5,
    BPF_MAP_TYPE_PERCPU_ARRAY = 6,
    BPF_MAP_TYPE_LRU_HASH = 9,
    BPF_MAP_TYPE_RINGBUF = 27,
};

enum { BPF_ANY = 0, BPF_NOEXIST = 1, BPF_EXIST = 2 };

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*const bpf_map_update_elem)(void *map, const void *key, const void *value, __u64 flags) = (void *)2;
static long (*const bpf_map_delete_elem)(void *map, const void *key) = (void *)3;
/* The moment of firing in nanoseconds, the same for every codelet of the event. */
static __u64 (*const bpf_ktime_get_ns)(void) = (void *)5;
static __u32 (*const bpf_get_prandom_u32)(void) = (void *)7;
static __u32 (*const bpf_get_smp_processor_id)(void) = (void *)8;
static long (*const bpf_ringbuf_output)(void *ring, void *data, __u64 size, __u64 flags) = (void *)130;
static void *(*const bpf_ringbuf_reserve)(void *ring, __u64 size, __u64 flags) = (void *)131;
static void (*const bpf_ringbuf_submit)(void *data, __u64 flags) = (void *)132;
static void (*const bpf_ringbuf_discard)(void *data, __u64 flags) = (void *)133;

/*
 * Context structs stand between these two: the offsets of their fields are then computed anew for the running
 * application, so that a codelet fits other versions of its hook (CO-RE).
 */
#define VERTEBRA_CONTEXTS_BEGIN \
    _Pragma("clang attribute push(__attribute__((preserve_access_index)), apply_to = record)")
#define VERTEBRA_CONTEXTS_END _Pragma("clang attribute pop")

/* Whether the running application has a field. */
#define bpf_core_field_exists(field) __builtin_preserve_field_info(field, 2)

VERTEBRA_CONTEXTS_BEGIN

/* Context of a program in an `interval/<duration>` section. */
struct vertebra_interval {
    __u64 now_ns;
    __u64 tick;
};

VERTEBRA_CONTEXTS_END

#endif
