/* A helper would write more than the buffer has. */
#include "report.h"

SEC("hook/test/event")
int name(struct test_event *ctx)
{
    char name[16];
    bpf_get_current_comm(name, 32);
    return name[0];
}
