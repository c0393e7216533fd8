package io.vertebra.connectors.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertebra.config.ConfigException;
import io.vertebra.config.DescriptorReader;
import io.vertebra.connectors.TestMaps;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.MapType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Histograms as ebpf_exporter's programs write them, from entries of its YAML. */
class KeyHistogramPageTest {

    private static final String ROUTE =
            "{name: route, size: 4, padding: 4, decoders: [{name: static_map, static_map: {0: users, 1: orders}}]}";
    private static final String BUCKET = "{name: bucket, size: 8, decoders: [{name: uint}]}";
    private static final String BUCKET_OF_4 = BUCKET.replace("8", "4");
    private static final String BOTH = ROUTE + ", " + BUCKET;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final DeclaredMetrics declared = new DeclaredMetrics(2, () -> Set.of("set"));
    private final BpfMap map = TestMaps.byBucket(MapType.HASH);

    KeyHistogramPageTest() {
        registry.getPrometheusRegistry().register(declared);
    }

    @Test
    void shouldShowPowersOfTwoWithTheirSum() throws ConfigException {
        put(0, 1, 5);
        put(0, 3, 2);
        put(0, 4, 93);
        put(1, 2, 1);
        declare("bucket_type: exp2, bucket_min: 0, bucket_max: 3, bucket_multiplier: 0.000001", BOTH);
        assertThat(lines()).containsExactlyInAnyOrder("""
            delay_seconds_bucket{route="users",le="1.0E-6"} 0
            delay_seconds_bucket{route="users",le="2.0E-6"} 5
            delay_seconds_bucket{route="users",le="4.0E-6"} 5
            delay_seconds_bucket{route="users",le="8.0E-6"} 7
            delay_seconds_bucket{route="users",le="+Inf"} 7
            delay_seconds_count{route="users"} 7
            delay_seconds_sum{route="users"} 9.3E-5
            delay_seconds_bucket{route="orders",le="1.0E-6"} 0
            delay_seconds_bucket{route="orders",le="2.0E-6"} 0
            delay_seconds_bucket{route="orders",le="4.0E-6"} 1
            delay_seconds_bucket{route="orders",le="8.0E-6"} 1
            delay_seconds_bucket{route="orders",le="+Inf"} 1
            delay_seconds_count{route="orders"} 1
            """.split("\n"));
        assertThat(lines()).as("the second scrape, of series that are known").hasSize(13);
    }

    @Test
    void shouldShowZeroAlone() throws ConfigException {
        put(0, 0, 3);
        put(0, 1, 1);
        put(0, 3, 2);
        put(0, 4, 9);
        declare("bucket_type: exp2zero, bucket_min: 0, bucket_max: 3", BOTH);
        assertThat(lines()).containsExactly("""
            delay_seconds_bucket{route="users",le="0.0"} 3
            delay_seconds_bucket{route="users",le="1.0"} 4
            delay_seconds_bucket{route="users",le="2.0"} 4
            delay_seconds_bucket{route="users",le="4.0"} 6
            delay_seconds_bucket{route="users",le="+Inf"} 6
            delay_seconds_count{route="users"} 6
            delay_seconds_sum{route="users"} 9.0
            """.split("\n"));
    }

    @Test
    void shouldShowLinearOnesAndLeaveOutOtherKeys() throws ConfigException {
        put(0, 4, 100);
        put(0, 5, 1);
        put(0, 7, 2);
        put(0, 8, 19);
        put(0, 9, 100);
        declare("bucket_type: linear, bucket_min: 5, bucket_max: 7, bucket_multiplier: 0.1", BOTH);
        assertThat(lines()).containsExactly("""
            delay_seconds_bucket{route="users",le="0.5"} 1
            delay_seconds_bucket{route="users",le="0.6"} 1
            delay_seconds_bucket{route="users",le="0.7"} 3
            delay_seconds_bucket{route="users",le="+Inf"} 3
            delay_seconds_count{route="users"} 3
            delay_seconds_sum{route="users"} 1.9
            """.split("\n"));
    }

