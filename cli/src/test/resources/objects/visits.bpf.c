// SPDX-License-Identifier: Apache-2.0
// A lock, a timer, a dynptr and a user ring buffer.
#include "vertebra.h"

struct visit {
    __u64 events;
    struct bpf_spin_lock lock;
    struct bpf_timer timer;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct visit);
} visits SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_USER_RINGBUF);
    __uint(max_entries, 256);
} input SEC(".maps");

struct shop_visit {
    __u64 delay;
};

static int add_hundred(void *map, __u32 *key, struct visit *visit)
{
    bpf_spin_lock(&visit->lock);
    visit->events += 100;
    bpf_spin_unlock(&visit->lock);
    return 0;
}

static long nothing(struct bpf_dynptr *sample, void *state)
{
    return 0;
}

SEC("hook/shop/visit")
int on_visit(struct shop_visit *ctx)
{
    struct bpf_dynptr events;
    __u64 count = 0;
    __u32 key = 0;
    struct visit *visit = bpf_map_lookup_elem(&visits, &key);
    if (!visit)
        return -1;
    bpf_timer_init(&visit->timer, &visits, CLOCK_MONOTONIC);
    bpf_timer_set_callback(&visit->timer, add_hundred);
    bpf_timer_start(&visit->timer, ctx->delay, 0);
    bpf_spin_lock(&visit->lock);
    visit->events++;
    bpf_spin_unlock(&visit->lock);
    bpf_dynptr_from_mem(&visit->events, sizeof(visit->events), 0, &events);
    bpf_dynptr_read(&count, sizeof(count), &events, 0, 0);
    return count + bpf_user_ringbuf_drain(&input, nothing, (void *)0, 0);
}
