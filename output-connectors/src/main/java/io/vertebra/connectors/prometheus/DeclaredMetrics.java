package io.vertebra.connectors.prometheus;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertebra.config.MetricSpec;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.vm.map.BpfMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/** The metrics of all loaded codelet sets, read from their maps at each scrape. Thread-safe. */
public final class DeclaredMetrics implements MultiCollector {

    private final Map<String, List<DeclaredMetric>> sets = new ConcurrentSkipListMap<>();
    private final int maxSeries;

    /** No metrics yet; {@code maxSeries} bounds each one's series, the rest becomes {@code other}. */
    public DeclaredMetrics(int maxSeries) {
        this.maxSeries = maxSeries;
    }

    /**
     * Shows a set's metrics from now on.
     *
     * @param map finds a map of the set by the name that the descriptor uses
     * @throws ConnectorException when one cannot be shown, or another set has a metric of that name: then none is
     */
    public synchronized void add(String codeletSet, List<MetricSpec> specs, Function<String, BpfMap> map) {
        var metrics = new ArrayList<DeclaredMetric>();
        for (var spec : specs) {
            var metric = new DeclaredMetric(spec, map.apply(spec.map()), maxSeries);
            requireUnused(metric);
            metrics.add(metric);
        }
        sets.put(codeletSet, List.copyOf(metrics));
    }

    /** Shows a set's metrics no longer. */
    public synchronized void remove(String codeletSet) {
        sets.remove(codeletSet);
    }

    @Override
    public MetricSnapshots collect() {
        var snapshots = new ArrayList<MetricSnapshot>();
        var folded = CounterSnapshot.builder()
                .name("vertebra_series_folded")
                .help("Map entries that scrapes folded into the series other because a metric had too many.");
        for (var set : sets.values()) {
            for (var metric : set) {
                snapshots.add(metric.snapshot());
                folded.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .value(metric.folded())
                        .labels(Labels.of("metric", metric.spec().name()))
                        .build());
            }
        }
        if (!snapshots.isEmpty()) {
            snapshots.add(folded.build());
        }
        return new MetricSnapshots(snapshots);
    }

    private void requireUnused(DeclaredMetric metric) {
        var name = metric.spec().name();
        if (name.startsWith("vertebra_")) {
            throw new ConnectorException("metric `" + name + "`: names that begin with vertebra_ are Vertebra's own");
        }
        sets.forEach((set, others) -> {
            if (others.stream().anyMatch(other -> other.baseName().equals(metric.baseName()))) {
                throw new ConnectorException("metric `" + name + "`: codelet set `" + set + "` already has it");
            }
        });
    }
}