    @Test
    void shouldShowFixedOnes() throws ConfigException {
        put(0, 10, 4);
        put(0, 1000, 1);
        put(0, 1001, 1042);
        declare("bucket_type: fixed, bucket_keys: [10, 100, 1000], bucket_multiplier: 0.001", BOTH);
        assertThat(lines()).containsExactly("""
            delay_seconds_bucket{route="users",le="0.01"} 4
            delay_seconds_bucket{route="users",le="0.1"} 4
            delay_seconds_bucket{route="users",le="1.0"} 5
            delay_seconds_bucket{route="users",le="+Inf"} 5
            delay_seconds_count{route="users"} 5
            delay_seconds_sum{route="users"} 1.042
            """.split("\n"));
    }

    @Test
    void shouldTakeTheBucketAloneAsKey() throws ConfigException {
        var numbers = TestMaps.numbers(MapType.PERCPU_ARRAY, 4);
        for (int copy = 0; copy < 3; copy++) {
            var key = MemorySegment.ofArray(TestMaps.key(1));
            numbers.update(key, 0, MemorySegment.ofArray(TestMaps.words(10)), 0, BpfMap.ANY, copy);
        }
        declare("bucket_max: 2", BUCKET_OF_4, numbers);
        assertThat(lines()).containsExactly("""
            delay_seconds_bucket{le="1.0"} 0
            delay_seconds_bucket{le="2.0"} 30
            delay_seconds_bucket{le="4.0"} 30
            delay_seconds_bucket{le="+Inf"} 30
            delay_seconds_count 30
            delay_seconds_sum 0.0
            """.split("\n"));
    }

    @Test
    void shouldFoldWholeSeries() throws ConfigException {
        for (int route = 0; route < 5; route++) {
            put(route, 0, 1);
            put(route, 1, 1);
            put(route, 2, 3);
        }
        declare("bucket_max: 1", BOTH);
        lines();
        assertThat(lines())
                .hasSize(3 * 5)
                .contains(
                        "delay_seconds_bucket{route=\"other\",le=\"1.0\"} 3",
                        "delay_seconds_bucket{route=\"other\",le=\"2.0\"} 6",
                        "delay_seconds_sum{route=\"other\"} 9.0");
    }

    @Test
    void shouldLeaveMapsWithSlotsAlone() throws ConfigException {
        var slots = TestMaps.histograms(MapType.HASH);
        slots.update(TestMaps.key(7), TestMaps.words(1, 0, 0, 0, 1), BpfMap.ANY);
        declare("bucket_type: exp2", BUCKET_OF_4, slots);
        assertThat(lines()).contains("delay_seconds_bucket{bucket=\"7\",le=\"15.0\"} 1");
    }

    @Test
    void shouldNameWhatDoesNotFit() {
        assertRefused(
                "bucket_type: exp2",
                BOTH,
                "`bucket_max` is missing: where `bucket` is part of the key, the sum is in key");
        assertRefused("bucket_type: fixed, bucket_keys: [0.5]", BOTH, "`bucket_keys` has 0.5: where");
        assertRefused(
                "bucket_type: exp2",
                ROUTE + ", " + BUCKET.replace("bucket", "slot"),
                "and the last label is not named `bucket`");
        assertRefused("bucket_max: 9", ROUTE + ", " + BUCKET_OF_4, "its size is 4, the key's field has 8");
    }

    private void assertRefused(String buckets, String labels, String reason) {
        assertThatThrownBy(() -> declare(buckets, labels))
                .isInstanceOf(ConnectorException.class)
                .hasMessageStartingWith("metric `delay_seconds`: ")
                .hasMessageContaining(reason);
    }

    private void put(int route, long bucket, long count) {
        map.update(TestMaps.bucketKey(route, bucket), TestMaps.words(count), BpfMap.ANY);
    }

    private void declare(String buckets, String labels) throws ConfigException {
        declare(buckets, labels, map);
    }

    private void declare(String buckets, String labels, BpfMap shown) throws ConfigException {
        var yaml = "{name: delay_seconds, type: histogram, help: What it is., %s, labels: [%s]}"
                .formatted(buckets, labels);
        declared.add("set", List.of(DescriptorReader.metric("delays", yaml, "test")), _ -> shown);
    }

    private List<String> lines() {
        return new String(new MetricsPage(registry).scrape(null).body(), UTF_8)
                .lines()
                .filter(line -> line.startsWith("delay_seconds"))
                .toList();
    }
}
