/* A constant is changed. */
#include "report.h"

const volatile __u64 limit = 1000;

SEC("hook/test/event")
int change(struct test_event *ctx)
{
    *(volatile __u64 *)&limit = ctx->number;
    return 0;
}
