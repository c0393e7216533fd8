// SPDX-License-Identifier: Apache-2.0
// Checks that each producer's events come once and in order.
#include "stress.h"

#define PRODUCERS 64

struct producer {
    __s64 last;    /* the highest sequence number so far; the first is 1 */
    __u64 seen;    /* events */
    __u64 twice;   /* events that do not come after all before them */
    __u64 skipped; /* sequence numbers that never came */
};

struct sample {
    __s64 producer;
    __s64 sequence;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, PRODUCERS);
    __type(key, __u32);
    __type(value, struct producer);
} producers SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 128);
    __type(key, __s64);
    __type(value, __s64);
} recent SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
    __type(value, struct sample);
} samples SEC(".maps");

SEC("hook/stress/published")
int published(struct stress_published *ctx)
{
    __u32 number = ctx->producer;
    __s64 sequence = ctx->sequence;

    count_run();
    /* The hook's key is the producer, so one core alone writes this entry. */
    struct producer *p = bpf_map_lookup_elem(&producers, &number);
    if (!p)
        return 0;
    p->seen++;
    if (sequence <= p->last) {
        p->twice++;
    } else {
        p->skipped += sequence - p->last - 1;
        p->last = sequence;
    }
    bpf_map_update_elem(&recent, &sequence, &sequence, BPF_ANY);
    if ((sequence & 15) == 0) {
        struct sample s = {.producer = number, .sequence = sequence};
        bpf_ringbuf_output(&samples, &s, sizeof(s), 0);
    }
    return 0;
}

char LICENSE[] SEC("license") = "Apache-2.0";
