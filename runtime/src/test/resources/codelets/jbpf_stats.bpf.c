// SPDX-License-Identifier: Apache-2.0
// A codelet of jbpf's ABI on report_stats and periodic_call: remembers what it was told of the first hook that ran.
#include "jbpf.h"

struct jbpf_stats_ctx {
    __u64 data;
    __u64 data_end;
    __u64 meta_data;
    __u32 meas_period;
};

struct jbpf_perf_data {
    __u64 num;
    __u64 min;
    __u64 max;
    __u32 hist[64];
    char hook_name[256];
};

struct jbpf_perf_hook_list {
    __u8 num_reported_hooks;
    struct jbpf_perf_data perf_data[128];
};

struct report {
    __u64 calls;
    __u64 reports;
    __u64 hooks;
    __u64 period;
    __u64 num;
    __u64 min;
    __u64 max;
    __u64 timed;
    char name[8];
};

struct jbpf_load_map_def SEC("maps") reports = {ARRAY, sizeof(__u32), sizeof(struct report), 1};

SEC("jbpf_stats")
__u64 jbpf_main(struct jbpf_stats_ctx *ctx)
{
    __u32 zero = 0;
    struct jbpf_perf_hook_list *list = (struct jbpf_perf_hook_list *)ctx->data;
    struct report *r = jbpf_map_lookup_elem(&reports, &zero);

    if (!r)
        return 1;
    r->calls++;
    r->period = ctx->meas_period;
    if ((__u64)(list + 1) > ctx->data_end)
        return 1;
    r->reports++;
    r->hooks = list->num_reported_hooks;
    for (__u32 i = 0; i < 4; i++) {
        struct jbpf_perf_data *d = &list->perf_data[i];
        if (d->num == 0)
            continue;
        r->num += d->num;
        r->min = d->min;
        r->max = d->max;
        for (__u32 k = 0; k < 64; k++)
            r->timed += d->hist[k];
        for (__u32 k = 0; k < sizeof(r->name); k++)
            r->name[k] = d->hook_name[k];
        return 0;
    }
    return 0;
}
