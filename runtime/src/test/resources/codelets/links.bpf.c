// SPDX-License-Identifier: Apache-2.0
// Adds to two maps, which other codelets may link.
#include "probe.h"

const volatile __u64 amount = 1;

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} left SEC(".maps"), right SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, __u64);
} wider SEC(".maps");

SEC("hook/probe/seen")
int add(struct probe_seen *ctx)
{
    __u32 zero = 0;
    __u64 *n = bpf_map_lookup_elem(&left, &zero);
    if (n)
        __sync_fetch_and_add(n, amount);
    n = bpf_map_lookup_elem(&right, &zero);
    if (n)
        __sync_fetch_and_add(n, amount * 10);
    n = bpf_map_lookup_elem(&wider, &zero);
    if (n)
        __sync_fetch_and_add(n, 1);
    return 0;
}

char LICENSE[] SEC("license") = "Apache-2.0";
