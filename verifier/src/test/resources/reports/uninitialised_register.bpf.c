/* A register is set on one of two ways only. */
#include "report.h"

SEC("hook/test/event")
__attribute__((naked)) int choose(struct test_event *ctx)
{
    asm volatile("r2 = *(u64 *)(r1 + 0)\n"
                 "if r2 == 0 goto 1f\n"
                 "r3 = 1\n"
                 "1: r0 = r3\n"
                 "exit\n");
}
