package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code vertebra prog list}, also called {@code show}. */
@Command(
        name = "list",
        aliases = "show",
        description = {
            "List the programs of a running Vertebra.",
            "",
            "run_time_ns is what all runs took, from one in 1,024 that is timed; absent before the first is."
        },
        footer = {
            "",
            "Examples:",
            "  vertebra prog list",
            "  vertebra prog show id 3",
            "  vertebra -j prog show name on_response"
        })
public final class ProgList extends ListCommand {

    /** As bpftool writes it, in local time. */
    private static final DateTimeFormatter LOADED_AT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxx").withZone(ZoneId.systemDefault());

    @Parameters(arity = "0..*", paramLabel = "id N | name NAME | tag TAG", description = "Only these.")
    private List<String> reference = List.of();

    /** Made by picocli. */
    ProgList() {
        super("programs", ProgList::text);
    }

    @Override
    JsonArray chosen(JsonArray all) throws CommandException {
        var shaped = new JsonArray();
        Reference.of(spec(), reference, "id", "name", "tag")
                .choose("prog", all)
                .forEach(program -> shaped.add(shaped((JsonObject) program)));
        return shaped;
    }

    /** Without statistics that are 0, as bpftool has it. */
    private static JsonObject shaped(JsonObject program) {
        for (var statistic : List.of("run_time_ns", "run_cnt", "errors")) {
            if (program.getLong(statistic, 0L) == 0) {
                program.remove(statistic);
            }
        }
        return program;
    }

    private static String text(JsonObject program) {
        var text = new StringBuilder()
                .append(program.getInteger("id"))
                .append(": ")
                .append(program.getString("type"))
                .append("  name ")
                .append(program.getString("name"))
                .append("  tag ")
                .append(program.getString("tag"));
        var gap = " ";
        for (var statistic : List.of("run_time_ns", "run_cnt", "errors")) {
            if (program.containsKey(statistic)) {
                text.append(gap).append(' ').append(statistic).append(' ').append(program.getLong(statistic));
                gap = "";
            }
        }
        text.append("\n        loaded_at ")
                .append(LOADED_AT.format(Instant.ofEpochSecond(program.getLong("loaded_at"))))
                .append("  codelet_set ")
                .append(program.getString("codelet_set"))
                .append("  hook ")
                .append(program.getString("hook"))
                .append("  ")
                .append(program.getString("execution"))
                .append("\n        xlated ")
                .append(program.getInteger("bytes_xlated"))
                .append(program.getBoolean("jited") ? "B  jited" : "B  not jited");
        var maps = program.getJsonArray("map_ids").stream().map(String::valueOf).collect(Collectors.joining(","));
        return text.append(maps.isEmpty() ? "\n" : "  map_ids " + maps + "\n").toString();
    }
}
