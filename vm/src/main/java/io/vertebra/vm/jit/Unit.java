package io.vertebra.vm.jit;

import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A program that is compiled, and what the parts of the compiler ask about it.
 *
 * @param home the class that code is written into
 * @param program what is compiled
 * @param plan what verification proved; empty when nothing was proved, then every pointer is dynamic
 * @param maps the live maps, in the program's order
 * @param helpers what calls lead to
 * @param bodies by slot, what is called there; null where no helper is called
 * @param direct how the context comes as parameters; empty where it lies in memory
 */
record Unit(
        Home home,
        Program program,
        Optional<AccessPlan> plan,
        List<BpfMap> maps,
        Helpers helpers,
        List<Helper.Body> bodies,
        Optional<DirectForm> direct) {

    /** This unit, to write code into a class. */
    Unit in(Home other) {
        return new Unit(other, program, plan, maps, helpers, bodies, direct);
    }

    /** This unit in the direct form. */
    Unit direct(DirectForm form) {
        return new Unit(home, program, plan, maps, helpers, bodies, Optional.of(form));
    }

    /** The objects that code refers to. */
    Constants constants() {
        return home.constants();
    }

    /** What code may use of the run. */
    RunUse run() {
        return direct.map(DirectForm::run).orElse(RunUse.FULL);
    }

    /** The parameters of the function that starts at a slot. */
    Signature function(int start) {
        return direct.isPresent() && start == 0 ? Signature.entry(direct.get()) : Signature.function(direct);
    }

    String functionName(int start) {
        return (direct.isPresent() ? "direct" : "function") + start;
    }

    String chunkName(int start, int from) {
        return functionName(start) + "from" + from;
    }

    /** Where in the context an access begins, if it always begins at one place. */
    Optional<Integer> contextOffset(int slot) {
        return plan.map(p -> p.offsets().get(slot));
    }

    /** The regions that an access may lead to, in an order that is always the same; none when nothing is known. */
    List<AccessPlan.Region> regions(int slot) {
        return plan.map(p -> p.accesses().getOrDefault(slot, Set.of())).orElse(Set.of()).stream()
                .sorted(Comparator.comparing(AccessPlan.Region::toString))
                .toList();
    }

    /** What a run gets that goes on after the last instruction. */
    ProgramFault pastTheEnd() {
        int last = program.instructions().size() - 1;
        return new ProgramFault(last, "insn " + last + ": execution runs past the end, an exit is missing");
    }
}
