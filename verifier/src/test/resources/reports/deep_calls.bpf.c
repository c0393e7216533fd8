/* Nine functions would be active at once. */
#include "report.h"

__noinline __u64 level8(volatile __u64 n)
{
    return n * 3;
}

__noinline __u64 level7(volatile __u64 n)
{
    return level8(n) + n;
}

__noinline __u64 level6(volatile __u64 n)
{
    return level7(n) + n;
}

__noinline __u64 level5(volatile __u64 n)
{
    return level6(n) + n;
}

__noinline __u64 level4(volatile __u64 n)
{
    return level5(n) + n;
}

__noinline __u64 level3(volatile __u64 n)
{
    return level4(n) + n;
}

__noinline __u64 level2(volatile __u64 n)
{
    return level3(n) + n;
}

__noinline __u64 level1(volatile __u64 n)
{
    return level2(n) + n;
}

SEC("hook/test/event")
int descend(struct test_event *ctx)
{
    return level1(ctx->number);
}
