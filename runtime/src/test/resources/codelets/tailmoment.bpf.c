// SPDX-License-Identifier: Apache-2.0
// Only the program that it continues in asks for the moment of firing.
#include "tails.h"

struct moment {
    __u64 event_ns;
    char name[16];
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
    __type(value, struct moment);
} moments SEC(".maps");

int tell(struct probe_seen *ctx);

struct {
    __uint(type, PROG_ARRAY);
    __uint(max_entries, 1);
    __uint(key_size, 4);
    __array(values, int(struct probe_seen *));
} next SEC(".maps") = {.values = {&tell}};

SEC("hook/probe/seen")
int first(struct probe_seen *ctx)
{
    bpf_tail_call(ctx, &next, 0);
    return 0;
}

SEC("hook/probe/seen")
int tell(struct probe_seen *ctx)
{
    struct moment m = {.event_ns = bpf_ktime_get_ns()};
    bpf_get_current_comm(m.name, sizeof(m.name));
    bpf_ringbuf_output(&moments, &m, sizeof(m), 0);
    return 0;
}
