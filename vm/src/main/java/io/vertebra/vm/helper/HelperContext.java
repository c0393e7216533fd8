package io.vertebra.vm.helper;

import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfProgramArray;
import io.vertebra.vm.map.BpfRingBuffer;
import io.vertebra.vm.map.BpfTimer;
import io.vertebra.vm.program.FiredHook;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;

/**
 * What a helper's body may ask of the run that called it. Implemented by the executors; valid only during the call and
 * only on its thread. Addresses are the codelet's own: a helper never sees memory outside the codelet's regions.
 *
 * <p>Whatever is illegal ends the run with a {@link ProgramFault}, also inside the helper.
 */
public interface HelperContext {

    /**
     * The memory behind an address, checked against the region that it leads into.
     *
     * @param address as the codelet passed it
     * @param bytes length of the access
     * @param write whether the helper will write there
     * @return a segment of exactly {@code bytes} bytes
     * @throws ProgramFault when any byte lies outside the region or may not be written
     */
    MemorySegment memory(long address, long bytes, boolean write);

    /**
     * As {@link #memory}, without allocation: a segment that contains the checked bytes, which begin at {@link #offset}
     * of the same address.
     */
    MemorySegment segment(long address, long bytes, boolean write);

    /** Where in the segment from {@link #segment} an address lies; only for an address that was just checked. */
    long offset(long address);

    /**
     * Whether bytes lie in readable memory that has content whatever the program did: not on the stack, where a helper
     * must not read what nobody proved to be written. Never ends the run.
     */
    boolean hasContent(long address, long bytes);

    /** The map behind a map address. */
    BpfMap map(long address);

    /** The address of an inner map, valid until the run ends and then forgotten; 0 for null. */
    long innerMapAddress(BpfMap map);

    /** The address of a value of a map, from the offset that the map gave; 0 for a negative offset (not found). */
    long valueAddress(BpfMap map, long offset);

    /** The address of read-only memory with the key of a map's entry, for a callback; valid until that returns. */
    long keyAddress(BpfMap map, int entry);

    /** The copy of per-CPU maps that this run uses: 0 to slots - 1. */
    int slot();

    /** The core that executes the run (helper 8). */
    int core();

    /** The moment of firing, in nanoseconds of {@code System.nanoTime} (helper 5): captured for queued runs. */
    long eventNanos();

    /** The firing thread's id (helper 14). */
    long threadId();

    /** The firing thread's name as UTF-8, up to the first zero or the array's end (helper 16); to be read at once. */
    byte[] threadName();

    /** The hook that fired (helpers 67, 173, 183-187); {@link FiredHook#NONE} for a run without one. */
    FiredHook hook();

    /** What was given with the attachment (helper 174), 0 when nothing was. */
    long cookie();

    /** What a control run will give: the hook's {@code whenDetached} until a helper sets it (helper 186). */
    long returnValue();

    /** Sets what a control run will give, whatever its r0 is (helper 187). */
    void returnValue(long value);

    /** Begins to measure the run's time anew (jbpf's helper 13). */
    void markTime();

    /**
     * Whether the run has taken longer since {@link #markTime} than it should (jbpf's helper 14). Without a mark in this
     * run, it is set now.
     */
    boolean timeExceeded();

    /** A number from the execution slot's own cheap generator (helper 7); not for secrets. */
    int random();

    /** Runs a callback subprogram with up to four arguments and returns its r0. */
    long callback(long functionAddress, long argument1, long argument2, long argument3, long argument4);

    /** Continues the run in another program once the helper has returned; false after 33 times in one run. */
    boolean tailCall(BpfProgramArray.Target target);

    /** Reserves and releases are tracked so that what a failing run left is discarded. */
    void reserved(BpfRingBuffer ring, long offset);

    /** The ring of a record that this run reserved and that begins at the address. */
    BpfRingBuffer ringOf(long recordAddress);

    /** Ends the tracking of a reservation. */
    void released(BpfRingBuffer ring, long offset);

    /** What ends the run: to be thrown. The message says what was observed and what is allowed. */
    ProgramFault fault(String problem);

    /** Whether an address leads into values of a map, not into records of a ring. */
    boolean isValueOfMap(long address);

    /** Makes a dynptr of 16 bytes of the stack; one that has to be released must not be there. */
    void makeDynptr(long place, Dynptr dynptr);

    /** The dynptr that this run has made at an address and nothing has overwritten. */
    Dynptr dynptr(long place);

    /** Makes the bytes of a dynptr plain stack again. */
    void endDynptr(long place);

    /**
     * Makes a sample of a user ring buffer readable, until {@link #endSample}.
     *
     * @return the address of its dynptr
     */
    long beginSample(MemorySegment memory, long offset, int length);

    /** Makes the sample unreadable. */
    void endSample();

    /** Whether a sample is readable now: a drain inside another one would hide it. */
    boolean hasSample();

    /** The place of the timer of a map's value, whose address this is. */
    TimerPlace timerPlace(long address);

    /**
     * A value with a timer.
     *
     * @param valueOffset in {@link BpfMap#values}
     */
    record TimerPlace(BpfMap map, long valueOffset) {}

    /** A subprogram, to be called by a timer. */
    BpfTimer.Callback timerCallback(long functionAddress);

    /** Arms a timer: 0 or an {@link io.vertebra.vm.map.Errno}. */
    long startTimer(BpfTimer timer, long delayNanos);

    /** Whether this run is a callback of the timer. */
    boolean isCallbackOf(BpfTimer timer);

    /** Takes the lock of a map's value, whose address this is, and waits for its holder. A run holds one at a time. */
    void lock(long address);

    /** Gives the lock back that this run holds. */
    void unlock(long address);
}
