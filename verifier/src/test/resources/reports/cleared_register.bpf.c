/* The context is used after a call, which clears r1. */
#include "report.h"

SEC("hook/test/event")
__attribute__((naked)) int again(struct test_event *ctx)
{
    asm volatile("call 5\n"
                 "r0 = *(u64 *)(r1 + 0)\n"
                 "exit\n");
}
