// SPDX-License-Identifier: Apache-2.0
// A program without a section of its own.
#include "bpf.h"

static __noinline int half(int number)
{
    return number >> 1;
}

int plain(int *context)
{
    return half(*context);
}
