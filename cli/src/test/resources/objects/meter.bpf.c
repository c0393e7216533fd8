// SPDX-License-Identifier: Apache-2.0
// A codelet of jbpf's ABI, one of its other program type, and one of a type and with a helper of an application.
typedef unsigned char __u8;
typedef unsigned int __u32;
typedef int __s32;
typedef unsigned long long __u64;

#define SEC(name) __attribute__((section(name), used))

struct jbpf_load_map_def {
    __u32 type;
    __u32 key_size;
    __u32 value_size;
    __u32 max_entries;
    __u32 map_flags;
    __u32 inner_map_idx;
    __u32 numa_node;
    __u32 nb_hash_functions;
};

struct jbpf_generic_ctx {
    __u64 data;
    __u64 data_end;
    __u64 meta_data;
    __u32 ctx_id;
};

struct jbpf_stats_ctx {
    __u64 data;
    __u64 data_end;
    __u64 meta_data;
    __u32 meas_period;
};

struct frame_ctx {
    __u64 data;
    __u64 data_end;
    __u64 meta_data;
    unsigned short antenna;
    __u8 direction;
};

static void *(*const jbpf_map_lookup_elem)(const void *map, const void *key) = (void *)1;
static int (*const jbpf_map_update_elem)(void *map, const void *key, void *value, __u64 flags) = (void *)3;
static void (*const jbpf_printf)(const void *format, __u32 size, ...) = (void *)11;
static int (*const jbpf_ringbuf_output)(const void *map, void *record, __u64 size) = (void *)12;
static int (*const jbpf_control_input_receive)(void *map, void *to, __u32 size) = (void *)16;
static void *(*const jbpf_get_output_buf)(void *map) = (void *)17;
static int (*const jbpf_send_output)(void *map) = (void *)18;
static __s32 (*const antenna_gain)(__u32 antenna) = (void *)32;

struct total {
    __u64 frames;
    __u64 sum;
};

struct jbpf_load_map_def SEC("maps") totals = {
    .type = 1, .key_size = 4, .value_size = sizeof(struct total), .max_entries = 4};
struct jbpf_load_map_def SEC("maps") periods = {.type = 2, .key_size = 4, .value_size = 8, .max_entries = 16};
struct jbpf_load_map_def SEC("maps") events = {.type = 3, .value_size = 16, .max_entries = 10};
struct jbpf_load_map_def SEC("maps") steps = {.type = 4, .value_size = 8, .max_entries = 10};
struct jbpf_load_map_def SEC("maps") busy = {.type = 5, .key_size = 8, .value_size = 8, .max_entries = 1};
struct jbpf_load_map_def SEC("maps") seen = {.type = 6, .key_size = 4, .value_size = 8, .max_entries = 8};
struct jbpf_load_map_def SEC("maps") reports = {.type = 7, .value_size = sizeof(struct total), .max_entries = 10};

// Adds the payload's first number to a total, which it reports; gives the size of its context and the sum.
SEC("jbpf_generic")
__u64 jbpf_main(struct jbpf_generic_ctx *ctx, __u64 context_bytes)
{
    char format[] = "frame %d";
    __u32 *number = (__u32 *)(long)ctx->data;
    __u64 step = 1;
    __u32 index = ctx->ctx_id & 3;

    if ((void *)(number + 1) > (void *)(long)ctx->data_end)
        return 0;
    struct total *total = jbpf_map_lookup_elem(&totals, &index);
    struct total *report = jbpf_get_output_buf(&reports);
    if (!total || !report)
        return 0;
    jbpf_control_input_receive(&steps, &step, sizeof(step));
    total->frames += 1;
    total->sum += *number;
    *number += 1;
    *report = *total;
    jbpf_send_output(&reports);
    jbpf_printf(format, sizeof(format), total->frames);
    return context_bytes << 32 | total->sum;
}

SEC("jbpf_stats")
__u64 on_stats(struct jbpf_stats_ctx *ctx)
{
    __u32 period = ctx->meas_period;
    __u64 once = 1;

    return jbpf_map_update_elem(&periods, &period, &once, 0);
}

SEC("radio_frame")
__u64 on_frame(struct frame_ctx *ctx)
{
    struct total record = {antenna_gain(ctx->antenna), ctx->direction};

    return jbpf_ringbuf_output(&events, &record, sizeof(record));
}
