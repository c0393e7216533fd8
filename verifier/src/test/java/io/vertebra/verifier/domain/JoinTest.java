package io.vertebra.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.domain.Join.Effort;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What covers both must cover each. */
class JoinTest {

    private static final int STATES = 3_000;
    private static final long[] ALL = {-1};

    private int lastId;

    private int nextId() {
        return ++lastId;
    }

    @ParameterizedTest
    @EnumSource(Effort.class)
    void shouldCoverBoth(Effort effort) {
        long seed = Long.getLong("vertebra.seed", System.nanoTime());
        for (int i = 0; i < STATES; i++) {
            var random = new Random(seed + i);
            var first = state(random);
            var second = random.nextBoolean() ? changed(random, first) : state(random);
            var join = Join.of(first, second, effort, this::nextId);
            assertThat(Subsumption.covers(join, first, ALL))
                    .as("seed %d, first", seed + i)
                    .isTrue();
            assertThat(Subsumption.covers(join, second, ALL))
                    .as("seed %d, second", seed + i)
                    .isTrue();
        }
    }

    /** However often something else is joined, a state is reached that stays. */
    @Test
    void shouldComeToRest() {
        long seed = Long.getLong("vertebra.seed", System.nanoTime());
        var random = new Random(seed);
        for (int i = 0; i < STATES / 10; i++) {
            var state = state(random);
            for (int step = 0; step < 100; step++) {
                state = Join.of(state, state(random), step < 3 ? Effort.WIDEN : Effort.GIVE_UP, this::nextId);
            }
            assertThat(Subsumption.covers(state, state(random), ALL))
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    private State state(Random random) {
        return changed(random, State.entry(Integer.MAX_VALUE));
    }

    private State changed(Random random, State before) {
        var state = before.copy();
        for (int register = 1; register < 6; register++) {
            if (random.nextBoolean()) {
                state.set(register, value(random));
            }
        }
        for (int slot = 60; slot < 64; slot++) {
            switch (random.nextInt(4)) {
                case 0 -> state.overwriteSlot(0, slot, Slot.of(value(random)));
                case 1 -> state.overwriteSlot(0, slot, Slot.UNSET);
                case 2 -> {
                    int size = 1 << random.nextInt(3);
                    int at = random.nextInt(Slot.SIZE / size) * size;
                    state.updateSlot(0, slot, parts(state, slot).write(at, size, number(random)));
                }
                default -> {}
            }
        }
        return state;
    }

    private static Slot parts(State state, int slot) {
        var old = state.peekSlot(0, slot);
        return old.holdsPointer() ? Slot.UNSET : old;
    }

    /** Each value by itself: relations between places are given up. */
    private Value value(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Value.UNINITIALISED;
            case 1 -> pointer(new Region.MapValue(random.nextInt(2)), random, random.nextBoolean());
            case 2 -> pointer(new Region.Stack(0), random, /* nullable= */ false);
            case 3 -> new Value.MapReference(random.nextInt(2));
            default -> number(random);
        };
    }

    private Pointer pointer(Region region, Random random, boolean nullable) {
        long offset = random.nextInt(3) * 8L;
        var variable = nullable || random.nextBoolean() ? Scalar.ZERO : Scalar.unsigned(0, random.nextInt(64));
        return new Pointer(region, offset, variable, region instanceof Region.Stack ? 0 : nextId(), 0, nullable);
    }

    private static Number number(Random random) {
        long least = random.nextInt(100);
        return Value.number(
                switch (random.nextInt(4)) {
                    case 0 -> Scalar.ZERO;
                    case 1 -> Scalar.constant(random.nextInt(-5, 5));
                    case 2 -> Scalar.unsigned(least, least + random.nextInt(100));
                    default -> Scalar.UNKNOWN;
                });
    }
}
