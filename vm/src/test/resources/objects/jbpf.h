/* SPDX-License-Identifier: Apache-2.0 */
/* What the test objects need of jbpf's ABI: numbers and layouts. */
#ifndef JBPF_H
#define JBPF_H

typedef unsigned char __u8;
typedef unsigned int __u32;
typedef int __s32;
typedef unsigned long long __u64;
typedef long long __s64;

#define SEC(name) __attribute__((section(name), used))

enum { ARRAY = 1, HASHMAP, RINGBUF, CONTROL_INPUT, PER_THREAD_ARRAY, PER_THREAD_HASHMAP, OUTPUT };

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

struct jbpf_generic_ctx {
    __u64 data;
    __u64 data_end;
    __u64 meta_data;
    __u32 ctx_id;
};

static void *(*const jbpf_map_lookup_elem)(const void *map, const void *key) = (void *)1;
static int (*const jbpf_map_update_elem)(void *map, const void *key, void *value, __u64 flags) = (void *)3;
static int (*const jbpf_map_delete_elem)(void *map, const void *key) = (void *)4;
static int (*const jbpf_map_clear)(void *map) = (void *)5;
static int (*const jbpf_map_dump)(void *map, void *to, __u32 size, __u64 flags) = (void *)6;
static int (*const jbpf_ringbuf_output)(const void *map, void *record, __u64 size) = (void *)12;
static int (*const jbpf_control_input_receive)(void *map, void *to, __u32 size) = (void *)16;
static void *(*const jbpf_get_output_buf)(void *map) = (void *)17;
static int (*const jbpf_send_output)(void *map) = (void *)18;

#endif
