// SPDX-License-Identifier: Apache-2.0
// Continues in a program of another hook, which would read a context that is not there.
#include "tails.h"

int other(struct probe_seen *ctx);

struct {
    __uint(type, PROG_ARRAY);
    __uint(max_entries, 1);
    __uint(key_size, 4);
    __array(values, int(struct probe_seen *));
} next SEC(".maps") = {.values = {&other}};

SEC("control/probe/choose")
int first(struct probe_choose *ctx)
{
    bpf_tail_call(ctx, &next, 0);
    return 0;
}

SEC("hook/probe/seen")
int other(struct probe_seen *ctx)
{
    return ctx->bytes;
}
