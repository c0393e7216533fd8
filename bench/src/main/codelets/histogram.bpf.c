// SPDX-License-Identifier: Apache-2.0
// A log2 histogram in an array, and a count by route in a hash map.
#include "bench.h"

#define SLOTS 64

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, SLOTS);
    __type(key, __u32);
    __type(value, __u64);
} delays SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, __u64);
    __type(value, __u64);
} routes SEC(".maps");

static __always_inline __u32 log2_slot(__u64 value)
{
    __u32 slot = 0;
#pragma unroll
    for (int shift = 32; shift > 0; shift >>= 1) {
        if (value >> shift) {
            value >>= shift;
            slot += shift;
        }
    }
    return slot;
}

SEC("hook/bench/histogram")
int histogram(struct bench_histogram *ctx)
{
    __u32 slot = log2_slot(ctx->nanos);
    __u64 *delay = bpf_map_lookup_elem(&delays, &slot);
    if (delay)
        (*delay)++;
    __u64 route = (__u32)ctx->route;
    __u64 *count = bpf_map_lookup_elem(&routes, &route);
    if (count) {
        (*count)++;
    } else {
        __u64 one = 1;
        bpf_map_update_elem(&routes, &route, &one, BPF_ANY);
    }
    return 0;
}
