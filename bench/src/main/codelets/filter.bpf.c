// SPDX-License-Identifier: Apache-2.0
// Three predicates over three fields.
#include "bench.h"

SEC("control/bench/filter")
int filter(struct bench_filter *ctx)
{
    if (ctx->bytes < 1000)
        return 0;
    if (ctx->route == 3)
        return 0;
    return ctx->status >= 500;
}
