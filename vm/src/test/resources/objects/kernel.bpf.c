/* A variable of the kernel, which no object of ours can have. */
#include "bpf.h"

extern const int runqueues __attribute__((section(".ksyms")));
static void *(*const bpf_per_cpu_ptr)(const void *variable, unsigned int cpu) = (void *)153;

SEC("hook/test/event")
int length(void *ctx)
{
    const int *queue = bpf_per_cpu_ptr(&runqueues, 1);
    return queue ? *queue : 0;
}
