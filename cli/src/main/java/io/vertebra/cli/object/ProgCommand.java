package io.vertebra.cli.object;

import io.vertebra.cli.remote.ProgList;
import picocli.CommandLine.Command;

/** {@code vertebra prog}: what concerns programs. */
@Command(
        name = "prog",
        description = "Look into programs.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ProgList.class, ProgCommand.Dump.class})
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
