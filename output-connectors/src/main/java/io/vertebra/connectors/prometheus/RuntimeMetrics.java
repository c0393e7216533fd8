package io.vertebra.connectors.prometheus;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.codelet.CodeletStatistics;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Vertebra's own metrics, made of the accounts at each scrape, so that they never disagree with the API. */
public final class RuntimeMetrics implements MultiCollector {

    /** The numbers to show, asked for at each scrape from any thread. */
    public interface Source {

        /** What became of events. */
        List<AttachmentAccount> attachments();

        /** How often and how long codelets ran. */
        List<CodeletStatistics> statistics();

        /** What became of records. */
        List<OutputAccount> outputs();

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
        snapshots.add(runTimes(source.statistics()));
        snapshots.addAll(outputs(source.outputs()));
        snapshots.add(rings(source.ringFill()));
        return new MetricSnapshots(snapshots);
    }

    private static List<MetricSnapshot> attachments(List<AttachmentAccount> accounts) {
        var offered = counter("vertebra_events_offered", "Events that hooks offered to codelets.");
        var runs = counter("vertebra_codelet_runs", "Codelet runs by result.");
        var dropped = counter("vertebra_events_dropped", "Events that a codelet never saw, by cause.");
        var waiting = gauge("vertebra_events_waiting", "Events in the rings.");
        for (var account : accounts) {
            var labels = labels(account.codeletSet(), account.codelet(), account.hook());
            offered.dataPoint(point(account.offered(), labels));
            runs.dataPoint(point(account.ok(), labels.add("result", "ok")));
            runs.dataPoint(point(account.failed(), labels.add("result", "failed")));
            account.dropped().forEach((cause, n) -> dropped.dataPoint(point(n, labels.add("cause", cause.label()))));
            waiting.dataPoint(new GaugeDataPointSnapshot(account.waiting(), labels, null));
        }
        return List.of(offered.build(), runs.build(), dropped.build(), waiting.build());
    }

    /** Sampled, so that its count is not the number of runs; log2 slots have no sum. */
    private static MetricSnapshot runTimes(List<CodeletStatistics> codelets) {
        var times = HistogramSnapshot.builder()
                .name("vertebra_codelet_run_seconds")
                .help("Run times of codelets, one run in 1024 sampled.");
        for (var codelet : codelets) {
            var slots = codelet.runTimes();
            var buckets = ClassicHistogramBuckets.builder();
            for (int k = 0; k < slots.size(); k++) {
                var nanos = BigInteger.TWO.pow(k + 1).subtract(BigInteger.ONE);
                buckets.bucket(new BigDecimal(nanos).movePointLeft(9).doubleValue(), slots.get(k));
            }
            times.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                    .classicHistogramBuckets(
                            buckets.bucket(Double.POSITIVE_INFINITY, 0).build())
                    .labels(labels(codelet.codeletSet(), codelet.codelet(), codelet.hook()))
                    .build());
        }
        return times.build();
    }

    private static List<MetricSnapshot> outputs(List<OutputAccount> accounts) {
        var emitted =
                counter("vertebra_output_emitted_records", "Records offered to a stream's output or a connector.");
        var records =
                counter("vertebra_output_records", "Records that left, by result: delivered or the cause of the drop.");
        var waiting = gauge("vertebra_output_waiting_records", "Records still inside.");
        for (var account : accounts) {
            var labels = Labels.of("stream", account.stream(), "connector", account.connector());
            emitted.dataPoint(point(account.emitted(), labels));
            records.dataPoint(point(account.delivered(), labels.add("result", "delivered")));
            account.dropped().forEach((cause, n) -> records.dataPoint(point(n, labels.add("result", cause.label()))));
            waiting.dataPoint(new GaugeDataPointSnapshot(account.waiting(), labels, null));
        }
        return List.of(emitted.build(), records.build(), waiting.build());
    }

    private static MetricSnapshot rings(List<Double> fill) {
        var rings = gauge("vertebra_ring_fill_ratio", "How full a core's event ring is, 0 to 1.");
        for (int core = 0; core < fill.size(); core++) {
            rings.dataPoint(
                    new GaugeDataPointSnapshot(fill.get(core), Labels.of("core", Integer.toString(core)), null));
        }
        return rings.build();
    }

    private static Labels labels(String codeletSet, String codelet, String hook) {
        return Labels.of("codeletset", codeletSet, "codelet", codelet, "hook", hook);
    }

    private static CounterSnapshot.Builder counter(String name, String help) {
        return CounterSnapshot.builder().name(name).help(help);
    }

    private static GaugeSnapshot.Builder gauge(String name, String help) {
        return GaugeSnapshot.builder().name(name).help(help);
    }

    private static CounterDataPointSnapshot point(long value, Labels labels) {
        return new CounterDataPointSnapshot(value, labels, null, 0);
    }
}
