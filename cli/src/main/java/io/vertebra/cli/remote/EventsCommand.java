package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vertebra events}. */
@Command(
        name = "events",
        description = {
            "Show who changed what in a running Vertebra, the latest 1,000 changes, a line each.",
            "",
            "With --follow it goes on with what comes; changes that came too fast to be kept are counted on standard"
                    + " error."
        },
        footer = {
            "",
            "Examples:",
            "  vertebra events",
            "  vertebra events --follow",
            "  vertebra -j events --follow -n 1      wait for nothing but the first"
        })
public final class EventsCommand extends RemoteCommand {

    private static final String DATA = "data: ";

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what comes, until Ctrl-C.")
    private boolean follow;

    @Option(names = "-n", paramLabel = "N", description = "Stop after N changes.")
    private long most = Long.MAX_VALUE;

    /** Made by picocli. */
    EventsCommand() {}

    @Override
    protected void run(ApiClient client) throws CommandException {
        if (follow) {
            follow(client);
            return;
        }
        var events = client.list("events");
        var shown = new JsonArray(events.stream().limit(most).toList());
        if (output().json()) {
            output().print(out(), shown);
        } else {
            shown.forEach(event -> print(text((JsonObject) event)));
        }
    }

    private void follow(ApiClient client) throws CommandException {
        try (var lines = client.follow("events", "accept", "text/event-stream")) {
            var event = "";
            long left = most;
            for (var line = lines.readLine(); left > 0; line = lines.readLine()) {
                if (line == null) {
                    throw new CommandException(client.url() + " has ended the events: it was stopped");
                }
                if (line.startsWith("event: ")) {
                    event = line.substring("event: ".length());
                } else if (line.startsWith(DATA)) {
                    left -= show(event, new JsonObject(line.substring(DATA.length())));
                }
            }
        } catch (IOException e) {
            throw new CommandException(client.url() + " has ended the events: " + e.getMessage(), e);
        }
    }

    /** Prints a change, and returns how many it was. */
    private int show(String event, JsonObject data) {
        if (event.equals("lost")) {
            spec().commandLine().getErr().println("Lost " + data.getLong("count") + " events");
            return 0;
        }
        print(output().json() ? data.encode() + "\n" : text(data));
        return 1;
    }

    /** Time, actor, what happened to what; then what else is known, but no whole report. */
    private static String text(JsonObject event) {
        var more = event.stream()
                .filter(member ->
                        member.getValue() instanceof String || member.getKey().equals("keys"))
                .filter(member -> !member.getKey().matches("time|actor|event|object"))
                .map(member -> "  " + member.getKey() + " " + member.getValue())
                .collect(Collectors.joining());
        return event.getString("time") + "  " + event.getString("actor") + "  " + event.getString("event") + " "
                + event.getString("object") + more + "\n";
    }
}
