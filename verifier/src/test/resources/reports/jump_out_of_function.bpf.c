/* Bytecode that no compiler writes: a jump beyond the end. */
#include "report.h"

SEC("hook/test/event")
__attribute__((naked)) int leap(struct test_event *ctx)
{
    asm volatile("r0 = 0\n"
                 "goto +100\n"
                 "exit\n");
}
