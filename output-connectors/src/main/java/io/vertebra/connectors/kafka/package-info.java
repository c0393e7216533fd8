/**
 * Records to Apache Kafka as CloudEvents in binary mode: a topic for each stream, JSON values, attributes as headers (<a
 * href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka protocol
 * binding 1.0.2</a>, section 3.2).
 *
 * <pre>
 *   event loop -- write(batch) --> connector's own thread -- send --> producer --> broker
 *        ^                                                                          |
 *        +------------- WriteResult, when the last record is acknowledged ----------+
 * </pre>
 *
 * The producer may block ({@code max.block.ms}) when the broker is away, so it is never called on an event loop.
 */
package io.vertebra.connectors.kafka;
