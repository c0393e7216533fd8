/* A number of the event is the size of what a helper reads. */
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
int send(struct test_event *ctx)
{
    char text[64] = {};
    bpf_ringbuf_output(&events, text, ctx->small, 0);
    return 0;
}
