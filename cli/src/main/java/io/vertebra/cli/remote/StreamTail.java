package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vertebra stream tail}. */
@Command(
        name = "tail",
        description = {
            "Print a stream's records as they come, a line of JSON each, the latest ones first.",
            "",
            "Records that came too fast to be read are counted on standard error."
        },
        footer = {"", "Examples:", "  vertebra stream tail slow_requests", "  vertebra stream tail slow_requests -n 10"
        })
final class StreamTail extends RemoteCommand {

    private static final int RATE = 1_000;

    @Parameters(paramLabel = "STREAM", description = "The stream's name.")
    private String stream;

    @Option(names = "-n", paramLabel = "N", description = "Stop after N records; default: at Ctrl-C.")
    private long most = Long.MAX_VALUE;

    @Override
    void run(ApiClient client) throws CommandException {
        var frames = new LinkedBlockingQueue<JsonObject>();
        var socket = client.live(new Frames(frames));
        try {
            var subscribe = new JsonObject().put("type", "subscribe").put("id", 1);
            socket.sendText(subscribe.put("stream", stream).put("rate", RATE).encode(), true)
                    .join();
            long left = most;
            while (left > 0) {
                left -= follow(socket, frames.take(), left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            socket.abort();
        }
    }

    /** Prints a frame's records, and returns how many they were. */
    private int follow(WebSocket socket, JsonObject frame, long left) throws CommandException {
        switch (frame.getString("type", "")) {
            case "snapshot", "next" -> {
                var records = frame.getJsonArray("records", new JsonArray());
                records.stream().limit(left).forEach(record -> print(((JsonObject) record).encode() + "\n"));
                lost(frame.getLong("skipped", 0L));
                socket.request(1);
                return records.size();
            }
            case "lost" -> lost(frame.getLong("count", 0L));
            case "error" -> throw new CommandException(frame.getString("message", "the server refuses"));
            case "complete", "closed" -> throw new CommandException("the server has ended the stream");
            default -> {}
        }
        socket.request(1);
        return 0;
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
