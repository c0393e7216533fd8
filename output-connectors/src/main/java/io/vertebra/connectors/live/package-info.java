/**
 * The live view's WebSocket, sub-protocol {@code vertebra.v1}: text messages, each a JSON object, in the shape of
 * subscribe, next, complete with ids, so that one connection carries many subscriptions. {@code docs/live-protocol.md} has
 * every message.
 *
 * <pre>
 *   batches --&gt; StreamLog, one for each stream --(position)--&gt; StreamSubscription --+
 *   a map   --&gt; Feed of MapModel --------(whole, changes)---&gt; FeedSubscription -----+--&gt; LiveClient --&gt; WebSocket
 *   all     --&gt; Feed of OverviewModel ---(whole, changes)---&gt; FeedSubscription -----+
 * </pre>
 *
 * What many clients get is kept and encoded once; a client has positions, and what its socket has not taken. A slow one loses
 * records, counted, and slows nobody; one that takes nothing is closed.
 */
package io.vertebra.connectors.live;
