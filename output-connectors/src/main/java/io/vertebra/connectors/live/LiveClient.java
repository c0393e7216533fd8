package io.vertebra.connectors.live;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/**
 * One WebSocket and its subscriptions. Nothing is read from it while it takes nothing, so that answers have a bound too. All
 * methods run on the hub's event loop.
 */
final class LiveClient {

    /** Characters of the longest message, apart from the record or entry that is beyond and from overviews. */
    static final int MOST_CHARS = 256 << 10;

    /** Subscriptions that one client may have. */
    private static final int MOST_SUBSCRIPTIONS = 64;

    private static final double FRAMES_A_SECOND = 100;
    private static final double FRAMES_AT_ONCE = 1_000;

    /** How long a client has to answer that its connection is closed. */
    private static final long CLOSE_MILLIS = 5_000;

    private final Vertx vertx;
    private final ServerWebSocket socket;
    private final Runnable abort;
    private final LiveHub hub;
    private final Map<Integer, Subscription> subscriptions = new HashMap<>();
    private final TokenBucket frames = new TokenBucket(FRAMES_A_SECOND, FRAMES_AT_ONCE);
    private long heardNanos = System.nanoTime();
    private long takenNanos = System.nanoTime();
    private boolean closing;

    /** {@code abort} ends the connection at once: a close frame would wait behind all the others. */
    LiveClient(Vertx vertx, ServerWebSocket socket, Runnable abort, LiveHub hub) {
        this.vertx = vertx;
        this.socket = socket;
        this.abort = abort;
        this.hub = hub;
        socket.textMessageHandler(this::receive);
        socket.binaryMessageHandler(_ -> close(CloseCause.NOT_TEXT));
        socket.frameHandler(_ -> restrain());
        socket.pongHandler(_ -> heardNanos = System.nanoTime());
        socket.drainHandler(_ -> {
            socket.resume();
            flush();
        });
        socket.exceptionHandler(failure -> {
            if (failure instanceof IllegalStateException) { // Vert.x, of a message that it has given up
                close(CloseCause.TOO_LARGE);
            } else {
                abort.run();
            }
        });
    }

    /** Whether the socket's queue is above its high-water mark, or the socket takes nothing any more. */
    boolean full() {
        return closing || socket.isClosed() || socket.writeQueueFull();
    }

    void send(String text) {
        if (!closing && !socket.isClosed()) {
            socket.writeTextMessage(text);
        }
    }

    void flush() {
        synchronized (hub.ledger()) {
            for (var subscription : subscriptions.values()) {
                if (subscription instanceof StreamSubscription stream) {
                    stream.flush();
                }
            }
        }
    }

    /** Ends the connection of a client that has taken nothing for too long. */
    void check(long now, LiveHub.Patience patience) {
        if (closing || socket.isClosed() || !socket.writeQueueFull()) {
            takenNanos = now;
        } else if (now - takenNanos > patience.stuck().toNanos()) {
            end(CloseCause.STUCK);
        }
    }

    /** Asks for a sign of life, or ends the connection when there was none for long. */
    void ping(LiveHub.Patience patience) {
        if (System.nanoTime() - heardNanos > patience.silence().toNanos()) {
            end(CloseCause.SILENT);
        } else if (!full()) {
            socket.writePing(Buffer.buffer("vertebra"));
        }
    }

    /** Tells each subscription that it is over and closes the socket. */
    void goAway() {
        flush();
        new ArrayList<>(subscriptions.keySet()).forEach(id -> complete(id, CloseCause.STOPPED.text()));
        close(CloseCause.STOPPED);
    }

    /** Ends the connection without a word: the client would not read it. */
    private void end(CloseCause cause) {
        if (!closing) {
            closing = true;
            hub.closed(cause);
            abort.run();
        }
    }

    /** Closes the connection, also when the client does not answer that. */
    void close(CloseCause cause) {
        if (full()) {
            end(cause);
        } else {
            closing = true;
            hub.closed(cause);
            socket.close(cause.code(), cause.text());
            vertx.setTimer(CLOSE_MILLIS, _ -> abort.run());
        }
    }

    /** Forgets everything; the socket is closed. */
    void end() {
        closing = true;
        new ArrayList<>(subscriptions.keySet()).forEach(this::remove);
    }

    /** What a subscription follows is gone. */
    void complete(int id, String reason) {
        remove(id);
        send(new JsonObject()
                .put("type", "complete")
                .put("id", id)
                .put("reason", reason)
                .encode());
    }

    /** Behind each frame, also of those that Vert.x answers by itself. */
    private void restrain() {
        if (frames.take(1) == 0) {
            close(CloseCause.TOO_MANY_MESSAGES);
        }
        if (!closing && full()) {
            socket.pause();
        }
    }

    private void receive(String text) {
        heardNanos = System.nanoTime();
        if (closing) {
            return;
        }
        try {
            follow(ClientMessage.parse(text));
        } catch (ProtocolException e) {
            var error = new JsonObject().put("type", "error");
            send((e.id() < 0 ? error : error.put("id", e.id()))
                    .put("message", e.getMessage())
                    .encode());
        }
    }

    private void follow(ClientMessage message) throws ProtocolException {
        switch (message) {
            case ClientMessage.Stream stream -> {
                requireFree(stream.id());
                synchronized (hub.ledger()) {
                    var subscription = new StreamSubscription(stream, hub.log(stream), this, hub.ledger());
                    subscription.snapshot(stream.snapshot());
                    subscriptions.put(stream.id(), subscription);
                }
            }
            case ClientMessage.Entries entries -> {
                requireFree(entries.id());
                subscriptions.put(entries.id(), hub.follow(entries, this));
            }
            case ClientMessage.Overview(int id) -> {
                requireFree(id);
                subscriptions.put(id, hub.followOverview(id, this));
            }
            case ClientMessage.Complete(int id) -> {
                if (!remove(id)) {
                    throw new ProtocolException(id, "no subscription has this id");
                }
                send("{\"type\":\"complete\",\"id\":" + id + "}");
            }
            case ClientMessage.Ping _ -> send("{\"type\":\"pong\"}");
        }
    }

    private boolean remove(int id) {
        synchronized (hub.ledger()) {
            var subscription = subscriptions.remove(id);
            if (subscription != null) {
                subscription.end();
            }
            return subscription != null;
        }
    }

    private void requireFree(int id) throws ProtocolException {
        if (subscriptions.containsKey(id)) {
            throw new ProtocolException(id, "id is in use: complete it first, or take another");
        }
        if (subscriptions.size() >= MOST_SUBSCRIPTIONS) {
            throw new ProtocolException(id, "too many subscriptions: at most " + MOST_SUBSCRIPTIONS);
        }
    }
}
