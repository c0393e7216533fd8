/* A number of the event is followed like a pointer. */
#include "report.h"

SEC("hook/test/event")
int follow(struct test_event *ctx)
{
    return *(__u32 *)ctx->number;
}
