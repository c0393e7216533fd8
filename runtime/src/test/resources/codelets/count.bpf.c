// SPDX-License-Identifier: Apache-2.0
// Counts events in every kind of map that cores share or do not share, and emits the large ones.
#include "probe.h"

const volatile __s64 large = 1000;
const volatile __u32 step = 1;

struct totals {
    __u64 events;
    __s64 bytes;
};

struct large_event {
    __s64 id;
    __s64 bytes;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, struct totals);
} totals SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} by_slot SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 64);
    __type(key, __s64);
    __type(value, __s64);
} last_bytes SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
    __type(value, struct large_event);
} large_events SEC(".maps");

SEC("hook/probe/seen")
int count(struct probe_seen *ctx)
{
    __u32 route = ctx->route;
    __u32 zero = 0;
    __s64 id = ctx->id;
    __s64 bytes = ctx->bytes;

    struct totals *t = bpf_map_lookup_elem(&totals, &route);
    if (t) {
        __sync_fetch_and_add(&t->events, step);
        __sync_fetch_and_add(&t->bytes, bytes);
    }
    __u64 *own = bpf_map_lookup_elem(&by_slot, &zero);
    if (own)
        (*own)++;
    bpf_map_update_elem(&last_bytes, &id, &bytes, BPF_ANY);
    if (bytes >= large) {
        struct large_event *e = bpf_ringbuf_reserve(&large_events, sizeof(*e), 0);
        if (e) {
            e->id = id;
            e->bytes = bytes;
            bpf_ringbuf_submit(e, 0);
        }
    }
    return 0;
}

char LICENSE[] SEC("license") = "Apache-2.0";
