/* Accepted: a quotient by 0 is 0 (RFC 9669 section 4.1). */
#include "report.h"

SEC("hook/test/event")
int average(struct test_event *ctx)
{
    return ctx->number / ctx->small;
}
