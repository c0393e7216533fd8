// SPDX-License-Identifier: Apache-2.0
// Its map is declared as a metric that does not exist.
#include "probe.h"

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} latest SEC(".maps") METRIC("{name: probe_latest, type: meter, map: latest}");

SEC("hook/probe/seen")
int strange(struct probe_seen *ctx)
{
    __u32 zero = 0;
    __u64 *last = bpf_map_lookup_elem(&latest, &zero);
    if (last)
        *last = ctx->id;
    return 0;
}
