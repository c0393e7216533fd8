/* An index into a local array is not bounded. */
#include "report.h"

SEC("hook/test/event")
int remember(struct test_event *ctx)
{
    volatile __u8 bytes[16] = {};
    bytes[ctx->small] = 1;
    return bytes[0];
}
