// SPDX-License-Identifier: Apache-2.0
// Turns recording on for some seconds for a route that had a slow response.
#include "tracing.h"

const volatile __u64 slow_us = 100000;
const volatile __u64 trace_ms = 3000;

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 4096);
    __type(key, __s64);
    __type(value, __u64);
} started SEC(".maps");

/* How often each route was turned on. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, ROUTES);
    __type(key, __u32);
    __type(value, __u64);
} alarms SEC(".maps");

SEC("hook/gateway/request_received")
int begin(struct gateway_request_received *ctx)
{
    __u64 now = bpf_ktime_get_ns();
    __s64 connection = ctx->connection;
    bpf_map_update_elem(&started, &connection, &now, BPF_ANY);
    return 0;
}

SEC("hook/gateway/response_sent")
int watch(struct gateway_response_sent *ctx)
{
    __u64 now = bpf_ktime_get_ns();
    __s64 connection = ctx->connection;
    __u32 route = ctx->route;
    __u64 *start = bpf_map_lookup_elem(&started, &connection);
    __u64 *until = bpf_map_lookup_elem(&traced_until, &route);
    __u64 *alarm = bpf_map_lookup_elem(&alarms, &route);
    if (!start || !until || !alarm)
        return 0;
    __u64 delay = now > *start ? now - *start : 0;
    bpf_map_delete_elem(&started, &connection);
    if (delay < slow_us * 1000)
        return 0;
    if (now >= *until)
        __sync_fetch_and_add(alarm, 1);
    *until = now + trace_ms * 1000000;
    return 0;
}

char LICENSE[] SEC("license") = "Apache-2.0";
