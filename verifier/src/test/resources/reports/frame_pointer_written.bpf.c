/* Bytecode that no compiler writes: r10 is changed. */
#include "report.h"

SEC("hook/test/event")
__attribute__((naked)) int grow(struct test_event *ctx)
{
    asm volatile("r10 += -8\n"
                 "r0 = 0\n"
                 "exit\n");
}
