package io.vertebra.cli;

import io.vertebra.cli.option.CommandException;
import io.vertebra.config.ConfigException;
import io.vertebra.runtime.codelet.LoadException;
import io.vertebra.runtime.codelet.Verdict;
import io.vertebra.verticles.StartException;
import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;

/** How a failure is told to whoever typed the command. */
final class Errors {
    private Errors() {}

    /** One sentence for what a user can mend; anything else is a defect of ours and keeps its type's name. */
    static CommandException told(Throwable failure) {
        return switch (failure) {
            case CommandException e -> e;
            case LoadException e ->
                new CommandException(
                        e.getMessage(),
                        e.verdicts().stream().map(Verdict::text).collect(Collectors.joining("\n")),
                        new JsonObject());
            case StartException e -> new CommandException(e.getMessage());
            case ConfigException e -> new CommandException(e.getMessage());
            case IllegalArgumentException e -> new CommandException(e.getMessage());
            default -> new CommandException(failure.toString());
        };
    }
}
