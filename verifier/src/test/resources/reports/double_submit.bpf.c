/* A record is submitted twice. */
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
int report(struct test_event *ctx)
{
    struct record *r = bpf_ringbuf_reserve(&events, sizeof(*r), 0);
    if (!r)
        return 0;
    r->time = 0;
    bpf_ringbuf_submit(r, 0);
    bpf_ringbuf_submit(r, 0);
    return 0;
}
