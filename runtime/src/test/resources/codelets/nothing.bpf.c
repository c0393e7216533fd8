// SPDX-License-Identifier: Apache-2.0
// The smallest codelet.
#include "probe.h"

SEC("hook/probe/seen")
int nothing(struct probe_seen *ctx)
{
    return ctx->route;
}
