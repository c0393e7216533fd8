package io.vertebra.connectors.prometheus;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertebra.connectors.spi.QueueState;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.account.RunTimes;
import io.vertebra.runtime.codelet.CodeletState;
import io.vertebra.runtime.codelet.CodeletStatistics;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Vertebra's own metrics, made of the accounts at each scrape, so that they never disagree with the API. */
public final class RuntimeMetrics implements MultiCollector {
    private static final int FIRST_BUCKET = 4;
    private static final int LAST_BUCKET = 30;

    /** The numbers to show, asked for at each scrape from any thread. */
    public interface Source {

        /** What became of events. */
        List<AttachmentAccount> attachments();

        /** How often and how long codelets ran. */
        List<CodeletStatistics> statistics();

        /** What became of records. */
        List<OutputAccount> outputs();

        /** What waits in front of each connector. */
        List<QueueState> queues();

        /** For each core, how full its event ring is: 0 to 1. */
        List<Double> ringFill();
    }

    private final Source source;

    /** The metrics of a runtime. */
    public RuntimeMetrics(Source source) {
        this.source = source;
    }

    @Override
    public MetricSnapshots collect() {
        var snapshots = new ArrayList<MetricSnapshot>();
        snapshots.addAll(attachments(source.attachments()));
        var statistics = source.statistics();
        snapshots.add(payloadsCut(statistics));
        snapshots.addAll(runTimes(statistics));
        snapshots.add(detached(statistics));
        snapshots.addAll(outputs(source.outputs()));
        snapshots.addAll(queues(source.queues()));
        snapshots.add(rings(source.ringFill()));
        return new MetricSnapshots(snapshots);
    }

    private static List<MetricSnapshot> attachments(List<AttachmentAccount> accounts) {
        var offered = new Numbers("vertebra_events_offered", "Events that hooks offered to codelets.");
        var runs = new Numbers("vertebra_codelet_runs", "Codelet runs by result.");
        var dropped = new Numbers("vertebra_events_dropped", "Events that a codelet never saw, by cause.");
        var waiting = new Numbers("vertebra_events_waiting", "Events in the rings.");
        for (var account : accounts) {
            var labels = labels(account.codeletSet(), account.codelet(), account.hook());
            offered.add(labels, account.offered());
            runs.add(labels.add("result", "ok"), account.ok());
            runs.add(labels.add("result", "failed"), account.failed());
            account.dropped().forEach((cause, n) -> dropped.add(labels.add("cause", cause.label()), n));
            waiting.add(labels, account.waiting());
        }
        return List.of(offered.counter(), runs.counter(), dropped.counter(), waiting.gauge());
    }

    private static MetricSnapshot payloadsCut(List<CodeletStatistics> codelets) {
        var cut = new Numbers("vertebra_payloads_cut", "Queued runs that saw only the beginning of their payload.");
        for (var codelet : codelets) {
            cut.add(labels(codelet.codeletSet(), codelet.codelet(), codelet.hook()), codelet.payloadsCut());
        }
        return cut.counter();
    }

