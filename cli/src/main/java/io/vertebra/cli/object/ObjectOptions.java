package io.vertebra.cli.object;

import io.vertebra.cli.option.CommandException;
import io.vertebra.verifier.platform.JbpfTypes;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What all commands about object files are given: the file, and what it takes to read it. */
final class ObjectOptions {

    @Parameters(index = "0", paramLabel = "OBJ", description = "Object file that a compiler wrote.")
    private Path object;

    @Option(
            names = "--hooks",
            paramLabel = "FILE",
            description = "What the application adds to jbpf's ABI: program types, helpers and map types (YAML).")
    private Optional<Path> hooks = Optional.empty();

    /** The file, read. */
    ObjectInput read() throws CommandException {
        return ObjectInput.read(object, hooks.isPresent() ? JbpfHooksFile.read(hooks.get()) : JbpfTypes.NONE);
    }
}
