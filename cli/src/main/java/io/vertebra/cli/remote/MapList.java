package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code vertebra map list}, also called {@code show}. */
@Command(
        name = "list",
        aliases = "show",
        description = "List the maps.",
        footer = {"", "Examples:", "  vertebra map list", "  vertebra -j map show name delay_us"})
final class MapList extends ListCommand {

    @Parameters(arity = "0..*", paramLabel = "id N | name NAME | path PATH", description = "Only these.")
    private List<String> reference = List.of();

    MapList() {
        super("maps", MapList::text);
    }

    @Override
    JsonArray chosen(JsonArray all) throws CommandException {
        return Reference.of(spec(), reference, "id", "name", "path").choose("map", all);
    }

    private static String text(JsonObject map) {
        return map.getInteger("id") + ": " + map.getString("type") + "  name " + map.getString("name") + "  flags 0x"
                + Integer.toHexString(map.getInteger("flags")) + "\n        key " + map.getInteger("bytes_key")
                + "B  value " + map.getInteger("bytes_value") + "B  max_entries " + map.getInteger("max_entries")
                + "  memlock " + map.getLong("bytes_memlock") + "B\n        path " + map.getString("path") + "\n";
    }
}
