// SPDX-License-Identifier: Apache-2.0
// Learns how long each route usually takes and reports only what is far from that. No threshold is configured.
#include "../gateway/gateway.h"

/* A response is an outlier when it is later than usual by this many mean deviations. */
const volatile __u32 deviations = 6;
/* So many responses of a route are learnt from before any is judged. */
const volatile __u32 warm_up = 32;
/* The threshold is this far above what is usual at least: a route whose delays are all alike has no deviation. */
const volatile __u32 least_us = 2000;

/* Sixteenths of a microsecond, so that small differences are not lost in the divisions. */
struct normal {
    struct bpf_spin_lock lock;
    __u32 responses;
    __u64 mean;
    __u64 deviation;
    __u64 outliers;
};

struct outlier {
    __u64 event_ns;
    __s64 connection;
    __u32 route;
    __s32 backend;
    __u32 delay_us;
    __u32 usual_us;
    __u32 threshold_us;
    __s32 status;
};

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 4096);
    __type(key, __s64);
    __type(value, __u64);
} started SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, ROUTES);
    __type(key, __u32);
    __type(value, struct normal);
} normal SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 64 * 1024);
    __type(value, struct outlier);
} outliers SEC(".maps");

SEC("hook/gateway/request_received")
int begin(struct gateway_request_received *ctx)
{
    __u64 now = bpf_ktime_get_ns();
    __s64 connection = ctx->connection;
    bpf_map_update_elem(&started, &connection, &now, BPF_ANY);
    return 0;
}

SEC("hook/gateway/response_sent")
int judge(struct gateway_response_sent *ctx)
{
    __u64 now = bpf_ktime_get_ns();
    __s64 connection = ctx->connection;
    __u32 route = ctx->route;
    __u64 *start = bpf_map_lookup_elem(&started, &connection);
    struct normal *n = bpf_map_lookup_elem(&normal, &route);
    if (!start || !n)
        return 0;
    __u64 before = *start;
    bpf_map_delete_elem(&started, &connection);
    __u64 delay = now > before ? (now - before) * 16 / 1000 : 0;

    /* Responses of a route may be judged on several cores at once. */
    bpf_spin_lock(&n->lock);
    __u64 mean = n->mean;
    __u64 margin = n->deviation * deviations;
    if (margin < (__u64)least_us * 16)
        margin = (__u64)least_us * 16;
    __u64 threshold = mean + margin;
    int late = n->responses >= warm_up && delay > threshold;
    /* An outlier counts as much as the threshold: it hardly moves what is usual, but a new pace is learnt in time. */
    __u64 learnt = late ? threshold : delay;
    __u64 away = learnt > mean ? learnt - mean : mean - learnt;
    if (n->responses == 0) {
        n->mean = learnt;
        n->deviation = learnt / 2;
    } else {
        n->mean = mean - mean / 16 + learnt / 16;
        n->deviation = n->deviation - n->deviation / 16 + away / 16;
    }
    n->responses++;
    n->outliers += late;
    bpf_spin_unlock(&n->lock);

    if (!late)
        return 0;
    struct outlier *record = bpf_ringbuf_reserve(&outliers, sizeof(*record), 0);
    if (!record)
        return 0;
    record->event_ns = now;
    record->connection = connection;
    record->route = route;
    record->backend = ctx->backend;
    record->delay_us = delay / 16;
    record->usual_us = mean / 16;
    record->threshold_us = threshold / 16;
    record->status = ctx->status;
    bpf_ringbuf_submit(record, 0);
    return 0;
}

char LICENSE[] SEC("license") = "Apache-2.0";
