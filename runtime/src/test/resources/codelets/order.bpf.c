// SPDX-License-Identifier: Apache-2.0
// Tells on which core each event was run, in the order in which they were.
#include "probe.h"

struct run {
    __s64 id;
    __s64 sequence;
    __u64 core;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 20);
    __type(value, struct run);
} runs SEC(".maps");

SEC("hook/probe/seen")
int order(struct probe_seen *ctx)
{
    struct run r = {.id = ctx->id, .sequence = ctx->bytes, .core = bpf_get_smp_processor_id()};
    bpf_ringbuf_output(&runs, &r, sizeof(r), 0);
    return 0;
}

char LICENSE[] SEC("license") = "Apache-2.0";
