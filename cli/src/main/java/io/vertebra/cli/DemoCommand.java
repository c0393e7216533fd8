package io.vertebra.cli;

import io.vertebra.config.HttpSettings;
import io.vertebra.verticles.VertebraConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vertebra demo}. */
@Command(
        name = "demo",
        description = {
            "Watch and steer a real HTTP gateway with verified codelets.",
            "",
            "Prints a line a second, and at the end the delay histograms and the account of all events and records."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  vertebra demo                          see http://127.0.0.1:7700/",
            "  vertebra demo --seconds 20             exits 0 when the account balances",
            "  vertebra demo --kafka 127.0.0.1:9092   to topic vertebra.slow_requests"
        })
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "Stop after N seconds, at least 2; default: at Ctrl-C.")
    private Integer seconds;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "" + HttpSettings.DEFAULT_PORT,
            description = "Port of the live view and /metrics, 0 for any; default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "Send streams to this Kafka broker.")
    private String kafka;

    @Option(names = "--load", paramLabel = "FILE", description = "Load this codelet set too; may be repeated.")
    private List<Path> sets = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (seconds != null && seconds < 2) {
            throw new ParameterException(spec.commandLine(), "--seconds " + seconds + ": allowed is 2 or more");
        }
        var config = VertebraConfig.defaults().withPort(port);
        if (kafka != null) {
            config = config.withKafka(kafka);
        }
        var limit = seconds == null ? OptionalInt.empty() : OptionalInt.of(seconds);
        return new Demo(config, limit, sets, new DemoTerminal(spec.commandLine().getOut())).run() ? 0 : 1;
    }
}
