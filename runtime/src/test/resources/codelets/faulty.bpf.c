// SPDX-License-Identifier: Apache-2.0
// Fails, or takes its time, where the application's helper does.
#include "probe.h"

static __s64 (*const probe_backend)(__s32 route, __s64 load) = (void *)65537;

SEC("hook/probe/seen")
int faulty(struct probe_seen *ctx)
{
    return probe_backend(ctx->route, ctx->bytes);
}
