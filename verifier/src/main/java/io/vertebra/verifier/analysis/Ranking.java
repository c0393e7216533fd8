package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Frame;
import io.vertebra.verifier.domain.Scalar;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.verifier.domain.Widening.Guess;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Proves that a loop ends: some number or pointer moves in the same direction in every iteration, and stays in its range.
 *
 * <p>Sound because a value that moves by at least {@code step} each time, without leaving a range and without wrapping
 * around, moves at most {@code range / step} times.
 */
final class Ranking {

    /** Ranges beyond this are not looked at: a value could wrap around at their ends. */
    private static final long FAR = 1L << 62;

    private final Guess guess;
    private final Set<Integer> words;
    /** By place, the shortest step that an iteration takes there, with its direction; only those that always move. */
    private Map<Integer, Long> steps;

    /** A proof for iterations that begin in a guess. */
    Ranking(Guess guess) {
        this.guess = guess;
        words = new HashSet<>(guess.words());
    }

    /** An iteration may end so. */
    void iteration(State end) {
        var moved = new HashMap<Integer, Long>();
        for (int place = 0; place < places(); place++) {
            long step = step(valueAt(guess.state(), place), valueAt(end, place), end);
            if (step != 0) {
                moved.put(place, step);
            }
        }
        if (steps == null) {
            steps = moved;
            return;
        }
        steps.keySet().removeIf(place -> !moved.containsKey(place) || (steps.get(place) ^ moved.get(place)) < 0);
        steps.replaceAll((place, step) -> Math.abs(moved.get(place)) < Math.abs(step) ? moved.get(place) : step);
    }

    /** How far an iteration moves a value at least; 0 if it is not known to move. */
    private long step(Value begin, Value end, State state) {
        if (begin instanceof Number a && end instanceof Number b && a.isWhole() && b.isWhole()) {
            return step(a.id(), b.id(), b.delta() - a.delta(), state);
        }
        return begin instanceof Pointer p && end instanceof Pointer q
                ? step(p.index(), q.index(), q.offset() - p.offset(), state)
                : 0;
    }

    private long step(int begin, int end, long more, State state) {
        if (!words.contains(begin)) {
            return 0;
        }
        if (begin == end) {
            return more;
        }
        // A number that varies was added: how far that moved the word at most is not known, so only upwards.
        long least = state.distance(begin, end);
        return least == Long.MIN_VALUE ? 0 : Math.max(0, least + more);
    }

    private int places() {
        return guess.state().depth() * (Frame.REGISTERS + Frame.STACK_SLOTS);
    }

    private static Value valueAt(State state, int place) {
        var frame = state.frame(place / (Frame.REGISTERS + Frame.STACK_SLOTS));
        int rest = place % (Frame.REGISTERS + Frame.STACK_SLOTS);
        if (rest < Frame.REGISTERS) {
            return frame.register(rest);
        }
        var whole = frame.slot(rest - Frame.REGISTERS).whole();
        return whole == null ? Value.UNINITIALISED : whole;
    }

    /** How often an iteration is followed by another one at most; empty if nothing was found that ends the loop. */
    OptionalLong most() {
        if (steps == null) {
            return OptionalLong.of(0);
        }
        return steps.entrySet().stream()
                .filter(e -> isBounded(rangeAt(e.getKey())))
                .mapToLong(e -> length(rangeAt(e.getKey())) / Math.abs(e.getValue()))
                .min();
    }

    /** Whether an iteration may be followed by another one, and nothing is known to move in it. */
    boolean standsStill() {
        return steps != null && steps.isEmpty();
    }

    private Scalar rangeAt(int place) {
        return switch (valueAt(guess.state(), place)) {
            case Number n -> n.scalar();
            case Pointer p -> p.variable();
            case Value.Uninitialised _, Value.MapReference _, Value.FunctionReference _, Value.Dynptr _ ->
                Scalar.UNKNOWN;
        };
    }

    private static boolean isBounded(Scalar scalar) {
        return scalar.wide().smin() > -FAR && scalar.wide().smax() < FAR;
    }

    private static long length(Scalar scalar) {
        return scalar.wide().smax() - scalar.wide().smin();
    }
}
