package io.vertebra.connectors.live;

import io.vertebra.connectors.metrics.KeyLabels;
import io.vertebra.vm.map.BpfMap;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.SortedSet;

/** What the live view looks at. Called on its event loop, so nothing here waits. */
public interface LiveSource {

    /** The names of all streams. */
    SortedSet<String> streams();

    /**
     * A map to read.
     *
     * @param map the live map
     * @param labels how a metric names its entries, when one is declared over it
     */
    record View(BpfMap map, Optional<KeyLabels> labels) {}

    /**
     * Finds a map by {@code set/map} or {@code set/codelet/map}.
     *
     * @throws IllegalArgumentException when there is none; names the known ones
     */
    View map(String path);

    /** Hooks, sets, codelets, accounts: everything but rates, which the live view adds. */
    JsonObject overview();
}
