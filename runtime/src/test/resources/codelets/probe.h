/* SPDX-License-Identifier: Apache-2.0 */
/* The hooks of ProbeHooks.java. */
#ifndef PROBE_H
#define PROBE_H

#include "vertebra.h"

static __u64 (*const bpf_get_current_pid_tgid)(void) = (void *)14;
static long (*const bpf_get_current_comm)(void *buffer, __u32 size) = (void *)16;

struct probe_seen {
    __s64 id;
    __s32 route;
    __s64 bytes;
};

struct probe_frame {
    void *data;
    void *data_end;
    __u32 payload_len;
    __s32 kind;
};

struct probe_named {
    struct {
        __u16 len;
        char s[8];
    } text;
};

struct probe_choose {
    __s32 a;
    __s32 b;
};

#endif
