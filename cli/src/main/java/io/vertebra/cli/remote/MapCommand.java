package io.vertebra.cli.remote;

import picocli.CommandLine.Command;

/** {@code vertebra map}. */
@Command(
        name = "map",
        description = "Look at and change the maps of a running Vertebra.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {MapList.class, MapDump.class, MapUpdate.class, MapPush.class},
        footer = {
            "",
            "A MAP is `path SET/MAP`, `path SET/CODELET/MAP`, `id N`, or `name NAME` where only one has it.",
            "",
            "Examples:",
            "  vertebra map list",
            "  vertebra map dump name delay_us                          typed by BTF",
            "  vertebra map update name limits key 0 value '{\"most\": 10}'",
            "  vertebra map update id 4 key hex 00 00 00 00 value hex 0a 00 00 00 exist",
            "  vertebra map push name thresholds value '{\"most\": 10}'"
        })
public final class MapCommand {
    private MapCommand() {}
}
