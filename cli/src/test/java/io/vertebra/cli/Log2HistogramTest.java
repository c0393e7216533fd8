package io.vertebra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class Log2HistogramTest {

    @Test
    void shouldPrintRowsAsBpftraceDoes() {
        var histogram = new Log2Histogram(List.of(0L, 1L, 0L, 2L, 0L));

        assertThat(histogram.toText("us[orders]")).isEqualTo("""
            @us[orders]:
            [2, 4)                 1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
            [4, 8)                 0 |                                                    |
            [8, 16)                2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
            """);
    }

    @Test
    void shouldLabelInStepsOf1024() {
        var slots = new Long[32];
        java.util.Arrays.fill(slots, 1L);

        assertThat(new Log2Histogram(List.of(slots)).toText("x"))
                .contains("[0, 2) ", "[512, 1K) ", "[1K, 2K) ", "[512K, 1M) ", "[1G, 2G) ", "[2G, 4G) ");
    }

    @Test
    void shouldPrintOnlyTheNameWhenNothingWasCounted() {
        assertThat(Log2Histogram.empty().toText("x")).isEqualTo("@x:\n");
    }

    @Test
    void shouldInterpolateQuantilesInsideTheSlot() {
        var histogram = new Log2Histogram(List.of(0L, 0L, 10L, 10L));

        assertThat(histogram.quantile(0.25)).isEqualTo(6);
        assertThat(histogram.quantile(0.5)).isEqualTo(8);
        assertThat(histogram.quantile(1)).isEqualTo(16);
        assertThat(Log2Histogram.empty().quantile(0.5)).isNaN();
    }

    @Test
    void shouldSubtractAnEarlierState() {
        var later = new Log2Histogram(List.of(3L, 5L));

        assertThat(later.since(new Log2Histogram(List.of(1L, 5L))).slots()).containsExactly(2L, 0L);
        assertThat(later.since(Log2Histogram.empty())).isEqualTo(later);
    }
}
