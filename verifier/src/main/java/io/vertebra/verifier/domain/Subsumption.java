package io.vertebra.verifier.domain;

import io.vertebra.verifier.domain.Region.Slice;
import io.vertebra.verifier.domain.Value.Dynptr;
import io.vertebra.verifier.domain.Value.FunctionReference;
import io.vertebra.verifier.domain.Value.MapReference;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.verifier.domain.Value.Uninitialised;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Whether an explored state covers another one: every run that the other one describes is among those of the explored
 * one, so that what was proved from there holds for the other one too.
 *
 * <p>Ids are compared up to renaming: pointers that were known to be the same lookup must be the same lookup. One object
 * is good for one comparison.
 */
public final class Subsumption {

    private final IdPairs pointerIds = new IdPairs();
    /** An id that no value has, for the next null. */
    private int nobody = -1;

    private final WordPairs words = new WordPairs();

    private Subsumption() {}

    /**
     * Whether {@code explored} covers {@code other}.
     *
     * @param read for each frame, the stack slots that matter: those that were read after {@code explored}
     */
    public static boolean covers(State explored, State other, long[] read) {
        return covers(explored, other, read, List.of());
    }

    /**
     * As {@link #covers(State, State, long[])}, for states of one path that have some words in common.
     *
     * @param common ids that must stand for the same word in both
     */
    public static boolean covers(State explored, State other, long[] read, List<Integer> common) {
        if (!sameCalls(explored, other)) {
            return false;
        }
        var subsumption = new Subsumption();
        for (int id : common) {
            subsumption.words.match(id, id, 0);
        }
        return subsumption.coversContent(explored, other, read);
    }

    /** Whether two states describe the same runs: each covers the other in all it knows. */
    public static boolean same(State a, State b) {
        if (!sameCalls(a, b)) {
            return false;
        }
        var everything = new long[a.depth()];
        Arrays.fill(everything, -1);
        return new Subsumption().coversContent(a, b, everything) && new Subsumption().coversContent(b, a, everything);
    }

    /** Whether the same functions are active, called from the same places. */
    public static boolean sameCalls(State a, State b) {
        if (a.depth() != b.depth()
                || a.lock().isPresent() != b.lock().isPresent()
                || a.reservations().size() != b.reservations().size()) {
            return false;
        }
        for (int i = 0; i < a.depth(); i++) {
            if (a.frame(i).returnTo() != b.frame(i).returnTo()
                    || a.frame(i).entry() != b.frame(i).entry()) {
                return false;
            }
        }
        return true;
    }

    private boolean coversContent(State explored, State other, long[] read) {
        for (int f = explored.depth() - 1; f >= 0; f--) {
            var a = explored.frame(f);
            var b = other.frame(f);
            for (int r = 0; r < a.registers.length; r++) {
                if (!covers(a.registers[r], b.registers[r])) {
                    return false;
                }
            }
            for (long left = read[f] | measured(explored, a); left != 0; left &= left - 1) {
                int slot = Long.numberOfTrailingZeros(left);
                if (!covers(a.slot(slot), b.slot(slot))) {
                    return false;
                }
            }
        }
        for (int i = 0; i < explored.reservations().size(); i++) {
            var a = explored.reservations().get(i);
            var b = other.reservations().get(i);
            if (a.map() != b.map() || a.dynptr() != b.dynptr() || !samePointerId(a.id(), b.id())) {
                return false;
            }
        }
        return covers(explored.lock(), other.lock())
                && words.proofsHold(explored, other)
                && words.distancesHold(explored, other);
    }

    /** Slots that matter though nobody reads them: their words have distances, from which others learn. */
    private static long measured(State explored, Frame frame) {
        long slots = 0;
        for (var distance : explored.distances().all()) {
            for (int i = 0; i < Frame.STACK_SLOTS; i++) {
                if (frame.slot(i).hasValue(v -> isMeasured(v, distance))) {
                    slots |= 1L << i;
                }
            }
        }
        return slots;
    }

    private static boolean isMeasured(Value value, Distances.Distance distance) {
        return switch (value) {
            case Number n -> distance.names(n.id());
            case Pointer p -> distance.names(p.index());
            case Uninitialised _, MapReference _, FunctionReference _, Dynptr _ -> false;
        };
    }

    /** Whether a lock is held in both, or in none: {@link #sameCalls}. */
    private boolean covers(Optional<State.Lock> explored, Optional<State.Lock> other) {
        return explored.isEmpty()
                || (explored.get().map() == other.orElseThrow().map()
                        && samePointerId(explored.get().id(), other.get().id()));
    }

