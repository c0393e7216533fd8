// SPDX-License-Identifier: Apache-2.0
// A codelet for several versions of its hook.
#include "vertebra.h"

struct shop_price {
    __u32 cents;
    __u32 pieces;
    __u32 tax;
} __attribute__((preserve_access_index));

SEC("hook/shop/price")
long with_tax(struct shop_price *ctx)
{
    long tax = __builtin_preserve_field_info(ctx->tax, 2) ? ctx->tax : 0;
    return ctx->cents + tax;
}
