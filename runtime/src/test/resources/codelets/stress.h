/* SPDX-License-Identifier: Apache-2.0 */
/* The hooks of StressHooks.java. */
#ifndef STRESS_H
#define STRESS_H

#include "vertebra.h"

struct stress_published {
    __s64 producer;
    __s64 sequence;
};

struct stress_called {
    __s64 producer;
    __s64 sequence;
};

struct stress_choose {
    __s32 number;
};

struct stress_decide {
    __s32 number;
};

/* Runs of the codelets that are linked to one map of this name. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} shared SEC(".maps");

/* Runs of an object's codelets. */
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} by_slot SEC(".maps");

static __always_inline void count_run(void)
{
    __u32 zero = 0;
    __u64 *n = bpf_map_lookup_elem(&shared, &zero);
    if (n)
        __sync_fetch_and_add(n, 1);
    n = bpf_map_lookup_elem(&by_slot, &zero);
    if (n)
        ++*n;
}

#endif
