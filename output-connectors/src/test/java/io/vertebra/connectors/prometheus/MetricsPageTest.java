package io.vertebra.connectors.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertebra.config.Buckets;
import io.vertebra.config.Decoder;
import io.vertebra.config.MetricSpec;
import io.vertebra.config.MetricSpec.LabelSpec;
import io.vertebra.config.MetricSpec.Type;
import io.vertebra.connectors.TestMaps;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.connectors.spi.QueueState;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.account.RunTimes;
import io.vertebra.runtime.codelet.CodeletState;
import io.vertebra.runtime.codelet.CodeletStatistics;
import io.vertebra.runtime.limit.DetachReason;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.MapType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricsPageTest {

    private static final LabelSpec ROUTE = new LabelSpec(
            "route",
            List.of(new Decoder.Uint(), new Decoder.StaticMap(Map.of("0", "users", "1", "orders"), false)),
            OptionalLong.empty());

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Set<String> loaded = new HashSet<>(Set.of("set"));
    private final DeclaredMetrics declared = new DeclaredMetrics(3, () -> loaded);
    private final MetricsPage page = new MetricsPage(registry);

    MetricsPageTest() {
        registry.getPrometheusRegistry().register(declared);
    }

    @Test
    void shouldShowAFieldAsCounter() {
        var map = TestMaps.totals(MapType.HASH, 8);
        map.update(TestMaps.key(1), TestMaps.words(7, 0), BpfMap.ANY);
        map.update(TestMaps.key(9), TestMaps.words(1L << 53, 0), BpfMap.ANY);
        add(metric("totals", "requests", "gateway_requests_total", Type.COUNTER, 1, ROUTE), map);
        assertThat(scrape())
                .contains("# HELP gateway_requests_total What it is.", "# TYPE gateway_requests_total counter")
                .contains(
                        "gateway_requests_total{route=\"orders\"} 7.0",
                        "gateway_requests_total{route=\"unknown:9\"} 9.007199254740992E15");
    }

    @Test
    void shouldScaleAGaugeAndKeepItsSign() {
        var map = TestMaps.totals(MapType.ARRAY, 1);
        map.update(TestMaps.key(0), TestMaps.words(0, -3 & 0xffffffffL), BpfMap.ANY);
        add(metric("totals", "depth", "depth_seconds", Type.GAUGE, 0.5), map);
        assertThat(scrape()).contains("# TYPE depth_seconds gauge", "depth_seconds -1.5");
    }

    @Test
    void shouldRoundOnce() {
        var map = TestMaps.totals(MapType.ARRAY, 1);
        map.update(TestMaps.key(0), TestMaps.words(46_932, 0), BpfMap.ANY);
        add(metric("totals", "requests", "delay_seconds", Type.GAUGE, 0.000001), map);
        assertThat(scrape()).contains("delay_seconds 0.046932");
    }

    @Test
    void shouldWriteHistogramBoundsExactly() {
        var map = TestMaps.histograms(MapType.HASH);
        map.update(TestMaps.key(0), TestMaps.words(5, 0, 2, 1, 31), BpfMap.ANY);
        add(metric("delay", "", "request_duration_seconds", Type.HISTOGRAM, 0.000001, ROUTE), map);
        assertThat(scrape())
                .contains(
                        "# TYPE request_duration_seconds histogram",
                        "request_duration_seconds_bucket{route=\"users\",le=\"1.0E-6\"} 5",
                        "request_duration_seconds_bucket{route=\"users\",le=\"3.0E-6\"} 5",
                        "request_duration_seconds_bucket{route=\"users\",le=\"7.0E-6\"} 7",
                        "request_duration_seconds_bucket{route=\"users\",le=\"1.5E-5\"} 8",
                        "request_duration_seconds_bucket{route=\"users\",le=\"+Inf\"} 8",
                        "request_duration_seconds_count{route=\"users\"} 8",
                        "request_duration_seconds_sum{route=\"users\"} 3.1E-5");
    }

    @Test
    void shouldOmitASumThatNobodyKept() {
        var map = TestMaps.histogramsWithoutSum();
        map.update(TestMaps.key(0), TestMaps.words(5, 0, 2, 1), BpfMap.ANY);
        add(metric("delay", "", "request_duration_seconds", Type.HISTOGRAM, 1, ROUTE), map);
        assertThat(scrape())
                .contains("request_duration_seconds_count{route=\"users\"} 8")
                .noneMatch(line -> line.startsWith("request_duration_seconds_sum"));
    }

    @Test
    void shouldSumTheCopiesOfPerCpuMaps() {
        var map = TestMaps.totals(MapType.PERCPU_HASH, 8);
        map.update(TestMaps.key(0), TestMaps.words(5, 0), BpfMap.ANY);
        var segment = java.lang.foreign.MemorySegment.ofArray(TestMaps.words(100, 0));
        map.update(java.lang.foreign.MemorySegment.ofArray(TestMaps.key(0)), 0, segment, 0, BpfMap.ANY, 2);
        add(metric("totals", "requests", "requests_total", Type.COUNTER, 1, ROUTE), map);
        assertThat(scrape()).contains("requests_total{route=\"users\"} 105.0");
    }

    @Test
    void shouldDecodeEveryFieldOfAStructKey() {
        var map = TestMaps.byHost();
        map.update(TestMaps.key(1, "a\"b\\c"), TestMaps.words(4), BpfMap.ANY);
        var host = new LabelSpec("host", List.of(new Decoder.Text()), OptionalLong.empty());
        add(metric("hosts", "", "hosts_total", Type.COUNTER, 1, ROUTE, host), map);
        assertThat(scrape()).contains("hosts_total{host=\"a\\\"b\\\\c\",route=\"orders\"} 4.0");
    }

    @Test
    void shouldFoldWhatIsBeyondTheCapIntoOther() {
        var map = TestMaps.totals(MapType.HASH, 16);
        for (int i = 0; i < 10; i++) {
            map.update(TestMaps.key(i), TestMaps.words(1, 0), BpfMap.ANY);
        }
        add(metric("totals", "requests", "requests_total", Type.COUNTER, 1, ROUTE), map);
        scrape();
        var second = scrape();
        assertThat(second.stream().filter(line -> line.startsWith("requests_total{")))
                .hasSize(4);
        assertThat(second)
                .contains("requests_total{route=\"other\"} 7.0")
                .contains("vertebra_series_folded_total{metric=\"requests_total\"} 14.0");
    }

    @Test
    void shouldForgetMetricsOfSetsThatAreGone() {
        add(metric("totals", "requests", "requests_total", Type.COUNTER, 1, ROUTE), TestMaps.totals(MapType.ARRAY, 2));
        loaded.clear();
        assertThat(scrape()).noneMatch(line -> line.startsWith("requests_total"));
    }

    @Test
    void shouldNameWhatDoesNotFit() {
        var map = TestMaps.totals(MapType.HASH, 8);
        assertRefused(metric("totals", "nope", "x_total", Type.COUNTER, 1, ROUTE), map, "no member `nope`");
        assertRefused(metric("totals", "requests", "x_total", Type.COUNTER, 1), map, "0 labels for a key of 1 fields");
        assertRefused(metric("totals", "", "x_total", Type.COUNTER, 1, ROUTE), map, "`value` is a Struct");
        assertRefused(metric("totals", "", "x_seconds", Type.HISTOGRAM, 1, ROUTE), map, "no member `slots`");
        assertRefused(metric("totals", "requests", "vertebra_x_total", Type.COUNTER, 1, ROUTE), map, "Vertebra's own");
        var text = new LabelSpec("route", List.of(new Decoder.Text()), OptionalLong.empty());
        assertRefused(metric("totals", "requests", "x_total", Type.COUNTER, 1, text), map, "use uint, int or hex");
    }

    @Test
    void shouldRefuseAMetricThatAnotherSetHas() {
        loaded.add("other");
        var map = TestMaps.totals(MapType.HASH, 8);
        add(metric("totals", "requests", "requests_total", Type.COUNTER, 1, ROUTE), map);
        var gauge = metric("totals", "requests", "requests", Type.GAUGE, 1, ROUTE);
        assertThatThrownBy(() -> declared.add("other", List.of(gauge), _ -> map))
                .isInstanceOf(ConnectorException.class)
                .hasMessageContaining("codelet set `set` already has it");
    }

    @Test
    void shouldAnswerInTheFormatThatIsAskedFor() {
        registry.counter("app.things").increment();
        assertThat(page.scrape(null).contentType()).startsWith("text/plain; version=0.0.4");
        assertThat(page.scrape("application/openmetrics-text").contentType())
                .startsWith("application/openmetrics-text");
        var protobuf = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
        assertThat(page.scrape(protobuf).contentType()).startsWith("application/vnd.google.protobuf");
        assertThat(scrape()).contains("app_things_total 1.0");
    }

    @Test
    void shouldStayReadableWhenTheApplicationHasAMeterOfTheSameName() {
        registry.counter("requests", "who", "application").increment(3);
        var map = TestMaps.totals(MapType.HASH, 8);
        map.update(TestMaps.key(1), TestMaps.words(7, 0), BpfMap.ANY);
        add(metric("totals", "requests", "requests_total", Type.COUNTER, 1, ROUTE), map);
        assertThat(scrape())
                .contains("requests_total{route=\"orders\"} 7.0", "requests_total{who=\"application\"} 3.0");
    }

    @Test
    void shouldPassPromtool() throws Exception {
        var promtool = Path.of("/usr/bin/promtool");
        assumeThat(promtool).as("promtool is not installed: skipped").exists();
        var counted = TestMaps.totals(MapType.HASH, 8);
        var delays = TestMaps.histogramsWithoutSum();
        counted.update(TestMaps.key(1), TestMaps.words(7, 0), BpfMap.ANY);
        delays.update(TestMaps.key(1), TestMaps.words(1, 2, 3, 4), BpfMap.ANY);
        var specs = List.of(
                metric("totals", "requests", "requests_total", Type.COUNTER, 1, ROUTE),
                metric("delay", "", "request_duration_seconds", Type.HISTOGRAM, 0.000001, ROUTE));
        declared.add("set", specs, name -> name.equals("delay") ? delays : counted);
        registry.getPrometheusRegistry().register(new RuntimeMetrics(new Everything()));

        var input = Files.createTempFile("metrics", ".txt");
        Files.write(input, page.scrape(null).body());
        var process = new ProcessBuilder(promtool.toString(), "check", "metrics")
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        Files.delete(input);
        assertThat(output).isEmpty();
        assertThat(scrape())
                .contains(
                        "vertebra_codelet_runs_total{codelet=\"codelet\",codeletset=\"set\",hook=\"gateway/x\",result=\"ok\"}"
                            + " 6.0")
                .contains(runTimes("3.1E-8", 8), runTimes("2.147483647", 8), runTimes("+Inf", 8))
                .contains(
                        "vertebra_codelet_run_seconds_sum{codelet=\"codelet\",codeletset=\"set\",hook=\"gateway/x\"}"
                                + " 3.3E-8",
                        "vertebra_connector_lag_seconds{connector=\"kafka\"} 1.5",
                        "vertebra_connector_queue_bytes{connector=\"kafka\"} 4096.0",
                        "vertebra_connector_queue_limit_bytes{connector=\"kafka\"} 1048576.0",
                        "vertebra_connector_unfinished_writes{connector=\"kafka\"} 2.0",
                        "vertebra_connector_spool_bytes{connector=\"kafka\"} 77.0",
                        "vertebra_codelet_longest_run_seconds{codelet=\"codelet\",codeletset=\"set\",hook=\"gateway/x\"}"
                            + " 7.0E-9",
                        "vertebra_codelet_detached{codelet=\"codelet\",codeletset=\"set\",hook=\"gateway/x\",reason=\"run_ns_p99\"}"
                            + " 1.0");
        assertThat(process.waitFor()).isZero();
    }

    private static String runTimes(String le, int count) {
        return "vertebra_codelet_run_seconds_bucket{codelet=\"codelet\",codeletset=\"set\",hook=\"gateway/x\",le=\"%s\"} %d"
                .formatted(le, count);
    }

    private void add(MetricSpec spec, BpfMap map) {
        declared.add("set", List.of(spec), _ -> map);
    }

    private void assertRefused(MetricSpec spec, BpfMap map, String reason) {
        assertThatThrownBy(() -> add(spec, map))
                .isInstanceOf(ConnectorException.class)
                .hasMessageStartingWith("metric `" + spec.name() + "`: ")
                .hasMessageContaining(reason);
    }

    private static MetricSpec metric(
            String map, String field, String name, Type type, double multiplier, LabelSpec... labels) {
        return new MetricSpec(map, field, name, "What it is.", type, multiplier, Buckets.LOG2, List.of(labels));
    }

    private List<String> scrape() {
        return new String(page.scrape(null).body(), UTF_8).lines().toList();
    }

    /** One of each account. */
    private static final class Everything implements RuntimeMetrics.Source {
        @Override
        public List<AttachmentAccount> attachments() {
            return List.of(
                    new AttachmentAccount(
                            "set", "codelet", "gateway/x", "queued", 12, 5, 1, Map.of(DropCause.RING_FULL, 4L), 2),
                    new AttachmentAccount("set", "codelet", "gateway/x", "inline", 1, 1, 0, Map.of(), 0));
        }

        @Override
        public List<CodeletStatistics> statistics() {
            return List.of(new CodeletStatistics(
                    "set", "codelet", "gateway/x", "queued", "jit", 6, 1, 0, times(), detached(), Optional.empty()));
        }

        private static RunTimes times() {
            List<Long> slots = new ArrayList<>(RunTimes.NONE.slots());
            slots.set(1, 3L);
            slots.set(2, 5L);
            return new RunTimes(slots, 33, 7);
        }

        private static CodeletState detached() {
            return new CodeletState.Detached(Instant.EPOCH, new DetachReason.TooSlow(Duration.ofNanos(5), 2, 100));
        }

        @Override
        public List<OutputAccount> outputs() {
            return List.of(new OutputAccount("s", "kafka", 10, 7, Map.of(DropCause.CONNECTOR_FULL, 2L), 1));
        }

        @Override
        public List<QueueState> queues() {
            return List.of(new QueueState("kafka", Duration.ofMillis(1_500), 4_096, 1 << 20, 2, 77));
        }

        @Override
        public List<Double> ringFill() {
            return List.of(0.25, 0.0);
        }
    }
}
