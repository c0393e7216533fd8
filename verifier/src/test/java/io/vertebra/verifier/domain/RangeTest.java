package io.vertebra.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.api.Test;

/** Every operator of ranges, for all pairs of unsigned and of signed intervals of four bits. */
class RangeTest {

    private static final int BITS = 4;

    private static List<Range> all() {
        var result = new ArrayList<Range>();
        for (long min = 0; min < 16; min++) {
            for (long max = min; max < 16; max++) {
                result.add(Range.unsigned(BITS, min, max));
                result.add(Range.signed(BITS, min - 8, max - 8));
            }
        }
        return result;
    }

    private static void check(BinaryOperator<Range> operator, LongBinaryOperator concrete) {
        for (var a : all()) {
            for (var b : all()) {
                var result = operator.apply(a, b);
                for (long x = -8; x < 8; x++) {
                    for (long y = -8; y < 8; y++) {
                        if (a.contains(x) && b.contains(y)) {
                            assertThat(result.contains(concrete.applyAsLong(x, y)))
                                    .as("%s, %s: %d, %d in %s", a, b, x, y, result)
                                    .isTrue();
                        }
                    }
                }
            }
        }
    }

    @Test
    void shouldContainSumsAndDifferences() {
        check(Range::add, Long::sum);
        check(Range::subtract, (a, b) -> a - b);
    }

    @Test
    void shouldContainProductsAndQuotients() {
        check(Range::multiply, (a, b) -> a * b);
        check(Range::divideUnsigned, (a, b) -> (b & 15) == 0 ? 0 : (a & 15) / (b & 15));
        check(Range::moduloUnsigned, (a, b) -> (b & 15) == 0 ? a : (a & 15) % (b & 15));
        check(Range::divideSigned, (a, b) -> b == 0 ? 0 : a / b);
        check(Range::moduloSigned, (a, b) -> b == 0 ? a : a % b);
    }

    @Test
    void shouldContainBitOperations() {
        check(Range::and, (a, b) -> a & b);
        check(Range::or, (a, b) -> a | b);
        check(Range::xor, (a, b) -> a ^ b);
    }

    @Test
    void shouldContainShifts() {
        check(Range::shiftLeft, (a, b) -> a << (b & 3));
        check(Range::shiftRight, (a, b) -> (a & 15) >>> (b & 3));
        check(Range::shiftRightArithmetic, (a, b) -> a >> (b & 3));
    }

    @Test
    void shouldIntersectAndJoin() {
        check(Range::join, (a, _) -> a);
        check(Range::join, (_, b) -> b);
        for (var a : all()) {
            for (var b : all()) {
                for (long x = -8; x < 8; x++) {
                    if (a.contains(x) && b.contains(x)) {
                        assertThat(a.intersect(b).contains(x)).isTrue();
                        assertThat(a.intersect(b).isEmpty()).isFalse();
                    }
                }
            }
        }
    }

    @Test
    void shouldStayEmptyOnceEmpty() {
        for (var a : all()) {
            for (var b : all()) {
                boolean none = true;
                for (long x = -8; x < 8; x++) {
                    none &= !(a.contains(x) && b.contains(x));
                }
                if (a.intersect(b).isEmpty()) {
                    assertThat(none).isTrue();
                }
            }
        }
    }
}
