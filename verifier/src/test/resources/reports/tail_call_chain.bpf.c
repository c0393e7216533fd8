/* A program is too long to be one of a chain. */
#include "report.h"

struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u32);
} stages SEC(".maps");

SEC("hook/test/event")
int stage(struct test_event *ctx)
{
    volatile __u64 sum = 0;
    for (int i = 0; i < 1000; i++)
        sum += i;
    bpf_tail_call(ctx, &stages, 1);
    return sum;
}
