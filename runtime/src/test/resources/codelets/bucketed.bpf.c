// SPDX-License-Identifier: Apache-2.0
// A histogram as ebpf_exporter's programs write it: the bucket is the key's last field, the key behind the last one has the sum.
#include "probe.h"

#define LAST 12

struct place {
    __u32 route;
    __u32 bucket;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 256);
    __type(key, struct place);
    __type(value, __u64);
} sizes SEC(".maps")
    METRIC("{name: probe_size_bytes, type: histogram, help: Sizes of what was seen.,"
           " bucket_type: exp2, bucket_min: 0, bucket_max: 12,"
           " labels: [{name: route, decoders: [{name: uint}]}, {name: bucket, decoders: [{name: uint}]}]}");

static __always_inline void add(struct place *place, __u64 what)
{
    __u64 none = 0;
    __u64 *count = bpf_map_lookup_elem(&sizes, place);

    if (!count) {
        bpf_map_update_elem(&sizes, place, &none, BPF_NOEXIST);
        count = bpf_map_lookup_elem(&sizes, place);
    }
    if (count)
        __sync_fetch_and_add(count, what);
}

SEC("hook/probe/seen")
int bucketed(struct probe_seen *ctx)
{
    struct place place = {.route = ctx->route};
    __u64 bytes = ctx->bytes;

    for (int i = 0; i < LAST; i++) {
        if (bytes > (1ULL << i))
            place.bucket = i + 1;
    }
    add(&place, 1);
    place.bucket = LAST + 1;
    add(&place, bytes);
    return 0;
}
