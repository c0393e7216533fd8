// SPDX-License-Identifier: Apache-2.0
// Counts events of a route.
#include "bench.h"

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, ROUTES);
    __type(key, __u32);
    __type(value, __u64);
} counts SEC(".maps");

SEC("hook/bench/counter")
int counter(struct bench_counter *ctx)
{
    __u32 route = ctx->route;
    __u64 *count = bpf_map_lookup_elem(&counts, &route);
    if (count)
        (*count)++;
    return 0;
}
