// SPDX-License-Identifier: Apache-2.0
// Codelets that are too long for HotSpot to inline into the hooks of FrameHooks.java, for each type of payload: one
// that needs nothing but arguments, and one that needs a slot and hands the payload to a helper by address.
#include "vertebra.h"

struct frame {
    void *data;
    void *data_end;
    __u32 payload_len;
};

struct totals {
    __u64 frames;
    __u64 sum;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct totals);
} totals SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} by_slot SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 64);
    __type(key, __u64);
    __type(value, __u64);
} seen SEC(".maps");

static __always_inline __u64 sum(struct frame *ctx)
{
    __u8 *data = ctx->data;
    __u64 sum = 0;
    if (data + 64 > (__u8 *)ctx->data_end)
        return 0;
#pragma unroll
    for (int i = 0; i < 64; i += 8) {
        __u64 word = *(__u64 *)(data + i);
        __u32 half = *(__u32 *)(data + i + 4);
        __u16 quarter = *(__u16 *)(data + i + 2);
        sum += word > sum ? half : quarter ^ data[i];
    }
    return sum;
}

static __always_inline int count(struct frame *ctx)
{
    __u32 zero = 0;
    struct totals *t = bpf_map_lookup_elem(&totals, &zero);
    if (t) {
        __sync_fetch_and_add(&t->frames, 1);
        __sync_fetch_and_add(&t->sum, sum(ctx));
    }
    return 0;
}

static __always_inline int keep(struct frame *ctx)
{
    __u32 zero = 0;
    __u64 *own = bpf_map_lookup_elem(&by_slot, &zero);
    if (own)
        (*own)++;
    if (ctx->data + 64 <= ctx->data_end) {
        __u64 value = sum(ctx);
        bpf_map_update_elem(&seen, ctx->data + 8, &value, BPF_ANY);
    }
    return count(ctx);
}

#define FRAMES(hook)                                                                                                   \
    SEC("hook/frames/" #hook) int count_##hook(struct frame *ctx) { return count(ctx); }                               \
    SEC("hook/frames/" #hook) int keep_##hook(struct frame *ctx) { return keep(ctx); }

FRAMES(bytes)
FRAMES(buffer)
FRAMES(segment)
