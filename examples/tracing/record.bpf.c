// SPDX-License-Identifier: Apache-2.0
// Records each step of the requests of a route while another codelet wants that; otherwise it costs a lookup.
#include "tracing.h"

enum step { RECEIVED = 0, QUEUED = 1, SENT = 2 };

struct step_record {
    __u64 event_ns;
    __s64 connection; /* 0 where the hook does not know it */
    __u32 route;
    __u32 step;
    __s32 value; /* bytes received, depth of the queue, or status */
    __s32 backend;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 256 * 1024);
    __type(value, struct step_record);
} steps SEC(".maps");

static __always_inline void record(__u32 route, __s64 connection, __u32 step, __s32 value, __s32 backend)
{
    __u64 now = bpf_ktime_get_ns();
    __u64 *until = bpf_map_lookup_elem(&traced_until, &route);
    if (!until || now >= *until)
        return;
    struct step_record *r = bpf_ringbuf_reserve(&steps, sizeof(*r), 0);
    if (!r)
        return;
    r->event_ns = now;
    r->connection = connection;
    r->route = route;
    r->step = step;
    r->value = value;
    r->backend = backend;
    bpf_ringbuf_submit(r, 0);
}

SEC("hook/gateway/request_received")
int record_received(struct gateway_request_received *ctx)
{
    record(ctx->route, ctx->connection, RECEIVED, ctx->bytes, -1);
    return 0;
}

SEC("hook/gateway/request_queued")
int record_queued(struct gateway_request_queued *ctx)
{
    record(ctx->route, 0, QUEUED, ctx->depth, -1);
    return 0;
}

SEC("hook/gateway/response_sent")
int record_sent(struct gateway_response_sent *ctx)
{
    record(ctx->route, ctx->connection, SENT, ctx->status, ctx->backend);
    return 0;
}

char LICENSE[] SEC("license") = "Apache-2.0";
