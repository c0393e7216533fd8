/* SPDX-License-Identifier: Apache-2.0 */
/* The hooks of GatewayHooks.java as codelets see them: one struct per hook, one member per parameter. */
#ifndef GATEWAY_H
#define GATEWAY_H

#include "vertebra.h"

VERTEBRA_CONTEXTS_BEGIN

struct gateway_request_received {
    __s64 connection;
    __s32 route;
    __s64 bytes;
};

struct gateway_request_queued {
    __s32 route;
    __s32 depth;
};

struct gateway_response_sent {
    __s64 connection;
    __s32 route;
    __s32 backend;
    __s32 status;
    __s64 bytes;
};

struct gateway_choose_backend {
    __s32 route;
    __s32 queued;
};

VERTEBRA_CONTEXTS_END

#define ROUTES 4

#endif
