// SPDX-License-Identifier: Apache-2.0
// Adds up what it is told of the codelet `tally`, and of its hook.
#include "probe.h"

struct sums {
    __u64 reports;
    __s64 period_ns;
    __s64 runs;
    __s64 errors;
    __s64 timed_runs;
    __u64 histogram;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, struct sums);
} sums SEC(".maps");

static __always_inline int add(__u32 which, void *data, void *data_end, struct sums more)
{
    struct sums *s = bpf_map_lookup_elem(&sums, &which);
    __u64 *word = data;
    if (!s || data + 64 * sizeof(__u64) > data_end)
        return 1;
    s->reports++;
    s->period_ns += more.period_ns;
    s->runs += more.runs;
    s->errors += more.errors;
    s->timed_runs += more.timed_runs;
    for (int k = 0; k < 64; k++)
        s->histogram += word[k];
    return 0;
}

SEC("hook/vertebra/codelet_statistics")
int of_codelet(struct vertebra_codelet_statistics *ctx)
{
    if (ctx->codelet.len != 5 || ctx->codelet.s[0] != 't')
        return 0;
    struct sums more = {0, ctx->period_ns, ctx->runs, ctx->errors, ctx->timed_runs, 0};
    return add(0, ctx->data, ctx->data_end, more);
}

SEC("hook/vertebra/hook_statistics")
int of_hook(struct vertebra_hook_statistics *ctx)
{
    if (ctx->hook.len != 10 || ctx->hook.s[0] != 'p')
        return 0;
    struct sums more = {0, ctx->period_ns, ctx->runs, ctx->errors, ctx->timed_runs, 0};
    return add(1, ctx->data, ctx->data_end, more);
}
