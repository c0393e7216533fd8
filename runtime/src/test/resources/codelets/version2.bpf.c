// SPDX-License-Identifier: Apache-2.0
// version1.bpf.c with another layout of one map, counting elsewhere.
#include "probe.h"

struct seen_event {
    __s64 id;
    __s64 version;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, __u64);
} counts SEC(".maps");

struct detail {
    __u32 events;
    __u32 errors;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct detail);
} details SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 65536);
    __type(value, struct seen_event);
} seen_events SEC(".maps");

__u64 total;

SEC("hook/probe/seen")
int count(struct probe_seen *ctx)
{
    __u32 zero = 0, one = 1;
    __u64 *n = bpf_map_lookup_elem(&counts, &one);
    if (n)
        __sync_fetch_and_add(n, 1);
    struct detail *d = bpf_map_lookup_elem(&details, &zero);
    if (d)
        __sync_fetch_and_add(&d->events, 1);
    __sync_fetch_and_add(&total, 1);
    struct seen_event *e = bpf_ringbuf_reserve(&seen_events, sizeof(*e), 0);
    if (e) {
        e->id = ctx->id;
        e->version = 2;
        bpf_ringbuf_submit(e, 0);
    }
    return 0;
}

SEC("control/probe/choose")
int choose(struct probe_choose *ctx)
{
    return 2;
}

char LICENSE[] SEC("license") = "Apache-2.0";
