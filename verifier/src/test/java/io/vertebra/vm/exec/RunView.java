package io.vertebra.vm.exec;

import io.vertebra.vm.helper.HelperContext;
import java.lang.foreign.MemorySegment;

/** Looks into a run while it calls a helper: registers, stack and place, which no helper may see. */
public final class RunView {

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
}
