package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.option.Output;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options that have a command print again and again: over itself on a terminal, one after the other elsewhere. */
final class Watch {

    private static final double SHORTEST = 0.1;
    private static final double LONGEST = 86_400;
    private static final String CLEAR = "\033[H\033[2J";

    @Option(names = "--watch", description = "Print it again and again, until Ctrl-C.")
    private boolean watch;

    @Option(
            names = "-d",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "With --watch: how often; default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "-n", paramLabel = "N", description = "With --watch: how many times.")
    private long most = Long.MAX_VALUE;

    /** What is printed. */
    interface Action {
        void run() throws CommandException;
    }

    /** Prints once, or until the end. */
    void each(CommandSpec command, Action action) throws CommandException {
        if (!(seconds >= SHORTEST && seconds <= LONGEST)) {
            throw new ParameterException(command.commandLine(), "-d " + seconds + ": allowed is 0.1 to 86400");
        }
        for (long i = 0; i < (watch ? most : 1); i++) {
            if (i > 0 && !pause()) {
                return;
            }
            if (watch && Output.of(command).terminal().out()) {
                command.commandLine().getOut().print(CLEAR);
            }
            action.run();
        }
    }

    private boolean pause() {
        try {
            Thread.sleep(Duration.ofMillis((long) (seconds * 1000)));
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
