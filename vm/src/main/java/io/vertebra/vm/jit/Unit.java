package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is compiled together into one class, and what the parts of the compiler ask about it.
 *
 * @param owner the generated class
 * @param program what is compiled
 * @param plan what verification proved; empty when nothing was proved, then every pointer is dynamic
 * @param maps the live maps, in the program's order
 * @param helpers what calls lead to
 * @param bodies by slot, what is called there; null where no helper is called
 * @param constants the objects that the code refers to
 */
record Unit(
        ClassDesc owner,
        Program program,
        Optional<AccessPlan> plan,
        List<BpfMap> maps,
        Helpers helpers,
        List<Helper.Body> bodies,
        Constants constants) {

    /** A function: the run and r1 to r5 give r0. */
    static final MethodTypeDesc FUNCTION =
            MethodTypeDesc.of(CD_long, Descriptors.of(RunContext.class), CD_long, CD_long, CD_long, CD_long, CD_long);

    /** A chunk: the run and the slot to begin at give the slot to go on at. */
    static final MethodTypeDesc CHUNK = MethodTypeDesc.of(CD_int, Descriptors.of(RunContext.class), CD_int);

    /** This unit with other constants, to write code that is thrown away. */
    Unit trial() {
        return new Unit(owner, program, plan, maps, helpers, bodies, new Constants(owner));
    }

    static String functionName(int start) {
        return "function" + start;
    }

    static String chunkName(int start, int from) {
        return "function" + start + "from" + from;
    }

    /** The one region that an access leads to; null when there are several or it is not known. */
    AccessPlan.Region region(int slot) {
        var regions = plan.map(p -> p.accesses().getOrDefault(slot, Set.of())).orElse(Set.of());
        return regions.size() == 1 ? regions.iterator().next() : null;
    }

    /** What a run gets that goes on after the last instruction. */
    ProgramFault pastTheEnd() {
        int last = program.instructions().size() - 1;
        return new ProgramFault(last, "insn " + last + ": execution runs past the end, an exit is missing");
    }
}
