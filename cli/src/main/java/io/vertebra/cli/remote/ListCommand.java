package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;

/** Lists a resource of the API: as it is in JSON, or a few lines for each element. */
abstract class ListCommand extends RemoteCommand {

    private final String resource;
    private final Function<JsonObject, String> text;

    /**
     * A list.
     *
     * @param resource its path
     * @param text an element's lines, each with its end
     */
    ListCommand(String resource, Function<JsonObject, String> text) {
        this.resource = resource;
        this.text = text;
    }

    @Override
    protected void run(ApiClient client) throws CommandException {
        var elements = chosen(client.list(path(resource)));
        if (output().json()) {
            output().print(out(), elements);
        } else {
            elements.forEach(element -> print(text.apply((JsonObject) element)));
        }
    }

    /** What is asked for: the resource, perhaps with parameters. */
    String path(String list) {
        return list;
    }

    /** Those that are wanted. */
    JsonArray chosen(JsonArray all) throws CommandException {
        return all;
    }
}
