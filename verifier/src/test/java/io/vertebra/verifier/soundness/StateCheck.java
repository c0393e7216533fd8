package io.vertebra.verifier.soundness;

import io.vertebra.verifier.domain.Frame;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Slot;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.RunView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Whether what a machine holds is among what a state describes. Not thread-safe. */
final class StateCheck {

    private static final int FIRST_IDS = 8;
    /** Farther from a slice than this no accepted program goes. */
    private static final long FAR = 256;

    private static final long LOW = 0xffff_ffffL;

    /** A value that a state knows, and where: a register, or a stack slot. */
    private record Known(int frame, int register, Value value) {}

    /** That one word is so far behind another one, at least. */
    private record Behind(int sum, int base, long least) {}

    /** A stack slot that a state knows. */
    private record KnownSlot(int frame, int number, Slot content) {}

    private final State state;
    private final Known[] registers;
    private final KnownSlot[] slots;
    /** What the state knows of words that are linked whenever it holds; null until it was seen to hold once. */
    private List<Behind> distances;

    /** What each id stands for in the machine. */
    private final IdValues ids = new IdValues();

    /** The lower halves of words of which no more is known. */
    private final IdValues halves = new IdValues();

    private static final class IdValues {
        private int[] ids = new int[FIRST_IDS];
        private long[] values = new long[FIRST_IDS];
        private int count;

        boolean link(int id, long value) {
            if (id == 0) {
                return true;
            }
            for (int i = 0; i < count; i++) {
                if (ids[i] == id) {
                    return values[i] == value;
                }
            }
            if (count == ids.length) {
                ids = Arrays.copyOf(ids, 2 * count);
                values = Arrays.copyOf(values, 2 * count);
            }
            ids[count] = id;
            values[count++] = value;
            return true;
        }

        /** The word that an id stands for, which must be linked. */
        long of(int id) {
            for (int i = 0; i < count; i++) {
                if (ids[i] == id) {
                    return values[i];
                }
            }
            throw new AssertionError("id " + id + " is not linked");
        }

        boolean isLinked(int id) {
            for (int i = 0; i < count; i++) {
                if (ids[i] == id) {
                    return true;
                }
            }
            return false;
        }

        boolean isLinked(int id, long value) {
            return isLinked(id) && link(id, value);
        }

        /** Whether others know the lower halves of the same words. */
        boolean agrees(IdValues wholes) {
            for (int i = 0; i < count; i++) {
                for (int k = 0; k < wholes.count; k++) {
                    if (ids[i] == wholes.ids[k] && values[i] != (wholes.values[k] & LOW)) {
                        return false;
                    }
                }
            }
            return true;
        }
    }

    /**
     * A check of a state.
     *
     * @param read for each frame, the slots that matter after the state that was stored last
     */
    StateCheck(State state, long[] read) {
        this.state = state;
        var known = new ArrayList<Known>();
        var content = new ArrayList<KnownSlot>();
        long[] overwritten = state.overwrittenInSegment();
        for (int f = 0; f < state.depth(); f++) {
            var frame = state.frame(f);
            // No one sees what a caller has in r0 to r5: the call changes them.
            for (int r = f + 1 < state.depth() ? 6 : 0; r < Machine.REGISTERS; r++) {
                if (!(frame.register(r) instanceof Value.Uninitialised)) {
                    known.add(new Known(f, r, frame.register(r)));
                }
            }
            long matters = f < read.length ? read[f] | overwritten[f] : -1;
            for (int s = 0; s < Frame.STACK_SLOTS; s++) {
                if ((matters & 1L << s) != 0 && !frame.slot(s).equals(Slot.UNSET)) {
                    content.add(new KnownSlot(f, s, frame.slot(s)));
                }
            }
        }
        registers = known.toArray(Known[]::new);
        slots = content.toArray(KnownSlot[]::new);
    }

    boolean holds(Machine machine) {
        if (state.depth() != machine.depth + 1) {
            return false;
        }
        for (int f = 1; f < state.depth(); f++) {
            if (state.frame(f).returnTo() != machine.returns[f]) {
                return false;
            }
        }
        ids.count = 0;
        halves.count = 0;
        if (state.proven(0) > machine.payloadEnd - machine.payload) {
            return false;
        }
        for (var known : registers) {
            if (!holds(
                    machine,
                    known.value(),
                    machine.registers[known.frame()][known.register()],
                    machine.kinds[known.frame()][known.register()])) {
                return false;
            }
        }
        for (var known : slots) {
            if (!holds(machine, known)) {
                return false;
            }
        }
        return holdsReservations(machine) && holdsLock(machine) && halves.agrees(ids) && holdsDistances();
    }

    private boolean holdsDistances() {
        if (distances == null) {
            distances = distances();
        }
        for (var behind : distances) {
            if (ids.isLinked(behind.sum())
                    && ids.isLinked(behind.base())
                    && ids.of(behind.sum()) < ids.of(behind.base()) + behind.least()) {
                return false;
            }
        }
        return true;
    }

