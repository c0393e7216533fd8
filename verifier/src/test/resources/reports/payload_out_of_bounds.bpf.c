/* One byte more is read than was compared with the end. */
#include "report.h"

SEC("hook/test/event")
int parse(struct test_event *ctx)
{
    __u8 *data = ctx->data, *end = ctx->data_end;
    if (data + 8 > end)
        return 0;
    return data[8];
}
