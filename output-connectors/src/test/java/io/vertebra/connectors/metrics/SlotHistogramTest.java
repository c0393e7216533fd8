package io.vertebra.connectors.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.config.Buckets;
import io.vertebra.connectors.TestMaps;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The bounds of each kind of buckets, over a map with four slots. */
class SlotHistogramTest {

    private static final double ABOVE = Double.POSITIVE_INFINITY;
    private static final MapSpec MAP = TestMaps.histograms(MapType.HASH).spec();

    private static double[] bounds(Buckets buckets, double multiplier) {
        return new SlotHistogram(MAP, buckets, multiplier).upperBounds();
    }

    @Test
    void shouldBoundPowersOfTwo() {
        assertThat(bounds(Buckets.LOG2, 0.000001)).containsExactly(0.000001, 0.000003, 0.000007, 0.000015, ABOVE);
        assertThat(bounds(new Buckets.Exp2(10, OptionalLong.of(13)), 1))
                .containsExactly(2047, 4095, 8191, 16383, ABOVE);
        assertThat(bounds(new Buckets.Exp2Zero(OptionalLong.empty()), 1)).containsExactly(0, 1, 3, 7, ABOVE);
    }

    @Test
    void shouldBoundLinearAndFixedOnes() {
        assertThat(bounds(new Buckets.Linear(5, OptionalLong.empty()), 0.1)).containsExactly(0.5, 0.6, 0.7, 0.8, ABOVE);
        assertThat(bounds(new Buckets.Fixed(List.of(1.0, 2.5, 10.0, 100.0)), 0.001))
                .containsExactly(0.001, 0.0025, 0.01, 0.1, ABOVE);
    }

    @Test
    void shouldCountWhatIsAboveTheLastBound() {
        var values = List.of(TestMaps.words(1, 2, 3, 4, 50), TestMaps.words(10, 0, 0, 100, 0));
        var linear = new SlotHistogram(MAP, new Buckets.Linear(0, OptionalLong.of(2)), 1);
        assertThat(linear.upperBounds()).containsExactly(0, 1, 2, ABOVE);
        assertThat(total(linear, values).counts()).containsExactly(11, 2, 3, 104);
        var fixed = new SlotHistogram(MAP, new Buckets.Fixed(List.of(1.0, 5.0, 9.0)), 1);
        assertThat(total(fixed, values).counts()).containsExactly(11, 2, 3, 104);
        var whole = new SlotHistogram(MAP, Buckets.LOG2, 1);
        assertThat(total(whole, values).counts()).containsExactly(11, 2, 3, 104, 0);
        assertThat(total(whole, values).sum()).isEqualTo(50);
    }

    private static HistogramTotal total(MapHistogram histogram, List<byte[]> copies) {
        var total = new HistogramTotal(histogram.upperBounds().length);
        histogram.add(TestMaps.key(0), copies, total);
        return total;
    }

    @Test
    void shouldRefuseBucketsThatAreNotTheMaps() {
        assertRefused(new Buckets.Exp2(0, OptionalLong.of(26)), "its `slots` are 4, the declared buckets need 27");
        assertRefused(
                new Buckets.Fixed(List.of(1.0)),
                "its `slots` are 4, the declared buckets need 1, or one more for what is above the last");
    }

    private static void assertRefused(Buckets buckets, String message) {
        assertThatThrownBy(() -> bounds(buckets, 1))
                .isInstanceOf(ConnectorException.class)
                .hasMessage("map `delay`: " + message);
    }
}
