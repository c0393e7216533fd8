/* The arguments of a lookup are the wrong way round. */
#include "report.h"

struct histogram {
    __u64 total;
    __u32 slots[16];
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, struct histogram);
} histograms SEC(".maps");

SEC("hook/test/event")
int find(struct test_event *ctx)
{
    __u32 key = 0;
    return bpf_map_lookup_elem(&key, &histograms) != NULL;
}
