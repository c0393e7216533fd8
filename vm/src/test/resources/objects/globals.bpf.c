// SPDX-License-Identifier: Apache-2.0
// Global variables of every type that can be set before load, in .rodata, .data and .bss, and an unnamed literal.
#include "bpf.h"

enum mode { MODE_OFF, MODE_SAMPLE = 3, MODE_ALL = -1 };
enum wide { WIDE_LARGE = 0x100000000ULL };

struct limits {
    __u32 low;
    __u32 high;
    __u8 level : 3;
    __u8 strict : 1;
};

const volatile __u8 small = 1;
const volatile __s16 negative = -2;
const volatile __u32 medium = 3;
const volatile __u64 large = 0xffffffffffffffffULL;
const volatile _Bool enabled = 1;
const volatile enum mode mode = MODE_SAMPLE;
const volatile enum wide wide = WIDE_LARGE;
const volatile char label[16] = "default";
const volatile __u32 table[3] = {10, 20, 30};
const volatile struct limits limits = {1, 2, 5, 1};
const volatile double ratio = 0.5;
const volatile __u64 custom SEC(".rodata.custom") = 9;

__u64 total = 42;
static volatile __u32 hits;

SEC("hook/test/globals")
int globals(void *context)
{
    hits += small;
    total += large + medium + negative + table[hits & 1] + limits.high + (__u64)wide + custom + (__u8)label[1];
    if (enabled && mode == MODE_ALL)
        bpf_trace_printk("all %d", 7, hits);
    return *(const volatile __u64 *)&ratio != 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
