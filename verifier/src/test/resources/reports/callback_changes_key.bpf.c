/* A callback changes the key of the entry that it visits. */
#include "report.h"

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 64);
    __type(key, __u32);
    __type(value, __u64);
} totals SEC(".maps");

__noinline long rename(void *map, __u32 *key, __u64 *value, void *state)
{
    *key += 1;
    return 0;
}

SEC("hook/test/event")
int rename_all(struct test_event *ctx)
{
    return bpf_for_each_map_elem(&totals, rename, NULL, 0);
}
