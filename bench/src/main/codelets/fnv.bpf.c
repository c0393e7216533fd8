// SPDX-License-Identifier: Apache-2.0
// FNV-1a over the payload, byte by byte.
#include "bench.h"

SEC("control/bench/fnv")
int fnv(struct bench_fnv *ctx)
{
    __u8 *data = ctx->data;
    __u8 *end = ctx->data_end;
    __u64 hash = 0xcbf29ce484222325;
    for (int i = 0; i < PAYLOAD; i++) {
        if (data + i + 1 > end)
            break;
        hash = (hash ^ data[i]) * 0x100000001b3;
    }
    return hash ^ hash >> 32;
}
