/* A callback returns what it counted instead of 0 or 1. */
#include "report.h"

__noinline long add(__u32 index, __u64 *sum)
{
    *sum += index;
    return *sum;
}

SEC("hook/test/event")
int sum_up(struct test_event *ctx)
{
    __u64 sum = 0;
    bpf_loop(10, add, &sum, 0);
    return sum;
}
