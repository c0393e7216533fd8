// SPDX-License-Identifier: Apache-2.0
// Compiled against a hook that had its fields in another order.
#include "vertebra.h"

struct probe_seen {
    __s32 route;
    __s64 id;
};

SEC("hook/probe/seen")
int older(struct probe_seen *ctx)
{
    return ctx->id == 0;
}
