/* Locks, timers, dynptrs and samples as they are meant. */
#include "facilities.h"

__noinline int forget(void *map, __u32 *key, struct account *value)
{
    bpf_spin_lock(&value->lock);
    value->balance = 0;
    value->changes = 0;
    bpf_spin_unlock(&value->lock);
    bpf_map_delete_elem(&accounts, key);
    return 0;
}

SEC("hook/test/event")
int expiring(struct test_event *ctx)
{
    __u32 key = ctx->small;
    struct account *a = bpf_map_lookup_elem(&accounts, &key);
    if (!a) {
        struct account fresh = {};
        bpf_map_update_elem(&accounts, &key, &fresh, 1);
        a = bpf_map_lookup_elem(&accounts, &key);
        if (!a)
            return 0;
        bpf_timer_init(&a->timer, &accounts, CLOCK_MONOTONIC);
        bpf_timer_set_callback(&a->timer, forget);
    }
    bpf_timer_cancel(&a->timer);
    bpf_timer_start(&a->timer, 1000000000, 0);
    bpf_spin_lock(&a->lock);
    a->changes++;
    if (a->balance < ctx->number)
        a->balance = ctx->number;
    bpf_spin_unlock(&a->lock);
    return 0;
}

SEC("hook/test/event")
int streaming(struct test_event *ctx)
{
    struct bpf_dynptr record;
    __u64 number = ctx->number;
    bpf_ringbuf_reserve_dynptr(&events, sizeof(number) + (ctx->small & 63), 0, &record);
    bpf_dynptr_write(&record, 0, &number, sizeof(number), 0);
    __u64 *slice = bpf_dynptr_data(&record, 0, sizeof(number));
    if (slice)
        *slice += 1;
    if (number & 1)
        bpf_ringbuf_discard_dynptr(&record, 0);
    else
        bpf_ringbuf_submit_dynptr(&record, 0);
    return 0;
}

SEC("hook/test/event")
int reading(struct test_event *ctx)
{
    struct bpf_dynptr memory;
    __u64 number;
    struct account *a = account_of(ctx->small);
    if (!a || bpf_dynptr_from_mem(a, sizeof(a->balance), 0, &memory))
        return 0;
    bpf_dynptr_read(&number, sizeof(number), &memory, 0, 0);
    return number;
}

__noinline long apply(struct bpf_dynptr *sample, __u64 *sum)
{
    __u64 *amount = bpf_dynptr_data(sample, 0, sizeof(*amount));
    if (!amount)
        return 1;
    *sum += *amount;
    return 0;
}

SEC("hook/test/event")
int draining(struct test_event *ctx)
{
    __u64 sum = 0;
    bpf_user_ringbuf_drain(&input, apply, &sum, 0);
    return sum;
}
