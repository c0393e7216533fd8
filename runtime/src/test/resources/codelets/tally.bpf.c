// SPDX-License-Identifier: Apache-2.0
// Counts what it sees, in an array that all threads share and with atomic operations.
#include "probe.h"

struct tally {
    __u64 events;
    __s64 bytes;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct tally);
} tallies SEC(".maps");

SEC("hook/probe/seen")
int tally(struct probe_seen *ctx)
{
    __u32 zero = 0;
    struct tally *t = bpf_map_lookup_elem(&tallies, &zero);
    if (t) {
        __sync_fetch_and_add(&t->events, 1);
        __sync_fetch_and_add(&t->bytes, ctx->bytes);
    }
    return 0;
}
