// SPDX-License-Identifier: Apache-2.0
// Counts events of two sizes, and tells the application when one has arrived.
#include "../bench.h"

/* What QueuedPath.Arrival declares. */
static void (*const bench_arrival)(__s64 fired) = (void *)65600;

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} counts SEC(".maps");

static __always_inline int counted(void)
{
    __u32 zero = 0;
    __u64 *count = bpf_map_lookup_elem(&counts, &zero);
    if (count)
        (*count)++;
    return 0;
}

SEC("hook/bench/published32")
int published32(struct bench_published32 *ctx)
{
    return counted();
}

SEC("hook/bench/published64")
int published64(struct bench_published64 *ctx)
{
    return counted();
}

SEC("hook/bench/arrived")
int arrived(struct bench_arrived *ctx)
{
    bench_arrival(ctx->fired);
    return 0;
}
