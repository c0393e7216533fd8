// SPDX-License-Identifier: Apache-2.0
// Remembers the ticks of a short interval.
#include "probe.h"

struct ticks {
    __u64 count;
    __u64 last;
    __u64 last_ns;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct ticks);
} ticks SEC(".maps");

SEC("interval/5ms")
int tick(struct vertebra_interval *ctx)
{
    __u32 zero = 0;
    struct ticks *t = bpf_map_lookup_elem(&ticks, &zero);
    if (t) {
        t->count++;
        t->last = ctx->tick;
        t->last_ns = ctx->now_ns;
    }
    return 0;
}
