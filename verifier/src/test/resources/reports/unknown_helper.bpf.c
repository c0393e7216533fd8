/* A helper of Linux that has no meaning here. */
#include "report.h"

static long (*const bpf_redirect)(__u32 interface, __u64 flags) = (void *)23;

SEC("hook/test/event")
int send(struct test_event *ctx)
{
    return bpf_redirect(ctx->small, 0);
}
