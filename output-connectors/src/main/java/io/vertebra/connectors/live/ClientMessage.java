package io.vertebra.connectors.live;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/** What a client may say. */
sealed interface ClientMessage {

    /** Records of a stream, at most {@code rate} a second; first the latest, {@code snapshot} of them. */
    record Stream(int id, String stream, double rate, int snapshot) implements ClientMessage {}

    /** A map's entries, again after each interval. */
    record Entries(int id, String map, long intervalMillis) implements ClientMessage {}

    /** Everything that the overview holds, once a second. */
    record Overview(int id) implements ClientMessage {}

    /** The end of a subscription. */
    record Complete(int id) implements ClientMessage {}

    /** Is anybody there. */
    record Ping() implements ClientMessage {}

    /** Records a second that a client gets when it does not say. */
    double DEFAULT_RATE = 1_000;

    /** Most records a second that one subscription gets. */
    double MAX_RATE = 20_000;

    /** Records of the past that a client gets when it does not say. */
    int DEFAULT_SNAPSHOT = 100;

    /** How often a map is read when the client does not say. */
    long DEFAULT_INTERVAL_MILLIS = 1_000;

    /** Shortest interval. */
    long MIN_INTERVAL_MILLIS = 100;

    /** Longest interval. */
    long MAX_INTERVAL_MILLIS = 3_600_000;

    /**
     * Reads a message.
     *
     * @throws ProtocolException when it is none
     */
    static ClientMessage parse(String text) throws ProtocolException {
        JsonObject json;
        try {
            json = new JsonObject(text);
        } catch (DecodeException | ClassCastException e) {
            throw new ProtocolException(-1, "message is not a JSON object");
        }
        var type = String.valueOf(json.getValue("type"));
        return switch (type) {
            case "ping" -> new Ping();
            case "complete" -> new Complete(id(json));
            case "subscribe" -> subscribe(json, id(json));
            default -> throw new ProtocolException(-1, "type `" + type + "`: allowed are subscribe, complete and ping");
        };
    }

    private static ClientMessage subscribe(JsonObject json, int id) throws ProtocolException {
        if (java.util.stream.Stream.of("stream", "map", "overview")
                        .filter(json::containsKey)
                        .count()
                == 1) {
            if (json.getValue("stream") instanceof String stream) {
                double rate = number(json, id, "rate", DEFAULT_RATE, Double.MIN_VALUE, MAX_RATE);
                double snapshot = number(json, id, "snapshot", DEFAULT_SNAPSHOT, 0, StreamLog.HISTORY);
                return new Stream(id, stream, rate, (int) snapshot);
            }
            if (json.getValue("map") instanceof String map) {
                double millis = number(
                        json, id, "interval_ms", DEFAULT_INTERVAL_MILLIS, MIN_INTERVAL_MILLIS, MAX_INTERVAL_MILLIS);
                return new Entries(id, map, (long) millis);
            }
            if (Boolean.TRUE.equals(json.getValue("overview"))) {
                return new Overview(id);
            }
        }
        throw new ProtocolException(id, "subscribe needs one of \"stream\": text, \"map\": text, \"overview\": true");
    }

    private static int id(JsonObject json) throws ProtocolException {
        if (json.getValue("id") instanceof Integer id && id >= 0) {
            return id;
        }
        throw new ProtocolException(-1, "id `" + json.getValue("id") + "`: allowed is an integer from 0 to 2147483647");
    }

    private static double number(JsonObject json, int id, String name, double absent, double min, double max)
            throws ProtocolException {
        var value = json.getValue(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof Number number && number.doubleValue() >= min && number.doubleValue() <= max) {
            return number.doubleValue();
        }
        throw new ProtocolException(
                id,
                name + " `" + value + "`: allowed is a number up to " + (long) max
                        + (min > 0 && min < 1 ? ", above 0" : ", at least " + (long) min));
    }
}
