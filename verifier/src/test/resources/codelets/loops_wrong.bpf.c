/* Loops that may stand still: what the payload says may be 0. */
#include "codelet.h"

/* A length that counts kind and length, and may be 0. */
SEC("hook/test/standing_options")
int standing_options(struct test_event *e)
{
    __u8 *at = e->data, *end = e->data_end;
    int found = 0;
    while (at + 2 <= end && at[0] != 0) {
        if (at + at[1] > end)
            break;
        found += at[0] == 8;
        at += at[1];
    }
    return found;
}

/* A length of words without the head. */
SEC("hook/test/standing_records")
int standing_records(struct test_event *e)
{
    __u8 *at = e->data, *end = e->data_end;
    int count = 0;
    while (at + 4 <= end) {
        at += 4 * *(__u16 *)(at + 2);
        count++;
    }
    return count;
}