    /** Sampled, so that its count is not the number of runs. */
    private static List<MetricSnapshot> runTimes(List<CodeletStatistics> codelets) {
        var series = new LinkedHashMap<Labels, RunTimes>();
        for (var codelet : codelets) {
            var labels = labels(codelet.codeletSet(), codelet.codelet(), codelet.hook());
            series.merge(labels, codelet.runTimes(), RunTimes::plus);
        }
        var times = HistogramSnapshot.builder()
                .name("vertebra_codelet_run_seconds")
                .help("Run times of those codelet runs that were timed, one in 1024 unless the codelet has a limit.");
        var longest = new Numbers("vertebra_codelet_longest_run_seconds", "The longest of the runs that were timed.");
        series.forEach((labels, sampled) -> {
            times.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                    .classicHistogramBuckets(buckets(sampled.slots()))
                    .sum(seconds(sampled.nanos()))
                    .labels(labels)
                    .build());
            longest.add(labels, seconds(sampled.longest()));
        });
        return List.of(times.build(), longest.gauge());
    }

    private static double seconds(long nanos) {
        return BigDecimal.valueOf(nanos, 9).doubleValue();
    }

    private static MetricSnapshot detached(List<CodeletStatistics> codelets) {
        var detached = new Numbers(
                "vertebra_codelet_detached",
                "Whether a limit has detached a codelet, 0 or 1; the reason is the limit, none when it is attached.");
        for (var codelet : codelets) {
            var labels = labels(codelet.codeletSet(), codelet.codelet(), codelet.hook());
            switch (codelet.state()) {
                case CodeletState.Attached _ -> detached.add(labels.add("reason", "none"), 0);
                case CodeletState.Detached(_, var reason) -> detached.add(labels.add("reason", reason.label()), 1);
            }
        }
        return detached.gauge();
    }

    /** From 31 ns to 2 s: what is faster goes into the first bucket, what is slower into the last. */
    private static ClassicHistogramBuckets buckets(List<Long> counts) {
        var buckets = ClassicHistogramBuckets.builder();
        for (int k = FIRST_BUCKET; k <= LAST_BUCKET; k++) {
            var nanos = BigInteger.TWO.pow(k + 1).subtract(BigInteger.ONE);
            buckets.bucket(
                    new BigDecimal(nanos).movePointLeft(9).doubleValue(),
                    total(counts, k == FIRST_BUCKET ? 0 : k, k + 1));
        }
        return buckets.bucket(Double.POSITIVE_INFINITY, total(counts, LAST_BUCKET + 1, counts.size()))
                .build();
    }

    private static long total(List<Long> counts, int from, int to) {
        return counts.stream().limit(to).skip(from).mapToLong(Long::longValue).sum();
    }

    private static List<MetricSnapshot> outputs(List<OutputAccount> accounts) {
        var emitted =
                new Numbers("vertebra_output_emitted_records", "Records offered to a stream's output or a connector.");
        var records = new Numbers(
                "vertebra_output_records", "Records that left, by result: delivered or the cause of the drop.");
        var waiting = new Numbers("vertebra_output_waiting_records", "Records still inside.");
        for (var account : accounts) {
            var labels = Labels.of("stream", account.stream(), "connector", account.connector());
            emitted.add(labels, account.emitted());
            records.add(labels.add("result", "delivered"), account.delivered());
            account.dropped().forEach((cause, n) -> records.add(labels.add("result", cause.label()), n));
            waiting.add(labels, account.waiting());
        }
        return List.of(emitted.counter(), records.counter(), waiting.gauge());
    }

    private static List<MetricSnapshot> queues(List<QueueState> states) {
        var lag = new Numbers("vertebra_connector_lag_seconds", "Age of the oldest record that is not delivered.");
        var waiting = new Numbers("vertebra_connector_queue_bytes", "Bytes that wait in front of the connector.");
        var most = new Numbers("vertebra_connector_queue_limit_bytes", "Most bytes that may wait there.");
        var writes = new Numbers("vertebra_connector_unfinished_writes", "Batches that the connector has not settled.");
        var spooled = new Numbers(
                "vertebra_connector_spool_bytes", "Bytes on disk of records that are delivered at least once.");
        for (var state : states) {
            var labels = Labels.of("connector", state.connector());
            lag.add(labels, seconds(state.lag().toNanos()));
            waiting.add(labels, state.waitingBytes());
            most.add(labels, state.maxBytes());
            writes.add(labels, state.unfinishedWrites());
            spooled.add(labels, state.spoolBytes());
        }
        return List.of(lag.gauge(), waiting.gauge(), most.gauge(), writes.gauge(), spooled.gauge());
    }

    private static MetricSnapshot rings(List<Double> fill) {
        var rings = new Numbers("vertebra_ring_fill_ratio", "How full a core's event ring is, 0 to 1.");
        for (int core = 0; core < fill.size(); core++) {
            rings.add(Labels.of("core", Integer.toString(core)), fill.get(core));
        }
        return rings.gauge();
    }

    private static Labels labels(String codeletSet, String codelet, String hook) {
        return Labels.of("codeletset", codeletSet, "codelet", codelet, "hook", hook);
    }

    /** One metric's numbers; those of the same labels are added, for example of a codelet that was queued and is inline now. */
    private static final class Numbers {
        private final MetricMetadata metadata;
        private final Map<Labels, Double> values = new LinkedHashMap<>();

        Numbers(String name, String help) {
            metadata = new MetricMetadata(name, help);
        }

        void add(Labels labels, double value) {
            values.merge(labels, value, Double::sum);
        }

        MetricSnapshot counter() {
            List<CounterDataPointSnapshot> points = values.entrySet().stream()
                    .map(e -> new CounterDataPointSnapshot(e.getValue(), e.getKey(), null, 0))
                    .toList();
            return new CounterSnapshot(metadata, points);
        }

        MetricSnapshot gauge() {
            List<GaugeDataPointSnapshot> points = values.entrySet().stream()
                    .map(e -> new GaugeDataPointSnapshot(e.getValue(), e.getKey(), null))
                    .toList();
            return new GaugeSnapshot(metadata, points);
        }
    }
}
