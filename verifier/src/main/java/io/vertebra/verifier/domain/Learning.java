package io.vertebra.verifier.domain;

import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Part;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Width;
import java.util.function.BinaryOperator;

/** What all values of a state that have to do with one word learn, when a branch tells of one of them. */
public final class Learning {

    private Learning() {}

    /**
     * A number is known to be in a scalar; false if this contradicts what is known of its relatives, so that no run
     * comes here.
     *
     * @param number one of the state's, with a word
     * @param scalar what it is known to be
     */
    public static boolean number(State state, Number number, Scalar scalar) {
        var word = wordOf(number, scalar);
        if (!word(state, number.id(), word, number.delta(), number.part(), scalar)) {
            return false;
        }
        if (number.isRest() && number.isWhole()) {
            // Sound because such a word is an integer without wrap-around: its least value is that of the bytes left.
            return payload(state, ~number.id(), word.wide().smin());
        }
        return true;
    }

    /** A word is known to be in a scalar; false if that cannot be. */
    public static boolean word(State state, int id, Scalar word) {
        return word(state, id, word, 0, Part.WHOLE, word);
    }

    private static boolean word(State state, int id, Scalar word, long delta, Part part, Scalar exact) {
        boolean[] contradicted = {false};
        state.replaceInRegisters(
                v -> isOf(v, id),
                v -> learned(v, word, delta, part, exact, (a, b) -> {
                    var both = a.intersect(b);
                    contradicted[0] |= both.isEmpty();
                    return both;
                }));
        // What contradicts a slot does not count: slots that nobody reads are not compared, and another run may
        // have something else there.
        state.replaceOnStack(
                v -> isOf(v, id),
                v -> learned(v, word, delta, part, exact, (a, b) -> {
                    var both = a.intersect(b);
                    return both.isEmpty() ? a : both;
                }));
        return !contradicted[0]
                && sums(state, id, word.wide().smin())
                && (!word.isConstant() || known(state, id, word.value()));
    }

    private static Value learned(
            Value value, Scalar word, long delta, Part part, Scalar exact, BinaryOperator<Scalar> and) {
        return switch (value) {
            case Number n when n.delta() == delta && n.part() == part -> n.with(and.apply(n.scalar(), exact));
            case Number n -> n.with(and.apply(n.scalar(), numberOf(n, word)));
            case Pointer p -> p.withVariable(and.apply(p.variable(), word));
            case Value.Uninitialised _, Value.MapReference _, Value.FunctionReference _, Value.Dynptr _ -> value;
        };
    }

    /** A word is known: pointers into the payload that it is the index of have none, and what it was added to has moved. */
    private static boolean known(State state, int word, long value) {
        if (word <= 0) {
            return true;
        }
        for (var sum : state.distances().all()) {
            if (sum.addend() == word && sum.base() != 0 && !moved(state, sum.sum(), sum.base(), value + sum.delta())) {
                return false;
            }
        }
        long proven = state.proven(word);
        state.replace(v -> isIndexed(v, word), v -> ((Pointer) v).withoutIndex(value));
        return proven == Proofs.NOTHING || payload(state, 0, proven + value);
    }

    private static boolean isIndexed(Value value, int index) {
        return value instanceof Pointer p && p.index() == index && p.region() instanceof Region.Payload;
    }

    /** A word is known to be another one plus a constant: its values are values of that one. */
    private static boolean moved(State state, int word, int base, long by) {
        state.replace(v -> isIndexed(v, word) || (v instanceof Number n && n.id() == word), v -> switch (v) {
            case Pointer p -> p.behind(base, by);
            case Number n -> n.moved(n.scalar(), by, n.part()).of(base);
            case Value.Uninitialised _, Value.MapReference _, Value.FunctionReference _, Value.Dynptr _ -> v;
        });
        long proven = state.proven(word);
        return proven == Proofs.NOTHING || payload(state, base, proven + by);
    }

    /** What the least value of a word tells of sums that it is part of: what is before an end that is inside is inside. */
    private static boolean sums(State state, int id, long least) {
        for (var sum : state.distances().learn(id, least)) {
            long proven = state.proven(sum.sum());
            if (proven != Proofs.NOTHING && !payload(state, sum.base(), proven + sum.least())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOf(Value value, int id) {
        return (value instanceof Number n && n.id() == id)
                || (value instanceof Pointer p && p.index() == id && id != 0);
    }

    /** What a number's scalar tells of its word. */
    private static Scalar wordOf(Number number, Scalar scalar) {
        return switch (number.part()) {
            case WHOLE -> scalar.plus(-number.delta());
            case LOW -> {
                // Sound because addition of the lower halves does not depend on the upper ones.
                var low = scalar.apply(AluOp.SUB, Width.W32, Scalar.constant(number.delta()));
                yield Scalar.UNKNOWN.withLow(low.low()).with(Width.W32, low.bits());
            }
            case SHIFTED_LOW, SHIFTED_WHOLE -> Scalar.UNKNOWN;
        };
    }

    /** What a word's scalar tells of a number that is made from it. */
    private static Scalar numberOf(Number number, Scalar word) {
        return switch (number.part()) {
            case WHOLE -> word.plus(number.delta());
            case LOW -> word.apply(AluOp.ADD, Width.W32, Scalar.constant(number.delta()));
            // What is in transit is not looked at.
            case SHIFTED_LOW, SHIFTED_WHOLE -> Scalar.UNKNOWN;
        };
    }

    /**
     * A comparison tells that {@code proven} bytes after an index belong to the payload; false if that cannot be.
     *
     * @param index an index of pointers, whose word is an integer without wrap-around
     */
    public static boolean payload(State state, int index, long proven) {
        if (proven <= state.proven(index) || proven < -Integer.MAX_VALUE) {
            return true;
        }
        state.prove(index, proven);
        // Sound because index + proven <= length, and no payload is longer than the greatest one.
        boolean possible = index == 0
                ? proven <= state.payloadMax()
                : word(state, index, Scalar.signed(Long.MIN_VALUE, state.payloadMax() - proven));
        return possible && word(state, ~index, Scalar.signed(proven, Long.MAX_VALUE)) && before(state, index, proven);
    }

    /** Sound because base + least <= index, and index + proven <= length. */
    private static boolean before(State state, int index, long proven) {
        for (var sum : state.distances().all()) {
            if (sum.sum() == index && !payload(state, sum.base(), proven + sum.least())) {
                return false;
            }
        }
        return true;
    }
}
