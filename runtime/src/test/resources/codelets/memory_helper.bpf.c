// SPDX-License-Identifier: Apache-2.0
// Gives an application's helper memory to read and memory to fill.
#include "probe.h"

/* What HelpersTest.MemoryHelpers declares. */
static __s64 (*const probe_reverse)(const void *from, __u32 from_size, void *to, __u32 to_size) = (void *)65560;

SEC("control/probe/choose")
int choose(struct probe_choose *ctx)
{
    __u32 from[2] = {ctx->a, ctx->b};
    __u32 to[2];
    if (probe_reverse(from, sizeof(from), to, sizeof(to)) != sizeof(to))
        return -2;
    return to[0] * 1000 + to[1];
}

char LICENSE[] SEC("license") = "Apache-2.0";
