// SPDX-License-Identifier: Apache-2.0
// Names a hook that does not exist.
#include "probe.h"

SEC("hook/probe/sean")
int lost(struct probe_seen *ctx)
{
    return ctx->id == 0;
}
