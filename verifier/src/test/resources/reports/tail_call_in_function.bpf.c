/* A function that is not inlined makes a tail call. */
#include "report.h"

struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u32);
} stages SEC(".maps");

__noinline int leave(struct test_event *ctx)
{
    bpf_tail_call(ctx, &stages, 1);
    return 0;
}

SEC("hook/test/event")
int begin(struct test_event *ctx)
{
    return leave(ctx) + 1;
}
