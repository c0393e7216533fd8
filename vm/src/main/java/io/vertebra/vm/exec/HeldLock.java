package io.vertebra.vm.exec;

import io.vertebra.vm.map.SpinLock;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;

/**
 * The one lock that a run may hold. While it does, it may neither call nor return, so that it gives the lock back after a
 * bounded number of its own instructions; what it did not give back is given back when it ends. Not thread-safe.
 */
final class HeldLock {

    /** The values of the map whose value has the lock, or null while none is held. */
    private MemorySegment values;

    private long offset;

    boolean isHeld() {
        return values != null;
    }

    void acquire(Region region, long at, int slot) {
        refuse("takes a lock", slot);
        SpinLock.acquire(region.segment, region.base + at);
        values = region.segment;
        offset = region.base + at;
    }

    void release(Region region, long at, int slot) {
        if (!isHeld()) {
            throw new ProgramFault(
                    slot,
                    "insn " + slot + ": gives back the lock of " + region.name + " at offset " + at
                            + ", which it does not hold");
        }
        if (!values.equals(region.segment) || offset != region.base + at) {
            throw new ProgramFault(
                    slot,
                    "insn " + slot + ": gives back the lock of " + region.name + " at offset " + at
                            + ", which is not the one that it holds");
        }
        releaseAny();
    }

    /** Gives back what a run left. */
    void releaseAny() {
        if (isHeld()) {
            SpinLock.release(values, offset);
            values = null;
        }
    }

    /** Ends the run when it holds a lock. */
    void refuse(String what, int slot) {
        if (isHeld()) {
            throw new ProgramFault(
                    slot,
                    "insn " + slot + ": " + what + " while it holds a lock, allowed is only bpf_spin_unlock of the same"
                            + " lock");
        }
    }
}
