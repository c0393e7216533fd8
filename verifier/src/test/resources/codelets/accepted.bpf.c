/* What codelets usually do: every program here is safe. */
#include "codelet.h"

#define SLOTS 64
#define HISTORY 60

struct histogram {
    __u64 slots[SLOTS];
    __u64 sum;
};
struct window {
    __u64 at[HISTORY];
    __u32 next;
};
struct key {
    __u32 route;
    __u16 status;
    __u8 kind;
    __u8 zero; /* no padding */
};
struct record {
    __u64 time;
    __u32 route;
    char text[16];
};

struct {
    __uint(type, 6);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, struct histogram);
} delays SEC(".maps");

struct {
    __uint(type, 2);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, struct window);
} windows SEC(".maps");

struct {
    __uint(type, 1);
    __uint(max_entries, 1024);
    __type(key, struct key);
    __type(value, __u64);
} flows SEC(".maps");

struct {
    __uint(type, 27);
    __uint(max_entries, 4096);
    __type(value, struct record);
} events SEC(".maps");

const volatile __u32 routes = 8;
const volatile __u64 limit = 1000;
__u64 total;

INLINE __u32 log2_64(__u64 v)
{
    __u32 r, shift;
    r = (v > 0xffffffff) << 5;
    v >>= r;
    shift = (v > 0xffff) << 4;
    v >>= shift;
    r |= shift;
    shift = (v > 0xff) << 3;
    v >>= shift;
    r |= shift;
    shift = (v > 0xf) << 2;
    v >>= shift;
    r |= shift;
    shift = (v > 0x3) << 1;
    v >>= shift;
    r |= shift;
    return r | (v >> 1);
}

SEC("hook/test/histogram")
int histogram(struct test_event *ctx)
{
    __u32 route = ctx->small;
    if (route >= routes)
        return 0;
    struct histogram *h = map_lookup(&delays, &route);
    if (!h)
        return 0;
    __u32 slot = log2_64(ctx->number);
    if (slot >= SLOTS)
        slot = SLOTS - 1;
    __sync_fetch_and_add(&h->slots[slot], 1);
    __sync_fetch_and_add(&h->sum, ctx->number);
    __sync_fetch_and_add(&total, 1);
    return 0;
}

SEC("hook/test/two_histograms")
int two_histograms(struct test_event *ctx)
{
    __u32 a = 0, b = 1;
    struct histogram *h = map_lookup(&delays, &a), *g = map_lookup(&delays, &b);
    if (!h || !g)
        return 0;
    h->slots[log2_64(ctx->number) & (SLOTS - 1)]++;
    g->slots[log2_64(ctx->small) & (SLOTS - 1)]++;
    return 0;
}

SEC("hook/test/window")
int window(struct test_event *ctx)
{
    __u32 route = ctx->small & 7;
    struct window *w = map_lookup(&windows, &route);
    if (!w)
        return 0;
    __u64 sum = 0, most = 0, least = ~0ULL;
    __u32 next = w->next;
    for (int i = 0; i < HISTORY; i++) {
        if (next >= HISTORY)
            next = 0;
        __u64 v = w->at[next++];
        sum += v;
        most = v > most ? v : most;
        least = v < least ? v : least;
    }
    if (next >= HISTORY)
        next = 0;
    w->at[next] = ctx->number;
    w->next = next + 1;
    return (sum / HISTORY > limit) + (most - least) / (ctx->number | 1);
}

SEC("hook/test/flow")
int flow(struct test_event *ctx)
{
    struct key key = {.route = ctx->small, .status = 200};
    __u64 now = time_ns(), *last = map_lookup(&flows, &key);
    if (!last) {
        map_update(&flows, &key, &now, 0);
        return 0;
    }
    __u64 delta = now - *last;
    if (delta > limit) {
        struct record *r = ringbuf_reserve(&events, sizeof(*r), 0);
        if (r) {
            r->time = now;
            r->route = ctx->small;
            __u16 len = ctx->text.len;
            for (int i = 0; i < 14; i++)
                r->text[i] = i < len ? ctx->text.s[i] : 0;
            r->text[14] = r->text[15] = 0;
            ringbuf_submit(r, 0);
        }
        map_delete(&flows, &key);
    }
    *last = now;
    return 1;
}

NOINLINE int parse(struct test_event *ctx, __u32 *sum)
{
    __u8 *data = ctx->data, *end = ctx->data_end;
    for (int i = 0; i < 8; i++) {
        if (data + 2 > end)
            return -1;
        __u8 kind = data[0], length = data[1];
        if (kind == 0)
            return i;
        *sum += kind;
        data += length;
    }
    return 8;
}

SEC("hook/test/options")
int options(struct test_event *ctx)
{
    __u32 sum = 0;
    int n = parse(ctx, &sum);
    if (n < 0)
        return n;
    if (ctx->data + 14 > ctx->data_end)
        return 0;
    return sum + *(__u16 *)(ctx->data + 12);
}
