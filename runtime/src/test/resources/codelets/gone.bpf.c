// SPDX-License-Identifier: Apache-2.0
// Reads what its hook no longer has.
#include "version.h"

SEC("control/version/asked")
long gone(struct version_asked *ctx)
{
    return ctx->route + ctx->gone;
}
