package io.vertebra.verifier.domain;

import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Width;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * All operators of scalars against the concrete ones, for every number that operands of a few bits may be. Each operator
 * is written for any width, so that what holds here holds at 64 bits as far as no constant depends on the width.
 */
final class OperatorProof {

    private final int width;
    private long checks;

    OperatorProof(int width) {
        this.width = width;
    }

    /** A scalar and all numbers that it describes. */
    record Described(Scalar scalar, long[] numbers) {}

    /** So many of a list, chosen at random. */
    static List<Described> sample(List<Described> list, int count, SplittableRandom random) {
        var result = new ArrayList<Described>();
        for (int i = 0; i < count; i++) {
            result.add(list.get(random.nextInt(list.size())));
        }
        return result;
    }

    long checks() {
        return checks;
    }

    private Described described(Scalar scalar) {
        return new Described(
                scalar,
                LongStream.range(0, 1L << width).filter(scalar::contains).toArray());
    }

    /** Every number. */
    List<Described> constants() {
        return LongStream.range(0, 1L << width)
                .mapToObj(n -> described(Scalar.constant(width, n)))
                .toList();
    }

    /** Every combination of known bits, a range, and a range of the lower half that is not empty. */
    List<Described> everything() {
        var result = new LinkedHashSet<Scalar>();
        for (var bits : tnums()) {
            for (var range : ranges(width, 1)) {
                addReduced(result, new Scalar(bits, range, Range.full(width / 2)));
                for (var low : ranges(width / 2, 1)) {
                    addReduced(result, new Scalar(bits, range, low));
                }
            }
        }
        return result.stream().map(this::described).toList();
    }

    /** All known bits, all ranges whose ends are multiples of a step, and ranges of the lower half. */
    List<Described> shapes(int step) {
        var result = new LinkedHashSet<Scalar>();
        var full = Scalar.full(width);
        tnums().forEach(bits -> addReduced(result, new Scalar(bits, full.wide(), full.low())));
        ranges(width, step).forEach(range -> addReduced(result, new Scalar(full.bits(), range, full.low())));
        ranges(width / 2, 1).forEach(low -> addReduced(result, new Scalar(full.bits(), full.wide(), low)));
        return result.stream().map(this::described).toList();
    }

    /** Reducing loses nothing, and finds out when nothing is left. */
    private void addReduced(Set<Scalar> result, Scalar scalar) {
        var reduced = scalar.reduce();
        for (long n = 0; n < 1L << width; n++) {
            require(!scalar.contains(n) || (!reduced.isEmpty() && reduced.contains(n)), "reduced %s", scalar);
        }
        if (!reduced.isEmpty()) {
            result.add(reduced);
        }
    }

    private List<Tnum> tnums() {
        var result = new ArrayList<Tnum>();
        for (long mask = 0; mask < 1L << width; mask++) {
            for (long value = 0; value < 1L << width; value++) {
                if ((value & mask) == 0) {
                    result.add(new Tnum(value, mask));
                }
            }
        }
        return result;
    }

    private static List<Range> ranges(int width, int step) {
        var result = new ArrayList<Range>();
        long numbers = 1L << width;
        for (long min = 0; min < numbers; min += step) {
            for (long max = min; max < numbers; max += step) {
                result.add(Range.unsigned(width, min, max));
                result.add(Range.signed(width, min - numbers / 2, max - numbers / 2));
            }
        }
        return result;
    }

    /** Checks operators on two numbers. */
    void check(List<Described> lefts, List<Described> rights) {
        for (var left : lefts) {
            for (var right : rights) {
                for (var operandWidth : Width.values()) {
                    for (var op : AluOp.values()) {
                        check(op, operandWidth, left, right);
                    }
                    for (var condition : Condition.values()) {
                        check(condition, operandWidth, left, right);
                    }
                }
                checkLattice(left, right);
            }
        }
    }

    private void check(AluOp op, Width operandWidth, Described left, Described right) {
        var result = left.scalar().apply(op, operandWidth, right.scalar());
        for (long a : left.numbers()) {
            for (long b : right.numbers()) {
                long expected = concrete(op, operandWidth == Width.W64 ? width : width / 2, a, b);
                require(result.contains(expected), "%s %s: %d, %d", op, operandWidth, a, b);
            }
        }
        checks++;
    }

