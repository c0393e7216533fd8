/* Bytecode that no compiler writes: control runs off the end. */
#include "report.h"

SEC("hook/test/event")
__attribute__((naked)) int fall(struct test_event *ctx)
{
    asm volatile("r0 = 0\n");
}
