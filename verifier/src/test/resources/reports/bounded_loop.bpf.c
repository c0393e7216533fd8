/* Accepted: a loop over a payload of any length, up to 64 options. */
#include "report.h"

SEC("hook/test/event")
int options(struct test_event *ctx)
{
    __u8 *data = ctx->data, *end = ctx->data_end;
    for (int i = 0; i < 64; i++) {
        if (data + 2 > end || data[0] == 0)
            return i;
        data += data[1];
    }
    return 64;
}
