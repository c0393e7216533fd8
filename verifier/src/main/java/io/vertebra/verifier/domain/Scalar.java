package io.vertebra.verifier.domain;

import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Width;

/**
 * What is known of a number in a register: its bits, its range, and the range of its lower half. The three describe the
 * same value, so that each tightens the others after every operation (a reduced product).
 *
 * <p>A scalar is as wide as its {@code wide} range: 64 bits in the verifier, less in tests. {@link Width#W32} means the
 * lower half.
 *
 * @param bits the known bits
 * @param wide the range of the whole number
 * @param low the range of its lower half
 */
public record Scalar(Tnum bits, Range wide, Range low) {

    private static final int WIDTH = 64;
    private static final int REDUCTIONS = 3;

    /** Any 64-bit number. */
    public static final Scalar UNKNOWN = full(WIDTH);

    /** The number 0. */
    public static final Scalar ZERO = constant(WIDTH, 0);

    /** Any number of {@code width} bits. */
    public static Scalar full(int width) {
        return new Scalar(Tnum.unknown(width), Range.full(width), Range.full(width / 2));
    }

    /** One number of {@code width} bits. */
    public static Scalar constant(int width, long value) {
        return new Scalar(
                Tnum.constant(value).truncate(width), Range.constant(width, value), Range.constant(width / 2, value));
    }

    /** One 64-bit number. */
    public static Scalar constant(long value) {
        return value == 0 ? ZERO : constant(WIDTH, value);
    }

    /** The 64-bit numbers from {@code min} to {@code max}, unsigned. */
    public static Scalar unsigned(long min, long max) {
        return UNKNOWN.withWide(Range.unsigned(WIDTH, min, max));
    }

    /** The 64-bit numbers from {@code min} to {@code max}, signed. */
    public static Scalar signed(long min, long max) {
        return UNKNOWN.withWide(Range.signed(WIDTH, min, max));
    }

    /** The 64-bit numbers that a load of {@code bytes} can give. */
    public static Scalar loaded(int bytes, boolean signed) {
        int bitsLoaded = bytes * Byte.SIZE;
        if (bitsLoaded == WIDTH) {
            return UNKNOWN;
        }
        return signed
                ? UNKNOWN.withWide(Range.signed(WIDTH, -1L << (bitsLoaded - 1), ~(-1L << (bitsLoaded - 1))))
                : UNKNOWN.withWide(Range.unsigned(WIDTH, 0, Tnum.lowBits(bitsLoaded)));
    }

    /** Bits of the number. */
    public int width() {
        return wide.width();
    }

    /** Whether no value is left: the path that leads here cannot be taken. */
    public boolean isEmpty() {
        return wide.isEmpty() || low.isEmpty();
    }

    /** Whether there is one value only. */
    public boolean isConstant() {
        return wide.isConstant();
    }

    /** The least unsigned value, which is the value of a constant. */
    public long value() {
        return Range.signed(width(), wide.umin());
    }

    /** Whether a concrete value is one of those described. */
    public boolean contains(long concrete) {
        return bits.contains(concrete & Tnum.lowBits(width())) && wide.contains(concrete) && low.contains(concrete);
    }

    /** Whether every value of {@code other} is one of this. */
    public boolean covers(Scalar other) {
        return wide.covers(other.wide) && bits.covers(other.bits) && low.covers(other.low);
    }

    /** The least scalar around both. */
    public Scalar join(Scalar other) {
        return new Scalar(bits.join(other.bits), wide.join(other.wide), low.join(other.low));
    }

    /** What is known when the range holds as well. */
    public Scalar withWide(Range range) {
        return new Scalar(bits, wide.intersect(range), low).reduce();
    }

    /** What is known when the lower half has the range as well. */
    public Scalar withLow(Range range) {
        return new Scalar(bits, wide, low.intersect(range)).reduce();
    }

    /** What is known when the bits are as given as well. */
    public Scalar withBits(Tnum known) {
        return bits.contradicts(known) ? empty() : new Scalar(bits.intersect(known), wide, low).reduce();
    }

    /** What is known when both hold; empty if they contradict each other. */
    public Scalar intersect(Scalar other) {
        return bits.contradicts(other.bits)
                ? empty()
                : new Scalar(bits.intersect(other.bits), wide.intersect(other.wide), low.intersect(other.low)).reduce();
    }

    /** The sum with a constant, modulo 2^width. */
    public Scalar plus(long constant) {
        return constant == 0 ? this : apply(AluOp.ADD, Width.W64, constant(width(), constant));
    }

    private Scalar empty() {
        return new Scalar(bits, new Range(width(), 1, 0, 1, 0), low);
    }

    /** The bounds that a comparison in {@code width} bits looks at. */
    public Range range(Width width) {
        return width == Width.W64 ? wide : low;
    }

    /** The bits that a comparison in {@code width} bits looks at. */
    public Tnum bits(Width width) {
        return width == Width.W64 ? bits : bits.truncate(low.width());
    }

