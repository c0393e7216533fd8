// SPDX-License-Identifier: Apache-2.0
// A codelet of jbpf's ABI that calls a helper of the application, and one that the application has put in another's place.
#include "jbpf.h"

static int (*const add_up)(__u64 a, int b) = (void *)32;
static __u64 (*const jbpf_time_get_ns)(void) = (void *)7;

SEC("jbpf_generic")
__u64 jbpf_main(struct jbpf_generic_ctx *ctx)
{
    return add_up(ctx->ctx_id, -2) + jbpf_time_get_ns();
}
