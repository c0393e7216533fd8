// SPDX-License-Identifier: Apache-2.0
// Records of every type that C has for them, as initialised variables: what a reader must find is written here.
#include "bpf.h"

enum state { STATE_IDLE, STATE_BUSY = 5, STATE_LOST = -1 };
enum wide { WIDE_NONE, WIDE_LARGE = 0x1234567890ULL };
typedef enum { COLOR_RED = 1, COLOR_BLUE = 2 } color_t;
typedef __u32 route_t;

struct point {
    __s32 x;
    __s32 y;
};

struct numbers {
    __u8 u8;
    signed char s8;
    __u16 u16;
    __s16 s16;
    __u32 u32;
    __s32 s32;
    __u64 u64;
    __s64 s64;
    unsigned __int128 u128;
    __int128 s128;
    _Bool yes;
    _Bool no;
    char letter;
    float tenth;
    double third;
    const volatile route_t route;
    void *pointer;
    int (*function)(int);
};
struct numbers numbers = {
    .u8 = 255,
    .s8 = -128,
    .u16 = 65535,
    .s16 = -32768,
    .u32 = 4294967295U,
    .s32 = -2147483647 - 1,
    .u64 = 18446744073709551615ULL,
    .s64 = -9223372036854775807LL - 1,
    .u128 = ~(unsigned __int128)0,
    .s128 = -((__int128)1 << 100),
    .yes = 1,
    .letter = 'v',
    .tenth = 0.1f,
    .third = 1.0 / 3,
    .route = 7,
    .pointer = (void *)0xffff888000001234ULL,
};

struct enums {
    enum state busy;
    enum state lost;
    enum state unnamed;
    enum wide large;
    enum wide other;
    color_t color;
    const color_t colors[3];
};
struct enums enums = {STATE_BUSY, STATE_LOST, 4, WIDE_LARGE, 0x9999999999ULL, COLOR_BLUE, {COLOR_RED, 3, COLOR_BLUE}};

struct bits {
    __u32 low : 3;
    __s32 negative : 5;
    _Bool set : 1;
    _Bool clear : 1;
    enum state state : 4;
    color_t color : 2;
    __u64 wide : 40;
    __s64 minus : 24;
    __u8 after;
};
struct bits bits = {5, -3, 1, 0, STATE_LOST, COLOR_BLUE, 0xabcdef0123ULL, -2, 9};

struct texts {
    char plain[8];
    char full[4];
    char inside[8];
    char invalid[6];
    char utf8[8];
    __u8 bytes[4];
    signed char small[2];
    const char names[2][4];
};
struct texts texts = {
    "plain", {'f', 'u', 'l', 'l'}, "in\0side", {'a', (char)0xff, (char)0xc3, '(', 0}, "h\xc3\xa9", {1, 2, 0, 255}, {-1, 1}, {"ab", "cd"},
};

struct nested {
    struct point at;
    struct {
        __u16 left;
        struct point deep;
    } inner;
    struct {
        __u32 hoisted;
        union {
            __u32 whole;
            struct {
                __u16 low;
                __u16 high;
            };
        };
    };
    union {
        __u32 address;
        __u8 octets[4];
    } ip;
    struct point path[2];
    __s16 grid[2][3];
    struct point squares[2][1];
    struct {} empty;
    __u8 last;
};
struct nested nested = {
    {1, -2}, {3, {4, 5}}, {6, {0x00080007}}, {0x0100007f}, {{9, 10}, {11, 12}}, {{1, -2, 3}, {4, 5, -6}}, {{{1, 2}}, {{3, 4}}}, {}, 13,
};

struct variable {
    __u32 count;
    __u8 kind;
    char text[];
};
struct variable *variable;

struct points {
    __u16 count;
    struct point points[];
};
struct points *points;

struct legacy {
    __u32 count;
    __u16 values[0];
};
struct legacy *legacy;

struct path {
    __u32 pid;
    char path[16];
};
struct path *path;

char LICENSE[] SEC("license") = "Dual MIT/GPL";
