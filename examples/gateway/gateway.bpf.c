// SPDX-License-Identifier: Apache-2.0
// Watches the gateway: traffic and inter-arrival time per route, queue depth, delay, and a stream of slow requests.
#include "gateway.h"

#define SLOTS 32
#define HISTORY 64 /* seconds kept, a power of two above the longest window */

const volatile __u64 slow_us = 100000;
const volatile __s32 depth_threshold = 4;

/* Slot k counts values in [2^k, 2^(k+1)); slot 0 also counts 0. */
struct histogram {
    __u64 slots[SLOTS];
    __u64 sum;
};

struct totals {
    __u64 requests;
    __u64 request_bytes;
    __u64 responses;
    __u64 response_bytes;
};

struct history {
    struct totals at[HISTORY];
};

struct window {
    __u32 route;
    __u32 seconds;
};

struct rates {
    __u64 requests_per_second;
    __u64 request_bytes_per_second;
    __u64 responses_per_second;
    __u64 response_bytes_per_second;
    __u64 mean_gap_us;
};

struct queue {
    __u64 queued;
    __u64 above_threshold;
    __s64 max_depth;
};

struct slow_request {
    __u64 event_ns;
    __s64 connection;
    __u32 route;
    __s32 backend;
    __s32 status;
    __u32 delay_us;
    __s64 bytes;
};

/* When the request that a connection carries now arrived. */
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
    __type(value, struct histogram);
} delay_us SEC(".maps"), gap_us SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, ROUTES);
    __type(key, __u32);
    __type(value, __u64);
} last_arrival SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, ROUTES);
    __type(key, __u32);
    __type(value, struct totals);
} traffic SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, ROUTES);
    __type(key, __u32);
    __type(value, struct history);
} history SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 3 * ROUTES);
    __type(key, struct window);
    __type(value, struct rates);
} rates SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, ROUTES);
    __type(key, __u32);
    __type(value, struct queue);
} queues SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 256 * 1024);
    __type(value, struct slow_request);
} slow SEC(".maps");

static __always_inline __u32 log2_slot(__u64 value)
{
    __u32 slot = 0;
#pragma unroll
    for (int shift = 16; shift > 0; shift >>= 1) {
        if (value >> shift) {
            value >>= shift;
            slot += shift;
        }
    }
    return slot & (SLOTS - 1);
}

/* Several cores may count in one histogram: the additions are atomic. */
static __always_inline void count(void *histograms, __u32 route, __u64 value)
{
    struct histogram *h = bpf_map_lookup_elem(histograms, &route);
    if (!h)
        return;
    __sync_fetch_and_add(&h->slots[log2_slot(value)], 1);
    __sync_fetch_and_add(&h->sum, value);
}

SEC("hook/gateway/request_received")
int on_request(struct gateway_request_received *ctx)
{
    __u64 now = bpf_ktime_get_ns();
    __s64 connection = ctx->connection;
    __u32 route = ctx->route;

    bpf_map_update_elem(&started, &connection, &now, BPF_ANY);

    struct totals *t = bpf_map_lookup_elem(&traffic, &route);
    if (!t)
        return 0;
    __sync_fetch_and_add(&t->requests, 1);
    __sync_fetch_and_add(&t->request_bytes, ctx->bytes);

    /* Cores may handle two arrivals in either order; the exchange pairs each with exactly one other. */
    __u64 *last = bpf_map_lookup_elem(&last_arrival, &route);
    if (!last)
        return 0;
    __u64 before = __sync_lock_test_and_set(last, now);
    if (before)
        count(&gap_us, route, now > before ? (now - before) / 1000 : 0);
    return 0;
}

SEC("hook/gateway/request_queued")
int on_queued(struct gateway_request_queued *ctx)
{
    __u32 route = ctx->route;
    struct queue *q = bpf_map_lookup_elem(&queues, &route);
    if (!q)
        return 0;
    /* The hook's key is the route, so one core alone writes this entry. */
    q->queued++;
    if (ctx->depth > depth_threshold)
        q->above_threshold++;
    if (ctx->depth > q->max_depth)
        q->max_depth = ctx->depth;
    return 0;
}

SEC("hook/gateway/response_sent")
int on_response(struct gateway_response_sent *ctx)
{
    __u64 now = bpf_ktime_get_ns();
    __s64 connection = ctx->connection;
    __u32 route = ctx->route;

    struct totals *t = bpf_map_lookup_elem(&traffic, &route);
    if (t) {
        __sync_fetch_and_add(&t->responses, 1);
        __sync_fetch_and_add(&t->response_bytes, ctx->bytes);
    }

    __u64 *start = bpf_map_lookup_elem(&started, &connection);
    if (!start)
        return 0;
    __u64 delay = (now - *start) / 1000;
    bpf_map_delete_elem(&started, &connection);
    count(&delay_us, route, delay);

    if (delay < slow_us)
        return 0;
    struct slow_request *record = bpf_ringbuf_reserve(&slow, sizeof(*record), 0);
    if (!record)
        return 0;
    record->event_ns = now;
    record->connection = connection;
    record->route = route;
    record->backend = ctx->backend;
    record->status = ctx->status;
    record->delay_us = delay;
    record->bytes = ctx->bytes;
    bpf_ringbuf_submit(record, 0);
    return 0;
}

/* Totals now less totals `seconds` ago: exact over any window, and a quiet route falls to zero. */
static __always_inline void publish(struct history *h, __u32 route, __u64 tick, __u32 seconds)
{
    struct totals *now = &h->at[tick & (HISTORY - 1)];
    struct totals *then = &h->at[(tick - seconds) & (HISTORY - 1)];
    __u64 requests = now->requests - then->requests;
    struct window key = {.route = route, .seconds = seconds};
    struct rates value = {
        .requests_per_second = requests / seconds,
        .request_bytes_per_second = (now->request_bytes - then->request_bytes) / seconds,
        .responses_per_second = (now->responses - then->responses) / seconds,
        .response_bytes_per_second = (now->response_bytes - then->response_bytes) / seconds,
        .mean_gap_us = requests ? seconds * 1000000ULL / requests : 0,
    };
    bpf_map_update_elem(&rates, &key, &value, BPF_ANY);
}

SEC("interval/1s")
int on_second(struct vertebra_interval *ctx)
{
    __u64 tick = ctx->tick;
    for (__u32 i = 0; i < ROUTES; i++) {
        __u32 route = i;
        struct totals *t = bpf_map_lookup_elem(&traffic, &route);
        struct history *h = bpf_map_lookup_elem(&history, &route);
        if (!t || !h)
            return 0;
        h->at[tick & (HISTORY - 1)] = *t;
        publish(h, route, tick, 1);
        publish(h, route, tick, 10);
        publish(h, route, tick, 60);
    }
    return 0;
}

char LICENSE[] SEC("license") = "Apache-2.0";
