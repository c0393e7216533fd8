// SPDX-License-Identifier: Apache-2.0
// Counts, in the firing thread, in a map that the queued codelet counts in too.
#include "stress.h"

SEC("hook/stress/called")
int called(struct stress_called *ctx)
{
    count_run();
    return 0;
}

char LICENSE[] SEC("license") = "Apache-2.0";
