package io.vertebra.vm.jit;

/** What the code of one method touches, so that no method fetches what it does not need. Found by writing it once. */
final class Uses {

    /** The run. */
    boolean run;
    /** r10. */
    boolean framePointer;
    /** The segment of the stack. */
    boolean stack;
    /** The segment of the context. */
    boolean context;
    /** The segment of the payload. */
    boolean payload;

    private Uses(boolean all) {
        run = all;
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
}
