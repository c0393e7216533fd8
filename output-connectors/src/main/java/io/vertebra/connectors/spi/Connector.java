package io.vertebra.connectors.spi;

import io.vertebra.runtime.output.OutputBatch;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * One destination of records. {@link ConnectorFactory} lists what it may rely on; in return no method blocks: whatever
 * has to wait does so on a thread of the connector's own.
 */
public interface Connector {

    /**
     * Makes the destination ready.
     *
     * @return fails when the destination cannot be used, within seconds and with one sentence for the operator
     */
    Future<Void> start();

    /**
     * Takes the records of one batch.
     *
     * @return what became of them; a failed future means that all of them are lost. Never waits longer than a limit
     *     that the connector's settings name.
     */
    Future<WriteResult> write(OutputBatch batch);

    /**
     * Lets go of the destination.
     *
     * @param grace how long records that were written may still take to arrive
     * @return completes when every write has completed
     */
    Future<Void> stop(Duration grace);

    /** Writes that may be unfinished at a time, at least 1; more hide the way to a distant destination. */
    default int writesInFlight() {
        return 1;
    }
}
