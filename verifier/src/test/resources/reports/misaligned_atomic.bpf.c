/* A counter in a packed struct is not at a multiple of 8. */
#include "report.h"

struct __attribute__((packed)) counter {
    __u32 route;
    __u64 count;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, struct counter);
} counters SEC(".maps");

SEC("hook/test/event")
int count(struct test_event *ctx)
{
    __u32 key = 0;
    struct counter *c = bpf_map_lookup_elem(&counters, &key);
    if (c)
        __sync_fetch_and_add(&c->count, 1);
    return 0;
}
