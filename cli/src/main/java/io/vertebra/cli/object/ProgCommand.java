package io.vertebra.cli.object;

import io.vertebra.cli.remote.ProgList;
import picocli.CommandLine.Command;

/** {@code vertebra prog}: what concerns programs. */
@Command(
        name = "prog",
        description = "Look into programs.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ProgList.class, ProgCommand.Dump.class},
        footer = {
            "",
            "Examples:",
            "  vertebra prog list",
            "  vertebra prog show name on_response",
            "  vertebra prog dump bytecode latency.bpf.o"
        })
public final class ProgCommand {

    /** {@code vertebra prog dump}. */
    @Command(
            name = "dump",
            description = "Show the code of a program.",
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "CODE",
            subcommands = DumpBytecodeCommand.class,
            footer = {"", "Examples:", "  vertebra prog dump bytecode latency.bpf.o"})
    static final class Dump {}
}
