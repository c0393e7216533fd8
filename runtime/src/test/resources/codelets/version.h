/* SPDX-License-Identifier: Apache-2.0 */
/* An older version of the hook of VersionHooks.java: other order, other sizes, other names, and a field that is gone. */
#ifndef VERSION_H
#define VERSION_H

#include "vertebra.h"

#define FIELD_EXISTS 2

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct version_asked {
    __s32 bytes;
    __u8 letter;
    __s32 route;
    __s64 narrow;
    __s64 gone;
    struct {
        __u16 len;
        char s[8];
    } name;
    __s16 last;
};

#pragma clang attribute pop

#endif
