// SPDX-License-Identifier: Apache-2.0
// Declares on its maps how they are shown.
#include "probe.h"

enum outcome { DONE, REFUSED };

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16);
    __type(key, enum outcome);
    __type(value, __u64);
} outcomes SEC(".maps")
    METRIC("{name: probe_outcomes_total, type: counter, help: What became of what was seen.,"
           " labels: [{name: outcome, decoders: [{name: enum}]}]}");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} latest SEC(".maps") METRIC("{name: probe_latest, type: gauge, help: The latest id.}");

SEC("hook/probe/seen")
int metrics(struct probe_seen *ctx)
{
    enum outcome outcome = ctx->id & 1 ? REFUSED : DONE;
    __u64 one = 1;
    __u64 *count = bpf_map_lookup_elem(&outcomes, &outcome);
    if (count)
        __sync_fetch_and_add(count, 1);
    else
        bpf_map_update_elem(&outcomes, &outcome, &one, BPF_ANY);
    __u32 zero = 0;
    __u64 *last = bpf_map_lookup_elem(&latest, &zero);
    if (last)
        *last = ctx->id;
    return 0;
}
