/* SPDX-License-Identifier: Apache-2.0 */
/* Maps whose values are programs and maps. */
#ifndef TAILS_H
#define TAILS_H

#include "probe.h"

#define PROG_ARRAY 3
#define ARRAY_OF_MAPS 12
#define __array(name, value) typeof(value) *name[]

static long (*const bpf_tail_call)(void *context, void *map, __u32 index) = (void *)12;

#endif
