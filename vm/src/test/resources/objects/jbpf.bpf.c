// SPDX-License-Identifier: Apache-2.0
// jbpf's way: 32-byte definitions in a section `maps`, all seven types, helpers by jbpf's numbers.
typedef unsigned int __u32;
typedef unsigned long long __u64;

#define SEC(name) __attribute__((section(name), used))

struct jbpf_load_map_def {
    __u32 type;
    __u32 key_size;
    __u32 value_size;
    __u32 max_entries;
    __u32 map_flags;
    __u32 inner_map_idx;
    __u32 numa_node;
    __u32 nb_hash_functions;
};

static void *(*jbpf_map_lookup_elem)(const void *map, const void *key) = (void *)1;

struct jbpf_load_map_def SEC("maps") array = {.type = 1, .key_size = 8, .value_size = 12, .max_entries = 3};
struct jbpf_load_map_def SEC("maps") hash = {
    .type = 2, .key_size = 4, .value_size = 8, .max_entries = 100, .map_flags = 1};
struct jbpf_load_map_def SEC("maps") ring = {.type = 3, .value_size = 108, .max_entries = 100};
struct jbpf_load_map_def SEC("maps") input = {.type = 4, .value_size = 16, .max_entries = 100};
struct jbpf_load_map_def SEC("maps") thread_array = {.type = 5, .key_size = 4, .value_size = 8, .max_entries = 1};
struct jbpf_load_map_def SEC("maps") thread_hash = {.type = 6, .key_size = 4, .value_size = 8, .max_entries = 64};
struct jbpf_load_map_def SEC("maps") output = {.type = 7, .value_size = 71696, .max_entries = 10};

SEC("jbpf_generic")
__u64 jbpf_main(void *state)
{
    __u64 index = 0;
    return jbpf_map_lookup_elem(&array, &index) ? 0 : 1;
}
