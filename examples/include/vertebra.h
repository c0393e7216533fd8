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

/* Behind a map: shows it as a Prometheus metric. The text is an entry of a descriptor's `metrics`, without `map`. */
#define METRIC(entry) __attribute__((btf_decl_tag("metric:" entry)))

enum {
    BPF_MAP_TYPE_HASH = 1,
    BPF_MAP_TYPE_ARRAY = 2,
    BPF_MAP_TYPE_PERCPU_HASH = 5,
    BPF_MAP_TYPE_PERCPU_ARRAY = 6,
    BPF_MAP_TYPE_LRU_HASH = 9,
    BPF_MAP_TYPE_QUEUE = 22,
    BPF_MAP_TYPE_STACK = 23,
    BPF_MAP_TYPE_RINGBUF = 27,
    BPF_MAP_TYPE_USER_RINGBUF = 31,
};

enum { BPF_ANY = 0, BPF_NOEXIST = 1, BPF_EXIST = 2 };

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*const bpf_map_update_elem)(void *map, const void *key, const void *value, __u64 flags) = (void *)2;
static long (*const bpf_map_delete_elem)(void *map, const void *key) = (void *)3;
/* The moment of firing in nanoseconds, the same for every codelet of the event. */
static __u64 (*const bpf_ktime_get_ns)(void) = (void *)5;
static __u32 (*const bpf_get_prandom_u32)(void) = (void *)7;
static __u32 (*const bpf_get_smp_processor_id)(void) = (void *)8;
/* Of a QUEUE or STACK, which has no keys; records that are sent to an input of the set wait in one. */
static long (*const bpf_map_push_elem)(void *map, const void *value, __u64 flags) = (void *)87;
static long (*const bpf_map_pop_elem)(void *map, void *value) = (void *)88;
static long (*const bpf_map_peek_elem)(void *map, void *value) = (void *)89;
static long (*const bpf_ringbuf_output)(void *ring, void *data, __u64 size, __u64 flags) = (void *)130;
static void *(*const bpf_ringbuf_reserve)(void *ring, __u64 size, __u64 flags) = (void *)131;
static void (*const bpf_ringbuf_submit)(void *data, __u64 flags) = (void *)132;
static void (*const bpf_ringbuf_discard)(void *data, __u64 flags) = (void *)133;

/*
 * A lock in the value of a HASH or ARRAY map, at most one for each value. While it is held, a codelet holds no other one,
 * calls nothing, and does not return. What it guards is read and written member by member; no copy touches the lock.
 */
struct bpf_spin_lock {
    __u32 val;
};
static void (*const bpf_spin_lock)(struct bpf_spin_lock *lock) = (void *)93;
static void (*const bpf_spin_unlock)(struct bpf_spin_lock *lock) = (void *)94;

/*
 * A timer in the value of a HASH, LRU_HASH or ARRAY map, at most one for each value. It calls
 * `int callback(void *map, KEY *key, VALUE *value)`, which returns 0, on the core that the codelet ran on. Deleting or
 * overwriting the value ends it, unloading the codelet too. Cancel does not wait for a callback on another core.
 */
struct bpf_timer {
    __u64 : 64;
    __u64 : 64;
} __attribute__((aligned(8)));
enum { CLOCK_REALTIME = 0, CLOCK_MONOTONIC = 1, CLOCK_BOOTTIME = 7 };
enum { BPF_F_TIMER_ABS = 1, BPF_F_TIMER_CPU_PIN = 2 };
static long (*const bpf_timer_init)(struct bpf_timer *timer, void *map, __u64 clock) = (void *)169;
static long (*const bpf_timer_set_callback)(struct bpf_timer *timer, void *callback) = (void *)170;
static long (*const bpf_timer_start)(struct bpf_timer *timer, __u64 nanos, __u64 flags) = (void *)171;
static long (*const bpf_timer_cancel)(struct bpf_timer *timer) = (void *)172;

/*
 * Memory whose size is known at run time; a local variable. One of bpf_ringbuf_reserve_dynptr is submitted or discarded
 * on every path, also when the reserve failed.
 */
struct bpf_dynptr {
    __u64 : 64;
    __u64 : 64;
} __attribute__((aligned(8)));
static long (*const bpf_dynptr_from_mem)(void *value, __u32 size, __u64 flags, struct bpf_dynptr *ptr) = (void *)197;
static long (*const bpf_ringbuf_reserve_dynptr)(void *ring, __u32 size, __u64 flags, struct bpf_dynptr *ptr) =
    (void *)198;
static void (*const bpf_ringbuf_submit_dynptr)(struct bpf_dynptr *ptr, __u64 flags) = (void *)199;
static void (*const bpf_ringbuf_discard_dynptr)(struct bpf_dynptr *ptr, __u64 flags) = (void *)200;
static long (*const bpf_dynptr_read)(void *to, __u32 size, const struct bpf_dynptr *from, __u32 offset, __u64 flags) =
    (void *)201;
static long (*const bpf_dynptr_write)(const struct bpf_dynptr *to, __u32 offset, void *from, __u32 size,
                                      __u64 flags) = (void *)202;
static void *(*const bpf_dynptr_data)(const struct bpf_dynptr *from, __u32 offset, __u32 size) = (void *)203;

/*
 * What the application has put into a USER_RINGBUF map: `long callback(struct bpf_dynptr *sample, void *state)` for each
 * sample, until one returns 1; the number of samples.
 */
static long (*const bpf_user_ringbuf_drain)(void *ring, void *callback, void *state, __u64 flags) = (void *)209;

/*
 * bpf_per_cpu_ptr (153) and bpf_this_cpu_ptr (154) give addresses of a kernel's variables. There is no kernel here: use a
 * PERCPU_ARRAY map with bpf_map_lookup_elem.
 */

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

/* A name that is longer is cut. */
struct vertebra_name {
    __u16 len;
    char s[64];
};

/*
 * Context of a program in section `hook/vertebra/codelet_statistics`: once a second, for each attached codelet, what it has
 * done since the last time. data is a histogram of the timed runs, __u64[64]: word k counts those of [2^k, 2^(k+1)) ns.
 */
struct vertebra_codelet_statistics {
    void *data;
    void *data_end;
    __u32 payload_len;
    __s64 period_ns;
    __s64 runs; /* errors included */
    __s64 errors;
    __s64 dropped; /* events that it never saw */
    __s64 timed_runs;
    __s64 timed_ns; /* what the timed runs took together */
    __s64 longest_ns;
    struct vertebra_name codelet_set;
    struct vertebra_name codelet;
    struct vertebra_name hook;
};

/* The same of all codelets of a hook together: section `hook/vertebra/hook_statistics`. */
struct vertebra_hook_statistics {
    void *data;
    void *data_end;
    __u32 payload_len;
    __s64 period_ns;
    __s64 runs;
    __s64 errors;
    __s64 dropped;
    __s64 timed_runs;
    __s64 timed_ns;
    __s64 longest_ns;
    struct vertebra_name hook;
};

VERTEBRA_CONTEXTS_END

#endif
