/**
 * What leaves Vertebra for others: a record in the format that its stream names, and the event around it.
 *
 * <pre>
 *  OutputBatch, index --> TypedRecord --RecordFormat--> Payload --> Kafka's value (binary mode)
 *                         kind, fields  json            |
 *                                       raw             '--EventJson--> {"specversion":"1.0", ..., "data": ...}
 *                                       protobuf
 * </pre>
 */
package io.vertebra.connectors.format;
