// SPDX-License-Identifier: Apache-2.0
// Not loadable: a variable whose initial value is an address.
#include "bpf.h"

int number = 1;
int *address = &number;

SEC("hook/test/addresses")
int addresses(void *context)
{
    return *address;
}
