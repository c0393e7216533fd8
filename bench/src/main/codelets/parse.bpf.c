// SPDX-License-Identifier: Apache-2.0
// The headers of Ethernet, IPv4 and TCP: a number made of addresses, ports and flags, 0 for other packets.
#include "bench.h"

#define ETHERNET 14
#define IPV4 20
#define TCP 20

static __always_inline __u32 big16(const __u8 *at)
{
    return (__u32)at[0] << 8 | at[1];
}

static __always_inline __u32 big32(const __u8 *at)
{
    return big16(at) << 16 | big16(at + 2);
}

SEC("control/bench/parse")
int parse(struct bench_parse *ctx)
{
    __u8 *data = ctx->data;
    __u8 *end = ctx->data_end;
    if (data + ETHERNET + IPV4 > end)
        return 0;
    if (big16(data + 12) != 0x0800)
        return 0;
    __u8 *ip = data + ETHERNET;
    if (ip[0] >> 4 != 4 || ip[9] != 6)
        return 0;
    __u32 length = (ip[0] & 15) * 4;
    if (length < IPV4)
        return 0;
    __u8 *tcp = ip + length;
    if (tcp + TCP > end)
        return 0;
    __u32 flags = tcp[13];
    if (flags & 4)
        return 0;
    return (big32(ip + 12) ^ big32(ip + 16)) + (big16(tcp) << 16 | big16(tcp + 2)) + flags;
}
