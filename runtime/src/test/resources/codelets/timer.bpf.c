/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps what was seen of each route for some milliseconds after the last event, and adds what the application sends. */
#include "probe.h"

struct visit {
    __u64 events;
    __u64 bytes;
    struct bpf_timer timer;
    struct bpf_spin_lock lock;
    __u32 expired;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16);
    __type(key, __s32);
    __type(value, struct visit);
} visits SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 3);
    __type(key, __u32);
    __type(value, __u64);
} totals SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_USER_RINGBUF);
    __uint(max_entries, 256);
} corrections SEC(".maps");

static __always_inline void add(__u32 what, __u64 amount)
{
    __u64 *total = bpf_map_lookup_elem(&totals, &what);
    if (total)
        __sync_fetch_and_add(total, amount);
}

/* Adds the route's bytes to total 0, counts in total 1, and forgets the route. */
static int expire(void *map, __s32 *route, struct visit *visit)
{
    __u64 bytes;
    bpf_spin_lock(&visit->lock);
    bytes = visit->bytes;
    visit->bytes = 0;
    bpf_spin_unlock(&visit->lock);
    add(0, bytes);
    add(1, 1);
    bpf_map_delete_elem(&visits, route);
    return 0;
}

static long correct(struct bpf_dynptr *sample, void *state)
{
    __u64 *amount = bpf_dynptr_data(sample, 0, sizeof(*amount));
    if (amount)
        add(2, *amount);
    return 0;
}

SEC("hook/probe/seen")
int keep(struct probe_seen *ctx)
{
    __s32 route = ctx->route;
    struct visit *visit = bpf_map_lookup_elem(&visits, &route);
    if (!visit) {
        struct visit fresh = {};
        bpf_map_update_elem(&visits, &route, &fresh, BPF_NOEXIST);
        visit = bpf_map_lookup_elem(&visits, &route);
        if (!visit)
            return 0;
        bpf_timer_init(&visit->timer, &visits, CLOCK_MONOTONIC);
        bpf_timer_set_callback(&visit->timer, expire);
    }
    bpf_timer_start(&visit->timer, ctx->id, 0);
    bpf_spin_lock(&visit->lock);
    visit->events++;
    visit->bytes += ctx->bytes;
    bpf_spin_unlock(&visit->lock);
    bpf_user_ringbuf_drain(&corrections, correct, (void *)0, 0);
    return 0;
}