    private void check(Condition condition, Width operandWidth, Described left, Described right) {
        var ifSo = Comparison.assume(operandWidth, condition, true, left.scalar(), right.scalar());
        var ifNot = Comparison.assume(operandWidth, condition, false, left.scalar(), right.scalar());
        int bits = operandWidth == Width.W64 ? width : width / 2;
        for (long a : left.numbers()) {
            for (long b : right.numbers()) {
                var sides = holds(condition, bits, a, b) ? ifSo : ifNot;
                require(
                        !sides.isEmpty()
                                && sides.left().contains(a)
                                && sides.right().contains(b),
                        "%s %s: %d, %d",
                        condition,
                        operandWidth,
                        a,
                        b);
            }
        }
        checks += 2;
    }

    private void checkLattice(Described left, Described right) {
        var join = left.scalar().join(right.scalar());
        require(join.covers(left.scalar()) && join.covers(right.scalar()), "join %s %s", left, right);
        boolean covers = left.scalar().covers(right.scalar());
        for (long b : right.numbers()) {
            require(join.contains(b), "join %d", b);
            require(!covers || left.scalar().contains(b), "covers %d", b);
        }
        checks += 2;
    }

    /** Checks operators on one number. */
    void checkSingle(List<Described> all) {
        for (var one : all) {
            for (int count = 1; count <= width; count++) {
                checkExtensions(one, count);
            }
            for (long n : one.numbers()) {
                require(one.scalar().negate(Width.W64).contains(-n), "negate %d", n);
                require(one.scalar().negate(Width.W32).contains(-n & low(width / 2)), "negate low %d", n);
            }
            checks += 2;
        }
    }

    private void checkExtensions(Described one, int count) {
        var zero = one.scalar().zeroExtended(count);
        var signed = one.scalar().signExtended(count, Width.W64);
        var signedHalf = one.scalar().signExtended(Math.min(count, width / 2), Width.W32);
        for (long n : one.numbers()) {
            require(zero.contains(n & low(count)), "zero extension of %d bits: %d", count, n);
            require(signed.contains(Range.signed(count, n)), "sign extension of %d bits: %d", count, n);
            require(
                    signedHalf.contains(Range.signed(Math.min(count, width / 2), n) & low(width / 2)),
                    "sign extension of %d bits to the half: %d",
                    count,
                    n);
        }
        checks += 3;
    }

    private static long low(int bits) {
        return (1L << bits) - 1;
    }

    /** RFC 9669 section 4.1 at a few bits; what is above them is 0. */
    private static long concrete(AluOp op, int bits, long first, long second) {
        long a = first & low(bits);
        long b = second & low(bits);
        long sa = Range.signed(bits, a);
        long sb = Range.signed(bits, b);
        int shift = (int) b % bits;
        long result = switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> b == 0 ? 0 : a / b;
            case SDIV -> b == 0 ? 0 : sa / sb;
            case MOD -> b == 0 ? a : a % b;
            case SMOD -> b == 0 ? a : sa % sb;
            case OR -> a | b;
            case AND -> a & b;
            case XOR -> a ^ b;
            case LSH -> a << shift;
            case RSH -> a >> shift;
            case ARSH -> sa >> shift;
            case MOV -> b;
        };
        return result & low(bits);
    }

    private static boolean holds(Condition condition, int bits, long first, long second) {
        long a = first & low(bits);
        long b = second & low(bits);
        long sa = Range.signed(bits, a);
        long sb = Range.signed(bits, b);
        return switch (condition) {
            case EQ -> a == b;
            case NE -> a != b;
            case GT -> a > b;
            case GE -> a >= b;
            case LT -> a < b;
            case LE -> a <= b;
            case SGT -> sa > sb;
            case SGE -> sa >= sb;
            case SLT -> sa < sb;
            case SLE -> sa <= sb;
            case SET -> (a & b) != 0;
        };
    }

    private static void require(boolean holds, String what, Object... values) {
        if (!holds) {
            throw new AssertionError(what.formatted(values));
        }
    }
}
