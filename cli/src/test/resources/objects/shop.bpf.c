// SPDX-License-Identifier: Apache-2.0
// Some of everything that a codelet may have: payload, text, subprogram, variables, several kinds of programs.
#include "vertebra.h"

static long (*const bpf_trace_printk)(const char *format, __u32 size, ...) = (void *)6;

enum state { OPEN, PAID = 4 };

struct shop_order {
    __u64 id;
    enum state state;
    struct {
        __u16 len;
        char s[10];
    } customer;
    void *data;
    void *data_end;
    __u32 payload_len;
};

struct shop_price {
    __s32 list;
    __s32 rebate;
};

struct limits {
    __s32 most;
    enum state from;
    union {
        __u8 bytes[4];
        __u32 word;
    };
};

struct sales {
    __u64 orders[2];
    struct {
        __u32 paid : 4;
        __u32 other : 28;
    } flags;
};

const volatile struct limits limits = {.most = 90, .from = PAID, .word = 0x04030201};
const volatile char currency[4] = "EUR";
__u64 seen = 7;

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, struct sales);
} sales SEC(".maps");

static __attribute__((noinline)) __u64 checksum(__u8 *data, __u8 *end)
{
    __u64 sum = 0;
    for (int i = 0; i < 4; i++) {
        if (data + i + 1 > end)
            break;
        sum += data[i];
    }
    return sum;
}

SEC("hook/shop/order")
int on_order(struct shop_order *ctx)
{
    __u32 key = ctx->state == PAID;
    struct sales *s = bpf_map_lookup_elem(&sales, &key);
    if (!s)
        return -1;
    __sync_fetch_and_add(&s->orders[key], 1);
    seen++;
    return checksum(ctx->data, ctx->data_end) + ctx->payload_len * 256 + ctx->customer.len * 65536;
}

SEC("control/shop/price")
int price(struct shop_price *ctx)
{
    return ctx->rebate > limits.most ? ctx->list : ctx->list - ctx->rebate;
}

SEC("interval/1s")
int tell(struct vertebra_interval *ctx)
{
    static const char text[] = "tick %d";
    bpf_trace_printk(text, sizeof(text), ctx->tick);
    return 0;
}

char LICENSE[] SEC("license") = "Apache-2.0";
