/* The result of a lookup is used without a check. */
#include "report.h"

struct flow {
    __u64 packets;
    __u64 bytes;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, __u32);
    __type(value, struct flow);
} flows SEC(".maps");

SEC("hook/test/event")
int count(struct test_event *ctx)
{
    __u32 key = ctx->small;
    struct flow *flow = bpf_map_lookup_elem(&flows, &key);
    flow->packets++;
    return 0;
}
