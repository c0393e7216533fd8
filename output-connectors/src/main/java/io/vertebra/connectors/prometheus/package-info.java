/**
 * {@code /metrics}: declared metrics read from maps when scraped, Vertebra's own numbers, and the application's Micrometer
 * meters, in one registry (<a href="https://prometheus.io/docs/instrumenting/exposition_formats/">text format</a>,
 * OpenMetrics or protobuf, as the client asks).
 */
package io.vertebra.connectors.prometheus;
