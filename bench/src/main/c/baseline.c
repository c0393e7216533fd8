/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two baselines of the benchmarks: the codelets compiled natively, and their objects in uBPF (with -DUBPF), by its
 * JIT and by its interpreter. Each run fills the context struct and calls through a volatile function pointer.
 *
 *   baseline results OBJECTS INPUTS         EXECUTOR PROGRAM result R0...
 *                                           EXECUTOR PROGRAM map KEY VALUE     (hexadecimal)
 *   baseline times OBJECTS INPUTS BATCHES   EXECUTOR/PROGRAM NANOSECONDS       (CPU time of one run, each batch)
 *
 * OBJECTS is the folder of the .bpf.o files; INPUTS is what Workload.java writes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#ifdef UBPF
#include <ubpf.h>
#endif

#define EVENTS 1024
#define COLUMNS 15
#define COLUMN (EVENTS + 8)
#define PACKETS 64
#define PACKET_STRIDE 1504
#define BATCH_NANOS 4000000

static struct {
    __s64 columns[COLUMNS][COLUMN];
    unsigned char packets[PACKETS][PACKET_STRIDE];
} in;

typedef int (*run_fn)(void *context, size_t size);
typedef unsigned (*loop_fn)(run_fn run, int *results);

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "baseline: %s: %s\n", what, why);
    exit(1);
}

/* ---- one loop over all inputs for each codelet: the fields are columns of Workload.java ---- */

