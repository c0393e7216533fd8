/* SPDX-License-Identifier: Apache-2.0 */
/* What the codelets that watch and the codelets that record have in common. */
#ifndef TRACING_H
#define TRACING_H

#include "../gateway/gateway.h"

/* By route: until when everything about it is recorded, in nanoseconds of bpf_ktime_get_ns. One map for both objects. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, ROUTES);
    __type(key, __u32);
    __type(value, __u64);
} traced_until SEC(".maps");

#endif
