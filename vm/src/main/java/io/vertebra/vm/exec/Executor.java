package io.vertebra.vm.exec;

import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.util.List;

/** One of the ways to execute programs, {@code Interpreter::prepare} for example. Thread-safe. */
@FunctionalInterface
public interface Executor {

    /**
     * Binds a program to its maps and helpers.
     *
     * @param maps live maps, in the order of {@link Program#maps}
     * @param maxSteps the most instructions that one run may execute, callbacks included
     * @throws ProgramFault when an instruction could never be executed
     * @throws IllegalArgumentException when the maps are not those that the program names
     */
    Executable prepare(Program program, List<BpfMap> maps, Helpers helpers, long maxSteps);
}
