// SPDX-License-Identifier: Apache-2.0
// CO-RE: every kind of relocation, each in a program of its own that returns what the target makes of it.
#include "bpf.h"

#define CORE __attribute__((preserve_access_index))

#define BYTE_OFFSET 0
#define BYTE_SIZE 1
#define EXISTS 2
#define SIGNED 3
#define LEFT_SHIFT 4
#define RIGHT_SHIFT 5
#define field(access, what) __builtin_preserve_field_info(access, what)

enum color { RED, GREEN = 5, BLUE = -3 };
enum size { SMALL = 1, HUGE_ONE = 0x100000002ULL };

struct point {
    __s32 x;
    __s32 y;
} CORE;

struct event {
    __u64 time;
    __u32 length;
    __s32 balance;
    __s64 total;
    union {
        struct {
            __u16 low;
            __u16 high;
        };
        __u32 both;
    };
    struct point points[3];
    __u8 name[8];
    unsigned first : 3;
    unsigned second : 7;
    int third : 5;
    enum color color;
    void *pointer;
    __u64 gone;
} CORE;

struct event___old {
    __u16 gone;
} CORE;

struct absent {
    int x;
} CORE;

typedef int (*callback)(struct point *point, enum color color);

SEC("hook/test/event")
__u64 read_time(struct event *event)
{
    return event->time;
}

SEC("hook/test/event")
__u64 read_length(struct event *event)
{
    return event->length;
}

SEC("hook/test/event")
__s64 read_balance(struct event *event)
{
    return event->balance;
}

SEC("hook/test/event")
__s64 read_total(struct event *event)
{
    return event->total;
}

SEC("hook/test/event")
__u64 read_high(struct event *event)
{
    return event->high;
}

SEC("hook/test/event")
__s64 read_point(struct event *event)
{
    return event->points[1].y;
}

SEC("hook/test/event")
__u64 read_second_event(struct event *event)
{
    return event[1].length;
}

SEC("hook/test/event")
__u64 sum_name(struct event *event)
{
    __u64 sum = 0;
    for (int i = 0; i < 8; i++)
        sum = sum * 10 + event->name[i];
    return sum;
}

SEC("hook/test/event")
__u64 read_color(struct event *event)
{
    return event->color;
}

SEC("hook/test/event")
__u64 read_pointer(struct event *event)
{
    return (__u64)event->pointer;
}

SEC("hook/test/event")
__u64 write_length(struct event *event)
{
    event->length = 0x11223344;
    return 0;
}

SEC("hook/test/event")
__u64 write_time(struct event *event)
{
    event->time = (__u64)event;
    return 0;
}

SEC("hook/test/event")
__u64 add_total(struct event *event)
{
    __sync_fetch_and_add(&event->total, 5);
    return 0;
}

/* A bit field as portable programs read it: load, shift out what is above, shift out what is below. */
#define read_bits(event, name, bits)                                             \
    ({                                                                           \
        __u64 word = 0;                                                          \
        const void *at = (const void *)(event) + field((event)->name, BYTE_OFFSET); \
        switch (field((event)->name, BYTE_SIZE)) {                               \
        case 1: word = *(const __u8 *)at; break;                                 \
        case 2: word = *(const __u16 *)at; break;                                \
        case 4: word = *(const __u32 *)at; break;                                \
        case 8: word = *(const __u64 *)at; break;                                \
        }                                                                        \
        word <<= field((event)->name, LEFT_SHIFT);                               \
        field((event)->name, SIGNED)                                             \
            ? (__u64)((__s64)word >> field((event)->name, RIGHT_SHIFT))          \
            : word >> field((event)->name, RIGHT_SHIFT);                         \
    })

SEC("hook/test/event")
__u64 read_second(struct event *event)
{
    return read_bits(event, second, 7);
}

SEC("hook/test/event")
__u64 read_third(struct event *event)
{
    return read_bits(event, third, 5);
}

SEC("hook/test/event")
__u64 size_of_name(struct event *event)
{
    return field(event->name, BYTE_SIZE);
}

SEC("hook/test/event")
__u64 size_of_points_1(struct event *event)
{
    return field(event->points[1], BYTE_SIZE);
}

SEC("hook/test/event")
__u64 exists_point(struct event *event)
{
    return field(event->points[2].x, EXISTS);
}

SEC("hook/test/event")
__u64 exists_gone(struct event *event)
{
    return field(event->gone, EXISTS);
}

SEC("hook/test/event")
__u64 read_gone(struct event *event)
{
    return event->gone;
}

SEC("hook/test/event")
__u64 guard_gone(struct event *event)
{
    if (field(event->gone, EXISTS))
        return event->gone;
    return 77;
}

SEC("hook/test/event")
__u64 prefer_old(struct event *event)
{
    struct event___old *old = (void *)event;
    return field(old->gone, EXISTS) ? old->gone : 78;
}

SEC("hook/test/event")
__u64 signed_balance(struct event *event)
{
    return field(event->balance, SIGNED);
}

SEC("hook/test/event")
__u64 shifts_of_length(struct event *event)
{
    return field(event->length, LEFT_SHIFT) * 100 + field(event->length, RIGHT_SHIFT);
}

SEC("hook/test/event")
__u64 local_id(struct event *event)
{
    return __builtin_btf_type_id(*(struct point *)0, 0);
}

SEC("hook/test/event")
__u64 target_id(struct event *event)
{
    return __builtin_btf_type_id(*(struct point *)0, 1);
}

SEC("hook/test/event")
__u64 target_id_absent(struct event *event)
{
    return __builtin_btf_type_id(*(struct absent *)0, 1);
}

SEC("hook/test/event")
__u64 exist_types(struct event *event)
{
    return __builtin_preserve_type_info(*(struct point *)0, 0) * 1000
        + __builtin_preserve_type_info(*(struct absent *)0, 0) * 100
        + __builtin_preserve_type_info(*(enum size *)0, 0) * 10
        + __builtin_preserve_type_info(*(callback *)0, 0);
}

SEC("hook/test/event")
__u64 size_of_point(struct event *event)
{
    return __builtin_preserve_type_info(*(struct point *)0, 1);
}

SEC("hook/test/event")
__u64 match_types(struct event *event)
{
    return __builtin_preserve_type_info(*(struct point *)0, 2) * 1000
        + __builtin_preserve_type_info(*(struct event *)0, 2) * 100
        + __builtin_preserve_type_info(*(enum color *)0, 2) * 10
        + __builtin_preserve_type_info(*(callback *)0, 2);
}

SEC("hook/test/event")
__u64 exist_enumerators(struct event *event)
{
    return __builtin_preserve_enum_value(*(enum color *)GREEN, 0) * 10
        + __builtin_preserve_enum_value(*(enum color *)RED, 0);
}

SEC("hook/test/event")
__s64 value_of_green(struct event *event)
{
    return __builtin_preserve_enum_value(*(enum color *)GREEN, 1);
}

SEC("hook/test/event")
__s64 value_of_blue(struct event *event)
{
    return __builtin_preserve_enum_value(*(enum color *)BLUE, 1);
}

SEC("hook/test/event")
__u64 value_of_huge(struct event *event)
{
    return __builtin_preserve_enum_value(*(enum size *)HUGE_ONE, 1);
}

SEC("hook/test/event")
__u64 value_of_red(struct event *event)
{
    return __builtin_preserve_enum_value(*(enum color *)RED, 1);
}
