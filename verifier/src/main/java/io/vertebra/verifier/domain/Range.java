package io.vertebra.verifier.domain;

/**
 * The interval of a word of {@code width} bits (at most 64), as a signed and as an unsigned number at once: a value
 * must lie in both. Signed bounds are sign-extended longs, unsigned bounds zero-extended ones.
 *
 * <p>Every operation is written for any width, so that the same code is checked exhaustively at a few bits and used at
 * 32 and 64. Where a result may leave the word, the bound of that signedness becomes the full range.
 *
 * @param width bits of the word
 * @param smin least signed value
 * @param smax greatest signed value
 * @param umin least unsigned value
 * @param umax greatest unsigned value
 */
public record Range(int width, long smin, long smax, long umin, long umax) {

    private static final Range FULL_64 = new Range(64, Long.MIN_VALUE, Long.MAX_VALUE, 0, -1);

    /** Every value of a word. */
    public static Range full(int width) {
        return width == 64 ? FULL_64 : new Range(width, lowest(width), highest(width), 0, Tnum.lowBits(width));
    }

    /** One value; bits above the width are ignored. */
    public static Range constant(int width, long value) {
        long signed = signed(width, value);
        long unsigned = value & Tnum.lowBits(width);
        return new Range(width, signed, signed, unsigned, unsigned);
    }

    /** The unsigned values from {@code min} to {@code max}. */
    public static Range unsigned(int width, long min, long max) {
        return new Range(width, lowest(width), highest(width), min, max).reduce();
    }

    /** The signed values from {@code min} to {@code max}. */
    public static Range signed(int width, long min, long max) {
        return new Range(width, min, max, 0, Tnum.lowBits(width)).reduce();
    }

    static long signed(int width, long value) {
        return value << (64 - width) >> (64 - width);
    }

    private static long lowest(int width) {
        return -1L << (width - 1);
    }

    private static long highest(int width) {
        return ~lowest(width);
    }

    private long bits() {
        return Tnum.lowBits(width);
    }

    /** Whether no value is left. */
    public boolean isEmpty() {
        return smin > smax || Long.compareUnsigned(umin, umax) > 0;
    }

    /** Whether there is one value only. */
    public boolean isConstant() {
        return umin == umax;
    }

    /** Whether a concrete value (its low bits) is inside. */
    public boolean contains(long concrete) {
        long signed = signed(width, concrete);
        long unsigned = concrete & bits();
        return signed >= smin
                && signed <= smax
                && Long.compareUnsigned(unsigned, umin) >= 0
                && Long.compareUnsigned(unsigned, umax) <= 0;
    }

    /** Whether every value of {@code other} is inside. */
    public boolean covers(Range other) {
        return smin <= other.smin
                && smax >= other.smax
                && Long.compareUnsigned(umin, other.umin) <= 0
                && Long.compareUnsigned(umax, other.umax) >= 0;
    }

    /** What lies in both; possibly empty. */
    public Range intersect(Range other) {
        long signedLeast = Math.max(smin, other.smin);
        long signedMost = Math.min(smax, other.smax);
        long unsignedLeast = umax(umin, other.umin);
        long unsignedMost = umin(umax, other.umax);
        return new Range(width, signedLeast, signedMost, unsignedLeast, unsignedMost).reduce();
    }

    /** The least range around both. */
    public Range join(Range other) {
        return new Range(
                width,
                Math.min(smin, other.smin),
                Math.max(smax, other.smax),
                umin(umin, other.umin),
                umax(umax, other.umax));
    }

    /** Lets the signed and the unsigned bounds tighten each other. */
    public Range reduce() {
        var result = this;
        if (signed(width, umin) <= signed(width, umax)) {
            // Sound because an unsigned interval inside one half of the circle is in the same order when signed.
            long least = Math.max(result.smin, signed(width, umin));
            long most = Math.min(result.smax, signed(width, umax));
            result = result.withSigned(least, most);
        }
        if ((result.smin ^ result.smax) >= 0) {
            // Sound because numbers of one sign are in the same order when unsigned.
            long least = umax(result.umin, result.smin & bits());
            long most = umin(result.umax, result.smax & bits());
            result = result.withUnsigned(least, most);
        } else if (Long.compareUnsigned(result.umin, result.smax) > 0 && result.smin < 0) {
            // Sound because an unsigned value above the greatest positive one left must be negative.
            result = result.withSigned(result.smin, -1)
                    .withUnsigned(umax(result.umin, result.smin & bits()), result.umax);
        } else if (result.smin < 0 && Long.compareUnsigned(result.umax, result.smin & bits()) < 0) {
            // Sound because an unsigned value below the least negative one left must be positive.
            result = result.withSigned(0, result.smax).withUnsigned(result.umin, umin(result.umax, result.smax));
        }
        return result;
    }

    private Range withSigned(long min, long max) {
        return min == smin && max == smax ? this : new Range(width, min, max, umin, umax);
    }

    private Range withUnsigned(long min, long max) {
        return min == umin && max == umax ? this : new Range(width, smin, smax, min, max);
    }

    /** The sum. */
    public Range add(Range other) {
        var result = full(width);
        if (fits(smin, other.smin, smin + other.smin) && fits(smax, other.smax, smax + other.smax)) {
            result = result.withSigned(smin + other.smin, smax + other.smax);
        }
        boolean lowWraps = addWraps(umin, other.umin);
        boolean highWraps = addWraps(umax, other.umax);
        if (lowWraps == highWraps) {
            // Sound because either no sum leaves the word or each leaves it once.
            result = result.withUnsigned((umin + other.umin) & bits(), (umax + other.umax) & bits());
        }
        return result.reduce();
    }

