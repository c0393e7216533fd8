/* What may not be done with timers, per-CPU variables, and samples. */
#include "facilities.h"

__noinline int wrong_result(void *map, __u32 *key, struct account *value)
{
    return value->changes;
}

__noinline int leaves_a_lock(void *map, __u32 *key, struct account *value)
{
    bpf_spin_lock(&value->lock);
    return 0;
}

SEC("hook/test/event")
int wrong_place(struct test_event *ctx)
{
    struct account *a = account_of(ctx->small);
    if (!a)
        return 0;
    return bpf_timer_start((struct bpf_timer *)&a->balance, 1000, 0);
}

SEC("hook/test/event")
int wrong_map(struct test_event *ctx)
{
    struct account *a = account_of(ctx->small);
    if (!a)
        return 0;
    return bpf_timer_init(&a->timer, &events, CLOCK_MONOTONIC);
}

SEC("hook/test/event")
int callback_result(struct test_event *ctx)
{
    struct account *a = account_of(ctx->small);
    if (!a)
        return 0;
    return bpf_timer_set_callback(&a->timer, wrong_result);
}

SEC("hook/test/event")
int callback_lock(struct test_event *ctx)
{
    struct account *a = account_of(ctx->small);
    if (!a)
        return 0;
    return bpf_timer_set_callback(&a->timer, leaves_a_lock);
}

__noinline long keep(struct bpf_dynptr *sample, __u64 **kept)
{
    *kept = bpf_dynptr_data(sample, 0, 8);
    return 0;
}

SEC("hook/test/event")
int sample_after_callback(struct test_event *ctx)
{
    __u64 *kept = NULL;
    bpf_user_ringbuf_drain(&input, keep, &kept, 0);
    return kept ? *kept : 0;
}

__noinline long release(struct bpf_dynptr *sample, void *state)
{
    bpf_ringbuf_submit_dynptr(sample, 0);
    return 0;
}

SEC("hook/test/event")
int sample_submitted(struct test_event *ctx)
{
    return bpf_user_ringbuf_drain(&input, release, NULL, 0);
}

SEC("hook/test/event")
int per_cpu_variable(struct test_event *ctx)
{
    return bpf_per_cpu_ptr(ctx, 0) != NULL;
}
