package io.vertebra.vm.exec;

import io.vertebra.vm.helper.Dynptr;
import io.vertebra.vm.helper.HelperContext;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;

/** Looks into a run while it calls a helper: registers, memory and place, which no helper may see. */
public final class RunView {

    /** Where the sample of a callback lies, and what stands for its dynptr. */
    public static final long SAMPLE = Addresses.SAMPLE;

    /** The address that callbacks get for a sample. */
    public static final long SAMPLE_DYNPTR = Addresses.SAMPLE_DYNPTR;

    private static final int INNER = Addresses.FIRST_INNER;

    private final RunContext run;

    /** A view of the runs of an execution slot. */
    public RunView(HelperContext run) {
        this.run = (RunContext) run;
    }

    /** The live registers. */
    public long[] registers() {
        return run.registers;
    }

    /** Number of the running frame. */
    public int depth() {
        return run.depth;
    }

    /** The calling instruction. */
    public int slot() {
        return run.at;
    }

    /** All frames, {@link Addresses#FRAME_STRIDE} apart. */
    public MemorySegment stack() {
        return run.memory.stack.segment;
    }

    /** Whether an address leads into an inner map, or into its values. */
    public static boolean isInner(long address) {
        return Addresses.region(address) >= INNER;
    }

    /** The map to whose object or values an address leads; null for none. */
    public BpfMap mapOrNull(long address) {
        try {
            return run.memory.map((long) (Addresses.region(address) & ~1) << Addresses.OFFSET_BITS, 0);
        } catch (ProgramFault _) {
            return null;
        }
    }

    /** The dynptr that was made at a place of the stack. */
    public Dynptr dynptr(long place) {
        return run.memory.dynptrs.get(place, run.at);
    }

    /** Bytes of the sample that a callback looks at; -1 outside such a callback. */
    public long sampleBytes() {
        return run.memory.dynptrs.hasSample() ? run.memory.sample.limit : -1;
    }

    /** Fails unless an address is that of a lock. */
    public void requireLock(long address) {
        run.memory.lockRegion(address, run.at);
    }
}
