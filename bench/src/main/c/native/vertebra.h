/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for examples/include/vertebra.h where gcc compiles a codelet natively: helpers are C functions. */
#ifndef VERTEBRA_H
#define VERTEBRA_H

#include "../maps.h"

typedef signed char __s8;
typedef unsigned char __u8;
typedef short __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long __s64;
typedef unsigned long long __u64;

#define SEC(name)
#undef __always_inline /* glibc has one */
#define __always_inline inline __attribute__((always_inline))

/* As for BPF, a map is a struct of pointers whose types say what it is; its memory is where `value` points to. */
#define __uint(name, value) int(*name)[value]
#define __type(name, value) typeof(value) *name

enum { BPF_ANY = 0 };
enum { BPF_MAP_TYPE_HASH = HASH, BPF_MAP_TYPE_ARRAY = ARRAY, BPF_MAP_TYPE_PERCPU_ARRAY = PERCPU_ARRAY };

#define NUMBER(member) (sizeof(*(member)) / sizeof(int))
#define SHAPE(map) \
    ((struct shape){NUMBER((map)->type), NUMBER((map)->max_entries), sizeof(*(map)->key), sizeof(*(map)->value)})
#define bpf_map_lookup_elem(map, k) map_lookup((map)->value, SHAPE(map), k)
#define bpf_map_update_elem(map, k, v, flags) map_update((map)->value, SHAPE(map), k, v)

#endif
