/* A function calls itself. */
#include "report.h"

__noinline __u64 factorial(__u64 n)
{
    volatile __u64 less = n - 1;
    return n ? n * factorial(less) : 1;
}

SEC("hook/test/event")
int compute(struct test_event *ctx)
{
    return factorial(ctx->small);
}
