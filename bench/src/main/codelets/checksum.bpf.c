// SPDX-License-Identifier: Apache-2.0
// The sum of the payload's words, until it ends.
#include "bench.h"

SEC("control/bench/checksum")
int checksum(struct bench_checksum *ctx)
{
    __u8 *data = ctx->data;
    __u8 *end = ctx->data_end;
    __u64 sum = 0;
    for (int i = 0; i < PAYLOAD; i += 4) {
        if (data + i + 4 > end)
            break;
        sum += *(__u32 *)(data + i);
    }
    sum = (sum >> 32) + (sum & 0xffffffff);
    sum = (sum >> 16) + (sum & 0xffff);
    sum = (sum >> 16) + (sum & 0xffff);
    sum = (sum >> 16) + (sum & 0xffff);
    return ~sum & 0xffff;
}
