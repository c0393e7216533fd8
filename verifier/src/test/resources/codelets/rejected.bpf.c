/* One mistake in each program. */
#include "codelet.h"

struct value {
    __u64 count;
    __u32 slots[14];
};
struct record {
    __u64 time;
};
struct pair {
    __u64 number;
    __u8 kind;
};

struct {
    __uint(type, 2);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, struct value);
} values SEC(".maps");

struct {
    __uint(type, 1);
    __uint(max_entries, 8);
    __type(key, struct pair);
    __type(value, __u64);
} pairs SEC(".maps");

struct {
    __uint(type, 27);
    __uint(max_entries, 4096);
    __type(value, struct record);
} events SEC(".maps");

SEC("hook/test/null_value")
int null_value(struct test_event *ctx)
{
    __u32 key = 0;
    struct value *v = map_lookup(&values, &key);
    v->count++;
    return 0;
}

SEC("hook/test/map_bounds")
int map_bounds(struct test_event *ctx)
{
    __u32 key = 0;
    struct value *v = map_lookup(&values, &key);
    if (v && ctx->small < 15)
        v->slots[ctx->small]++;
    return 0;
}

SEC("hook/test/payload_bounds")
int payload_bounds(struct test_event *ctx)
{
    if (ctx->data + 8 > ctx->data_end)
        return 0;
    return ctx->data[8];
}

SEC("hook/test/uninitialised_key")
int uninitialised_key(struct test_event *ctx)
{
    struct pair key;
    key.number = ctx->number;
    key.kind = 1;
    return map_lookup(&pairs, &key) != 0;
}

SEC("hook/test/lost_record")
int lost_record(struct test_event *ctx)
{
    struct record *r = ringbuf_reserve(&events, sizeof(*r), 0);
    if (!r)
        return 0;
    r->time = time_ns();
    if (ctx->small)
        ringbuf_submit(r, 0);
    return 0;
}

SEC("hook/test/pointer_leak")
int pointer_leak(struct test_event *ctx)
{
    __u32 key = 0;
    struct value *v = map_lookup(&values, &key);
    if (v)
        v->count = (__u64)ctx;
    return 0;
}

SEC("hook/test/endless")
int endless(struct test_event *ctx)
{
    volatile __u32 stop = 0;
    while (!stop)
        ;
    return 0;
}

SEC("hook/test/long_loop")
int long_loop(struct test_event *ctx)
{
    volatile __u64 sum = 0;
    for (__u64 i = 0; i < ctx->number; i++)
        sum += i;
    return sum;
}

SEC("hook/test/context_write")
int context_write(struct test_event *ctx)
{
    ctx->small = 1;
    return 0;
}

NOINLINE __u64 again(__u64 n)
{
    volatile __u64 less = n - 1;
    return n ? again(less) + n : 0;
}

SEC("hook/test/recursion")
int recursion(struct test_event *ctx)
{
    return again(ctx->number);
}

__u64 elsewhere(__u64 n);

SEC("hook/test/undefined_function")
int undefined_function(struct test_event *ctx)
{
    return elsewhere(ctx->number);
}
