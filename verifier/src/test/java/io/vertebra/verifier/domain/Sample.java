package io.vertebra.verifier.domain;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Concrete numbers and the scalars that describe them, for tests of abstract operators against concrete ones. */
final class Sample {

    private Sample() {}

    /** The scalar of exactly these numbers, as tight as the domain can be. */
    static Scalar scalar(int width, List<Long> numbers) {
        var result = Scalar.constant(width, numbers.getFirst());
        for (long number : numbers) {
            result = result.join(Scalar.constant(width, number));
        }
        return result.reduce();
    }

    /** One to four numbers of a word, boundary values and neighbours of each other among them. */
    static List<Long> numbers(RandomGenerator random, int width) {
        var result = new ArrayList<Long>();
        long first = number(random, width);
        int count = random.nextInt(1, 5);
        for (int i = 0; i < count; i++) {
            long next = switch (random.nextInt(4)) {
                case 0 -> first + random.nextInt(16);
                case 1 -> first ^ 1L << random.nextInt(width);
                case 2 -> first & number(random, width);
                default -> number(random, width);
            };
            result.add(Range.signed(width, i == 0 ? first : next));
        }
        return result;
    }

    /** One number of a word: a boundary, a small one, or any. */
    static long number(RandomGenerator random, int width) {
        int half = width / 2;
        long number = switch (random.nextInt(8)) {
            case 0 -> random.nextInt(-2, 3);
            case 1 -> (1L << (width - 1)) + random.nextInt(-2, 3);
            case 2 -> (1L << half) + random.nextInt(-2, 3);
            case 3 -> (1L << (half - 1)) + random.nextInt(-2, 3);
            case 4 -> random.nextInt(width + 2);
            case 5 -> random.nextLong() >>> random.nextInt(64);
            default -> random.nextLong();
        };
        return Range.signed(width, number);
    }

    /** The unsigned value of a word. */
    static BigInteger unsigned(int width, long value) {
        return BigInteger.valueOf(value).mod(BigInteger.ONE.shiftLeft(width));
    }
}
