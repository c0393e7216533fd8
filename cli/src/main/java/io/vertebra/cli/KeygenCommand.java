package io.vertebra.cli;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.option.Output;
import io.vertebra.runtime.admission.SigningKey;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vertebra keygen}. */
@Command(
        name = "keygen",
        description = {
            "Make a pair of Ed25519 keys for signing codelet sets: NAME.key, which only you can read, and NAME.pub.",
            "",
            "A server that has NAME.pub among admission.trusted_keys takes what NAME.key has signed."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  vertebra keygen release", "  vertebra set sign latency.yaml --key release.key"})
final class KeygenCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "Path and name of the files, without .key and .pub.")
    private Path name;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        var secret = Path.of(name + ".key");
        var open = Path.of(name + ".pub");
        try {
            var id = SigningKey.generate(secret, open).id();
            var out = spec.commandLine().getOut();
            if (Output.of(spec).json()) {
                Output.of(spec)
                        .print(
                                out,
                                new JsonObject()
                                        .put("id", id)
                                        .put("private", secret.toString())
                                        .put("public", open.toString()));
            } else {
                out.println("key " + id + ": " + secret + " signs, " + open + " is for servers");
            }
            return 0;
        } catch (IOException e) {
            throw new CommandException("keys cannot be written: " + e.getMessage(), e);
        }
    }
}
