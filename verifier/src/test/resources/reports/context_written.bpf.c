/* The context is changed. */
#include "report.h"

SEC("hook/test/event")
int change(struct test_event *ctx)
{
    ctx->small = 1;
    return 0;
}
