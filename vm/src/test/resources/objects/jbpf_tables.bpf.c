// SPDX-License-Identifier: Apache-2.0
// Operations on jbpf's hash maps; each gives what its helper gave.
#include "jbpf.h"

struct jbpf_load_map_def SEC("maps") table = {.type = HASHMAP, .key_size = 4, .value_size = 8, .max_entries = 1000};
struct jbpf_load_map_def SEC("maps") counter = {.type = HASHMAP, .key_size = 4, .value_size = 8, .max_entries = 1};
struct jbpf_load_map_def SEC("maps") thread_table = {
    .type = PER_THREAD_HASHMAP, .key_size = 4, .value_size = 8, .max_entries = 64};

struct request {
    __u64 value;
    __u32 key;
};

#define REQUEST(ctx, name)                                      \
    struct request *name = (struct request *)(long)(ctx)->data; \
    if ((void *)(name + 1) > (void *)(long)(ctx)->data_end)         \
        return 99;                                              \
    __u32 key = name->key

SEC("jbpf_generic/update")
__s64 update(struct jbpf_generic_ctx *ctx)
{
    REQUEST(ctx, request);
    return jbpf_map_update_elem(&table, &key, &request->value, 0);
}

SEC("jbpf_generic/increment")
__s64 increment(struct jbpf_generic_ctx *ctx)
{
    REQUEST(ctx, request);
    __u64 *old = jbpf_map_lookup_elem(&counter, &key);
    __u64 value = old ? *old + 1 : 1;
    return jbpf_map_update_elem(&counter, &key, &value, 0);
}

SEC("jbpf_generic/thread_update")
__s64 thread_update(struct jbpf_generic_ctx *ctx)
{
    REQUEST(ctx, request);
    return jbpf_map_update_elem(&thread_table, &key, &request->value, 0);
}

SEC("jbpf_generic/thread_lookup")
__s64 thread_lookup(struct jbpf_generic_ctx *ctx)
{
    REQUEST(ctx, request);
    __u64 *found = jbpf_map_lookup_elem(&thread_table, &key);
    return found ? *found : -1;
}

SEC("jbpf_generic/thread_delete")
__s64 thread_delete(struct jbpf_generic_ctx *ctx)
{
    REQUEST(ctx, request);
    return jbpf_map_delete_elem(&thread_table, &key);
}

SEC("jbpf_generic/thread_clear")
__s64 thread_clear(struct jbpf_generic_ctx *ctx)
{
    return jbpf_map_clear(&thread_table);
}

struct __attribute__((packed)) entry {
    __u32 key;
    __u64 value;
};

SEC("jbpf_generic/thread_dump")
__s64 thread_dump(struct jbpf_generic_ctx *ctx)
{
    struct entry *entries = (struct entry *)(long)ctx->data;
    if ((void *)(entries + 8) > (void *)(long)ctx->data_end)
        return 99;
    return jbpf_map_dump(&thread_table, entries, 8 * sizeof(struct entry), 0);
}
