/* Locks, timers, dynptrs and user ring buffers, with the names that codelet authors know. */
#include "report.h"

enum { BPF_MAP_TYPE_USER_RINGBUF = 31 };
enum { CLOCK_MONOTONIC = 1 };

struct bpf_spin_lock {
    __u32 val;
};

struct bpf_timer {
    __u64 : 64;
    __u64 : 64;
} __attribute__((aligned(8)));

struct bpf_dynptr {
    __u64 : 64;
    __u64 : 64;
} __attribute__((aligned(8)));

static void (*const bpf_spin_lock)(struct bpf_spin_lock *lock) = (void *)93;
static void (*const bpf_spin_unlock)(struct bpf_spin_lock *lock) = (void *)94;
static void *(*const bpf_per_cpu_ptr)(const void *variable, __u32 cpu) = (void *)153;
static long (*const bpf_timer_init)(struct bpf_timer *timer, void *map, __u64 clock) = (void *)169;
static long (*const bpf_timer_set_callback)(struct bpf_timer *timer, void *callback) = (void *)170;
static long (*const bpf_timer_start)(struct bpf_timer *timer, __u64 nanos, __u64 flags) = (void *)171;
static long (*const bpf_timer_cancel)(struct bpf_timer *timer) = (void *)172;
static long (*const bpf_dynptr_from_mem)(void *data, __u32 size, __u64 flags, struct bpf_dynptr *ptr) = (void *)197;
static long (*const bpf_ringbuf_reserve_dynptr)(void *ring, __u32 size, __u64 flags,
                                                struct bpf_dynptr *ptr) = (void *)198;
static void (*const bpf_ringbuf_submit_dynptr)(struct bpf_dynptr *ptr, __u64 flags) = (void *)199;
static void (*const bpf_ringbuf_discard_dynptr)(struct bpf_dynptr *ptr, __u64 flags) = (void *)200;
static long (*const bpf_dynptr_read)(void *to, __u32 size, const struct bpf_dynptr *from, __u32 offset,
                                     __u64 flags) = (void *)201;
static long (*const bpf_dynptr_write)(const struct bpf_dynptr *to, __u32 offset, void *from, __u32 size,
                                      __u64 flags) = (void *)202;
static void *(*const bpf_dynptr_data)(const struct bpf_dynptr *from, __u32 offset, __u32 size) = (void *)203;
static long (*const bpf_user_ringbuf_drain)(void *ring, void *callback, void *state, __u64 flags) = (void *)209;

struct account {
    __u64 balance;
    struct bpf_spin_lock lock;
    __u32 changes;
    struct bpf_timer timer;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 64);
    __type(key, __u32);
    __type(value, struct account);
} accounts SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} events SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_USER_RINGBUF);
    __uint(max_entries, 4096);
} input SEC(".maps");

__always_inline struct account *account_of(__u32 key)
{
    return bpf_map_lookup_elem(&accounts, &key);
}
