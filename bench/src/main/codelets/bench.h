/* SPDX-License-Identifier: Apache-2.0 */
/* The hooks of BenchHooks.java. These sources also compile natively: ../c/native stands in for vertebra.h there. */
#ifndef BENCH_H
#define BENCH_H

#include "vertebra.h"

#define ROUTES 64
#define PAYLOAD 1500

struct bench_filter {
    __s64 bytes;
    __s32 route;
    __s32 status;
};

struct bench_chain {
    __s64 f0, f1, f2, f3, f4, f5, f6, f7, f8, f9;
};

struct bench_counter {
    __s32 route;
};

struct bench_counter_atomic {
    __s32 route;
};

struct bench_per_core {
    __s32 route;
};

struct bench_histogram {
    __s32 route;
    __s64 nanos;
};

struct bench_prime {
    __s32 number;
};

struct bench_published32 {
    __s64 f0, f1, f2, f3;
};

struct bench_published64 {
    __s64 f0, f1, f2, f3, f4, f5, f6, f7;
};

struct bench_arrived {
    __s64 fired;
};

struct bench_fnv {
    void *data;
    void *data_end;
    __u32 payload_len;
};

struct bench_checksum {
    void *data;
    void *data_end;
    __u32 payload_len;
};

struct bench_parse {
    void *data;
    void *data_end;
    __u32 payload_len;
};

#endif
