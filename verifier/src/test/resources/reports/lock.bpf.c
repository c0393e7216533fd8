/* What may not be done with the lock of a map's value. */
#include "facilities.h"

SEC("hook/test/event")
int leaked(struct test_event *ctx)
{
    struct account *a = account_of(ctx->small);
    if (!a)
        return 0;
    bpf_spin_lock(&a->lock);
    a->balance += ctx->number;
    if (a->balance > 1000)
        return 1;
    bpf_spin_unlock(&a->lock);
    return 0;
}

SEC("hook/test/event")
int taken_twice(struct test_event *ctx)
{
    struct account *from = account_of(ctx->small);
    struct account *to = account_of(ctx->small + 1);
    if (!from || !to)
        return 0;
    bpf_spin_lock(&from->lock);
    bpf_spin_lock(&to->lock);
    to->balance += from->balance;
    bpf_spin_unlock(&to->lock);
    bpf_spin_unlock(&from->lock);
    return 0;
}

SEC("hook/test/event")
int not_held(struct test_event *ctx)
{
    struct account *a = account_of(ctx->small);
    if (!a)
        return 0;
    a->balance++;
    bpf_spin_unlock(&a->lock);
    return 0;
}

SEC("hook/test/event")
int another_lock(struct test_event *ctx)
{
    struct account *from = account_of(ctx->small);
    struct account *to = account_of(ctx->small);
    if (!from || !to)
        return 0;
    bpf_spin_lock(&from->lock);
    from->balance--;
    bpf_spin_unlock(&to->lock);
    return 0;
}

SEC("hook/test/event")
int call_while_held(struct test_event *ctx)
{
    struct account *a = account_of(ctx->small);
    if (!a)
        return 0;
    bpf_spin_lock(&a->lock);
    a->balance = bpf_ktime_get_ns();
    bpf_spin_unlock(&a->lock);
    return 0;
}

__noinline int add(__u64 *balance)
{
    *balance += 1;
    return 0;
}

SEC("hook/test/event")
int function_while_held(struct test_event *ctx)
{
    struct account *a = account_of(ctx->small);
    if (!a)
        return 0;
    bpf_spin_lock(&a->lock);
    add(&a->balance);
    bpf_spin_unlock(&a->lock);
    return 0;
}

SEC("hook/test/event")
int plain_access(struct test_event *ctx)
{
    struct account *a = account_of(ctx->small);
    if (!a)
        return 0;
    a->lock.val = 1;
    return 0;
}

SEC("hook/test/event")
int copied_whole(struct test_event *ctx)
{
    struct account copy;
    struct account *a = account_of(ctx->small);
    if (!a)
        return 0;
    return bpf_probe_read_kernel(&copy, sizeof(copy), a);
}

SEC("hook/test/event")
int wrong_member(struct test_event *ctx)
{
    struct account *a = account_of(ctx->small);
    if (!a)
        return 0;
    bpf_spin_lock((struct bpf_spin_lock *)&a->changes);
    return 0;
}
