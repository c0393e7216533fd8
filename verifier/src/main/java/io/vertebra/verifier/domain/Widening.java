package io.vertebra.verifier.domain;

import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Part;
import io.vertebra.verifier.domain.Value.Pointer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * A guess of what holds at the head of a loop in every iteration, made from what held in some: a number that moves gets
 * bounds at which it may come to rest, and a word of its own, so that it is seen how far an iteration moves it.
 *
 * <p>Nothing rests on the guess being right: the loop is explored from it, and whether every iteration leads back into it is
 * checked.
 */
public final class Widening {

    private static final Scalar ANYWHERE = Scalar.UNKNOWN;

    private final State result;
    private final Thresholds thresholds;
    private final boolean together;
    private final IntSupplier ids;
    private final List<Integer> words = new ArrayList<>();
    /** The words of numbers that moved by the same distance. */
    private final Map<Long, Integer> movers = new HashMap<>();

    private Widening(State result, Thresholds thresholds, boolean together, IntSupplier ids) {
        this.result = result;
        this.thresholds = thresholds;
        this.together = together;
        this.ids = ids;
    }

    /**
     * A guess.
     *
     * @param state what should hold
     * @param words the words of what moves
     */
    public record Guess(State state, List<Integer> words) {}

    /**
     * A guess from two states at the head, of the same calls.
     *
     * @param earlier the first state, or the guess before
     * @param later the last state, or one that the guess did not cover
     * @param together whether constants that moved by the same distance are taken to move together in every iteration
     * @param ids gives ids that no value has
     */
    public static Guess of(State earlier, State later, Thresholds thresholds, boolean together, IntSupplier ids) {
        var widening = new Widening(later.copy(), thresholds, together, ids);
        widening.result.meetProofs(earlier);
        thresholds.add(later.payloadMax());
        for (int f = 0; f < later.depth(); f++) {
            widening.collect(earlier.frame(f), later.frame(f));
        }
        for (int f = 0; f < later.depth(); f++) {
            widening.frame(earlier, later, f);
        }
        return new Guess(widening.result, List.copyOf(widening.words));
    }

    /** What does not move may be what the others move towards. */
    private void collect(Frame earlier, Frame later) {
        for (int register = 0; register < later.registers.length; register++) {
            collect(earlier.register(register), later.register(register));
        }
        for (int slot = 0; slot < Frame.STACK_SLOTS; slot++) {
            collect(earlier.slot(slot).whole(), later.slot(slot).whole());
        }
    }

    private void collect(Value earlier, Value later) {
        if (earlier instanceof Number a && later instanceof Number b) {
            thresholds.addCommon(a.scalar(), b.scalar());
        }
    }

    private void frame(State earlier, State later, int number) {
        var frame = result.frame(number);
        var a = earlier.frame(number);
        var b = later.frame(number);
        for (int register = 0; register < frame.registers.length; register++) {
            frame.registers[register] = value(earlier, later, a.register(register), b.register(register));
        }
        for (int slot = 0; slot < Frame.STACK_SLOTS; slot++) {
            if (!a.slot(slot).equals(b.slot(slot))) {
                frame.setSlot(slot, slot(earlier, later, a.slot(slot), b.slot(slot)));
            }
        }
        frame.lowest = Math.min(frame.lowest, a.lowest);
    }

    private Slot slot(State earlier, State later, Slot a, Slot b) {
        if (a.whole() != null && b.whole() != null) {
            return Slot.of(value(earlier, later, a.whole(), b.whole()));
        }
        return a.holdsPointer() || b.holdsPointer()
                ? Slot.UNSET
                : new Slot(null, null, null, a.set() & b.set(), a.zero() & b.zero());
    }

    private Value value(State earlier, State later, Value a, Value b) {
        if (a.equals(b)) {
            return b;
        }
        if (a instanceof Number m && b instanceof Number n) {
            return m.scalar().equals(n.scalar()) ? n : number(earlier, later, m, n);
        }
        return a instanceof Pointer p && b instanceof Pointer q ? pointer(earlier, later, p, q) : Value.UNINITIALISED;
    }

