package io.vertebra.verifier.soundness;

import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Width;
import java.util.List;
import java.util.Random;

/** Random choices of what instructions consist of; what is at the edge of something is chosen often. */
final class Choice {

    private static final int[] EDGES = {
        0,
        1,
        2,
        3,
        7,
        8,
        15,
        16,
        31,
        32,
        56,
        57,
        60,
        63,
        64,
        127,
        128,
        255,
        256,
        32767,
        32768,
        65535,
        -1,
        -2,
        -8,
        -64,
        -128,
        -129,
        -32768,
        1 << 31,
        Integer.MAX_VALUE,
        (1 << 31) + 1,
        1 << 30
    };
    private static final int[] TARGETS = {0, 1, 2, 3, 4, 5, 8, 9};

    final Random random;
    final Setting setting;
    private int labels = Draft.OUT;

    Choice(Random random, Setting setting) {
        this.random = random;
        this.setting = setting;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    int freshLabel() {
        return ++labels;
    }

    <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    <T> T any(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** A register to be changed: not those that statements rely on, nearly always. */
    int target() {
        return oneIn(40) ? below(10) : TARGETS[below(TARGETS.length)];
    }

    /** Any register to be read. */
    int source() {
        return oneIn(20) ? below(11) : TARGETS[below(TARGETS.length)];
    }

    /** Where the context has one of its numbers. */
    int number(int offset) {
        return setting.numbers() + offset;
    }

    int number() {
        return switch (below(4)) {
            case 0, 1 -> EDGES[below(EDGES.length)];
            case 2 -> between(-70, 70);
            default -> random.nextInt() >> below(32);
        };
    }

    long wideNumber() {
        return switch (below(4)) {
            case 0 -> number();
            case 1 -> 1L << below(64);
            case 2 -> (1L << below(64)) + between(-2, 2);
            default -> random.nextLong() >> below(64);
        };
    }

    Operand operand() {
        return random.nextBoolean() ? Draft.r(source()) : Draft.c(number());
    }

    Width width() {
        return random.nextBoolean() ? Width.W32 : Width.W64;
    }

    AccessSize size() {
        return AccessSize.values()[below(4)];
    }

    AccessSize word() {
        return random.nextBoolean() ? AccessSize.WORD : AccessSize.DOUBLE;
    }

    Condition condition() {
        return any(Condition.values());
    }

    /** The offset of an aligned slot near the frame pointer. */
    int stackSlot() {
        return -8 * between(1, 6);
    }
}
