/**
 * How records leave Vertebra: the event bus that carries batches, and what a connector is.
 *
 * <pre>
 *   runtime -- OutputBatch --> OutputBus --+--> ConnectorQueue --> Connector (kafka)
 *              (by reference)              +--> ConnectorQueue --> Connector (live)
 *                                          +--> any subscriber of the application
 * </pre>
 *
 * Each connector stands behind a queue of its own, bounded in bytes: a slow one loses its own oldest records, counted,
 * and slows nobody. A new connector implements {@link io.vertebra.connectors.spi.ConnectorFactory} and {@link
 * io.vertebra.connectors.spi.Connector}, is found by {@link java.util.ServiceLoader}, and proves itself with the
 * {@code ConnectorContractTest} of this module's test-jar.
 */
package io.vertebra.connectors.spi;
