// SPDX-License-Identifier: Apache-2.0
// Steers the gateway: learns how late each backend answers and sends requests to the one that is not late.
#include "gateway.h"

#define BACKENDS 2

/* A backend is late when its mean delay is this much above the other's. */
const volatile __u64 late_us = 20000;
/* One request in this many goes to the late backend, to notice when it has recovered; a power of two. */
const volatile __u32 probe = 32;

struct backend {
    __u64 mean_us; /* exponentially weighted, 1/8 per response */
    __u64 responses;
};

struct choices {
    __u64 usual;
    __u64 steered;
    __u64 probes;
};

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 4096);
    __type(key, __s64);
    __type(value, __u64);
} started SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, BACKENDS);
    __type(key, __u32);
    __type(value, struct backend);
} backends SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, ROUTES);
    __type(key, __u32);
    __type(value, struct choices);
} choices SEC(".maps");

SEC("hook/gateway/request_received")
int learn_start(struct gateway_request_received *ctx)
{
    __u64 now = bpf_ktime_get_ns();
    __s64 connection = ctx->connection;
    bpf_map_update_elem(&started, &connection, &now, BPF_ANY);
    return 0;
}

SEC("hook/gateway/response_sent")
int learn_delay(struct gateway_response_sent *ctx)
{
    __u64 now = bpf_ktime_get_ns();
    __s64 connection = ctx->connection;
    __u32 number = ctx->backend;
    __u64 *start = bpf_map_lookup_elem(&started, &connection);
    struct backend *b = bpf_map_lookup_elem(&backends, &number);
    if (!start || !b)
        return 0;
    /* Two cores may learn at once; a mean that misses a sample is still a mean. */
    __u64 delay = (now - *start) / 1000;
    b->mean_us = b->mean_us - b->mean_us / 8 + delay / 8;
    __sync_fetch_and_add(&b->responses, 1);
    bpf_map_delete_elem(&started, &connection);
    return 0;
}

SEC("control/gateway/choose_backend")
int choose(struct gateway_choose_backend *ctx)
{
    __u32 route = ctx->route;
    __u32 usual = route % BACKENDS;
    __u32 other = 1 - usual;
    struct backend *u = bpf_map_lookup_elem(&backends, &usual);
    struct backend *o = bpf_map_lookup_elem(&backends, &other);
    struct choices *c = bpf_map_lookup_elem(&choices, &route);
    if (!u || !o || !c)
        return -1;
    if (u->mean_us < o->mean_us + late_us) {
        __sync_fetch_and_add(&c->usual, 1);
        return usual;
    }
    if ((bpf_get_prandom_u32() & (probe - 1)) == 0) {
        __sync_fetch_and_add(&c->probes, 1);
        return usual;
    }
    __sync_fetch_and_add(&c->steered, 1);
    return other;
}

char LICENSE[] SEC("license") = "Apache-2.0";
