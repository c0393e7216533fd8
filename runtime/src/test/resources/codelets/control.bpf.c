// SPDX-License-Identifier: Apache-2.0
// Chooses: the sum, wherever b is not negative.
#include "probe.h"

SEC("control/probe/choose")
int choose(struct probe_choose *ctx)
{
    return ctx->b < 0 ? -2 : ctx->a + ctx->b;
}
