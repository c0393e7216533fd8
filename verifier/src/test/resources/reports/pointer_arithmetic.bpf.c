/* A pointer is multiplied. */
#include "report.h"

SEC("hook/test/event")
__u64 scramble(struct test_event *ctx)
{
    return (__u64)ctx * 31;
}
