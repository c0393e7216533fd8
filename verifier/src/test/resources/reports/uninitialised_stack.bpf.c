/* A key has padding that nobody initialises. */
#include "report.h"

struct key {
    __u64 number;
    __u8 kind;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 8);
    __type(key, struct key);
    __type(value, __u64);
} totals SEC(".maps");

SEC("hook/test/event")
int find(struct test_event *ctx)
{
    struct key key;
    key.number = ctx->number;
    key.kind = 1;
    return bpf_map_lookup_elem(&totals, &key) != NULL;
}
