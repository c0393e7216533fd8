package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Frame;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Scalar;
import io.vertebra.verifier.domain.Slot;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.Dynptr;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import java.util.Optional;

/** The effects of loads and stores on stack memory; they were checked before. */
final class StackMemory {

    /** Bytes of a dynptr: two slots. */
    static final int DYNPTR_BYTES = 2 * Slot.SIZE;

    private StackMemory() {}

    /** The dynptr whose first byte a pointer leads to, if there is a whole one. */
    static Optional<Dynptr> dynptr(State state, Value value) {
        if (!(value instanceof Pointer p) || !(p.region() instanceof Region.Stack stack)) {
            return Optional.empty();
        }
        var extent = Extent.of(p, 0);
        if (!extent.isExact()
                || extent.least() % Slot.SIZE != 0
                || extent.least() < -Frame.STACK_SIZE
                || extent.least() > -DYNPTR_BYTES) {
            return Optional.empty();
        }
        int slot = (int) (extent.least() + Frame.STACK_SIZE) / Slot.SIZE;
        return state.peekSlot(stack.frame(), slot).whole() instanceof Dynptr d
                        && d.first()
                        && d.other()
                                .equals(state.peekSlot(stack.frame(), slot + 1).whole())
                ? Optional.of(d)
                : Optional.empty();
    }

    /** Makes a dynptr at a place that was checked. */
    static void makeDynptr(State state, Pointer place, Dynptr first) {
        int frame = ((Region.Stack) place.region()).frame();
        long at = Extent.of(place, 0).least() + Frame.STACK_SIZE;
        state.useStack(frame, at - Frame.STACK_SIZE);
        endDynptrs(state, frame, at, at + DYNPTR_BYTES);
        state.overwriteSlot(frame, (int) at / Slot.SIZE, Slot.of(first));
        state.overwriteSlot(frame, (int) at / Slot.SIZE + 1, Slot.of(first.other()));
    }

    /** Makes the bytes of a dynptr plain stack without content. */
    static void endDynptr(State state, Pointer place) {
        int frame = ((Region.Stack) place.region()).frame();
        int slot = (int) (Extent.of(place, 0).least() + Frame.STACK_SIZE) / Slot.SIZE;
        state.overwriteSlot(frame, slot, Slot.UNSET);
        state.overwriteSlot(frame, slot + 1, Slot.UNSET);
    }

    /** What a store leaves of a dynptr is none: both halves become unusable. */
    private static void endDynptrs(State state, int frame, long first, long end) {
        for (int s = (int) first / Slot.SIZE; (long) s * Slot.SIZE < end; s++) {
            if (state.peekSlot(frame, s).whole() instanceof Dynptr d) {
                int other = d.first() ? s + 1 : s - 1;
                state.updateSlot(frame, s, Slot.UNSET);
                if (d.other().equals(state.peekSlot(frame, other).whole())) {
                    state.updateSlot(frame, other, Slot.UNSET);
                }
            }
        }
    }

    /** What a load gives; the slots count as read. */
    static Value load(State state, Pointer base, int offset, int bytes) {
        int frame = ((Region.Stack) base.region()).frame();
        var extent = Extent.of(base, offset);
        state.useStack(frame, extent.least());
        long first = extent.least() + Frame.STACK_SIZE;
        long last = extent.most() + bytes + Frame.STACK_SIZE - 1;
        Slot slot = null;
        for (long s = first / Slot.SIZE; s <= last / Slot.SIZE; s++) {
            slot = state.readSlot(frame, (int) s);
        }
        boolean single = extent.isExact() && first / Slot.SIZE == last / Slot.SIZE;
        if (!single || slot == null) {
            return Value.number(Scalar.loaded(bytes, false));
        }
        return slot.holdsPointer() ? slot.whole() : slot.read((int) first % Slot.SIZE, bytes);
    }

    /** Stores a value. */
    static void store(State state, Pointer base, int offset, int bytes, Value value) {
        int frame = ((Region.Stack) base.region()).frame();
        var extent = Extent.of(base, offset);
        state.useStack(frame, extent.least());
        long first = extent.least() + Frame.STACK_SIZE;
        endDynptrs(state, frame, first, extent.most() + bytes + Frame.STACK_SIZE);
        if (!extent.isExact()) {
            perhaps(state, frame, first, extent.most() + bytes + Frame.STACK_SIZE);
        } else if (bytes == Slot.SIZE && first % Slot.SIZE == 0) {
            state.overwriteSlot(frame, (int) first / Slot.SIZE, Slot.of(value));
        } else {
            parts(state, frame, first, first + bytes, value);
        }
    }

    /** A helper reads memory: the slots count as read. */
    static void readBlock(State state, Pointer base, long bytes) {
        var extent = Extent.of(base, 0);
        int frame = ((Region.Stack) base.region()).frame();
        state.useStack(frame, extent.least());
        long end = extent.most() + bytes + Frame.STACK_SIZE;
        for (long s = (extent.least() + Frame.STACK_SIZE) / Slot.SIZE; s * Slot.SIZE < end; s++) {
            state.readSlot(frame, (int) s);
        }
    }

    /** A helper fills memory: at least {@code surely} and at most {@code perhaps} bytes. */
    static void fillBlock(State state, Pointer base, long surely, long perhaps) {
        var extent = Extent.of(base, 0);
        int frame = ((Region.Stack) base.region()).frame();
        state.useStack(frame, extent.least());
        long first = extent.least() + Frame.STACK_SIZE;
        endDynptrs(state, frame, first, extent.most() + perhaps + Frame.STACK_SIZE);
        perhaps(state, frame, first, extent.most() + perhaps + Frame.STACK_SIZE);
        if (extent.isExact()) {
            parts(state, frame, first, first + surely, Value.number(Scalar.UNKNOWN));
        }
    }

    private static void perhaps(State state, int frame, long first, long end) {
        for (long s = first / Slot.SIZE; s * Slot.SIZE < end; s++) {
            state.updateSlot(frame, (int) s, state.peekSlot(frame, (int) s).perhapsOverwritten());
        }
    }

    private static void parts(State state, int frame, long first, long end, Value value) {
        boolean single = first / Slot.SIZE == (end - 1) / Slot.SIZE;
        for (long at = first; at < end; at = (at / Slot.SIZE + 1) * Slot.SIZE) {
            int slot = (int) at / Slot.SIZE;
            int offset = (int) at % Slot.SIZE;
            int size = (int) Math.min(Slot.SIZE - offset, end - at);
            if (size == Slot.SIZE) {
                state.overwriteSlot(frame, slot, Slot.of(single ? value : Value.number(Scalar.UNKNOWN)));
                continue;
            }
            var old = state.peekSlot(frame, slot);
            // Sound because what is left of a pointer after a part of it was overwritten is made unreadable.
            var base = old.holdsPointer() ? Slot.UNSET : old;
            state.updateSlot(
                    frame,
                    slot,
                    // Sound because a part of an address is not to be read, so that nothing need be known of it.
                    !(value instanceof Number number)
                            ? base.erase(offset, size)
                            : single ? base.write(offset, size, number) : base.overwrite(offset, size));
        }
    }
}
