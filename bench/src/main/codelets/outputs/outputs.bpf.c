// SPDX-License-Identifier: Apache-2.0
// Emits a record of 64 bytes for each event, to either of two streams; and counts by one of 100,000 keys.
#include "../bench.h"

struct sample {
    __u64 connection;
    __u64 nanos;
    __u64 bytes;
    __u32 route;
    __u32 status;
    char path[32];
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 22);
    __type(value, struct sample);
} samples SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 22);
    __type(value, struct sample);
} kept SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 100000);
    __type(key, __u32);
    __type(value, __u64);
} series SEC(".maps");

static __always_inline int emit(void *stream, __u64 connection, __u64 nanos, __u64 bytes, __u32 route)
{
    struct sample sample = {
        .connection = connection,
        .nanos = nanos,
        .bytes = bytes,
        .route = route,
        .status = 200,
        .path = "/search",
    };

    bpf_ringbuf_output(stream, &sample, sizeof(sample), 0);
    return 0;
}

SEC("hook/bench/published32")
int emitted(struct bench_published32 *ctx)
{
    return emit(&samples, ctx->f0, ctx->f1, ctx->f2, ctx->f3);
}

SEC("hook/bench/published64")
int owed(struct bench_published64 *ctx)
{
    return emit(&kept, ctx->f0, ctx->f1, ctx->f2, ctx->f3);
}

SEC("hook/bench/counter")
int counted(struct bench_counter *ctx)
{
    __u32 key = ctx->route;
    __u64 one = 1;
    __u64 *count = bpf_map_lookup_elem(&series, &key);

    if (count)
        __sync_fetch_and_add(count, 1);
    else
        bpf_map_update_elem(&series, &key, &one, BPF_ANY);
    return 0;
}
