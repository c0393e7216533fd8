/* A program returns an address. */
#include "report.h"

SEC("hook/test/event")
__u64 give(struct test_event *ctx)
{
    return (__u64)ctx;
}
