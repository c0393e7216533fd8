// SPDX-License-Identifier: Apache-2.0
// Compiled against an older version of its hook, and reads one field by its place there.
#include "version.h"

SEC("control/version/asked")
long halfway(struct version_asked *ctx)
{
    return ctx->route + *(__u8 *)((char *)ctx + 4);
}
