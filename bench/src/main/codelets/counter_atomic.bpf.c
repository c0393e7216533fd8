// SPDX-License-Identifier: Apache-2.0
// Counts events of a route, with an atomic addition.
#include "bench.h"

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, ROUTES);
    __type(key, __u32);
    __type(value, __u64);
} atomic_counts SEC(".maps");

SEC("hook/bench/counter_atomic")
int counter_atomic(struct bench_counter_atomic *ctx)
{
    __u32 route = ctx->route;
    __u64 *count = bpf_map_lookup_elem(&atomic_counts, &route);
    if (count)
        __sync_fetch_and_add(count, 1);
    return 0;
}
