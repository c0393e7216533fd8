package io.vertebra.cli;

import io.vertebra.cli.option.CommandException;
import io.vertebra.config.ConfigException;
import io.vertebra.runtime.codelet.LoadException;
import io.vertebra.verticles.StartException;

/** How a failure is told to whoever typed the command. */
final class Errors {
    private Errors() {}

    /** One sentence for what a user can mend; anything else is a defect of ours and keeps its type's name. */
    static String sentence(Throwable failure) {
        return switch (failure) {
            case CommandException e -> e.getMessage();
            case LoadException e -> e.getMessage();
            case StartException e -> e.getMessage();
            case ConfigException e -> e.getMessage();
            case IllegalArgumentException e -> e.getMessage();
            default -> failure.toString();
        };
    }
}
