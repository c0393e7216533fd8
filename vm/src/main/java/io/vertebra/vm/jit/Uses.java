package io.vertebra.vm.jit;

/** What the code of one method touches, so that no method fetches what it does not need. Found by writing it once. */
final class Uses {

    /** How much of the run. */
    RunUse run;
    /** Whether it looks into maps that reuse memory. */
    boolean reads;
    /** r10. */
    boolean framePointer;
    /** The segment of the stack. */
    boolean stack;
    /** The segment of the context. */
    boolean context;
    /** The segment of the payload. */
    boolean payload;

    private Uses(boolean all) {
        run = all ? RunUse.FULL : RunUse.NONE;
        reads = all;
        framePointer = all;
        stack = all;
        context = all;
        payload = all;
    }

    /** Nothing yet. */
    static Uses none() {
        return new Uses(false);
    }

    /** Everything, as long as nobody knows. */
    static Uses all() {
        return new Uses(true);
    }

    /** Notes a use of the run. */
    void run(RunUse use) {
        run = use.compareTo(run) > 0 ? use : run;
    }

    /** Notes a use of the stack's segment. */
    void stack() {
        stack = true;
        run(RunUse.BRIEF);
    }
}
