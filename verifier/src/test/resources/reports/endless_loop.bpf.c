/* A loop waits for something that never changes. */
#include "report.h"

SEC("hook/test/event")
int wait(struct test_event *ctx)
{
    volatile __u32 stop = 0;
    while (!stop)
        ;
    return 0;
}
