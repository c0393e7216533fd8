package io.vertebra.verifier.domain;

/**
 * A tristate number: what is known of each bit of a word. Bits in {@code mask} are unknown; the others are as in
 * {@code value}, whose masked bits are 0.
 *
 * <p>The operations work modulo 2^64; those of a narrower word use {@link #truncate}. Sound because addition,
 * subtraction, multiplication and left shift of the low bits never depend on higher ones. Addition, subtraction and
 * multiplication are those of Vishwanathan, Shachnai, Narayana and Nagarakatte, "Sound, Precise, and Fast Abstract
 * Interpretation with Tristate Numbers" (CGO 2022).
 *
 * @param value the known bits
 * @param mask the unknown bits
 */
public record Tnum(long value, long mask) {

    /** No bit is known. */
    public static final Tnum UNKNOWN = new Tnum(0, -1);

    /** Every bit is known. */
    public static Tnum constant(long value) {
        return new Tnum(value, 0);
    }

    /** The smallest tristate number that holds every unsigned value from {@code min} to {@code max}. */
    public static Tnum range(long min, long max) {
        long differing = min ^ max;
        if (differing == 0) {
            return constant(min);
        }
        int bits = 64 - Long.numberOfLeadingZeros(differing);
        long low = lowBits(bits);
        return new Tnum(min & ~low, low);
    }

    /** A number of which the low {@code bits} are unknown and the others 0. */
    public static Tnum unknown(int bits) {
        return new Tnum(0, lowBits(bits));
    }

    /** A word whose low {@code bits} are set. */
    public static long lowBits(int bits) {
        return bits >= 64 ? -1 : (1L << bits) - 1;
    }

    /** Whether there is one value only. */
    public boolean isConstant() {
        return mask == 0;
    }

    /** Whether a concrete value is one of those described. */
    public boolean contains(long concrete) {
        return (concrete & ~mask) == value;
    }

    /** Whether every value of {@code other} is one of this. */
    public boolean covers(Tnum other) {
        return (other.mask & ~mask) == 0 && (other.value & ~mask) == value;
    }

    /** Whether no value can be in both. */
    public boolean contradicts(Tnum other) {
        return ((value ^ other.value) & ~mask & ~other.mask) != 0;
    }

    /** What is known when both hold; meaningless if they contradict each other. */
    public Tnum intersect(Tnum other) {
        long known = mask & other.mask;
        return new Tnum((value | other.value) & ~known, known);
    }

    /** What both have in common. */
    public Tnum join(Tnum other) {
        long unknown = mask | other.mask | (value ^ other.value);
        return new Tnum(value & ~unknown, unknown);
    }

    /** The low {@code bits}, the others 0. */
    public Tnum truncate(int bits) {
        long low = lowBits(bits);
        return new Tnum(value & low, mask & low);
    }

    /** The sum. */
    public Tnum add(Tnum other) {
        long sumOfMasks = mask + other.mask;
        long sumOfValues = value + other.value;
        long carries = (sumOfMasks + sumOfValues) ^ sumOfValues;
        long unknown = carries | mask | other.mask;
        return new Tnum(sumOfValues & ~unknown, unknown);
    }

    /** The difference. */
    public Tnum subtract(Tnum other) {
        long difference = value - other.value;
        long borrows = (difference + mask) ^ (difference - other.mask);
        long unknown = borrows | mask | other.mask;
        return new Tnum(difference & ~unknown, unknown);
    }

    /** The product. */
    public Tnum multiply(Tnum other) {
        long product = value * other.value;
        var sum = constant(0);
        var left = this;
        var right = other;
        // Sound because each bit of the left side adds the right side, shifted: surely, perhaps, or not at all.
        while (left.value != 0 || left.mask != 0) {
            if ((left.value & 1) != 0) {
                sum = sum.add(new Tnum(0, right.mask));
            } else if ((left.mask & 1) != 0) {
                sum = sum.add(new Tnum(0, right.value | right.mask));
            }
            left = left.shiftRight(1);
            right = right.shiftLeft(1);
        }
        return constant(product).add(sum);
    }

    /** The bitwise conjunction. */
    public Tnum and(Tnum other) {
        long possible = (value | mask) & (other.value | other.mask);
        long certain = value & other.value;
        return new Tnum(certain, possible & ~certain);
    }

    /** The bitwise disjunction. */
    public Tnum or(Tnum other) {
        long certain = value | other.value;
        return new Tnum(certain, (mask | other.mask) & ~certain);
    }

    /** The bitwise exclusive disjunction. */
    public Tnum xor(Tnum other) {
        long unknown = mask | other.mask;
        return new Tnum((value ^ other.value) & ~unknown, unknown);
    }

    /** Shifted to the left by 0 to 63. */
    public Tnum shiftLeft(int by) {
        return new Tnum(value << by, mask << by);
    }

    /** Shifted to the right by 0 to 63, zeros move in. */
    public Tnum shiftRight(int by) {
        return new Tnum(value >>> by, mask >>> by);
    }

    /** A word of {@code width} bits shifted to the right by 0 to 63; copies of its sign bit move in. */
    public Tnum shiftRightArithmetic(int width, int by) {
        int unused = 64 - width;
        // Sound because a sign bit that is unknown is set in the mask, and the mask is extended like the value.
        return new Tnum((value << unused) >> unused >> by, (mask << unused) >> unused >> by).truncate(width);
    }

    @Override
    public String toString() {
        return isConstant()
                ? "0x" + Long.toHexString(value)
                : "(0x" + Long.toHexString(value) + "; 0x" + Long.toHexString(mask) + ")";
    }
}
