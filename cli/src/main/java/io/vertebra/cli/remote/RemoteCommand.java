package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.option.Output;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the commands against a running Vertebra have in common. */
public abstract class RemoteCommand implements Callable<Integer> {

    @Mixin
    private RemoteOptions remote;

    @SuppressWarnings("UnusedVariable") // picocli asks for it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    @Override
    public final Integer call() throws CommandException {
        try (var client = remote.client()) {
            run(client);
        }
        return 0;
    }

    /** Does it. */
    protected abstract void run(ApiClient client) throws CommandException;

    /** The command as picocli knows it. */
    protected final CommandSpec spec() {
        return spec;
    }

    /** How it prints. */
    protected final Output output() {
        return Output.of(spec);
    }

    /** Standard output. */
    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Prints lines of text that came from elsewhere. */
    protected final void print(String text) {
        out().print(Output.printable(text));
        out().flush();
    }
}
