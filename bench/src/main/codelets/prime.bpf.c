// SPDX-License-Identifier: Apache-2.0
// Trial division.
#include "bench.h"

SEC("control/bench/prime")
int prime(struct bench_prime *ctx)
{
    __u32 number = ctx->number;
    for (__u32 divisor = 2; divisor < 128; divisor++) {
        if (divisor * divisor > number)
            break;
        if (number % divisor == 0)
            return 0;
    }
    return 1;
}
