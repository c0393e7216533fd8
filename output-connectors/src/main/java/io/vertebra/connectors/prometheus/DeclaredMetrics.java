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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** The metrics of all loaded codelet sets, read from their maps at each scrape. Thread-safe. */
public final class DeclaredMetrics implements MultiCollector {

    private final Map<String, List<DeclaredMetric>> sets = new ConcurrentSkipListMap<>();
    private final int maxSeries;
    private final Supplier<Set<String>> loaded;

    /**
     * No metrics yet.
     *
     * @param maxSeries bounds each metric's series; the rest becomes {@code other}
     * @param loaded the sets that are loaded now: metrics of others are no longer shown
     */
    public DeclaredMetrics(int maxSeries, Supplier<Set<String>> loaded) {
        this.maxSeries = maxSeries;
        this.loaded = loaded;
    }

    /**
     * Whether a set's metrics could be shown, in the place of those that the set has now.
     *
     * @param map finds a map of the set by the name that the descriptor uses
     * @throws ConnectorException when one cannot be shown, or another set has a metric of that name
     */
    public synchronized void check(String codeletSet, List<MetricSpec> specs, Function<String, BpfMap> map) {
        metrics(codeletSet, specs, map);
    }

    /** Shows a set's metrics from now on, in the place of those that it has now, or none: as {@link #check}. */
    public synchronized void add(String codeletSet, List<MetricSpec> specs, Function<String, BpfMap> map) {
        sets.put(codeletSet, metrics(codeletSet, specs, map));
    }

    private List<DeclaredMetric> metrics(String codeletSet, List<MetricSpec> specs, Function<String, BpfMap> map) {
        sets.keySet().retainAll(loaded.get());
        var metrics = new ArrayList<DeclaredMetric>();
        for (var spec : specs) {
            var metric = new DeclaredMetric(spec, map.apply(spec.map()), maxSeries);
            requireUnused(codeletSet, metric);
            metrics.add(metric);
        }
        return List.copyOf(metrics);
    }

    /** The metrics of the sets that are loaded, by set. */
    public synchronized Map<String, List<MetricSpec>> specs() {
        sets.keySet().retainAll(loaded.get());
        var specs = new TreeMap<String, List<MetricSpec>>();
        sets.forEach((set, metrics) ->
                specs.put(set, metrics.stream().map(DeclaredMetric::spec).toList()));
        return specs;
    }

    @Override
    public MetricSnapshots collect() {
        sets.keySet().retainAll(loaded.get());
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

    private void requireUnused(String codeletSet, DeclaredMetric metric) {
        var name = metric.spec().name();
        if (name.startsWith("vertebra_")) {
            throw new ConnectorException("metric `" + name + "`: names that begin with vertebra_ are Vertebra's own");
        }
        sets.forEach((set, others) -> {
            if (!set.equals(codeletSet)
                    && others.stream().anyMatch(other -> other.baseName().equals(metric.baseName()))) {
                throw new ConnectorException("metric `" + name + "`: codelet set `" + set + "` already has it");
            }
        });
    }
}
