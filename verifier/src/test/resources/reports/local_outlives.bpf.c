/* A function hands out the address of a variable of its own, which is gone when the caller uses it. */
#include "report.h"

struct name {
    char *text;
    __u32 length;
};

__noinline int read_name(struct test_event *ctx, struct name *name)
{
    char text[16];
    for (int i = 0; i < 14; i++)
        text[i] = ctx->text.s[i];
    name->text = text;
    asm volatile("" : : "r"(text) : "memory");
    name->length = ctx->text.len;
    return 0;
}

SEC("hook/test/event")
int local_outlives(struct test_event *ctx)
{
    struct name name = {};
    read_name(ctx, &name);
    return name.text ? name.text[0] : 0;
}
