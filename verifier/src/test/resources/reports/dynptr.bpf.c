/* What may not be done with dynptrs. */
#include "facilities.h"

SEC("hook/test/event")
int not_released(struct test_event *ctx)
{
    struct bpf_dynptr record;
    __u64 number = ctx->number;
    if (bpf_ringbuf_reserve_dynptr(&events, sizeof(number), 0, &record))
        return 0;
    bpf_dynptr_write(&record, 0, &number, sizeof(number), 0);
    bpf_ringbuf_submit_dynptr(&record, 0);
    return 0;
}

SEC("hook/test/event")
int released_twice(struct test_event *ctx)
{
    struct bpf_dynptr record;
    bpf_ringbuf_reserve_dynptr(&events, 8, 0, &record);
    bpf_ringbuf_submit_dynptr(&record, 0);
    bpf_ringbuf_discard_dynptr(&record, 0);
    return 0;
}

SEC("hook/test/event")
int slice_after_release(struct test_event *ctx)
{
    struct bpf_dynptr record;
    bpf_ringbuf_reserve_dynptr(&events, 8, 0, &record);
    __u64 *slice = bpf_dynptr_data(&record, 0, 8);
    if (slice)
        *slice = ctx->number;
    bpf_ringbuf_submit_dynptr(&record, 0);
    return slice ? *slice : 0;
}

SEC("hook/test/event")
int slice_not_checked(struct test_event *ctx)
{
    struct bpf_dynptr record;
    bpf_ringbuf_reserve_dynptr(&events, 8, 0, &record);
    __u64 *slice = bpf_dynptr_data(&record, 0, 8);
    *slice = ctx->number;
    bpf_ringbuf_submit_dynptr(&record, 0);
    return 0;
}

SEC("hook/test/event")
int slice_outside(struct test_event *ctx)
{
    struct bpf_dynptr record;
    bpf_ringbuf_reserve_dynptr(&events, 8, 0, &record);
    __u64 *slice = bpf_dynptr_data(&record, 0, 4);
    if (slice)
        *slice = ctx->number;
    bpf_ringbuf_submit_dynptr(&record, 0);
    return 0;
}

SEC("hook/test/event")
int overwritten(struct test_event *ctx)
{
    struct bpf_dynptr record;
    bpf_ringbuf_reserve_dynptr(&events, 8, 0, &record);
    *(volatile __u32 *)((char *)&record + 12) = ctx->small;
    bpf_ringbuf_submit_dynptr(&record, 0);
    return 0;
}

SEC("hook/test/event")
int reserved_over_another(struct test_event *ctx)
{
    struct bpf_dynptr record;
    bpf_ringbuf_reserve_dynptr(&events, 8, 0, &record);
    bpf_ringbuf_reserve_dynptr(&events, 8, 0, &record);
    bpf_ringbuf_submit_dynptr(&record, 0);
    return 0;
}

SEC("hook/test/event")
int read_as_data(struct test_event *ctx)
{
    struct bpf_dynptr record;
    bpf_ringbuf_reserve_dynptr(&events, 8, 0, &record);
    __u64 content = *(volatile __u64 *)&record;
    bpf_ringbuf_submit_dynptr(&record, 0);
    return content;
}

SEC("hook/test/event")
int submitted_as_record(struct test_event *ctx)
{
    struct bpf_dynptr record;
    bpf_ringbuf_reserve_dynptr(&events, 8, 0, &record);
    __u64 *slice = bpf_dynptr_data(&record, 0, 8);
    if (slice)
        bpf_ringbuf_submit(slice, 0);
    return 0;
}

SEC("hook/test/event")
int of_the_lock(struct test_event *ctx)
{
    struct bpf_dynptr memory;
    struct account *a = account_of(ctx->small);
    if (!a)
        return 0;
    return bpf_dynptr_from_mem(a, sizeof(*a), 0, &memory);
}

SEC("hook/test/event")
int of_the_stack(struct test_event *ctx)
{
    struct bpf_dynptr memory;
    __u64 numbers[2] = {ctx->number, ctx->small};
    return bpf_dynptr_from_mem(numbers, sizeof(numbers), 0, &memory);
}

SEC("hook/test/event")
int submitted_memory(struct test_event *ctx)
{
    struct bpf_dynptr memory;
    struct account *a = account_of(ctx->small);
    if (!a)
        return 0;
    bpf_dynptr_from_mem(a, sizeof(a->balance), 0, &memory);
    bpf_ringbuf_submit_dynptr(&memory, 0);
    return 0;
}