    private List<Behind> distances() {
        var found = new ArrayList<Behind>();
        for (int i = 0; i < ids.count; i++) {
            for (int k = 0; k < ids.count; k++) {
                long least = state.distance(ids.ids[i], ids.ids[k]);
                if (i != k && least != Long.MIN_VALUE) {
                    found.add(new Behind(ids.ids[k], ids.ids[i], least));
                }
            }
        }
        return found;
    }

    private boolean holdsLock(Machine machine) {
        return state.lock().isPresent()
                ? machine.lock != 0
                        && machine.mapNumber(machine.lock) == state.lock().get().map()
                        && ids.link(state.lock().get().id(), machine.lock - Subject.LOCK)
                : machine.lock == 0;
    }

    private boolean holdsReservations(Machine machine) {
        int next = 0;
        for (var reservation : state.reservations()) {
            // What a reservation gave may be null as long as nobody looked.
            if (ids.isLinked(reservation.id(), 0)) {
                continue;
            }
            if (next < machine.holding
                    && machine.held[next].map() == reservation.map()
                    && ids.link(reservation.id(), machine.held[next].address())) {
                next++;
            } else if (reservation.dynptr() || ids.isLinked(reservation.id())) {
                return false;
            }
        }
        return next == machine.holding;
    }

    private boolean holds(Machine machine, KnownSlot known) {
        int at = known.number() * Slot.SIZE;
        var slot = known.content();
        long word = machine.word(known.frame(), at);
        if (slot.whole() instanceof Value.Dynptr dynptr) {
            long place =
                    Addresses.framePointer(known.frame()) - Frame.STACK_SIZE + at - (dynptr.first() ? 0 : Slot.SIZE);
            var placed = machine.dynptrOrNull(place);
            return placed != null
                    && placed.dynptr().kind() == dynptr.kind()
                    && placed.map() == dynptr.map()
                    && ids.link(dynptr.id(), place);
        }
        if (slot.whole() != null) {
            return holds(machine, slot.whole(), word, machine.kind(known.frame(), at, Slot.SIZE));
        }
        for (int i = 0; i < Slot.SIZE; i++) {
            boolean data = machine.bytes[known.frame()][at + i] == Machine.NUMBER;
            boolean zero = (word >>> (i * Byte.SIZE) & 0xff) == 0;
            if (((slot.set() & 1 << i) != 0 && !data) || ((slot.zero() & 1 << i) != 0 && !zero)) {
                return false;
            }
        }
        return holdsHalf(machine, slot.low(), word & LOW) && holdsHalf(machine, slot.high(), word >>> Integer.SIZE);
    }

    private boolean holdsHalf(Machine machine, Value.Number half, long content) {
        return half == null || holds(machine, half, content);
    }

    /** Whether a number is what is known of it, and related to others as they are. */
    private boolean holds(Machine machine, Value.Number number, long content) {
        if (!number.scalar().contains(content)) {
            return false;
        }
        return switch (number.part()) {
            case WHOLE -> link(machine, number.id(), content - number.delta());
            case LOW -> linkLow(machine, number.id(), content - number.delta());
            case SHIFTED_LOW ->
                (content & LOW) == 0 && linkLow(machine, number.id(), (content >>> Integer.SIZE) - number.delta());
            case SHIFTED_WHOLE ->
                (content & LOW) == 0 && link(machine, number.id(), (content >>> Integer.SIZE) - number.delta());
        };
    }

    /** A word behind the complement of an index is what the payload has after that index. */
    private boolean link(Machine machine, int id, long word) {
        long length = machine.payloadEnd - machine.payload;
        if (id >= 0) {
            return ids.link(id, word);
        }
        return id == Value.Number.LENGTH ? word == length : ids.link(~id, length - word);
    }

    /** As {@link #link}, when only the lower half of the word is known. */
    private boolean linkLow(Machine machine, int id, long word) {
        long length = machine.payloadEnd - machine.payload;
        if (id >= 0) {
            return halves.link(id, word & LOW);
        }
        return id == Value.Number.LENGTH ? (word & LOW) == length : halves.link(~id, (length - word) & LOW);
    }

    private boolean holds(Machine machine, Value value, long content, byte kind) {
        return switch (value) {
            case Value.Uninitialised _ -> true;
            case Value.Number n -> kind == Machine.NUMBER && holds(machine, n, content);
            case Value.Pointer p ->
                (p.nullable() && content == 0 && ids.link(p.id(), 0))
                        || (kind == Machine.POINTER && leads(machine, p, content - p.offset()));
            case Value.MapReference m ->
                kind == Machine.POINTER
                        && machine.mapNumber(content) == m.map()
                        && content == Machine.valuesOf(content) - (1L << Addresses.OFFSET_BITS);
            case Value.FunctionReference _ -> kind == Machine.POINTER;
            case Value.Dynptr _ -> false; // on the stack only
        };
    }

