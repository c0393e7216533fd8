package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.option.Output;
import io.vertebra.runtime.admission.SigningKey;
import io.vertebra.runtime.codelet.LoadException;
import io.vertebra.runtime.codelet.SetFiles;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vertebra set sign}. */
@Command(
        name = "sign",
        description = "Sign a codelet set: its descriptor and all objects, in a file FILE.sig beside it.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  vertebra keygen release",
            "  vertebra set sign latency.yaml --key release.key",
            "  vertebra set load latency.yaml                      sends the signature too"
        })
final class SignCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "The set's descriptor.")
    private Path file;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            required = true,
            description = "NAME.key of `vertebra keygen`; NAME.pub lies beside it.")
    private Path key;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        var open = Path.of(key.toString().replaceFirst("\\.key$", "") + ".pub");
        try {
            var pair = SigningKey.read(key, open);
            var manifest = SetFiles.read(file).manifest();
            var signature = file.resolveSibling(file.getFileName() + SetFiles.SIGNATURE_SUFFIX);
            Files.writeString(signature, pair.sign(manifest));
            tell(signature, pair.id(), manifest.digest());
            return 0;
        } catch (LoadException | IOException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    private void tell(Path signature, String id, String digest) {
        var out = spec.commandLine().getOut();
        var output = Output.of(spec);
        if (output.json()) {
            output.print(
                    out,
                    new JsonObject()
                            .put("signature", signature.toString())
                            .put("key", id)
                            .put("digest", digest));
        } else {
            out.println("set " + digest + " signed with key " + id + ": " + signature);
        }
    }
}
