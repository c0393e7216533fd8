/* Numbers that are counted and stored, and decide nothing: how many values they may have must not matter. */
#include "codelet.h"

struct tally {
    __u64 odd;
    __u64 even;
    __u64 high;
    __u64 sum;
};

struct {
    __uint(type, 2);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, struct tally);
} tallies SEC(".maps");

SEC("hook/test/bytes")
int bytes(struct test_event *ctx)
{
    __u8 *data = (void *)(long)ctx->data;
    __u8 *end = (void *)(long)ctx->data_end;
    __u32 key = 0;
    struct tally *tally = map_lookup(&tallies, &key);
    if (!tally)
        return 0;
    __u64 odd = 0, even = 0, high = 0, sum = 0;
    for (int i = 0; i < 64; i++) {
        if (data + i + 1 > end)
            break;
        __u8 byte = data[i];
        if (byte & 1)
            odd++;
        else
            even += 2;
        if (byte > 127)
            high++;
        sum += byte;
    }
    tally->odd = odd;
    tally->even = even;
    tally->high = high;
    tally->sum = sum;
    return 0;
}

#define BIT(i)                 \
    if (number & (1ull << (i))) \
        weight += ((i) + 3) * 7;

SEC("hook/test/bits")
int bits(struct test_event *ctx)
{
    __u32 key = 0;
    struct tally *tally = map_lookup(&tallies, &key);
    if (!tally)
        return 0;
    __u64 number = ctx->number;
    __u64 weight = 0;
    BIT(0) BIT(1) BIT(2) BIT(3) BIT(4) BIT(5) BIT(6) BIT(7)
    BIT(8) BIT(9) BIT(10) BIT(11) BIT(12) BIT(13) BIT(14) BIT(15)
    tally->sum = weight;
    return 0;
}
