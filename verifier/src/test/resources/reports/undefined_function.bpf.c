/* A function is declared and nowhere defined. */
#include "report.h"

__u64 elsewhere(__u64 number);

SEC("hook/test/event")
int ask(struct test_event *ctx)
{
    return elsewhere(ctx->number);
}
