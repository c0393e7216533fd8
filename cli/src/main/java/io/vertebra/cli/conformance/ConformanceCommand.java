package io.vertebra.cli.conformance;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.option.ExecutorOption;
import io.vertebra.cli.option.Output;
import io.vertebra.vm.conformance.Outcome;
import io.vertebra.vm.conformance.Outcome.Failed;
import io.vertebra.vm.conformance.Outcome.Passed;
import io.vertebra.vm.conformance.Outcome.Skipped;
import io.vertebra.vm.conformance.SuiteCase;
import io.vertebra.vm.conformance.SuiteRunner;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vertebra conformance}. */
@Command(
        name = "conformance",
        description = {
            "Run the tests of a conformance suite.",
            "",
            "Runs every .data file of a folder and below it, as bpf_conformance and uBPF have them. The last line says"
                    + " how many passed and failed; exits 1 when one failed."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  vertebra conformance bpf_conformance/tests",
            "  vertebra conformance bpf_conformance/tests | tail -n 1",
        })
public final class ConformanceCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "Folder of .data files.")
    private Path folder;

    @Mixin
    private ExecutorOption executor;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        var runner = new SuiteRunner(executor.executor());
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (var file : files()) {
            outcomes.put(folder.relativize(file).toString(), run(runner, file));
        }
        var output = Output.of(spec);
        var out = spec.commandLine().getOut();
        if (output.json()) {
            output.print(out, json(outcomes));
        } else {
            print(out, outcomes);
        }
        return count(outcomes, Failed.class) == 0 ? 0 : 1;
    }

    private List<Path> files() throws CommandException {
        if (!Files.isDirectory(folder)) {
            throw new CommandException("folder `" + folder + "` does not exist");
        }
        try {
            var files = SuiteCase.files(folder);
            if (files.isEmpty()) {
                throw new CommandException("folder `" + folder + "` has no .data file, at least one is needed");
            }
            return files;
        } catch (IOException e) {
            throw new CommandException("folder `" + folder + "` cannot be read: " + e.getMessage(), e);
        }
    }

    private static Outcome run(SuiteRunner runner, Path file) {
        try {
            return runner.run(SuiteCase.read(file));
        } catch (IOException e) {
            return new Failed("the file cannot be read: " + e);
        }
    }

    private static void print(PrintWriter out, Map<String, Outcome> outcomes) {
        outcomes.forEach((name, outcome) -> out.println(
                switch (outcome) {
                    case Passed _ -> "PASS " + name;
                    case Failed(String reason) -> Output.printable("FAIL " + name + ": " + reason);
                    case Skipped(String reason) -> "SKIP " + name + ": " + reason;
                }));
        long skipped = count(outcomes, Skipped.class);
        out.println(count(outcomes, Passed.class) + " passed, " + count(outcomes, Failed.class) + " failed"
                + (skipped == 0 ? "" : ", " + skipped + " skipped"));
    }

    private static JsonObject json(Map<String, Outcome> outcomes) {
        var tests = new JsonArray();
        outcomes.forEach((name, outcome) -> {
            var json = new JsonObject().put("name", name);
            tests.add(
                    switch (outcome) {
                        case Passed _ -> json.put("verdict", "pass");
                        case Failed(String reason) ->
                            json.put("verdict", "fail").put("reason", reason);
                        case Skipped(String reason) ->
                            json.put("verdict", "skip").put("reason", reason);
                    });
        });
        return new JsonObject()
                .put("tests", tests)
                .put("passed", count(outcomes, Passed.class))
                .put("failed", count(outcomes, Failed.class))
                .put("skipped", count(outcomes, Skipped.class));
    }

    private static long count(Map<String, Outcome> outcomes, Class<? extends Outcome> kind) {
        return outcomes.values().stream().filter(kind::isInstance).count();
    }
}
