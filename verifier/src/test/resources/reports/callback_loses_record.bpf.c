/* A callback reserves a record in each call and submits only some of them. */
#include "report.h"

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} events SEC(".maps");

__noinline long send(__u32 index, struct test_event **ctx)
{
    __u64 *record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);
    if (!record)
        return 1;
    *record = index;
    if ((*ctx)->small == index)
        return 1;
    bpf_ringbuf_submit(record, 0);
    return 0;
}

SEC("hook/test/event")
int send_all(struct test_event *ctx)
{
    bpf_loop(10, send, &ctx, 0);
    return 0;
}
