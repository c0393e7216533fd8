package io.vertebra.verifier.domain;

import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Everything known at one point of one path: the active frames, and the reservations and the lock that are held.
 * Mutable, so that a path costs no allocation per instruction; {@link #copy} where paths part.
 *
 * <p>It also notes which stack slots were read before they were overwritten, because those are all that another state
 * must agree on to be covered.
 */
public final class State {

    /** Most frames at once. */
    public static final int MAX_FRAMES = 8;

    /**
     * A ring buffer record that must be submitted or discarded.
     *
     * @param id the id of the pointers to it
     * @param map index of the ring buffer
     * @param dynptr whether a dynptr stands for it
     */
    public record Reservation(int id, int map, boolean dynptr) {}

    /**
     * A lock that is held.
     *
     * @param map index of the map whose value has it
     * @param id the id of the pointers to that value
     */
    public record Lock(int map, int id) {}

    private final List<Frame> frames;
    private final List<Reservation> reservations;
    private Optional<Lock> lock = Optional.empty();
    private final Proofs proofs;
    private final Distances distances;

    private State(List<Frame> frames, List<Reservation> reservations, Proofs proofs, Distances distances) {
        this.frames = frames;
        this.reservations = reservations;
        this.proofs = proofs;
        this.distances = distances;
    }

    /**
     * The state at the entry of a program: r1 is the context, r10 the frame pointer.
     *
     * @param payloadMax most bytes that its payload has
     */
    public static State entry(long payloadMax) {
        var state = new State(new ArrayList<>(1), new ArrayList<>(0), new Proofs(payloadMax), new Distances());
        state.frames.add(new Frame(0, 0, -1, Optional.empty()));
        state.set(1, Value.pointer(new Region.Context(), 0));
        return state;
    }

    /** The state at the entry of a function that a helper calls in a run of its own. */
    public static State entry(int entry, List<Value> arguments, int greatestResult) {
        var state = new State(new ArrayList<>(1), new ArrayList<>(0), new Proofs(Integer.MAX_VALUE), new Distances());
        state.frames.add(new Frame(0, entry, -1, Optional.of(new Frame.Duty(greatestResult, List.of()))));
        state.arguments(arguments);
        return state;
    }

    /** A state of its own that is equal. */
    public State copy() {
        var copies = new ArrayList<Frame>(frames.size());
        for (var frame : frames) {
            copies.add(frame.copy());
        }
        var copy = new State(copies, new ArrayList<>(reservations), proofs.copy(), distances.copy());
        copy.lock = lock;
        return copy;
    }

    /** Number of active frames. */
    public int depth() {
        return frames.size();
    }

    /** A frame by its place in the call chain. */
    public Frame frame(int number) {
        return frames.get(number);
    }

    /** The frame of the function that runs. */
    public Frame current() {
        return frames.getLast();
    }

    /** What a register of the running function holds. */
    public Value register(int number) {
        return current().registers[number];
    }

    /** Sets a register of the running function. */
    public void set(int number, Value value) {
        current().registers[number] = value;
    }

    /** The reservations that are held, oldest first; not to be modified. */
    public List<Reservation> reservations() {
        return reservations;
    }

    /** Notes a reservation. */
    public void reserve(int id, int map, boolean dynptr) {
        reservations.add(new Reservation(id, map, dynptr));
    }

    /** Ends a reservation. */
    public void release(int id) {
        reservations.removeIf(r -> r.id() == id);
    }

    /** Whether a reservation is held. */
    public boolean holds(int id) {
        return reservations.stream().anyMatch(r -> r.id() == id);
    }

    /** The one lock that is held, if one is. */
    public Optional<Lock> lock() {
        return lock;
    }

    /** Notes that a lock is held, or none. */
    public void lock(Optional<Lock> held) {
        lock = held;
    }

    /** Enters a subprogram: arguments r1 to r5 move along, the caller loses r0 to r5. */
    public void call(int entry, int returnTo) {
        var callee = new Frame(frames.size(), entry, returnTo, Optional.empty());
        System.arraycopy(current().registers, 1, callee.registers, 1, 5);
        set(0, Value.UNINITIALISED);
        forgetArguments();
        frames.add(callee);
    }

    /** A helper that the running function called enters a function. */
    public void callBack(int entry, int returnTo, List<Value> arguments, int greatestResult) {
        frames.add(
                new Frame(frames.size(), entry, returnTo, Optional.of(new Frame.Duty(greatestResult, reservations))));
        arguments(arguments);
    }

    private void arguments(List<Value> values) {
        for (int i = 0; i < values.size(); i++) {
            set(i + 1, values.get(i));
        }
    }

    /** Leaves a function that a helper called; what the helper then does with r0 is not seen. */
    public void leaveCallback() {
        frames.removeLast();
    }

    /** Leaves a subprogram: r0 moves along. */
    public void leave() {
        var result = register(0);
        frames.removeLast();
        set(0, result);
    }

    /** Makes r1 to r5 uninitialised. */
    public void forgetArguments() {
        for (int register = 1; register <= 5; register++) {
            set(register, Value.UNINITIALISED);
        }
    }

    /** Forgets the registers of the running function that are not in the set of bits. */
    public void keepRegisters(int live) {
        for (int register = 0; register < 10; register++) {
            if ((live & 1 << register) == 0) {
                set(register, Value.UNINITIALISED);
            }
        }
    }

    /** Forgets which numbers the active function has in other registers than these, a set of bits. */
    public void keepNumbers(int deciding) {
        for (int register = 0; register < 10; register++) {
            if ((deciding & 1 << register) == 0 && register(register) instanceof Value.Number) {
                set(register, Value.number(Scalar.full(Long.SIZE)));
            }
        }
    }

    /** What a slot of a frame's stack holds; the slot counts as read. */
    public Slot readSlot(int frame, int slot) {
        var owner = frames.get(frame);
        owner.read |= 1L << slot & ~owner.overwritten;
        return owner.slot(slot);
    }

    /** What a slot of a frame's stack holds, for changing a part of it or for looking only. */
    public Slot peekSlot(int frame, int slot) {
        return frames.get(frame).slot(slot);
    }

    /** Replaces a slot whose content depends on the old one. */
    public void updateSlot(int frame, int slot, Slot content) {
        frames.get(frame).setSlot(slot, content);
    }

    /** Replaces a slot as a whole. */
    public void overwriteSlot(int frame, int slot, Slot content) {
        frames.get(frame).overwritten |= 1L << slot;
        frames.get(frame).setSlot(slot, content);
    }

    /** Notes that the stack of a frame is used from an offset upwards. */
    public void useStack(int frame, long offset) {
        var owner = frames.get(frame);
        owner.lowest = (int) Math.min(owner.lowest, offset);
    }

    /** Notes slots of the active frames as read, unless they were overwritten in this segment. */
    public void noteRead(long[] slots) {
        for (int frame = 0; frame < frames.size(); frame++) {
            frames.get(frame).read |= slots[frame] & ~frames.get(frame).overwritten;
        }
    }

    /** Forgets which slots were read and overwritten: a new segment of the path begins. */
    public void startSegment() {
        for (var frame : frames) {
            frame.overwritten = 0;
            frame.read = 0;
        }
        // States differ less when they do not remember what no value has to do with any more.
        proofs.retain(this::isIndex);
        distances.retain(this::isIndex);
    }

    private boolean isIndex(int index) {
        return hasValue(v -> switch (v) {
            case Pointer p -> p.index() == index && (index != 0 || isPayload(p));
            case Number n -> n.id() == ~index || (n.id() == index && index != 0);
            case Value.Uninitialised _, Value.MapReference _, Value.FunctionReference _, Value.Dynptr _ -> false;
        });
    }

    private static boolean isPayload(Pointer pointer) {
        return pointer.region() instanceof Region.Payload || pointer.region() instanceof Region.PayloadEnd;
    }

    private boolean hasValue(Predicate<Value> which) {
        for (var frame : frames) {
            for (var register : frame.registers) {
                if (which.test(register)) {
                    return true;
                }
            }
            for (int i = 0; i < Frame.STACK_SLOTS; i++) {
                if (frame.slot(i).hasValue(which)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** For each frame, the slots that were read in this segment before they were overwritten in it. */
    public long[] readInSegment() {
        return frames.stream().mapToLong(f -> f.read).toArray();
    }

    /** For each frame, the slots that were overwritten in this segment. */
    public long[] overwrittenInSegment() {
        return frames.stream().mapToLong(f -> f.overwritten).toArray();
    }

    /**
     * Bytes after {@code data + index} that surely belong to the payload, where index is the {@link Pointer#index} of
     * pointers; negative if not even that place is known to be inside.
     */
    public long proven(int index) {
        return proofs.of(index);
    }

    /** Most bytes that the payload has. */
    public long payloadMax() {
        return proofs.longest();
    }

    /**
     * How far a word is behind another one at least, as integers; {@link Long#MIN_VALUE} if that is not known.
     *
     * @param earlier an id of numbers or an index of pointers, 0 for the number 0
     */
    public long distance(int earlier, int later) {
        return distances.from(earlier, later);
    }

    /**
     * Notes that {@code sum = base + addend + delta}, as integers without wrap-around.
     *
     * @param addend a word, 0 if it has no id
     * @param least the least value of {@code addend + delta}
     */
    public void noteSum(int sum, int base, int addend, long delta, long least) {
        distances.note(new Distances.Distance(sum, base, addend, delta, least));
    }

    /** The word that is {@code base + addend + delta}, 0 if none is known to be. */
    public int sumOf(int base, int addend, long delta) {
        return distances.sumOf(base, addend, delta);
    }

    /** Remembers how far other words are behind these, though no value has them any more. */
    public void anchor(List<Integer> words) {
        distances.anchor(words);
    }

    Distances distances() {
        return distances;
    }

    /** Forgets what was proved here but not in another state, and all distances. */
    void meetProofs(State other) {
        proofs.meet(other.proofs);
        distances.forget();
    }

    /** Notes bytes after an index that belong to the payload. */
    void prove(int index, long bytes) {
        proofs.put(index, bytes);
    }

    /** What a null check of a pointer with an id tells: all copies are null, or none is. */
    public void learnNull(int id, boolean isNull) {
        if (isNull) {
            var zero = Value.number(Scalar.ZERO);
            replace(v -> v instanceof Pointer p && p.id() == id, _ -> zero);
            release(id);
        } else {
            replace(v -> v instanceof Pointer p && p.id() == id, v -> notNull((Pointer) v));
        }
    }

    private static Pointer notNull(Pointer p) {
        return new Pointer(p.region(), p.offset(), p.variable(), p.id(), p.index(), false);
    }

    /** Makes all pointers with an id unusable. */
    public void forgetPointer(int id) {
        replace(v -> v instanceof Pointer p && p.id() == id, _ -> Value.UNINITIALISED);
    }

    /** Makes all pointers into memory that ends with an owner unusable. */
    public void forgetSlices(int owner) {
        replace(
                v -> v instanceof Pointer p && p.region() instanceof Region.Slice slice && slice.owner() == owner,
                _ -> Value.UNINITIALISED);
    }

    /** Replaces all values that pass a test; numbers by numbers. */
    void replace(Predicate<Value> which, UnaryOperator<Value> by) {
        replaceInRegisters(which, by);
        replaceOnStack(which, by);
    }

    void replaceInRegisters(Predicate<Value> which, UnaryOperator<Value> by) {
        for (var frame : frames) {
            for (int i = 0; i < frame.registers.length; i++) {
                if (which.test(frame.registers[i])) {
                    frame.registers[i] = by.apply(frame.registers[i]);
                }
            }
        }
    }

    void replaceOnStack(Predicate<Value> which, UnaryOperator<Value> by) {
        for (var frame : frames) {
            for (int i = 0; i < Frame.STACK_SLOTS; i++) {
                var slot = frame.slot(i);
                if (slot.hasValue(which)) {
                    frame.setSlot(i, slot.replace(which, by));
                }
            }
        }
    }
}
