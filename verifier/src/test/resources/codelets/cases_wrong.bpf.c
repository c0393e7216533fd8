/* The programs of cases.bpf.c with a mistake in each. */
#include "codelet.h"

struct bytes {
    __u8 at[64];
};

struct {
    __uint(type, 2);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct bytes);
} values SEC(".maps");

struct {
    __uint(type, 27);
    __uint(max_entries, 4096);
    __type(value, struct bytes);
} events SEC(".maps");

/* The compiler is not to see through a number. */
#define HIDE(number) asm volatile("" : "+r"(number))

/* As far behind the end as the place is before it. */
SEC("hook/test/behind")
int behind(struct test_event *e)
{
    __u64 name[2] = { e->number, 1 };
    __u64 at = e->small & 15, rest = 16 - at;
    HIDE(rest);
    return ((char *)name)[rest < 4 ? at + rest : at + 4];
}

/* What is kept when another flag is set than the one that it is measured for. */
SEC("hook/test/measured")
int measured(struct test_event *e)
{
    __u32 flags = e->small, key = 0;
    __u64 begin;
    if (flags & 4)
        begin = time_ns();
    struct bytes *value = map_lookup(&values, &key);
    if (!value)
        return 0;
    if ((flags & 6) == 2)
        *(__u64 *)value = time_ns() - begin;
    return 1;
}

/* A part of a value, where begin and length may be behind it together. */
SEC("hook/test/part")
int part(struct test_event *e)
{
    __u32 key = 0;
    struct bytes *value = map_lookup(&values, &key);
    if (!value)
        return 0;
    __u64 begin = value->at[0], length = value->at[1];
    if (length == 0 || begin + length > 65)
        return 0;
    return ringbuf_output(&events, value->at + begin, length, 0);
}
