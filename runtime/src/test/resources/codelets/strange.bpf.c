// SPDX-License-Identifier: Apache-2.0
// Lies in a section that nobody knows.
#include "probe.h"

SEC("kprobe/do_exit")
int strange(struct probe_seen *ctx)
{
    return ctx->id == 0;
}