    private Number number(State earlier, State later, Number a, Number b) {
        var scalar = around(a.scalar(), b.scalar());
        if (a.id() != 0 && a.id() == b.id() && a.delta() == b.delta() && a.part() == b.part()) {
            // It is the same number, of which more is known in one of the states.
            return b.with(scalar);
        }
        if (a.scalar().isConstant() && b.scalar().isConstant()) {
            return new Number(
                    scalar,
                    mover(b.scalar().value() - a.scalar().value()),
                    a.scalar().value(),
                    Part.WHOLE);
        }
        int word = word();
        if (a.isWhole() && b.isWhole() && a.id() > 0 && b.id() > 0) {
            for (int base : later.distances().anchors()) {
                apart(base, word, from(earlier, base, a.id(), a.delta()), from(later, base, b.id(), b.delta()));
            }
        }
        return new Number(scalar, word);
    }

    private int mover(long distance) {
        return together ? movers.computeIfAbsent(distance, _ -> word()) : word();
    }

    private int word() {
        int id = ids.getAsInt();
        words.add(id);
        return id;
    }

    private Scalar around(Scalar a, Scalar b) {
        var hull = a.join(b);
        long most = b.wide().smax() > a.wide().smax()
                ? thresholds.above(hull.wide().smax())
                : hull.wide().smax();
        long least = b.wide().smin() < a.wide().smin()
                ? thresholds.below(hull.wide().smin())
                : hull.wide().smin();
        // What the low bits have in common, a step of a power of two keeps.
        int step = Long.numberOfTrailingZeros(hull.bits().mask());
        var bits = new Tnum(hull.bits().value() & Tnum.lowBits(step), ~Tnum.lowBits(step));
        return ANYWHERE.withBits(bits).withWide(Range.signed(Long.SIZE, least, most));
    }

    private Value pointer(State earlier, State later, Pointer a, Pointer b) {
        if (!a.region().equals(b.region()) || a.nullable() != b.nullable()) {
            return Value.UNINITIALISED;
        }
        int id = a.id() == b.id() ? b.id() : ids.getAsInt();
        if (a.offset() == b.offset() && a.index() == b.index()) {
            boolean same = a.variable().equals(b.variable());
            var variable = same ? b.variable() : around(a.variable(), b.variable());
            return new Pointer(b.region(), b.offset(), variable, id, b.index(), b.nullable());
        }
        if (a.nullable() || a.region() instanceof Region.PayloadEnd || a.region() instanceof Region.Context) {
            return Value.UNINITIALISED;
        }
        var distance = around(a.distance(), b.distance());
        boolean fixed = a.variable().isConstant() && b.variable().isConstant();
        long origin = fixed ? a.distance().value() : 0;
        int word = fixed ? mover(b.distance().value() - origin) : word();
        if (b.region() instanceof Region.Payload) {
            prove(earlier, later, a, b, word, origin);
        }
        if (a.index() > 0 && b.index() > 0) {
            for (int base : later.distances().anchors()) {
                long before = from(earlier, base, a.index(), a.offset() - origin);
                apart(base, word, before, from(later, base, b.index(), b.offset() - origin));
            }
        }
        return new Pointer(b.region(), origin, distance.plus(-origin), id, word, /* nullable= */ false);
    }

    private static long from(State state, int base, int word, long more) {
        long least = state.distance(base, word);
        return least == Distances.NOTHING ? least : least + more;
    }

    /** A word that is behind another one in both states may be so in every iteration. */
    private void apart(int base, int word, long before, long after) {
        if (before != Distances.NOTHING && after != Distances.NOTHING) {
            result.noteSum(word, base, 0, 0, Math.min(before, after));
        }
    }

    /** Bytes behind the pointer that were proved in both states. */
    private void prove(State earlier, State later, Pointer a, Pointer b, int word, long origin) {
        long before = earlier.proven(a.index());
        long after = later.proven(b.index());
        if (before != Proofs.NOTHING && after != Proofs.NOTHING) {
            result.prove(word, origin + Math.min(before - a.offset(), after - b.offset()));
        }
    }
}
