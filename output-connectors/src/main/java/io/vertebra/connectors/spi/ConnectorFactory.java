package io.vertebra.connectors.spi;

/**
 * Makes connectors of one kind. Implementations are found by {@link java.util.ServiceLoader}; loading one must not need
 * its client library, making a connector may.
 *
 * <p>What Vertebra guarantees to every {@link Connector}:
 *
 * <ol>
 *   <li>{@code start} is called once, before any {@code write}; nothing is written unless it succeeded.
 *   <li>At most {@link Connector#writesInFlight} writes are unfinished at a time, one unless the connector says otherwise;
 *       batches of a stream come in the order of their sequence numbers.
 *   <li>{@code start}, {@code write} and {@code stop} are all called on the same event loop: never on two threads.
 *   <li>{@code stop} is called exactly once if {@code start} succeeded, never otherwise, and no {@code write} comes after it.
 *   <li>A batch never changes and may be kept for as long as needed, by reference.
 *   <li>Every record offered is counted: delivered or failed as {@code write} reports, {@code connector_full} when the queue
 *       in front had to give it up, {@code stopped} when the time to stop ran out.
 * </ol>
 *
 * @param <S> the settings, a record that checks its values in its constructor
 */
public interface ConnectorFactory<S extends Record> {

    /** The kind, as descriptors name it in {@code to}: for example {@code kafka}. */
    String name();

    /** The settings' type; it also tells which factory a settings record belongs to. */
    Class<S> settingsType();

    /** A connector that has not started. */
    Connector create(ConnectorContext context, S settings);
}
