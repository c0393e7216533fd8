// SPDX-License-Identifier: Apache-2.0
// Forgets to check what a lookup gave.
#include "probe.h"

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4);
    __type(key, __s64);
    __type(value, __u64);
} values SEC(".maps");

SEC("hook/probe/seen")
int unchecked(struct probe_seen *ctx)
{
    __s64 id = ctx->id;
    __u64 *value = bpf_map_lookup_elem(&values, &id);
    *value += 1;
    return 0;
}
