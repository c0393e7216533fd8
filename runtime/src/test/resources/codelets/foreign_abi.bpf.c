// SPDX-License-Identifier: Apache-2.0
// A codelet of jbpf's ABI that would pass as a native one: helper 1 means the same, helper 5 tells a time in Linux and
// clears a map in jbpf.
#define SEC(name) __attribute__((section(name), used))

struct jbpf_load_map_def {
    unsigned int words[8];
};

static void *(*const jbpf_map_lookup_elem)(const void *map, const void *key) = (void *)1;
static int (*const jbpf_map_clear)(void *map) = (void *)5;

struct jbpf_load_map_def SEC("maps") values = {.words = {1, 4, 8, 1}};

SEC("jbpf_generic")
unsigned long long jbpf_main(void *state)
{
    unsigned int index = 0;
    unsigned long long *value = jbpf_map_lookup_elem(&values, &index);

    return value ? *value + jbpf_map_clear(&values) : 0;
}
