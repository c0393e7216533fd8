package io.vertebra.verifier.domain;

import io.vertebra.verifier.domain.State.Reservation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The registers and the stack of one active function. Mutable; belongs to one {@link State}. */
public final class Frame {

    /** Registers of a frame. */
    public static final int REGISTERS = 11;

    /** Bytes of stack in a frame. */
    public static final int STACK_SIZE = 512;

    /** Slots of stack in a frame. */
    public static final int STACK_SLOTS = STACK_SIZE / Slot.SIZE;

    private static final Slot[] EMPTY = new Slot[STACK_SLOTS];
    private static final int FRAME_POINTER = 10;

    static {
        Arrays.fill(EMPTY, Slot.UNSET);
    }

    /**
     * What a function that a helper calls owes it.
     *
     * @param greatestResult the greatest r0 that it may return; the least is 0
     * @param held the reservations that it must leave as they are
     */
    public record Duty(int greatestResult, List<Reservation> held) {
        /** Makes the list immutable. */
        public Duty {
            held = List.copyOf(held);
        }
    }

    final Value[] registers;
    /** Shared with copies of this frame until one of them changes it. */
    private Slot[] slots;

    private boolean slotsAreShared;
    private final int returnTo;
    private final int entry;
    private final Optional<Duty> duty;
    /** Slots overwritten as a whole since {@link State#startSegment}: their old content cannot be read any more. */
    long overwritten;
    /** Slots read since {@link State#startSegment} that were not overwritten before. */
    long read;
    /** Lowest offset used, 0 or negative. */
    int lowest;

    /**
     * A frame whose registers and stack hold nothing but the frame pointer.
     *
     * @param number its place in the call chain
     * @param entry first slot of the function
     * @param returnTo slot after the call, -1 for the entry function
     * @param duty if a helper calls it
     */
    Frame(int number, int entry, int returnTo, Optional<Duty> duty) {
        registers = new Value[REGISTERS];
        Arrays.fill(registers, Value.UNINITIALISED);
        registers[FRAME_POINTER] = Value.pointer(new Region.Stack(number), 0);
        slots = EMPTY;
        slotsAreShared = true;
        this.entry = entry;
        this.returnTo = returnTo;
        this.duty = duty;
        overwritten = -1;
    }

    private Frame(Frame other) {
        registers = other.registers.clone();
        slots = other.slots;
        slotsAreShared = true;
        other.slotsAreShared = true;
        entry = other.entry;
        returnTo = other.returnTo;
        duty = other.duty;
        overwritten = other.overwritten;
        read = other.read;
        lowest = other.lowest;
    }

    Frame copy() {
        return new Frame(this);
    }

    /** First slot of the function. */
    public int entry() {
        return entry;
    }

    /** Slot after the call that made the frame, -1 for the entry function's. */
    public int returnTo() {
        return returnTo;
    }

    /** What the function owes the helper that calls it; empty if no helper does. */
    public Optional<Duty> duty() {
        return duty;
    }

    /** What a register holds. */
    public Value register(int number) {
        return registers[number];
    }

    /** What eight aligned bytes of the stack hold; slot 0 is at offset -512. */
    public Slot slot(int number) {
        return slots[number];
    }

    void setSlot(int number, Slot content) {
        if (slotsAreShared) {
            slots = slots.clone();
            slotsAreShared = false;
        }
        slots[number] = content;
    }

    /** Lowest offset used by now, 0 or negative. */
    public int lowest() {
        return lowest;
    }
}