    /** The difference. */
    public Range subtract(Range other) {
        var result = full(width);
        if (fits(smin, ~other.smax, smin - other.smax) && fits(smax, ~other.smin, smax - other.smin)) {
            result = result.withSigned(smin - other.smax, smax - other.smin);
        }
        boolean lowWraps = Long.compareUnsigned(umin, other.umax) < 0;
        boolean highWraps = Long.compareUnsigned(umax, other.umin) < 0;
        if (lowWraps == highWraps) {
            result = result.withUnsigned((umin - other.umax) & bits(), (umax - other.umin) & bits());
        }
        return result.reduce();
    }

    /** Whether {@code a + b = sum} stays a signed word; only the signs of {@code a} and {@code b} matter. */
    private boolean fits(long a, long b, long sum) {
        return width == 64 ? ((a ^ sum) & (b ^ sum)) >= 0 : sum >= lowest(width) && sum <= highest(width);
    }

    private boolean addWraps(long a, long b) {
        return width == 64 ? Long.compareUnsigned(a + b, a) < 0 : a + b > bits();
    }

    /** The product. */
    public Range multiply(Range other) {
        var result = full(width);
        if (Math.unsignedMultiplyHigh(umax, other.umax) == 0 && Long.compareUnsigned(umax * other.umax, bits()) <= 0) {
            result = result.withUnsigned(umin * other.umin, umax * other.umax);
        }
        long[] corners = {smin, smax};
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (long a : corners) {
            for (long b : new long[] {other.smin, other.smax}) {
                long product = a * b;
                if (Math.multiplyHigh(a, b) != product >> 63 || !fits(0, product, product)) {
                    return result.reduce();
                }
                least = Math.min(least, product);
                greatest = Math.max(greatest, product);
            }
        }
        // Sound because a product of two intervals has its extremes at corners, and no corner overflowed.
        return result.withSigned(least, greatest).reduce();
    }

    /** The unsigned quotient; 0 for a divisor of 0 (RFC 9669 section 4.1). */
    public Range divideUnsigned(Range other) {
        long least = other.umin == 0 ? 0 : Long.divideUnsigned(umin, other.umax);
        long divisor = umax(other.umin, 1);
        return unsigned(width, least, Long.divideUnsigned(umax, divisor));
    }

    /** The unsigned remainder; the dividend for a divisor of 0 (RFC 9669 section 4.1). */
    public Range moduloUnsigned(Range other) {
        if (other.umin == 0) {
            return unsigned(width, 0, umax);
        }
        boolean unchanged = Long.compareUnsigned(umax, other.umin) < 0;
        return unchanged ? this : unsigned(width, 0, umin(umax, other.umax - 1));
    }

    /** The quotient that is rounded towards 0; 0 for a divisor of 0. Precise for positive constants. */
    public Range divideSigned(Range other) {
        return other.isConstant() && other.smin > 0 ? signed(width, smin / other.smin, smax / other.smin) : full(width);
    }

    /** The remainder with the dividend's sign; the dividend for a divisor of 0. Precise for positive constants. */
    public Range moduloSigned(Range other) {
        if (!other.isConstant() || other.smin <= 0) {
            return full(width);
        }
        long greatest = other.smin - 1;
        return signed(width, smin < 0 ? Math.max(smin, -greatest) : 0, smax > 0 ? Math.min(smax, greatest) : 0);
    }

    /** The bitwise conjunction. */
    public Range and(Range other) {
        // Sound because a conjunction is not above either side; which bits are set is the tristate number's part.
        return unsigned(width, 0, umin(umax, other.umax));
    }

    /** The bitwise disjunction. */
    public Range or(Range other) {
        return unsigned(width, umax(umin, other.umin), filled(umax | other.umax));
    }

    /** The bitwise exclusive disjunction. */
    public Range xor(Range other) {
        return unsigned(width, 0, filled(umax | other.umax));
    }

    private static long filled(long value) {
        return Tnum.lowBits(64 - Long.numberOfLeadingZeros(value));
    }

    /** Shifted to the left; the amount is taken modulo the width. */
    public Range shiftLeft(Range amount) {
        int least = amount.leastShift();
        int most = amount.mostShift();
        var result = full(width);
        if (Long.numberOfLeadingZeros(umax) >= 64 - width + most) {
            result = result.withUnsigned(umin << least, umax << most);
        }
        if (least == most
                && signed(width, smin << most) >> most == smin
                && signed(width, smax << most) >> most == smax) {
            result = result.withSigned(smin << most, smax << most);
        }
        return result.reduce();
    }

    /** Shifted to the right, zeros move in; the amount is taken modulo the width. */
    public Range shiftRight(Range amount) {
        return unsigned(width, umin >>> amount.mostShift(), umax >>> amount.leastShift());
    }

    /** Shifted to the right, copies of the sign move in; the amount is taken modulo the width. */
    public Range shiftRightArithmetic(Range amount) {
        int least = amount.leastShift();
        int most = amount.mostShift();
        return signed(width, smin >> (smin < 0 ? least : most), smax >> (smax < 0 ? most : least));
    }

    private int leastShift() {
        return isConstant() ? (int) umin & (width - 1) : Long.compareUnsigned(umax, width) < 0 ? (int) umin : 0;
    }

    private int mostShift() {
        return isConstant() ? (int) umin & (width - 1) : Long.compareUnsigned(umax, width) < 0 ? (int) umax : width - 1;
    }

    private static long umin(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? a : b;
    }

    private static long umax(long a, long b) {
        return Long.compareUnsigned(a, b) > 0 ? a : b;
    }
}
