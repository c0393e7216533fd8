package io.vertebra.connectors.spi;

import io.vertebra.runtime.output.OutputBatch;
import io.vertx.core.Future;
import java.util.List;

/**
 * A connector that records can wait for on disk. Records of streams that are delivered at least once do not come by
 * {@link #write}: they are encoded, spooled, and sent from there until the destination has them or refuses them for good.
 *
 * <p>Beside what {@link ConnectorFactory} lists, Vertebra guarantees:
 *
 * <ol>
 *   <li>{@code encode} and {@code send} are called on one thread, the spool's, which is no event loop; not before {@code
 *       start} has succeeded and not after {@code stop}.
 *   <li>What is sent was returned by {@code encode}, of this connector or of one with the same name in an earlier process.
 *   <li>Records of a stream are sent in their order; those that shall come again are sent before any later ones, in a new
 *       {@link Attempt}, when the result of every send of the failed one is known.
 * </ol>
 */
public interface DurableConnector extends Connector {

    /**
     * The records of a batch as they will be sent: all that is needed when nothing is known of the stream any more.
     *
     * @return one for each record, in order
     */
    List<byte[]> encode(OutputBatch batch);

    /**
     * Sends records, in this order. Does not wait; in contrast to {@link #write} it may take as long as the destination
     * needs, because nothing is given up for time. Of an attempt that has failed nothing is delivered any more.
     *
     * @param attempt to be told as failed when a record has to come again
     * @return what became of them, when that is known of each; a failed future means that all shall come again
     */
    Future<SendResult> send(Attempt attempt, List<byte[]> records);
}
