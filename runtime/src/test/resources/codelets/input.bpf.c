// SPDX-License-Identifier: Apache-2.0
// Lets through what is below a limit that is sent to it.
#include "probe.h"

struct limit {
    __s32 most;
    __u16 route;
    _Bool strict;
};

struct {
    __uint(type, BPF_MAP_TYPE_QUEUE);
    __uint(max_entries, 3);
    __type(value, struct limit);
} limits SEC(".maps");

struct limit current = {.most = 100};

SEC("control/probe/choose")
int choose(struct probe_choose *ctx)
{
    struct limit next = {};
    if (bpf_map_pop_elem(&limits, &next) == 0)
        current = next;
    return ctx->a > current.most ? (current.strict ? -2 : 0) : current.route;
}

char LICENSE[] SEC("license") = "Apache-2.0";
