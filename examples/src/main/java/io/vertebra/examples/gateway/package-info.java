/**
 * An HTTP gateway that lets codelets watch and steer it: it receives requests, queues them by route and forwards them to
 * two backends, one of them slow at times. Every hop is a real socket on the loopback interface.
 *
 * <pre>
 *   Traffic --HTTP--> Gateway --RouteQueue--> Backend 0
 *                        |                    Backend 1 (slow at times)
 *                   GatewayHooks
 * </pre>
 *
 * <p>The codelets are in the folder {@code examples/gateway}: {@code gateway.yaml} watches, {@code steering.yaml} steers.
 */
package io.vertebra.examples.gateway;
