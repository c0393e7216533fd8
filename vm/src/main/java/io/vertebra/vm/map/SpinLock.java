package io.vertebra.vm.map;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The lock in a map's value: four bytes of {@link BpfMap#values}, 0 while it is free. Who finds it held tries again until
 * it is free. That ends, because whoever holds it has a bounded number of instructions left, calls nothing meanwhile, and
 * gives it back also when its run fails. Stateless.
 */
public final class SpinLock {

    private static final VarHandle WORD =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private static final int FREE = 0;
    private static final int HELD = 1;

    /** After so many tries the processor is given to others: the holder may be waiting for it. */
    private static final int TRIES = 64;

    private SpinLock() {}

    /** Takes the lock at an offset; what its last holder wrote is visible then. */
    @SuppressWarnings("ThreadPriorityCheck") // The holder may need this core; correctness does not depend on it.
    public static void acquire(MemorySegment values, long offset) {
        for (int i = 1; !WORD.compareAndSet(values, offset, FREE, HELD); i++) {
            if (i % TRIES == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /** Gives the lock at an offset back. */
    public static void release(MemorySegment values, long offset) {
        WORD.setRelease(values, offset, FREE);
    }
}
