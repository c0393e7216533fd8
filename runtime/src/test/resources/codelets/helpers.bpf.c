// SPDX-License-Identifier: Apache-2.0
// Calls helpers of the application.
#include "probe.h"

static __s64 (*const probe_backend)(__s32 route, __s64 load) = (void *)65537;
static _Bool (*const probe_is_open)(__s32 route) = (void *)65538;

SEC("control/probe/choose")
long choose(struct probe_choose *ctx)
{
    if (!probe_is_open(ctx->a))
        return -5;
    return probe_backend(ctx->a, ctx->b) + bpf_get_smp_processor_id();
}
