/* A helper gets a pointer into the context instead of the context. */
#include "report.h"

struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u32);
} stages SEC(".maps");

SEC("hook/test/event")
int next(struct test_event *ctx)
{
    bpf_tail_call(&ctx->small, &stages, 1);
    return 0;
}
