// SPDX-License-Identifier: Apache-2.0
// A program of another platform.
#include "vertebra.h"

SEC("xdp")
int pass(void *ctx)
{
    return 2;
}