    /** What is known when a comparison in {@code width} bits tells the range. */
    public Scalar with(Width width, Range range) {
        return width == Width.W64 ? withWide(range) : withLow(range);
    }

    /** What is known when a comparison in {@code width} bits tells the bits. */
    public Scalar with(Width width, Tnum known) {
        long upper = width == Width.W64 ? 0 : Tnum.lowBits(width()) & ~Tnum.lowBits(low.width());
        return withBits(new Tnum(known.value(), known.mask() | upper));
    }

    /** The result of {@code this op other}; a W32 result has an upper half of 0. */
    public Scalar apply(AluOp op, Width width, Scalar other) {
        return width == Width.W64 ? apply64(op, other) : apply32(op, other);
    }

    private Scalar apply64(AluOp op, Scalar other) {
        if (isConstant() && other.isConstant()) {
            return constant(width(), Arithmetic.evaluate(op, width(), value(), other.value()));
        }
        var known = bitsOf(op, width(), bits, other.bits, other.wide).truncate(width());
        var range = rangeOf(op, wide, other.wide);
        var half = switch (op) {
            // Sound because these compute each bit from bits that are not above it.
            case ADD, SUB, MUL, AND, OR, XOR, MOV -> rangeOf(op, low, other.low);
            case DIV, SDIV, MOD, SMOD, LSH, RSH, ARSH -> Range.full(low.width());
        };
        return new Scalar(known, range, half).reduce();
    }

    private Scalar apply32(AluOp op, Scalar other) {
        int half = low.width();
        if (low.isConstant() && other.low.isConstant()) {
            long result = Arithmetic.evaluate(op, half, low.smin(), other.low.smin());
            return constant(width(), result & Tnum.lowBits(half));
        }
        var known = bitsOf(op, half, bits.truncate(half), other.bits.truncate(half), other.low)
                .truncate(half);
        var range = rangeOf(op, low, other.low);
        return new Scalar(known, Range.unsigned(width(), range.umin(), range.umax()), range).reduce();
    }

    private static Range rangeOf(AluOp op, Range a, Range b) {
        return switch (op) {
            case ADD -> a.add(b);
            case SUB -> a.subtract(b);
            case MUL -> a.multiply(b);
            case DIV -> a.divideUnsigned(b);
            case SDIV -> a.divideSigned(b);
            case MOD -> a.moduloUnsigned(b);
            case SMOD -> a.moduloSigned(b);
            case OR -> a.or(b);
            case AND -> a.and(b);
            case XOR -> a.xor(b);
            case LSH -> a.shiftLeft(b);
            case RSH -> a.shiftRight(b);
            case ARSH -> a.shiftRightArithmetic(b);
            case MOV -> b;
        };
    }

    private static Tnum bitsOf(AluOp op, int width, Tnum a, Tnum b, Range amount) {
        int by = (int) amount.umin() & (width - 1);
        boolean known = amount.isConstant();
        return switch (op) {
            case ADD -> a.add(b);
            case SUB -> a.subtract(b);
            case MUL -> a.multiply(b);
            case OR -> a.or(b);
            case AND -> a.and(b);
            case XOR -> a.xor(b);
            case LSH -> known ? a.shiftLeft(by) : Tnum.UNKNOWN;
            case RSH -> known ? a.shiftRight(by) : Tnum.UNKNOWN;
            case ARSH -> known ? a.shiftRightArithmetic(width, by) : Tnum.UNKNOWN;
            case MOV -> b;
            case DIV, SDIV, MOD, SMOD -> Tnum.UNKNOWN;
        };
    }

    /** {@code -this}; a W32 result has an upper half of 0. */
    public Scalar negate(Width width) {
        return constant(width(), 0).apply(AluOp.SUB, width, this);
    }

    /** The low {@code count} bits, extended with zeros. */
    public Scalar zeroExtended(int count) {
        return apply(AluOp.AND, Width.W64, constant(width(), Tnum.lowBits(count)));
    }

    /** The low {@code count} bits, extended with their sign to {@code width}. */
    public Scalar signExtended(int count, Width width) {
        var range = range(width);
        var lowest = -1L << (count - 1);
        if (range.smin() >= lowest && range.smax() <= ~lowest) {
            return width == Width.W64 ? this : zeroExtended(low.width());
        }
        // Sound because moving the bits to the top and back is how sign extension is defined.
        var distance = constant(width(), range.width() - count);
        return apply(AluOp.LSH, width, distance).apply(AluOp.ARSH, width, distance);
    }

    /** Lets bits, range and lower half tighten each other until nothing changes, at most three times. */
    Scalar reduce() {
        var result = this;
        for (int i = 0; i < REDUCTIONS; i++) {
            var next = result.reduceOnce();
            if (next.isEmpty() || next.equals(result)) {
                return next;
            }
            result = next;
        }
        return result;
    }