#define LOOP(name, runs, ...)                                       \
    int name(struct bench_##name *);                                \
    static unsigned loop_##name(run_fn target, int *results)        \
    {                                                               \
        run_fn volatile run = target;                               \
        unsigned sum = 0;                                           \
        for (int i = 0; i < (runs); i++) {                          \
            unsigned char *packet = in.packets[i % PACKETS];        \
            (void)packet;                                           \
            struct bench_##name context = {__VA_ARGS__};            \
            int result = run(&context, sizeof(context));            \
            if (results)                                            \
                results[i] = result;                                \
            sum += result;                                          \
        }                                                           \
        return sum;                                                 \
    }
#define WORD(column) in.columns[column][i]
#define PACKET .data = packet, .data_end = packet + PAYLOAD, .payload_len = PAYLOAD

LOOP(filter, EVENTS, .bytes = WORD(13), .route = WORD(10), .status = WORD(14))
LOOP(chain, EVENTS, WORD(0), WORD(1), WORD(2), WORD(3), WORD(4), WORD(5), WORD(6), WORD(7), WORD(8), WORD(9))
LOOP(counter, EVENTS, .route = WORD(10))
LOOP(counter_atomic, EVENTS, .route = WORD(10))
LOOP(per_core, EVENTS, .route = WORD(10))
LOOP(histogram, EVENTS, .route = WORD(10), .nanos = WORD(11))
LOOP(prime, EVENTS, .number = WORD(12))
LOOP(fnv, PACKETS, PACKET)
LOOP(checksum, PACKETS, PACKET)
LOOP(parse, PACKETS, PACKET)

/* ---- maps ---- */

struct native_map {
    void *type, *max_entries, *key, *value;
};
extern struct native_map counts, atomic_counts, core_counts, delays, routes;

struct map {
    const char *program;
    const char *name;
    struct native_map *native;
    struct shape shape;
    void *ubpf_memory;
};

static struct map maps[] = {
    {"counter", "counts", &counts, {ARRAY, ROUTES, 4, 8}, NULL},
    {"counter_atomic", "atomic_counts", &atomic_counts, {ARRAY, ROUTES, 4, 8}, NULL},
    {"per_core", "core_counts", &core_counts, {PERCPU_ARRAY, ROUTES, 4, 8}, NULL},
    {"histogram", "delays", &delays, {ARRAY, 64, 4, 8}, NULL},
    {"histogram", "routes", &routes, {HASH, 1024, 8, 8}, NULL},
};
#define MAPS (sizeof(maps) / sizeof(maps[0]))

/* ---- executors ---- */

struct program {
    const char *name;
    int runs;
    loop_fn loop;
    run_fn native;
    run_fn ubpf;
    void *vm;
};

#define PROGRAM(name, runs) {#name, runs, loop_##name, (run_fn)name, NULL, NULL}
static struct program programs[] = {
    PROGRAM(filter, EVENTS),    PROGRAM(chain, EVENTS),     PROGRAM(counter, EVENTS), PROGRAM(counter_atomic, EVENTS),
    PROGRAM(per_core, EVENTS),  PROGRAM(histogram, EVENTS), PROGRAM(prime, EVENTS),   PROGRAM(fnv, PACKETS),
    PROGRAM(checksum, PACKETS), PROGRAM(parse, PACKETS),
};
#define PROGRAMS (sizeof(programs) / sizeof(programs[0]))

#ifdef UBPF
static uint64_t helper_lookup(uint64_t map, uint64_t key, uint64_t p2, uint64_t p3, uint64_t p4)
{
    (void)p2, (void)p3, (void)p4;
    struct map *m = (struct map *)map;
    return (uint64_t)map_lookup(m->ubpf_memory, m->shape, (void *)key);
}

static uint64_t helper_update(uint64_t map, uint64_t key, uint64_t value, uint64_t flags, uint64_t p4)
{
    (void)flags, (void)p4;
    struct map *m = (struct map *)map;
    return map_update(m->ubpf_memory, m->shape, (void *)key, (void *)value);
}

static uint64_t relocate(void *user, const uint8_t *data, uint64_t size, const char *symbol, uint64_t offset, uint64_t n)
{
    (void)user, (void)data, (void)size, (void)offset, (void)n;
    for (size_t i = 0; i < MAPS; i++)
        if (!strcmp(maps[i].name, symbol))
            return (uint64_t)&maps[i];
    fail(symbol, "no such map");
    return 0;
}

static void load(struct program *program, const char *folder)
{
    static char elf[1 << 20];
    char path[4096];
    char *error = "";
    snprintf(path, sizeof(path), "%s/%s.bpf.o", folder, program->name);
    FILE *file = fopen(path, "rb");
    if (!file)
        fail(path, "cannot be read");
    size_t bytes = fread(elf, 1, sizeof(elf), file);
    fclose(file);
    struct ubpf_vm *vm = ubpf_create();
    ubpf_toggle_bounds_check(vm, false);
    ubpf_register(vm, 1, "map_lookup_elem", helper_lookup);
    ubpf_register(vm, 2, "map_update_elem", helper_update);
    ubpf_register_data_relocation(vm, NULL, relocate);
    if (ubpf_load_elf_ex(vm, elf, bytes, program->name, &error))
        fail(path, error);
    program->vm = vm;
    program->ubpf = (run_fn)ubpf_compile(vm, &error);
    if (!program->ubpf)
        fail(path, error);
}

static struct ubpf_vm *interpreted;

static int interpret(void *context, size_t size)
{
    uint64_t result = 0;
    ubpf_exec(interpreted, context, size, &result);
    return result;
}
#endif

static void prepare(const char *objects, const char *inputs)
{
    FILE *file = fopen(inputs, "rb");
    if (!file || fread(&in, sizeof(in), 1, file) != 1)
        fail(inputs, "cannot be read");
    fclose(file);
    for (size_t i = 0; i < MAPS; i++) {
        maps[i].native->value = calloc(1, map_bytes(maps[i].shape));
        maps[i].ubpf_memory = calloc(1, map_bytes(maps[i].shape));
    }
#ifdef UBPF
    for (size_t i = 0; i < PROGRAMS; i++)
        load(&programs[i], objects);
#else
    (void)objects;
#endif
}

/* ---- results ---- */

static void print_hex(const void *bytes, size_t count)
{
    putchar(' ');
    for (size_t i = 0; i < count; i++)
        printf("%02x", ((const unsigned char *)bytes)[i]);
}

static void print_map(const char *executor, const struct map *map, unsigned char *memory)
{
    struct shape shape = map->shape;
    size_t entries = shape.type == HASH ? map_buckets(shape) : shape.entries;
    for (uint32_t i = 0; i < entries; i++) {
        unsigned char *bucket = memory + i * map_bucket_bytes(shape);
        if (shape.type == HASH && !*bucket)
            continue;
        printf("%s %s %s", executor, map->program, map->name);
        print_hex(shape.type == HASH ? (void *)(bucket + 8) : &i, shape.key_size);
        print_hex(shape.type == HASH ? bucket + 8 + ROUND_UP(shape.key_size) : memory + i * shape.value_size,
                  shape.value_size);
        putchar('\n');
    }
}

static void results(const char *executor, struct program *program, run_fn run, int native)
{
    static int values[EVENTS];
    program->loop(run, values);
    printf("%s %s result", executor, program->name);
    for (int i = 0; i < program->runs; i++)
        printf(" %x", values[i]);
    putchar('\n');
    for (size_t i = 0; i < MAPS; i++) {
        void *memory = native ? maps[i].native->value : maps[i].ubpf_memory;
        if (!strcmp(maps[i].program, program->name)) {
            print_map(executor, &maps[i], memory);
            memset(memory, 0, map_bytes(maps[i].shape));
        }
    }
}

/* ---- times ---- */

static double cpu_nanos(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1e9 + now.tv_nsec;
}

static volatile unsigned kept;

static void times(const char *executor, struct program *program, run_fn run)
{
    double start = cpu_nanos();
    long loops = 0;
    do {
        kept = program->loop(run, NULL);
        loops++;
    } while (cpu_nanos() - start < BATCH_NANOS);
    printf("%s/%s %.4f\n", executor, program->name, (cpu_nanos() - start) / loops / program->runs);
}

static void each(struct program *program, void (*what)(const char *, struct program *, run_fn, int))
{
    what("native", program, program->native, 1);
#ifdef UBPF
    interpreted = program->vm;
    what("ubpf", program, program->ubpf, 0);
    what("ubpf_interpreter", program, interpret, 0);
#endif
}

static void timed(const char *executor, struct program *program, run_fn run, int native)
{
    (void)native;
    times(executor, program, run);
}

int main(int count, char **words)
{
    if (count < 4)
        fail("usage", "baseline results|times OBJECTS INPUTS [BATCHES]");
    prepare(words[2], words[3]);
    int batches = count > 4 ? atoi(words[4]) : 1;
    for (int batch = 0; batch < batches; batch++)
        for (size_t i = 0; i < PROGRAMS; i++)
            each(&programs[i], strcmp(words[1], "results") ? timed : results);
    return 0;
}
