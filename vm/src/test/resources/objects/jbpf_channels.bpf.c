// SPDX-License-Identifier: Apache-2.0
// What goes in and out of a jbpf codelet.
#include "jbpf.h"

struct command {
    __u32 factor;
    __u32 offset;
};

struct result {
    __u32 number;
    __u32 total;
    __u32 context_bytes;
};

struct jbpf_load_map_def SEC("maps") commands = {
    .type = CONTROL_INPUT, .value_size = sizeof(struct command), .max_entries = 4};
struct jbpf_load_map_def SEC("maps") results = {
    .type = OUTPUT, .value_size = sizeof(struct result), .max_entries = 2};
struct jbpf_load_map_def SEC("maps") notes = {.type = RINGBUF, .value_size = 16, .max_entries = 2};
struct jbpf_load_map_def SEC("maps") current = {
    .type = ARRAY, .key_size = 4, .value_size = sizeof(struct command), .max_entries = 1};

// Takes a command if there is one, adds to the result that is being made, and sends it when its id is even.
SEC("jbpf_generic")
__s64 jbpf_main(struct jbpf_generic_ctx *ctx, __u64 context_bytes)
{
    __u32 *number = (__u32 *)(long)ctx->data;
    __u32 index = 0;
    struct command *command = jbpf_map_lookup_elem(&current, &index);

    if ((void *)(number + 1) > (void *)(long)ctx->data_end || !command)
        return 99;
    if (jbpf_control_input_receive(&commands, command, sizeof(*command)) == 1)
        *number = 0;
    struct result *result = jbpf_get_output_buf(&results);
    if (!result)
        return 98;
    result->number = *number;
    result->total += *number * command->factor + command->offset;
    result->context_bytes = context_bytes;
    *number += 1;
    return ctx->ctx_id % 2 ? 1 : jbpf_send_output(&results);
}

SEC("jbpf_generic/send")
__s64 send(struct jbpf_generic_ctx *ctx)
{
    return jbpf_send_output(&results);
}

SEC("jbpf_generic/receive")
__s64 receive(struct jbpf_generic_ctx *ctx)
{
    struct command command;

    return jbpf_control_input_receive(&commands, &command, sizeof(command)) << 8 | command.factor;
}

SEC("jbpf_generic/small")
__s64 small(struct jbpf_generic_ctx *ctx)
{
    __u32 part;

    return jbpf_control_input_receive(&commands, &part, sizeof(part));
}

SEC("jbpf_generic/note")
__s64 note(struct jbpf_generic_ctx *ctx)
{
    __u32 id = ctx->ctx_id;

    return jbpf_ringbuf_output(&notes, &id, sizeof(id));
}

SEC("jbpf_generic/note_too_much")
__s64 note_too_much(struct jbpf_generic_ctx *ctx)
{
    __u64 record[3] = {1, 2, 3};

    return jbpf_ringbuf_output(&notes, record, sizeof(record));
}
