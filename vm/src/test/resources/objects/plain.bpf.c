// SPDX-License-Identifier: Apache-2.0
// Without type information: a program, a legacy map, and a variable whose type nobody knows.
#include "bpf.h"

struct {
    __u32 type;
    __u32 key_size;
    __u32 value_size;
    __u32 max_entries;
    __u32 map_flags;
    __u32 inner;
    __u32 node;
} table SEC("maps") = {1, 4, 16, 100, 1, 0, 0};

struct {
    __u32 type;
    __u32 key_size;
    __u32 value_size;
    __u32 max_entries;
    __u32 map_flags;
} list SEC("maps") = {2, 4, 8, 10, 0};

const volatile __u32 step = 2;

SEC("hook/test/plain")
int plain(void *context)
{
    __u32 key = step;
    return bpf_map_lookup_elem(&table, &key) != bpf_map_lookup_elem(&list, &key);
}
