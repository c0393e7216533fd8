// SPDX-License-Identifier: Apache-2.0
// Emits what a codelet can know of the moment of firing.
#include "probe.h"

struct moment {
    __u64 event_ns;
    __u64 thread;
    char name[16];
    __s64 id;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 65536);
    __type(value, struct moment);
} moments SEC(".maps");

SEC("hook/probe/seen")
int moment(struct probe_seen *ctx)
{
    struct moment m = {};
    m.event_ns = bpf_ktime_get_ns();
    m.thread = bpf_get_current_pid_tgid() & 0xffffffff;
    bpf_get_current_comm(m.name, sizeof(m.name));
    m.id = ctx->id;
    bpf_ringbuf_output(&moments, &m, sizeof(m), 0);
    return 0;
}
