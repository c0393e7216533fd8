package io.vertebra.connectors;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of the live view's WebSocket that keeps what it receives; it can stop reading, as a slow one does. */
public final class LiveClient implements AutoCloseable {

    private static final int NO_CODE = 1006;

    private final BlockingQueue<JsonObject> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;
    private volatile boolean reading = true;

    /** Connects with sub-protocol {@code vertebra.v1}. */
    public LiveClient(int port) {
        this(HttpClient.newHttpClient(), URI.create("ws://127.0.0.1:" + port + "/ws"));
    }

    /** Connects with sub-protocol {@code vertebra.v1} and others, as a browser would. */
    public LiveClient(HttpClient http, URI address, String... more) {
        socket = http.newWebSocketBuilder()
                .subprotocols("vertebra.v1", more)
                .buildAsync(address, new Listener())
                .join();
    }

    /** The sub-protocol that the server has chosen. */
    public String subProtocol() {
        return socket.getSubprotocol();
    }

    /** Sends one message. */
    public LiveClient send(String message) {
        socket.sendText(message, true).join();
        return this;
    }

    /** Sends one message, if the connection lasts. */
    public void trySend(String message) {
        socket.sendText(message, true).exceptionally(_ -> null).join();
    }

    /** Sends a part of a message that goes on. */
    public void sendPart(String part) {
        socket.sendText(part, false).exceptionally(_ -> null).join();
    }

    /** Sends a message that is no text. */
    public void sendBinary(ByteBuffer bytes) {
        socket.sendBinary(bytes, true).join();
    }

    /** Sends a ping frame, if the connection lasts. */
    public void tryPing(ByteBuffer bytes) {
        socket.sendPing(bytes).exceptionally(_ -> null).join();
    }

    /** The next frame. */
    public JsonObject next() throws InterruptedException {
        var frame = frames.poll(30, TimeUnit.SECONDS);
        if (frame == null) {
            throw new AssertionError("no frame within 30 s");
        }
        return frame;
    }

    /** The next frame of a type; others are skipped. */
    public JsonObject next(String type) throws InterruptedException {
        var frame = next();
        while (!frame.getString("type").equals(type)) {
            frame = next();
        }
        return frame;
    }

    /** The next frame of a type and a subscription, null for none; others are skipped. */
    public JsonObject next(String type, Integer id) throws InterruptedException {
        var frame = next(type);
        while (!Objects.equals(frame.getInteger("id"), id)) {
            frame = next(type);
        }
        return frame;
    }

    /** Reads no more until {@link #resume}. */
    public void pause() {
        reading = false;
    }

    /** Reads again. */
    public void resume() {
        reading = true;
        socket.request(1);
    }

    /** The status code that the server closed with; 1006 when it just ended the connection (RFC 6455 section 7.1.5). */
    public int closeCode() {
        return closed.join();
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Listener implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                frames.add(new JsonObject(text.toString()));
                text.setLength(0);
            }
            if (reading) {
                webSocket.request(1);
            }
            return null;
        }

        /** Answered already; as it is inherited, it would go on reading whatever comes. */
        @Override
        public CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
            if (reading) {
                webSocket.request(1);
            }
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            closed.complete(statusCode);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable failure) {
            closed.complete(NO_CODE);
        }
    }
}
