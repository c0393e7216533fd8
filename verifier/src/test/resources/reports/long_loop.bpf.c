/* A number of the event says how often a loop runs. */
#include "report.h"

SEC("hook/test/event")
int sum_up(struct test_event *ctx)
{
    volatile __u64 sum = 0;
    for (__u64 i = 0; i < ctx->number; i++)
        sum += i;
    return sum;
}
