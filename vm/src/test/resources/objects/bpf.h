/* SPDX-License-Identifier: Apache-2.0 */
/* The little that the test objects need of an eBPF header. */
#ifndef BPF_H
#define BPF_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef short __s16;
typedef unsigned int __u32;
typedef int __s32;
typedef unsigned long long __u64;
typedef long long __s64;

#define SEC(name) __attribute__((section(name), used))
#define __noinline __attribute__((noinline))
#define __uint(name, value) int(*name)[value]
#define __type(name, value) typeof(value) *name
#define __array(name, value) typeof(value) *name[]

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*const bpf_trace_printk)(const char *format, __u32 size, ...) = (void *)6;
static long (*const bpf_tail_call)(void *context, void *map, __u32 index) = (void *)12;
static long (*const bpf_ringbuf_output)(void *ring, void *data, __u64 size, __u64 flags) = (void *)130;
static long (*const bpf_loop)(__u32 count, void *callback, void *state, __u64 flags) = (void *)181;

#endif
