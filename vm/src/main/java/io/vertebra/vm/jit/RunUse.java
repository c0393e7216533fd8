package io.vertebra.vm.jit;

/** How much of a run code needs, each including those before it. */
enum RunUse {
    /** Nothing: there may be no run. */
    NONE,
    /** What lies in its execution slot: stack, settings, reservations, the reader of maps. No frame can be interrupted. */
    BRIEF,
    /** A run as helpers know it, with memory by address. */
    FULL
}
