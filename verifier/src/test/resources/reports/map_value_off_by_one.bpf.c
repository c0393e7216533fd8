/* The bound of an index is one too high. */
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
int count(struct test_event *ctx)
{
    __u32 key = 0, slot = ctx->small;
    struct histogram *h = bpf_map_lookup_elem(&histograms, &key);
    if (!h)
        return 0;
    if (ctx->number > 1000)
        h->total++;
    if (slot > 16)
        return 0;
    h->slots[slot] = 1;
    return 0;
}
