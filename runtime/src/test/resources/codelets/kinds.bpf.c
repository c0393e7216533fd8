// SPDX-License-Identifier: Apache-2.0
// Emits records of several types through one ring buffer, as the route says; a field that all have tells which.
#include "probe.h"

enum event_kind { EVENT_OPEN = 1, EVENT_CLOSE = 2 };

struct header {
    __u64 at;
    enum event_kind kind;
};

struct open_event {
    __u64 at;
    enum event_kind kind;
    __s32 flags;
    __s64 id;
    char path[32];
};

struct close_event {
    __s64 id;
    struct {
        enum event_kind kind;
        __u32 result;
    };
};

struct moved_event {
    __u32 kind;
    __s64 id;
};

struct narrow_event {
    __u64 at;
    __u16 kind;
    __u32 part : 4;
    __s64 id;
};

// Nothing else mentions them where BTF is written from.
struct header *header_type;
struct open_event *open_type;
struct close_event *close_type;
struct moved_event *moved_type;
struct narrow_event *narrow_type;
struct only_declared *declared_type;

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 65536);
} events SEC(".maps");

SEC("hook/probe/seen")
int emit(struct probe_seen *ctx)
{
    struct open_event opened = {ctx->id, EVENT_OPEN, -1, ctx->id, "/tmp/file"};
    struct close_event closed = {ctx->id, {EVENT_CLOSE, 5}};
    __s64 other[2] = {ctx->id, 9};
    switch (ctx->route) {
    case 1:
        bpf_ringbuf_output(&events, &opened, 24 + sizeof("/tmp/file"), 0);
        break;
    case 2:
        bpf_ringbuf_output(&events, &closed, sizeof(closed), 0);
        break;
    case 3:
        bpf_ringbuf_output(&events, other, sizeof(other), 0);
        break;
    default:
        bpf_ringbuf_output(&events, other, 4, 0);
    }
    return 0;
}

char LICENSE[] SEC("license") = "Apache-2.0";
