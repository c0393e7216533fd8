// SPDX-License-Identifier: Apache-2.0
// Gives the answer of its version.
#include "stress.h"

const volatile __u32 answer = 1;

SEC("control/stress/choose")
int choose(struct stress_choose *ctx)
{
    count_run();
    return answer;
}

/* Needs no slot. */
SEC("control/stress/decide")
int decide(struct stress_decide *ctx)
{
    return ctx->number + answer;
}

char LICENSE[] SEC("license") = "Apache-2.0";
