package io.vertebra.bench;

import io.vertebra.runtime.hook.Control;
import io.vertebra.runtime.hook.HookGroup;
import io.vertebra.runtime.hook.Hooks;
import io.vertebra.runtime.hook.Payload;
import java.lang.invoke.MethodHandles;

/** The hooks of the benchmarks, one for each codelet; bench.h is their C side. */
@HookGroup("bench")
interface BenchHooks {
    /** The hooks. */
    BenchHooks HOOKS = Hooks.of(MethodHandles.lookup(), BenchHooks.class);

    /** A hook that nothing is ever attached to. */
    void detached(long bytes, int route, int status);

    /** Whether something is attached to {@link #detached}. */
    boolean detachedEnabled();

    @Control(whenDetached = 0)
    int filter(long bytes, int route, int status);

    @Control(whenDetached = 0)
    int chain(long f0, long f1, long f2, long f3, long f4, long f5, long f6, long f7, long f8, long f9);

    void counter(int route);

    void counterAtomic(int route);

    void perCore(int route);

    void histogram(int route, long nanos);

    @Control(whenDetached = 0)
    int prime(int number);

    @Control(whenDetached = 0)
    int fnv(@Payload byte[] packet);

    @Control(whenDetached = 0)
    int checksum(@Payload byte[] packet);

    @Control(whenDetached = 0)
    int parse(@Payload byte[] packet);

    void published32(long f0, long f1, long f2, long f3);

    void published64(long f0, long f1, long f2, long f3, long f4, long f5, long f6, long f7);

    void arrived(long fired);
}
