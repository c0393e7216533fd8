// SPDX-License-Identifier: Apache-2.0
// Continues in other programs, which its map holds from the beginning; the last one counts in an inner map.
#include "tails.h"

struct counter {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} counted SEC(".maps");

struct {
    __uint(type, ARRAY_OF_MAPS);
    __uint(max_entries, 2);
    __type(key, __u32);
    __array(values, struct counter);
} counters SEC(".maps") = {.values = {[1] = &counted}};

int doubled(struct probe_choose *ctx);
int last(struct probe_choose *ctx);

struct {
    __uint(type, PROG_ARRAY);
    __uint(max_entries, 4);
    __uint(key_size, 4);
    __array(values, int(struct probe_choose *));
} steps SEC(".maps") = {.values = {[0] = &doubled, [2] = &last}};

SEC("control/probe/choose")
int choose(struct probe_choose *ctx)
{
    bpf_tail_call(ctx, &steps, ctx->a);
    return -7;
}

SEC("control/probe/choose")
int doubled(struct probe_choose *ctx)
{
    if (ctx->b > 100)
        bpf_tail_call(ctx, &steps, 2);
    return 2 * ctx->b;
}

SEC("control/probe/choose")
int last(struct probe_choose *ctx)
{
    __u32 key = 1;
    void *inner = bpf_map_lookup_elem(&counters, &key);
    if (!inner)
        return -8;
    key = 0;
    __u64 *count = bpf_map_lookup_elem(inner, &key);
    if (!count)
        return -9;
    return 1000 + __sync_fetch_and_add(count, 1);
}
