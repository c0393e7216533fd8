/* The result of a lookup in a map of maps is used without a check. */
#include "report.h"

struct inner {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 64);
    __type(key, __u32);
    __type(value, __u64);
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 8);
    __type(key, __u32);
    __array(values, struct inner);
} tenants SEC(".maps");

SEC("hook/test/event")
int find(struct test_event *ctx)
{
    __u32 key = 0;
    void *tenant = bpf_map_lookup_elem(&tenants, &key);
    return bpf_map_lookup_elem(tenant, &key) != NULL;
}
