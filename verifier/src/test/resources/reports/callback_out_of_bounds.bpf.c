/* A callback counts in its state, and uses the count as an index. */
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

struct state {
    struct histogram *histogram;
    __u64 next;
};

__noinline long set(__u32 index, struct state *state)
{
    state->histogram->slots[state->next++] = index;
    return 0;
}

SEC("hook/test/event")
int fill(struct test_event *ctx)
{
    __u32 key = 0;
    struct state state = {.histogram = bpf_map_lookup_elem(&histograms, &key)};
    if (!state.histogram)
        return 0;
    bpf_loop(16, set, &state, 0);
    return 0;
}
