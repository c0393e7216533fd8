/* A ring buffer is asked for a value. */
#include "report.h"

struct record {
    __u64 time;
    __u32 route;
    __u32 status;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
    __type(value, struct record);
} events SEC(".maps");

SEC("hook/test/event")
int find(struct test_event *ctx)
{
    __u32 key = 0;
    return bpf_map_lookup_elem(&events, &key) != NULL;
}
