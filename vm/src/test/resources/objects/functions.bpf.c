// SPDX-License-Identifier: Apache-2.0
// Several programs in one section, subprograms in .text (one reached through another), a static subprogram in the
// section of its program, and callbacks.
#include "bpf.h"

__noinline int leaf(__u64 value)
{
    return value % 13;
}

static __noinline int middle(__u64 value)
{
    return leaf(value) + 1;
}

static long add(__u32 index, __u64 *sum)
{
    *sum += index;
    return 0;
}

__noinline int unreached(__u64 value)
{
    return value * 3;
}

static __noinline int beside(__u64 value) __attribute__((section("hook/test/shared")));

SEC("hook/test/shared")
int first(__u64 *context)
{
    return middle(context[0]) + beside(context[1]);
}

SEC("hook/test/shared")
int second(__u64 *context)
{
    __u64 sum = 0;
    bpf_loop(10, add, &sum, 0);
    return sum + leaf(context[0]) + beside(context[1]);
}

static __noinline int beside(__u64 value)
{
    return value & 0xff;
}

SEC("control/test/alone")
int alone(void *context)
{
    return 1;
}
