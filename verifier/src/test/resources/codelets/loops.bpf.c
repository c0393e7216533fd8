/* Loops that advance by what the payload says, and loops over arrays: every program here is safe and ends. */
#include "codelet.h"

struct values {
    __u32 words[16];
};

struct {
    __uint(type, 2);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct values);
} values SEC(".maps");

/* Options as TCP has them: kind 0 ends, kind 1 is one byte, others have a length that counts kind and length. */
SEC("hook/test/options")
int options(struct test_event *e)
{
    __u8 *at = e->data, *end = e->data_end;
    int found = 0;
    for (int i = 0; i < 40; i++) {
        if (at + 2 > end || at[0] == 0)
            break;
        if (at[0] == 1) {
            at++;
            continue;
        }
        __u8 length = at[1];
        if (length < 2 || at + length > end)
            break;
        if (at[0] == 8 && length == 10)
            found += at[9];
        at += length;
    }
    return found;
}

/* The same as far as the payload goes. */
SEC("hook/test/all_options")
int all_options(struct test_event *e)
{
    __u8 *at = e->data, *end = e->data_end;
    int found = 0;
    while (at + 2 <= end && at[0] != 0) {
        __u64 length = at[0] == 1 ? 1 : at[1];
        if (length == 0 || at + length > end)
            break;
        if (at[0] == 8 && length == 10)
            found += at[9];
        at += length;
    }
    return found;
}

/* Records whose length counts what is behind their head. */
SEC("hook/test/records")
int records(struct test_event *e)
{
    __u8 *at = e->data, *end = e->data_end;
    int count = 0;
    while (at + 2 <= end) {
        at += 2 + at[1];
        count++;
    }
    return count;
}

/* Records of two-byte lengths, by offset. */
SEC("hook/test/offsets")
int offsets(struct test_event *e)
{
    __u8 *data = e->data;
    __u64 size = e->data_end - data, at = 0;
    int count = 0;
    while (at + 4 <= size && at < 1500) {
        __u16 length = *(__u16 *)(data + at + 2);
        at += 4 + length;
        count++;
    }
    return count;
}

/* Numbers of four bytes, as many as the first one says. */
SEC("hook/test/sum")
int sum(struct test_event *e)
{
    __u32 *at = (__u32 *)e->data, *end = (__u32 *)e->data_end;
    if (at + 1 > end)
        return 0;
    __u32 count = *at++, sum = 0;
    for (__u32 i = 0; i < count && at + 1 <= end; i++)
        sum += *at++;
    return sum;
}

/* The words of a value from one on. */
SEC("hook/test/words")
int words(struct test_event *e)
{
    __u32 key = 0, sum = 0;
    struct values *value = map_lookup(&values, &key);
    if (!value)
        return 0;
#pragma clang loop unroll(disable)
    for (__u32 i = e->small & 15; i < 16; i++)
        sum += value->words[i];
    return sum;
}

/* Every eighth byte. */
SEC("hook/test/strides")
int strides(struct test_event *e)
{
    __u8 *at = e->data, *end = e->data_end;
    int sum = 0;
    for (; at + 8 <= end; at += 8)
        sum += *(__u64 *)at;
    return sum;
}
