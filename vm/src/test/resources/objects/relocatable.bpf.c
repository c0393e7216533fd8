// SPDX-License-Identifier: Apache-2.0
// CO-RE: accesses that are to be recomputed from the types of the running application.
#include "bpf.h"

struct address {
    __u8 bytes[4];
    __u16 port;
} __attribute__((preserve_access_index));

struct event {
    __u64 time;
    struct address from;
    struct address to[2];
} __attribute__((preserve_access_index));

static __noinline int port_of(struct event *event)
{
    return event->to[1].port;
}

SEC("hook/test/relocatable")
int relocatable(struct event *event)
{
    if (!__builtin_preserve_field_info(event->time, 2))
        return -1;
    return event->from.bytes[2] + port_of(event);
}
