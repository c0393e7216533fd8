package io.vertebra.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Every operator of tristate numbers, for all pairs of numbers of four bits, low in the word and at its top. */
class TnumTest {

    private static final int BITS = 4;

    private static List<Tnum> all() {
        var result = new ArrayList<Tnum>();
        for (long mask = 0; mask < 1 << BITS; mask++) {
            for (long value = 0; value < 1 << BITS; value++) {
                if ((value & mask) == 0) {
                    result.add(new Tnum(value, mask));
                }
            }
        }
        return result;
    }

    private static long[] concrete(Tnum tnum) {
        return LongStream.range(0, 1 << BITS).filter(tnum::contains).toArray();
    }

    private static void check(BinaryOperator<Tnum> operator, LongBinaryOperator concrete) {
        for (int shift : new int[] {0, 30, 60}) {
            for (var a : all()) {
                for (var b : all()) {
                    var result = operator.apply(a.shiftLeft(shift), b.shiftLeft(shift));
                    assertThat(result.value() & result.mask()).isZero();
                    for (long x : concrete(a)) {
                        for (long y : concrete(b)) {
                            long expected = concrete.applyAsLong(x << shift, y << shift);
                            assertThat(result.contains(expected))
                                    .as("%s, %s at %d", a, b, shift)
                                    .isTrue();
                        }
                    }
                }
            }
        }
    }

    @Test
    void shouldContainSumsAndDifferences() {
        check(Tnum::add, Long::sum);
        check(Tnum::subtract, (a, b) -> a - b);
    }

    @Test
    void shouldContainProducts() {
        check(Tnum::multiply, (a, b) -> a * b);
    }

    @Test
    void shouldContainBitOperations() {
        check(Tnum::and, (a, b) -> a & b);
        check(Tnum::or, (a, b) -> a | b);
        check(Tnum::xor, (a, b) -> a ^ b);
    }

    @Test
    void shouldContainBothSidesOfJoin() {
        check(Tnum::join, (a, _) -> a);
        check(Tnum::join, (_, b) -> b);
    }

    @Test
    void shouldIntersectExactly() {
        for (var a : all()) {
            for (var b : all()) {
                for (long x = 0; x < 1 << BITS; x++) {
                    boolean both = a.contains(x) && b.contains(x);
                    assertThat(!a.contradicts(b) && a.intersect(b).contains(x)).isEqualTo(both);
                }
                assertThat(a.covers(b)).isEqualTo(LongStream.of(concrete(b)).allMatch(a::contains));
            }
        }
    }

    @Test
    void shouldShiftExactly() {
        for (var a : all()) {
            for (int by = 0; by < BITS; by++) {
                for (long x : concrete(a)) {
                    assertThat(a.shiftLeft(by).contains(x << by)).isTrue();
                    assertThat(a.shiftRight(by).contains(x >>> by)).isTrue();
                    long signed = Range.signed(BITS, x) >> by;
                    assertThat(a.shiftRightArithmetic(BITS, by).contains(signed & 15))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void shouldHoldTheWholeRange() {
        for (long min = 0; min < 64; min++) {
            for (long max = min; max < 64; max++) {
                for (long x = min; x <= max; x++) {
                    assertThat(Tnum.range(min, max).contains(x)).isTrue();
                }
            }
        }
    }
}
