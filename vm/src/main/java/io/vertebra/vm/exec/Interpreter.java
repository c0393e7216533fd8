package io.vertebra.vm.exec;

import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.util.List;

/** Makes programs executable by interpretation, verified or not. Stateless. */
public final class Interpreter {

    private Interpreter() {}

    /**
     * Binds a program to its maps and helpers.
     *
     * @param maps live maps, in the order of {@link Program#maps}
     * @param maxSteps the most instructions that one run may execute, callbacks included
     * @throws ProgramFault when an instruction could never be executed: see {@link ProgramCheck}
     * @throws IllegalArgumentException when the maps are not those that the program names
     */
    public static Executable prepare(Program program, List<BpfMap> maps, Helpers helpers, long maxSteps) {
        return new InterpretedProgram(program, maps, helpers, ProgramCheck.check(program, helpers), maxSteps);
    }
}
