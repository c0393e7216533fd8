package io.vertebra.cli.object;

import io.vertebra.cli.option.CommandException;
import io.vertebra.config.InputFile;
import io.vertebra.verifier.platform.JbpfTypes;
import io.vertebra.vm.core.CoreTarget;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.object.ObjectSection;
import io.vertebra.vm.program.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An object file that a command line names.
 *
 * @param file the object
 * @param sections of its file
 * @param types what its application adds to jbpf's ABI
 */
record ObjectInput(ObjectFile file, List<ObjectSection> sections, JbpfTypes types) {

    static ObjectInput read(Path path, JbpfTypes types) throws CommandException {
        byte[] bytes = bytes(path);
        try {
            var file = ObjectFile.read(bytes, path.getFileName().toString(), types.maps());
            return new ObjectInput(file, ObjectSection.list(bytes), types);
        } catch (ObjectFormatException e) {
            throw new CommandException("object " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(Path path) throws CommandException {
        try {
            return InputFile.read(path, ObjectFile.MAX_BYTES);
        } catch (IOException e) {
            throw new CommandException("object `" + path + "` cannot be read: " + e.getMessage(), e);
        }
    }

    /** The program of a name, or all; CO-RE relocations are checked and take the types of the object itself. */
    List<Program> programs(Optional<String> name) throws CommandException {
        if (file.programs().isEmpty()) {
            throw new CommandException("object `" + file.name() + "` has no program, at least one is needed");
        }
        var found = file.programs().stream()
                .filter(p -> name.isEmpty() || p.name().equals(name.get()))
                .toList();
        if (found.isEmpty()) {
            throw new CommandException("object `" + file.name() + "` has no program `" + name.get() + "`, it has "
                    + names(file.programs()));
        }
        return relocated(found);
    }

    private List<Program> relocated(List<Program> programs) throws CommandException {
        var itself = CoreTarget.itself(file.btf());
        try {
            return programs.stream().map(p -> file.relocated(p, itself)).toList();
        } catch (ObjectFormatException e) {
            throw new CommandException("object " + file.name() + ": " + e.getMessage(), e);
        }
    }

    /** The program of a name, or the only one. */
    Program program(Optional<String> name) throws CommandException {
        var found = programs(name);
        if (found.size() > 1) {
            throw new CommandException(
                    "object `" + file.name() + "` has " + found.size() + " programs, name one of " + names(found));
        }
        return found.getFirst();
    }

    private static String names(List<Program> programs) {
        return programs.stream().map(p -> "`" + p.name() + "`").collect(Collectors.joining(", "));
    }
}
