package io.vertebra.vm.helper;

import io.vertebra.vm.map.BpfMap;
import java.lang.foreign.MemorySegment;

/**
 * What a helper's body may ask of the run that called it. Implemented by the executors; valid only during the call and
 * only on its thread. Addresses are the codelet's own: a helper never sees memory outside the codelet's regions.
 */
public interface HelperContext {

    /**
     * The memory behind an address, checked against the region that it leads into.
     *
     * @param address as the codelet passed it
     * @param bytes length of the access
     * @param write whether the helper will write there
     * @return a segment of exactly {@code bytes} bytes
     * @throws io.vertebra.vm.program.ProgramFault when any byte lies outside the region or may not be written
     */
    MemorySegment memory(long address, long bytes, boolean write);

    /** The map behind a map address. */
    BpfMap map(long address);

    /** The address of a value of a map, from the offset that the map gave; 0 for a negative offset (not found). */
    long valueAddress(BpfMap map, long offset);

    /** The copy of per-CPU maps that this run uses: 0 to slots - 1. */
    int slot();

    /** The core that executes the run (helper 8). */
    int core();

    /** The moment of firing, in nanoseconds of {@code System.nanoTime} (helper 5): captured for queued runs. */
    long eventNanos();

    /** The firing thread's id (helper 14). */
    long threadId();

    /** The firing thread's name (helper 16). */
    String threadName();

    /** Runs a callback subprogram with up to three arguments and returns its r0. */
    long callback(long functionAddress, long argument1, long argument2, long argument3);

    /** Reserves and releases are tracked so that what a failing run left is discarded. */
    void reserved(BpfMap ring, long offset);

    /** Ends the tracking of a reservation. */
    void released(BpfMap ring, long offset);
}
