package io.vertebra.cli.object;

import picocli.CommandLine.Command;

/** {@code vertebra prog}: what concerns a single program. */
@Command(
        name = "prog",
        description = "Look into a program.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ProgCommand.Dump.class)
public final class ProgCommand {

    /** {@code vertebra prog dump}. */
    @Command(
            name = "dump",
            description = "Show the code of a program.",
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "CODE",
            subcommands = DumpBytecodeCommand.class)
    static final class Dump {}
}
