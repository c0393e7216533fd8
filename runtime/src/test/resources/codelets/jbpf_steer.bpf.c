// SPDX-License-Identifier: Apache-2.0
// A codelet of jbpf's ABI for a control hook: gives what was sent to it last, multiplied by a counter of another codelet.
#include "jbpf.h"

struct jbpf_load_map_def SEC("maps") shared = {ARRAY, sizeof(__u32), sizeof(__u64), 1};
struct jbpf_load_map_def SEC("maps") current = {ARRAY, sizeof(__u32), sizeof(__u64), 1};
struct jbpf_load_map_def SEC("maps") wishes = {CONTROL_INPUT, 0, sizeof(__u64), 100};

SEC("jbpf_generic")
__u64 jbpf_main(struct jbpf_generic_ctx *ctx)
{
    __u32 zero = 0;
    __u64 wish = 0;
    __u64 *now = jbpf_map_lookup_elem(&current, &zero);
    __u64 *count = jbpf_map_lookup_elem(&shared, &zero);

    if (!now || !count)
        return 0;
    if (jbpf_control_input_receive(&wishes, &wish, sizeof(wish)) == 1)
        *now = wish;
    return *now * *count;
}
