/* The pointer moves on after it was compared with the end. */
#include "report.h"

SEC("hook/test/event")
int parse(struct test_event *ctx)
{
    __u8 *data = ctx->data, *end = ctx->data_end;
    if (data + 1 > end)
        return 0;
    data += data[0];
    return *data;
}