    /** Whether an address, less the constant offset, is where a pointer may lead. */
    private boolean leads(Machine machine, Value.Pointer p, long address) {
        return switch (p.region()) {
            case Region.Stack s -> p.variable().contains(address - Addresses.framePointer(s.frame()));
            case Region.Context _ -> p.variable().contains(address - Addresses.CONTEXT);
            case Region.Payload _ -> {
                long distance = address - machine.payload;
                yield p.variable().contains(distance)
                        && ids.link(p.index(), distance)
                        && (state.proven(p.index()) == Long.MIN_VALUE
                                || distance + state.proven(p.index()) <= machine.payloadEnd - machine.payload);
            }
            case Region.PayloadEnd _ -> p.variable().contains(address - machine.payloadEnd);
            case Region.MapValue m -> leadsIntoMap(machine, p, m.map(), address);
            case Region.RingRecord r -> leadsIntoRecord(machine, p, r, address);
            case Region.MapKey _ -> leadsToKey(p, address);
            case Region.MapObject m ->
                machine.mapNumber(address) == m.map() && p.variable().contains(0) && ids.link(p.id(), address);
            case Region.SampleDynptr _ ->
                address == RunView.SAMPLE_DYNPTR
                        && machine.view.sampleBytes() >= 0
                        && ids.link(p.id(), RunView.SAMPLE_DYNPTR);
            case Region.Slice s -> leadsIntoSlice(machine, p, s, address);
        };
    }

    private boolean leadsIntoMap(Machine machine, Value.Pointer p, int map, long address) {
        boolean inner = map >= machine.maps.size();
        long first = inner ? Machine.valuesOf(address) : Addresses.mapValues(map);
        if (inner && machine.mapNumber(first) != map) {
            return false;
        }
        var live = inner ? machine.view.mapOrNull(first) : machine.maps.get(map);
        if (p.id() == 0) {
            return p.variable().contains(address - first);
        }
        if (p.variable().isConstant()) {
            long value = address - p.variable().value() - first;
            return value >= 0
                    && value < live.values().byteSize()
                    && value % live.stride() == 0
                    && ids.link(p.id(), value + first);
        }
        for (long value = 0; value < live.values().byteSize(); value += live.stride()) {
            if (p.variable().contains(address - first - value)) {
                return true;
            }
        }
        return false;
    }

    private boolean leadsIntoSlice(Machine machine, Value.Pointer p, Region.Slice slice, long address) {
        if (p.variable().isConstant()) {
            long first = address - p.variable().value();
            return isSlice(machine, slice, first) && ids.link(p.id(), first);
        }
        for (long first = address - FAR; first <= address + FAR; first++) {
            if (p.variable().contains(address - first) && isSlice(machine, slice, first)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the memory at an address may be a slice. */
    private boolean isSlice(Machine machine, Region.Slice slice, long first) {
        return switch (slice.kind()) {
            case LOCAL -> {
                long offset = first - Machine.valuesOf(first);
                var spec = machine.specs.get(slice.map());
                var live = machine.view.mapOrNull(first);
                yield live != null
                        && machine.mapNumber(first) == slice.map()
                        && offset < live.values().byteSize()
                        && offset % live.stride() + slice.size() <= spec.valueSize();
            }
            case RESERVED -> {
                for (var placed : machine.dynptrs) {
                    if (placed.isReserved() && placed.map() == slice.map() && placed.has(first, slice.size())) {
                        yield ids.link(slice.owner(), placed.place());
                    }
                }
                yield false;
            }
            case SAMPLE ->
                first >= RunView.SAMPLE
                        && first + slice.size() <= RunView.SAMPLE + machine.view.sampleBytes()
                        && ids.link(slice.owner(), RunView.SAMPLE_DYNPTR);
        };
    }

    /** Keys of callbacks lie one frame's stride apart, as the frames do. */
    private boolean leadsToKey(Value.Pointer p, long address) {
        for (int frame = 0; frame < Addresses.FRAMES; frame++) {
            long key = Machine.KEYS + (long) frame * Addresses.FRAME_STRIDE;
            if (p.variable().contains(address - key) && (!p.variable().isConstant() || ids.link(p.id(), key))) {
                return true;
            }
        }
        return false;
    }

    private boolean leadsIntoRecord(Machine machine, Value.Pointer p, Region.RingRecord record, long address) {
        for (int i = 0; i < machine.holding; i++) {
            var held = machine.held[i];
            if (held.map() == record.map()
                    && held.size() == record.size()
                    && p.variable().contains(address - held.address())
                    && (!p.variable().isConstant() || ids.link(p.id(), held.address()))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        var parts = new ArrayList<>(List.of("depth " + state.depth()));
        for (var known : registers) {
            parts.add("r" + known.register() + (known.frame() + 1 < state.depth() ? " of frame " + known.frame() : "")
                    + " = " + known.value());
        }
        for (var known : slots) {
            parts.add("stack " + (known.number() * Slot.SIZE - Frame.STACK_SIZE) + " of frame " + known.frame() + " = "
                    + known.content());
        }
        parts.add("held " + state.reservations());
        return String.join("\n      ", parts);
    }
}
