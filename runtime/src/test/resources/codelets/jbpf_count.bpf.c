// SPDX-License-Identifier: Apache-2.0
// A codelet of jbpf's ABI: counts, sums the payload's first word, changes the second, and puts out a record.
#include "jbpf.h"

struct record {
    __u32 ctx_id;
    __u32 first;
    __u64 count;
};

struct jbpf_load_map_def SEC("maps") counter = {ARRAY, sizeof(__u32), sizeof(__u64), 1};
struct jbpf_load_map_def SEC("maps") records = {RINGBUF, 0, sizeof(struct record), 10};

SEC("jbpf_generic")
__u64 jbpf_main(struct jbpf_generic_ctx *ctx, __u64 size)
{
    __u32 zero = 0;
    __u32 *data = (__u32 *)ctx->data;
    __u32 *end = (__u32 *)ctx->data_end;
    struct record r = {};

    if (data + 2 > end || size != sizeof(*ctx))
        return 1;
    __u64 *n = jbpf_map_lookup_elem(&counter, &zero);
    if (!n)
        return 1;
    r.count = *n += 1;
    r.ctx_id = ctx->ctx_id;
    r.first = data[0];
    data[1] = r.count;
    return jbpf_ringbuf_output(&records, &r, sizeof(r)) < 0;
}