    private Scalar reduceOnce() {
        int half = low.width();
        var lowBits = bits.truncate(half);
        var newLow = low.intersect(ofBits(half, lowBits)).intersect(lowerHalf(wide, half));
        var newWide = aligned(wide.intersect(ofBits(width(), bits)).intersect(widened(wide, newLow)), bits);
        if (newLow.isEmpty() || newWide.isEmpty()) {
            return empty();
        }
        var fromWide = Tnum.range(newWide.umin(), newWide.umax());
        var fromLow = Tnum.range(newLow.umin(), newLow.umax());
        long upper = Tnum.lowBits(width()) & ~Tnum.lowBits(half);
        var lowAsWide = new Tnum(fromLow.value(), fromLow.mask() | upper);
        if (bits.contradicts(fromWide) || bits.contradicts(lowAsWide)) {
            return empty();
        }
        return new Scalar(bits.intersect(fromWide).intersect(lowAsWide), newWide, newLow);
    }

    /** A range whose ends moved inwards to the next numbers that have the known low bits. */
    private static Range aligned(Range range, Tnum bits) {
        int known = Math.min(Long.numberOfTrailingZeros(bits.mask()), range.width() - 1);
        if (known == 0 || range.isEmpty() || range.isConstant()) {
            return range;
        }
        long low = Tnum.lowBits(known);
        long sup = (bits.value() - range.smin()) & low;
        long sdown = (range.smax() - bits.value()) & low;
        long uup = (bits.value() - range.umin()) & low;
        long udown = (range.umax() - bits.value()) & low;
        // Sound because the numbers that are left out have other low bits; an end that would pass the other one stays.
        boolean ordered = range.smin() + sup <= range.smax() - sdown
                && Long.compareUnsigned(range.umin() + uup, range.umax() - udown) <= 0
                && range.smin() + sup >= range.smin()
                && Long.compareUnsigned(range.umin() + uup, range.umin()) >= 0
                && range.smax() - sdown <= range.smax()
                && Long.compareUnsigned(range.umax() - udown, range.umax()) <= 0;
        return ordered
                ? new Range(
                        range.width(),
                        range.smin() + sup,
                        range.smax() - sdown,
                        range.umin() + uup,
                        range.umax() - udown)
                : range;
    }

    /** The range of the numbers with the bits: unknown bits all 0 is the least, all 1 the greatest. */
    private static Range ofBits(int width, Tnum bits) {
        long sign = 1L << (width - 1);
        long most = bits.value() | bits.mask();
        return new Range(
                width,
                Range.signed(width, bits.value() | (bits.mask() & sign)),
                Range.signed(width, bits.value() | (bits.mask() & ~sign)),
                bits.value(),
                most);
    }

    /** What a range says of the lower half: nothing unless the upper half is the same all over it. */
    private static Range lowerHalf(Range wide, int half) {
        if (wide.umin() >>> half == wide.umax() >>> half) {
            return Range.unsigned(half, wide.umin() & Tnum.lowBits(half), wide.umax() & Tnum.lowBits(half));
        }
        long lowest = -1L << (half - 1);
        if (wide.smin() >= lowest && wide.smax() <= ~lowest) {
            // Sound because such a number is its own lower half, sign-extended.
            return Range.signed(half, wide.smin(), wide.smax());
        }
        return Range.full(half);
    }

    /** What the range of the lower half says of the whole: its ends move inwards to the next number with such a half. */
    private static Range widened(Range wide, Range low) {
        int width = wide.width();
        int half = low.width();
        long block = 1L << half;
        long mask = block - 1;
        long umin = upwards(wide.umin(), low, block, mask, Tnum.lowBits(width));
        long umax = downwards(wide.umax(), low, block, mask);
        var result = new Range(width, wide.smin(), wide.smax(), umin, umax);
        long lowest = -1L << (half - 1);
        if (wide.smin() >= lowest && wide.smax() <= ~lowest) {
            result = result.intersect(new Range(width, low.smin(), low.smax(), 0, Tnum.lowBits(width)));
        }
        return result;
    }

    private static long upwards(long value, Range low, long block, long mask, long greatest) {
        long half = value & mask;
        long base = value & ~mask;
        if (half < low.umin()) {
            return base + low.umin();
        }
        if (half > low.umax() && Long.compareUnsigned(base, greatest & ~mask) < 0) {
            return base + block + low.umin();
        }
        return value;
    }

    private static long downwards(long value, Range low, long block, long mask) {
        long half = value & mask;
        long base = value & ~mask;
        if (half > low.umax()) {
            return base + low.umax();
        }
        if (half < low.umin() && base != 0) {
            return base - block + low.umax();
        }
        return value;
    }

    @Override
    public String toString() {
        if (isConstant()) {
            return Long.toString(value());
        }
        if (wide.smin() >= 0) {
            return "[" + wide.smin() + ", " + Long.toUnsignedString(wide.umax()) + "]";
        }
        return wide.equals(Range.full(width())) ? "any number" : "[" + wide.smin() + ", " + wide.smax() + "]";
    }
}
