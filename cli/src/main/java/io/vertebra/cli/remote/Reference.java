package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Which object of a kind somebody means, in bpftool's words: {@code id N}, {@code name NAME}, ...
 *
 * @param keyword the member that is compared; empty for all objects
 */
record Reference(String keyword, String value) {

    /**
     * Reads all words of a reference.
     *
     * @throws ParameterException when they are none
     */
    static Reference of(CommandSpec command, List<String> words, String... keywords) {
        if (words.isEmpty()) {
            return new Reference("", "");
        }
        if (words.size() != 2 || !List.of(keywords).contains(words.getFirst())) {
            throw new ParameterException(
                    command.commandLine(),
                    "`" + String.join(" ", words) + "` names nothing: allowed are " + String.join(" X, ", keywords)
                            + " X");
        }
        return new Reference(words.getFirst(), words.get(1));
    }

    /**
     * The objects that are meant.
     *
     * @param kind the word for them in messages
     * @throws CommandException when there is none
     */
    JsonArray choose(String kind, JsonArray objects) throws CommandException {
        if (keyword.isEmpty()) {
            return objects;
        }
        var chosen = new JsonArray();
        objects.stream()
                .map(JsonObject.class::cast)
                .filter(object -> value.equals(String.valueOf(object.getValue(keyword))))
                .forEach(chosen::add);
        if (chosen.isEmpty()) {
            throw new CommandException("no " + kind + " has " + keyword + " `" + value + "`");
        }
        return chosen;
    }
}
