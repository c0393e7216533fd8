package io.vertebra.verifier.domain;

import io.vertebra.verifier.domain.Region.Slice;
import io.vertebra.verifier.domain.Value.Dynptr;
import io.vertebra.verifier.domain.Value.FunctionReference;
import io.vertebra.verifier.domain.Value.MapReference;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.verifier.domain.Value.Uninitialised;
import java.util.Arrays;

/**
 * Whether an explored state covers another one: every run that the other one describes is among those of the explored
 * one, so that what was proved from there holds for the other one too.
 *
 * <p>Ids are compared up to renaming: pointers that were known to be the same lookup must be the same lookup. One object
 * is good for one comparison.
 */
public final class Subsumption {

    private final IdPairs pointerIds = new IdPairs();
    private final IdPairs numberIds = new IdPairs();
    private int fresh = -1;

    private Subsumption() {}

    /**
     * Whether {@code explored} covers {@code other}.
     *
     * @param read for each frame, the stack slots that matter: those that were read after {@code explored}
     */
    public static boolean covers(State explored, State other, long[] read) {
        return sameCalls(explored, other) && new Subsumption().coversContent(explored, other, read);
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

    static boolean sameCalls(State a, State b) {
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
            for (long left = read[f]; left != 0; left &= left - 1) {
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
        return explored.lock().isEmpty()
                || covers(explored.lock().get(), other.lock().orElseThrow());
    }

    private boolean covers(State.Lock explored, State.Lock other) {
        return explored.map() == other.map() && samePointerId(explored.id(), other.id());
    }

    private boolean covers(Value explored, Value other) {
        return switch (explored) {
            case Uninitialised _ -> true;
            case Number a -> other instanceof Number b && covers(a, b);
            case Pointer a -> other instanceof Pointer b && covers(a, b);
            case MapReference _, FunctionReference _ -> explored.equals(other);
            case Dynptr a -> other instanceof Dynptr b && covers(a, b);
        };
    }

    private boolean covers(Number explored, Number other) {
        if (!explored.scalar().covers(other.scalar())) {
            return false;
        }
        if (explored.id() == 0
                || (other.scalar().isConstant() && explored.scalar().isConstant())) {
            return true;
        }
        // Sound because numbers that were equal must be equal; one without an id is equal to itself only.
        return numberIds.match(explored.id(), other.id() == 0 ? fresh-- : other.id());
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

    private boolean covers(Pointer explored, Pointer other) {
        return covers(explored.region(), other.region())
                && explored.offset() == other.offset()
                && explored.nullable() == other.nullable()
                && explored.proven() <= other.proven()
                && explored.variable().covers(other.variable())
                && samePointerId(explored.id(), other.id());
    }

    private boolean samePointerId(int a, int b) {
        if (a == 0 || b == 0) {
            return a == b;
        }
        return pointerIds.matchOneToOne(a, b);
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
