package io.vertebra.cli.object;

import io.vertebra.cli.option.CommandException;
import io.vertebra.verifier.platform.JbpfPlatform;
import io.vertebra.verifier.platform.JbpfProgramType;
import io.vertebra.verifier.platform.JbpfTypes;
import io.vertebra.vm.program.Program;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where a program of jbpf's ABI will run: its section tells its type. Stateless. */
final class JbpfTarget {

    private JbpfTarget() {}

    /**
     * The target of a program.
     *
     * @param types what the application adds
     * @param type the program type, when it is not to be told by the section
     */
    static Target of(Program program, JbpfTypes types, Optional<String> type) throws CommandException {
        var chosen = type.isPresent() ? named(types, type.get()) : types.programOf(program.section());
        return new Target(new JbpfPlatform(chosen, types), Optional.empty());
    }

    private static JbpfProgramType named(JbpfTypes types, String name) throws CommandException {
        return types.allPrograms().stream()
                .filter(p -> p.section().equals(name))
                .findFirst()
                .orElseThrow(() -> new CommandException("--type " + name + " is unknown, known are "
                        + types.allPrograms().stream()
                                .map(JbpfProgramType::section)
                                .collect(Collectors.joining(", "))));
    }
}
