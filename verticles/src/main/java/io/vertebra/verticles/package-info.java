/**
 * Vertebra as one thing to start: the runtime's cores on event loops of their own, connectors, and one HTTP port.
 *
 * <pre>
 *   cores' Vert.x                           other Vert.x (event bus, timers, HTTP)
 *   CoreVerticle 0..n-1 -- OutputBatch --> OutputBus --+--> ConnectorVerticle (kafka, subscribers)
 *   runOnce, then again or park                        +--> HttpVerticle: /  /ws  /metrics  /api/v1
 * </pre>
 *
 * An event loop of a core runs nothing else, so a slow scrape or client never delays a codelet.
 */
package io.vertebra.verticles;
