package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code vertebra stream tail}. */
@Command(
        name = "tail",
        description = {
            "Print a stream's records as they come, a line of JSON each, the latest ones first.",
            "",
            "Records that came too fast to be read are counted on standard error."
        },
        footer = {
            "",
            "A CONDITION is FIELD=VALUE, or with != < <= > >=. A field is one of the record's type, with dots into"
                    + " structs,",
            "or sequence and time.",
            "",
            "Examples:",
            "  vertebra stream tail slow_requests",
            "  vertebra stream tail slow --where route=2 --where 'delay_us>=500000' -n 10",
            "  vertebra stream tail slow_requests --fields connection,delay_us"
        })
final class StreamTail extends RemoteCommand {

    private static final int RATE = 1_000;

    @Parameters(paramLabel = "STREAM", description = "The stream's name.")
    private String stream;

    @Option(
            names = "--where",
            paramLabel = "CONDITION",
            description = "Only records that fulfil it; each one that is given.")
    private List<String> where = List.of();

    @Option(names = "--fields", paramLabel = "A,B", split = ",", description = "Print only these fields.")
    private List<String> fields = List.of();

    @Option(names = "-n", paramLabel = "N", description = "Stop after N printed records; default: at Ctrl-C.")
    private long most = Long.MAX_VALUE;

    @Override
    protected void run(ApiClient client) throws CommandException {
        var conditions = conditions();
        var frames = new LinkedBlockingQueue<JsonObject>();
        var socket = client.live(new Frames(frames));
        try {
            var subscribe = new JsonObject().put("type", "subscribe").put("id", 1);
            socket.sendText(subscribe.put("stream", stream).put("rate", RATE).encode(), true)
                    .join();
            long left = most;
            while (left > 0) {
                left -= follow(socket, frames.take(), conditions, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            socket.abort();
        }
    }

    /** Prints a frame's records, and returns how many they were. */
    private int follow(WebSocket socket, JsonObject frame, List<Condition> conditions, long left)
            throws CommandException {
        switch (frame.getString("type", "")) {
            case "snapshot", "next" -> {
                int printed = print(frame.getJsonArray("records", new JsonArray()), conditions, left);
                lost(frame.getLong("skipped", 0L));
                socket.request(1);
                return printed;
            }
            case "lost" -> lost(frame.getLong("count", 0L));
            case "error" -> throw new CommandException(frame.getString("message", "the server refuses"));
            case "complete", "closed" ->
                throw new CommandException(frame.getString("reason", "the server has ended the stream"));
            default -> {}
        }
        socket.request(1);
        return 0;
    }

    private List<Condition> conditions() {
        var conditions = new ArrayList<Condition>();
        for (var text : where) {
            conditions.add(Condition.parse(text)
                    .orElseThrow(() -> new ParameterException(
                            spec().commandLine(),
                            "--where " + text + ": allowed is FIELD=VALUE, or with != < <= > >=")));
        }
        return conditions;
    }

    private int print(JsonArray records, List<Condition> conditions, long most) throws CommandException {
        int printed = 0;
        for (int i = 0; i < records.size() && printed < most; i++) {
            var record = records.getJsonObject(i);
            if (wanted(record, conditions)) {
                print(chosen(record).encode() + "\n");
                printed++;
            }
        }
        return printed;
    }

    private static boolean wanted(JsonObject record, List<Condition> conditions) throws CommandException {
        for (var condition : conditions) {
            if (!condition.test(record)) {
                return false;
            }
        }
        return true;
    }

    private JsonObject chosen(JsonObject record) throws CommandException {
        if (fields.isEmpty()) {
            return record;
        }
        var chosen = new JsonObject();
        for (var field : fields) {
            chosen.put(field, Condition.field(record, field));
        }
        return chosen;
    }

    private void lost(long records) {
        if (records > 0) {
            spec().commandLine().getErr().println("Lost " + records + " records");
        }
    }

    /** Puts whole messages into a queue, each on request. */
    private record Frames(BlockingQueue<JsonObject> queue, StringBuilder parts) implements WebSocket.Listener {

        Frames(BlockingQueue<JsonObject> queue) {
            this(queue, new StringBuilder());
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            parts.append(part);
            if (last) {
                queue.add(new JsonObject(parts.toString()));
                parts.setLength(0);
            } else {
                socket.request(1);
            }
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            queue.add(new JsonObject().put("type", "closed"));
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            queue.add(new JsonObject().put("type", failure instanceof IOException ? "closed" : "error"));
        }
    }
}
