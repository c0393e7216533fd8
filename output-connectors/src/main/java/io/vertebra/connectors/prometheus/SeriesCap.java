package io.vertebra.connectors.prometheus;

import io.prometheus.metrics.model.snapshots.Labels;
import io.vertebra.connectors.metrics.KeyLabels;
import io.vertebra.vm.map.BpfMap;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps the number of a metric's series bounded: the first keys seen get series of their own for as long as the map has
 * them, the others are summed in one series whose labels all are {@code other}. Keys with the same bytes for the labels are
 * one. Thread-safe.
 */
final class SeriesCap {

    private final KeyLabels labels;
    private final int most;
    private Map<ByteBuffer, Labels> admitted = new HashMap<>();
    private long folded;

    SeriesCap(KeyLabels labels, int most) {
        this.labels = labels;
        this.most = most;
    }

    /** Entries folded so far, counted again at each collection. */
    synchronized long folded() {
        return folded;
    }

    /**
     * What the entries of one series come to.
     *
     * @param <T> itself
     */
    interface Total<T> {
        /** Adds an entry, all copies of a per-CPU map. */
        void add(byte[] key, List<byte[]> values);

        /** Adds what the entries of other keys come to. */
        void add(T other);
    }

    /** Reads all entries, and adds up those of one series. */
    synchronized <T extends Total<T>> Map<Labels, T> collect(BpfMap map, Supplier<T> zero) {
        var series = new LinkedHashMap<Labels, T>();
        var present = new HashMap<ByteBuffer, Labels>();
        var fresh = new LinkedHashMap<ByteBuffer, T>();
        map.forEach((key, values) -> {
            var id = ByteBuffer.wrap(key, 0, labels.keyBytes());
            var known = admitted.get(id);
            if (known != null) {
                present.put(id, known);
                series.computeIfAbsent(known, _ -> zero.get()).add(key, values);
            } else {
                fresh.computeIfAbsent(id, _ -> zero.get()).add(key, values);
            }
        });
        fresh.forEach((id, total) -> admit(id, present)
                .ifPresent(own -> series.computeIfAbsent(own, _ -> zero.get()).add(total)));
        admitted = present;
        return series;
    }

    /** The labels of a key not seen in the collection before: its own while there is room; none when it is not shown. */
    private Optional<Labels> admit(ByteBuffer key, Map<ByteBuffer, Labels> present) {
        var bytes = new byte[key.remaining()];
        key.get(0, bytes);
        var texts = labels.of(bytes);
        if (texts.isEmpty()) {
            return Optional.empty();
        }
        var names = labels.names();
        if (present.size() >= most) {
            folded++;
            return Optional.of(Labels.of(names, Collections.nCopies(names.size(), "other")));
        }
        var own = Labels.of(names, texts.get());
        present.put(key, own);
        return Optional.of(own);
    }
}
