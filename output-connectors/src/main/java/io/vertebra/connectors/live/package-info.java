/**
 * The live view's WebSocket, sub-protocol {@code vertebra.v1}: text messages, each a JSON object, in the shape of
 * subscribe, next, complete with ids, so that one connection carries many subscriptions.
 *
 * <pre>
 *   client  {"type":"subscribe","id":1,"stream":"slow_requests","rate":50}
 *   server  {"type":"snapshot","id":1,"records":[{"sequence":7,"time":1767225600000,"value":{...}}]}     the latest few
 *   server  {"type":"next","id":1,"records":[...],"skipped":12}       skipped: beyond the rate that was asked for
 *   server  {"type":"lost","id":1,"count":40}                         the client read too slowly
 *   client  {"type":"subscribe","id":2,"map":"set/map","interval_ms":1000}
 *   server  {"type":"snapshot","id":2,"time":...,"entries":[{"key":...,"labels":{...},"value":...}]}, then "next"
 *   client  {"type":"subscribe","id":3,"overview":true}
 *   server  {"type":"snapshot","id":3,"overview":{...}}, then "next" once a second
 *   client  {"type":"complete","id":1}                                ends a subscription; the server answers in kind
 *   client  {"type":"ping"}                                           server {"type":"pong"}
 *   server  {"type":"error","id":1,"message":"..."}                   the connection stays
 * </pre>
 *
 * Each client has queues of its own, bounded: a slow one loses records, counted, and slows nobody.
 */
package io.vertebra.connectors.live;
