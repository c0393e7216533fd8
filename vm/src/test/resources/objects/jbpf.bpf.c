// SPDX-License-Identifier: Apache-2.0
// jbpf's way: 32-byte definitions in a section `maps`, all seven types, helpers by jbpf's numbers.
#include "jbpf.h"

struct jbpf_load_map_def SEC("maps") array = {.type = ARRAY, .key_size = 8, .value_size = 12, .max_entries = 3};
struct jbpf_load_map_def SEC("maps") hash = {
    .type = HASHMAP, .key_size = 4, .value_size = 8, .max_entries = 100, .map_flags = 1};
struct jbpf_load_map_def SEC("maps") ring = {.type = RINGBUF, .value_size = 108, .max_entries = 100};
struct jbpf_load_map_def SEC("maps") input = {.type = CONTROL_INPUT, .value_size = 16, .max_entries = 100};
struct jbpf_load_map_def SEC("maps") thread_array = {
    .type = PER_THREAD_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 1};
struct jbpf_load_map_def SEC("maps") thread_hash = {
    .type = PER_THREAD_HASHMAP, .key_size = 4, .value_size = 8, .max_entries = 64};
struct jbpf_load_map_def SEC("maps") output = {.type = OUTPUT, .value_size = 71696, .max_entries = 10};

SEC("jbpf_generic")
__u64 jbpf_main(void *state)
{
    __u64 index = 0;
    return jbpf_map_lookup_elem(&array, &index) ? 0 : 1;
}
