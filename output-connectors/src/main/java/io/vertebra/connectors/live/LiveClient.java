package io.vertebra.connectors.live;

import io.vertebra.runtime.output.OutputBatch;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** One WebSocket and its subscriptions. All methods run on the hub's event loop. */
final class LiveClient {

    /** Subscriptions that one client may have. */
    private static final int MOST_SUBSCRIPTIONS = 64;

    /** Records of a snapshot. */
    private static final int SNAPSHOT_RECORDS = 100;

    /** Silent for so long, a client is taken for gone; it is asked three times before. */
    private static final long SILENCE_NANOS = 45_000_000_000L;

    private final Vertx vertx;
    private final ServerWebSocket socket;
    private final LiveHub hub;
    private final Map<Integer, StreamSubscription> streams = new HashMap<>();
    private final Map<Integer, Long> mapTimers = new HashMap<>();
    private final Map<Integer, Boolean> overviews = new HashMap<>();
    private long heardNanos = System.nanoTime();

    LiveClient(Vertx vertx, ServerWebSocket socket, LiveHub hub) {
        this.vertx = vertx;
        this.socket = socket;
        this.hub = hub;
        socket.textMessageHandler(this::receive);
        socket.pongHandler(_ -> heardNanos = System.nanoTime());
        socket.drainHandler(_ -> flush());
        socket.exceptionHandler(_ -> socket.close());
    }

    /** Whether the socket's queue is above its high-water mark, or the socket takes nothing any more. */
    boolean full() {
        return socket.isClosed() || socket.writeQueueFull();
    }

    void send(String text) {
        if (!socket.isClosed()) {
            socket.writeTextMessage(text);
        }
    }

    Collection<StreamSubscription> streams() {
        return streams.values();
    }

    /** Offers a batch to the subscriptions of its stream. */
    void offer(OutputBatch batch) {
        synchronized (hub.ledger()) {
            for (var subscription : streams.values()) {
                if (subscription.stream().equals(batch.stream().name())) {
                    subscription.offer(batch);
                    if (subscription.urgent()) {
                        subscription.flush();
                    }
                }
            }
        }
    }

    void flush() {
        synchronized (hub.ledger()) {
            streams.values().forEach(StreamSubscription::flush);
        }
    }

    /** The overview for those who follow it; a slow client misses some, the next one replaces them. */
    void overview(String overview) {
        if (!full()) {
            overviews.replaceAll((id, fresh) -> {
                sendOverview(id, fresh, overview);
                return false;
            });
        }
    }

    /** Asks for a sign of life, or ends the connection when there was none for long. */
    void ping() {
        if (System.nanoTime() - heardNanos > SILENCE_NANOS) {
            socket.close();
        } else {
            socket.writePing(Buffer.buffer("vertebra"));
        }
    }

    /** Tells each subscription that it is over and closes the socket. */
    void goAway() {
        flush();
        streams.keySet().forEach(this::sendComplete);
        mapTimers.keySet().forEach(this::sendComplete);
        overviews.keySet().forEach(this::sendComplete);
        socket.close((short) 1001, "server stops");
    }

    /** Forgets everything; the socket is closed. */
    void end() {
        mapTimers.values().forEach(vertx::cancelTimer);
        mapTimers.clear();
        synchronized (hub.ledger()) {
            streams.values().forEach(StreamSubscription::end);
            streams.clear();
        }
    }

    private void receive(String text) {
        heardNanos = System.nanoTime();
        try {
            follow(ClientMessage.parse(text));
        } catch (ProtocolException e) {
            sendError(e.id(), e.getMessage());
        } catch (IllegalArgumentException e) { // an unknown map, named by the source
            sendError(-1, e.getMessage());
        }
    }

    private void follow(ClientMessage message) throws ProtocolException {
        switch (message) {
            case ClientMessage.Stream m -> subscribe(m);
            case ClientMessage.Entries m -> subscribe(m);
            case ClientMessage.Overview(int id) -> {
                requireFree(id);
                sendOverview(id, true, hub.overview());
                overviews.put(id, false);
            }
            case ClientMessage.Complete(int id) -> complete(id);
            case ClientMessage.Ping _ -> send("{\"type\":\"pong\"}");
        }
    }

    private void subscribe(ClientMessage.Stream message) throws ProtocolException {
        requireFree(message.id());
        var known = hub.source().streams();
        if (!known.contains(message.stream())) {
            throw new ProtocolException(
                    message.id(), "stream `" + message.stream() + "` is unknown: known are " + known);
        }
        var subscription = new StreamSubscription(message.id(), message.stream(), message.rate(), this, hub.ledger());
        subscription.snapshot(hub.history(message.stream()), SNAPSHOT_RECORDS);
        synchronized (hub.ledger()) {
            streams.put(message.id(), subscription);
        }
    }

    private void subscribe(ClientMessage.Entries message) throws ProtocolException {
        requireFree(message.id());
        MapEntries entries;
        try {
            entries = new MapEntries(hub.source().map(message.map()));
        } catch (IllegalArgumentException e) {
            throw new ProtocolException(message.id(), e.getMessage());
        }
        sendEntries("snapshot", message.id(), entries);
        long timer = vertx.setPeriodic(message.intervalMillis(), _ -> {
            if (!full()) {
                sendEntries("next", message.id(), entries);
            }
        });
        mapTimers.put(message.id(), timer);
    }

    private void complete(int id) throws ProtocolException {
        StreamSubscription stream;
        synchronized (hub.ledger()) {
            stream = streams.remove(id);
            if (stream != null) {
                stream.end();
            }
        }
        var timer = mapTimers.remove(id);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
        if (overviews.remove(id) == null && timer == null && stream == null) {
            throw new ProtocolException(id, "no subscription has this id");
        }
        sendComplete(id);
    }

    private void requireFree(int id) throws ProtocolException {
        if (streams.containsKey(id) || mapTimers.containsKey(id) || overviews.containsKey(id)) {
            throw new ProtocolException(id, "id is in use: complete it first, or take another");
        }
        if (streams.size() + mapTimers.size() + overviews.size() >= MOST_SUBSCRIPTIONS) {
            throw new ProtocolException(id, "too many subscriptions: at most " + MOST_SUBSCRIPTIONS);
        }
    }

    private void sendEntries(String type, int id, MapEntries entries) {
        send(new JsonObject()
                .put("type", type)
                .put("id", id)
                .mergeIn(entries.read())
                .encode());
    }

    private void sendOverview(int id, boolean fresh, String overview) {
        send("{\"type\":\"" + (fresh ? "snapshot" : "next") + "\",\"id\":" + id + ",\"overview\":" + overview + "}");
    }

    private void sendComplete(int id) {
        send("{\"type\":\"complete\",\"id\":" + id + "}");
    }

    private void sendError(int id, String message) {
        var error = new JsonObject().put("type", "error");
        send((id < 0 ? error : error.put("id", id)).put("message", message).encode());
    }
}
