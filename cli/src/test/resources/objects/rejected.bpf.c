// SPDX-License-Identifier: Apache-2.0
// One codelet that is safe and one that is not.
#include "vertebra.h"

struct shop_order {
    void *data;
    void *data_end;
    __u32 index;
};

SEC("hook/shop/order")
int safe(struct shop_order *ctx)
{
    return ctx->index;
}

SEC("hook/shop/order")
int unsafe(struct shop_order *ctx)
{
    __u8 *data = ctx->data;
    if (data + 8 > (__u8 *)ctx->data_end)
        return 0;
    return data[ctx->index];
}
