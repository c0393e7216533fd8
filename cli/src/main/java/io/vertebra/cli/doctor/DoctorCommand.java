package io.vertebra.cli.doctor;

import io.vertebra.cli.doctor.Finding.Verdict;
import io.vertebra.cli.option.Output;
import io.vertebra.config.ConfigException;
import io.vertebra.config.KafkaSettings;
import io.vertebra.config.ServerSettings;
import io.vertebra.config.ServerSettingsReader;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vertebra doctor}. */
@Command(
        name = "doctor",
        description = {
            "Check whether this machine and the settings are fit for `vertebra start`.",
            "",
            "A line for each check: OK, WARN (works, but not for everything), or FAIL (will not), with what to do."
                    + " Exits with 1",
            "when one fails. Nothing is changed."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  vertebra doctor",
            "  vertebra doctor --config vertebra.yaml",
            "  vertebra doctor --kafka 127.0.0.1:9092",
            "  vertebra -j doctor"
        })
public final class DoctorCommand implements Callable<Integer> {

    @Option(names = "--config", paramLabel = "FILE", description = "The settings that a start would have.")
    private Path config;

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "Check these brokers too.")
    private String kafka;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var findings = findings();
        long failed = findings.stream().filter(f -> f.verdict() == Verdict.FAIL).count();
        var output = Output.of(spec);
        var out = spec.commandLine().getOut();
        if (output.json()) {
            var checks = new JsonArray(findings.stream().map(Finding::json).toList());
            output.print(out, new JsonObject().put("checks", checks).put("failed", failed));
        } else {
            findings.forEach(finding -> out.print(Output.printable(finding.text())));
            out.println(failed == 0 ? "fit" : failed + " of " + findings.size() + " checks failed");
        }
        return failed == 0 ? 0 : 1;
    }

    private List<Finding> findings() {
        var findings = new ArrayList<Finding>();
        findings.add(MachineChecks.java());
        var settings = settings(findings);
        findings.add(MachineChecks.memory(settings.runtime()));
        findings.add(MachineChecks.processors(settings.runtime()));
        findings.add(MachineChecks.clock());
        findings.add(MachineChecks.clang());
        findings.add(ServerChecks.port(settings.http()));
        findings.add(ServerChecks.runFile(settings.http()));
        findings.add(ServerChecks.uploads());
        findings.addAll(ServerChecks.sets(settings));
        Optional.ofNullable(kafka)
                .map(KafkaSettings::of)
                .or(settings::kafka)
                .map(ServerChecks::kafka)
                .ifPresent(findings::add);
        return findings;
    }

    /** The settings; where they break rules, a finding for each problem, and the defaults for the other checks. */
    private ServerSettings settings(List<Finding> findings) {
        try {
            var loaded =
                    ServerSettingsReader.read(Optional.ofNullable(config), System.getProperties(), System.getenv());
            findings.add(Finding.ok(
                    "config",
                    (config == null ? "no file" : config.toString()) + ", "
                            + loaded.sources().size() + " values given"));
            return loaded.settings();
        } catch (ConfigException e) {
            e.problems()
                    .forEach(problem ->
                            findings.add(Finding.fail("config", problem, "see `vertebra start --reference`")));
            return ServerSettings.defaults();
        }
    }
}
