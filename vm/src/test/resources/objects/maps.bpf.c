// SPDX-License-Identifier: Apache-2.0
// Every form of a BTF-defined map: sizes by type and by number, records of a ring buffer, maps and programs as values.
#include "bpf.h"

struct flow {
    __u32 address;
    __u16 port;
    __u8 protocol;
    __u8 unused;
};

struct counters {
    __u64 packets;
    __u64 bytes;
};

struct record {
    struct flow flow;
    __u64 bytes;
    __u32 urgent : 1;
    __u32 length : 31;
    char name[12];
};

struct {
    __uint(type, 9);
    __uint(max_entries, 1024);
    __type(key, struct flow);
    __type(value, struct counters);
} flows SEC(".maps");

struct {
    __uint(type, 6);
    __uint(max_entries, 2);
    __uint(key_size, 4);
    __uint(value_size, 24);
    __uint(pinning, 1);
} per_core SEC(".maps");

struct {
    __uint(type, 27);
    __uint(max_entries, 4096);
    __type(value, struct record);
} records SEC(".maps");

struct inner {
    __uint(type, 2);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} first_inner SEC(".maps"), second_inner SEC(".maps");

struct {
    __uint(type, 13);
    __uint(max_entries, 4);
    __type(key, __u32);
    __array(values, struct inner);
} by_number SEC(".maps") = {.values = {&first_inner, (void *)0, &second_inner}};

int jumped(void *context);

struct {
    __uint(type, 3);
    __uint(max_entries, 2);
    __uint(key_size, 4);
    __array(values, int(void *));
} jumps SEC(".maps") = {.values = {[1] = &jumped}};

SEC("hook/test/jumped")
int jumped(void *context)
{
    return 7;
}

SEC("hook/test/counted")
int counted(void *context)
{
    struct flow key = {.address = 1, .port = 80};
    struct counters *value = bpf_map_lookup_elem(&flows, &key);
    if (value) {
        value->packets++;
        struct record record = {.flow = key, .bytes = value->packets, .urgent = 1, .length = 5, .name = "flow"};
        bpf_ringbuf_output(&records, &record, sizeof record, 0);
    }
    __u32 zero = 0;
    if (!bpf_map_lookup_elem(&per_core, &zero) && !bpf_map_lookup_elem(&by_number, &zero))
        bpf_tail_call(context, &jumps, 1);
    return 0;
}
