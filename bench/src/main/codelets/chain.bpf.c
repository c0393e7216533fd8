// SPDX-License-Identifier: Apache-2.0
// Fifty predicates, five over each of ten fields; nearly all of them hold.
#include "bench.h"

#define FIVE(field, low, high, not, mask, bits)                                                                        \
    if ((field) <= (low))                                                                                              \
        return 0;                                                                                                      \
    if ((field) >= (high))                                                                                             \
        return 0;                                                                                                      \
    if ((field) == (not))                                                                                              \
        return 0;                                                                                                      \
    if (((field) & (mask)) == (bits))                                                                                  \
        return 0;                                                                                                      \
    if (((field) >> 3 ^ (bits)) < 4)                                                                                   \
        return 0;

SEC("control/bench/chain")
int chain(struct bench_chain *ctx)
{
    FIVE(ctx->f0, 10, 1000000, 777, 0x3ff, 0x155)
    FIVE(ctx->f1, 20, 1100000, 778, 0x7fe, 0x2aa)
    FIVE(ctx->f2, 30, 1200000, 779, 0xffc, 0x154)
    FIVE(ctx->f3, 40, 1300000, 780, 0x5ff, 0x055)
    FIVE(ctx->f4, 50, 1400000, 781, 0xbff, 0x2a5)
    FIVE(ctx->f5, 60, 1500000, 782, 0x3ef, 0x145)
    FIVE(ctx->f6, 70, 1600000, 783, 0x7ee, 0x24a)
    FIVE(ctx->f7, 80, 1700000, 784, 0xfec, 0x144)
    FIVE(ctx->f8, 90, 1800000, 785, 0x5ef, 0x045)
    FIVE(ctx->f9, 99, 1900000, 786, 0xbef, 0x285)
    return 1;
}
