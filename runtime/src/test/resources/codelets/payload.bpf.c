// SPDX-License-Identifier: Apache-2.0
// Reads and changes a payload, and reads a string.
#include "probe.h"

struct sums {
    __u64 frames;
    __u64 bytes;
    __u64 lengths;
    __u64 names;
    char first;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct sums);
} sums SEC(".maps");

SEC("hook/probe/frame")
int frame(struct probe_frame *ctx)
{
    __u8 *data = ctx->data;
    __u8 *end = ctx->data_end;
    __u32 zero = 0;
    struct sums *s = bpf_map_lookup_elem(&sums, &zero);
    if (!s)
        return 0;
    __sync_fetch_and_add(&s->frames, 1);
    __sync_fetch_and_add(&s->lengths, ctx->payload_len);
    if (data + 2 > end)
        return 0;
    __sync_fetch_and_add(&s->bytes, data[0] + data[1]);
    if (ctx->kind == 7)
        data[1] = 0xff;
    return 0;
}

SEC("hook/probe/named")
int named(struct probe_named *ctx)
{
    __u32 zero = 0;
    struct sums *s = bpf_map_lookup_elem(&sums, &zero);
    if (!s)
        return 0;
    __sync_fetch_and_add(&s->names, ctx->text.len);
    if (ctx->text.len > 0)
        s->first = ctx->text.s[0];
    return 0;
}
