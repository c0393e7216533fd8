/* A format is made at run time. */
#include "report.h"

SEC("hook/test/event")
int print(struct test_event *ctx)
{
    char format[4] = {'%', ctx->small, 0, 0};
    bpf_trace_printk(format, sizeof(format), ctx->number);
    return 0;
}
