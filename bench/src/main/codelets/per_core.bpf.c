// SPDX-License-Identifier: Apache-2.0
// Counts events of a route, each core and slot for itself.
#include "bench.h"

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, ROUTES);
    __type(key, __u32);
    __type(value, __u64);
} core_counts SEC(".maps");

SEC("hook/bench/per_core")
int per_core(struct bench_per_core *ctx)
{
    __u32 route = ctx->route;
    __u64 *count = bpf_map_lookup_elem(&core_counts, &route);
    if (count)
        (*count)++;
    return 0;
}
