/* A load reads between two fields of the context. */
#include "report.h"

SEC("hook/test/event")
int peek(struct test_event *ctx)
{
    return ((volatile __u32 *)ctx)[3];
}