    private boolean covers(Value explored, Value other) {
        return switch (explored) {
            case Uninitialised _ -> true;
            case Number a -> other instanceof Number b && covers(a, b);
            case Pointer a -> other instanceof Pointer b ? covers(a, b) : coversNull(a, other);
            case MapReference _, FunctionReference _ -> explored.equals(other);
            case Dynptr a -> other instanceof Dynptr b && covers(a, b);
        };
    }

    private boolean covers(Number explored, Number other) {
        if (!explored.scalar().covers(other.scalar())) {
            return false;
        }
        if (explored.id() == 0) {
            return true;
        }
        if (explored.isRest()) {
            return sameRest(explored, other);
        }
        // Sound because the explored word can be any number: it is chosen to be what makes up the other state's value,
        // and all relatives of it must agree on that choice.
        if (other.id() == 0
                && other.scalar().isConstant()
                && (explored.isWhole() || explored.part() == Value.Part.LOW)) {
            return words.match(explored.id(), 0, other.scalar().value() - explored.delta());
        }
        boolean unrelated = other.id() == 0 || explored.part() != other.part();
        return unrelated
                ? words.matchFresh(explored.id())
                : words.match(explored.id(), other.id(), other.delta() - explored.delta());
    }

    /** Sound because the payload's length is the same word in both states, so that only the index may be chosen. */
    private boolean sameRest(Number explored, Number other) {
        long shift = explored.delta() - other.delta();
        return other.isRest() && explored.part() == other.part() && sameIndex(~explored.id(), ~other.id(), shift);
    }

    private boolean sameIndex(int explored, int other, long shift) {
        return explored == 0 ? other == 0 && shift == 0 : words.match(explored, other, shift);
    }

    private boolean covers(Dynptr explored, Dynptr other) {
        return explored.kind() == other.kind()
                && explored.map() == other.map()
                && explored.first() == other.first()
                && samePointerId(explored.id(), other.id());
    }

    private boolean covers(Region explored, Region other) {
        if (explored instanceof Slice a && other instanceof Slice b) {
            return a.kind() == b.kind()
                    && a.map() == b.map()
                    && a.size() == b.size()
                    && samePointerId(a.owner(), b.owner());
        }
        return explored.equals(other);
    }

    /** Sound because a pointer that may be null was explored as null, and its copies with it: this one has no copies. */
    private boolean coversNull(Pointer explored, Value other) {
        return explored.nullable()
                && other instanceof Number n
                && n.scalar().isConstant()
                && n.scalar().value() == 0
                && pointerIds.match(explored.id(), nobody--);
    }

    private boolean covers(Pointer explored, Pointer other) {
        // Sound because what was explored for null and for an object holds for an object.
        if (!covers(explored.region(), other.region())
                || (other.nullable() && !explored.nullable())
                || !samePointerId(explored.id(), other.id())) {
            return false;
        }
        long shift = other.offset() - explored.offset();
        if (explored.index() == 0 && (isPayload(explored) || explored.variable().isConstant())) {
            return explored.index() == other.index()
                    && shift == 0
                    && explored.variable().covers(other.variable());
        }
        return explored.variable().covers(other.variable().plus(shift))
                && (explored.index() == 0 || covers(explored, other, shift));
    }

    private boolean covers(Pointer explored, Pointer other, long shift) {
        // Outside the payload a variable part that is not followed may be any word.
        if (other.index() == 0 && other.variable().isConstant()) {
            return words.match(explored.index(), 0, shift + other.variable().value());
        }
        return other.index() == 0
                ? words.matchFresh(explored.index())
                : words.match(explored.index(), other.index(), shift);
    }

    private static boolean isPayload(Pointer pointer) {
        return pointer.region() instanceof Region.Payload;
    }

    private boolean samePointerId(int a, int b) {
        if (a == 0 || b == 0) {
            return a == b;
        }
        return pointerIds.match(a, b);
    }

    private boolean covers(Slot explored, Slot other) {
        if (explored.isUnset()) {
            return true;
        }
        if (explored.whole() instanceof Number number) {
            return other.isData(0, Slot.SIZE) && covers(number, other.read(0, Slot.SIZE));
        }
        if (explored.whole() != null) {
            return other.whole() != null && covers(explored.whole(), other.whole());
        }
        return (explored.set() & ~other.set()) == 0
                && (explored.zero() & ~other.zero()) == 0
                && coversHalf(explored.low(), other, 0)
                && coversHalf(explored.high(), other, Slot.SIZE / 2);
    }

    private boolean coversHalf(Number explored, Slot other, int offset) {
        return explored == null
                || (other.isData(offset, Slot.SIZE / 2) && covers(explored, other.read(offset, Slot.SIZE / 2)));
    }
}
