// SPDX-License-Identifier: Apache-2.0
// Compiled against an older version of its hook, and fit for this one.
#include "version.h"

SEC("control/version/asked")
long relocated(struct version_asked *ctx)
{
    long sum = ctx->route;
    sum = sum * 10 + ctx->letter;
    sum = sum * 1000 + ctx->bytes;
    sum = sum * 1000 + ctx->narrow;
    sum = sum * 10 + ctx->last;
    if (ctx->name.len > 1)
        sum = sum * 1000 + ctx->name.s[1];
    if (__builtin_preserve_field_info(ctx->gone, FIELD_EXISTS))
        sum = ctx->gone;
    return sum;
}
