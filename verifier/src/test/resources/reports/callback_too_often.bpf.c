/* A number of the event says how often a callback is called. */
#include "report.h"

__noinline long add(__u32 index, __u64 *sum)
{
    *sum += index;
    return 0;
}

SEC("hook/test/event")
int sum_up(struct test_event *ctx)
{
    __u64 sum = 0;
    bpf_loop(ctx->small, add, &sum, 0);
    return sum;
}
