/* What the codelets of these tests need: types, map macros, helpers. */
typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef long long __s64;

#define SEC(name) __attribute__((section(name), used))
#define __uint(name, value) int(*name)[value]
#define __type(name, value) typeof(value) *name
#define INLINE static inline __attribute__((always_inline))
#define NOINLINE static __attribute__((noinline))

static void *(*const map_lookup)(void *map, const void *key) = (void *)1;
static long (*const map_update)(void *map, const void *key, const void *value, __u64 flags) = (void *)2;
static long (*const map_delete)(void *map, const void *key) = (void *)3;
static __u64 (*const time_ns)(void) = (void *)5;
static long (*const ringbuf_output)(void *ring, const void *data, __u64 size, __u64 flags) = (void *)130;
static void *(*const ringbuf_reserve)(void *ring, __u64 size, __u64 flags) = (void *)131;
static void (*const ringbuf_submit)(void *data, __u64 flags) = (void *)132;

/* The layout of Fixtures.CONTEXT. */
struct test_event {
    __u64 number;
    __u32 small;
    struct {
        __u16 len;
        char s[14];
    } text __attribute__((aligned(8)));
    __u8 *data;
    __u8 *data_end;
};
