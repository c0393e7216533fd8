package io.vertebra.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code vertebra version}. */
@Command(
        name = "version",
        description = "Print the version of Vertebra and of the JVM.",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  vertebra version"})
final class VersionCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().getOut().println(Version.text());
    }
}
