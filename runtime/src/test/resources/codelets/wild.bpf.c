// SPDX-License-Identifier: Apache-2.0
// Reads and writes wherever an event tells it to: no verifier accepts it.
#include "probe.h"

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, __u64);
} own SEC(".maps");

SEC("hook/probe/seen")
int wild(struct probe_seen *ctx)
{
    __u32 key = 0;
    volatile __u64 stack[4] = {};
    __u64 *value = bpf_map_lookup_elem(&own, &key);
    if (!value)
        return 0;
    switch (ctx->route) {
    case 0:
        return *(volatile __u64 *)ctx->id;
    case 1:
        *(volatile __u64 *)ctx->id = ctx->bytes;
        break;
    case 2:
        *(volatile __u64 *)((char *)value + ctx->id) = ctx->bytes;
        break;
    case 3:
        __sync_fetch_and_add((__u64 *)((char *)value + ctx->id), ctx->bytes);
        break;
    case 4:
        *(volatile __u64 *)((char *)stack + ctx->id) = ctx->bytes;
        break;
    case 5:
        *(volatile __u64 *)((char *)ctx + ctx->id) = ctx->bytes;
        break;
    case 6:
        return *(volatile __u32 *)((char *)ctx + ctx->id);
    default:
        bpf_map_update_elem(&own, (void *)ctx->id, (void *)ctx->bytes, BPF_ANY);
    }
    return stack[0];
}
