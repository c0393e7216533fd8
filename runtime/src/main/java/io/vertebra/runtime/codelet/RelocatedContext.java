package io.vertebra.runtime.codelet;

import io.vertebra.runtime.dispatch.Intervals;
import io.vertebra.runtime.hook.HookDescriptor;
import io.vertebra.runtime.hook.HookRegistry;
import io.vertebra.vm.btf.BtfExtension.CoreRelocation;
import io.vertebra.vm.core.CoreTarget;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextTypes;
import io.vertebra.vm.program.Program;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Codelets that were compiled against another version of their hook and whose accesses are recomputed for this one. An
 * access that is not recomputed has the offset of the other version, so that it may read one field as another.
 */
final class RelocatedContext {

    private static final int CALLER_SAVED = 5;
    private static final String FLAVOR = "___";

    private RelocatedContext() {}

    /** What programs are relocated to: the contexts of all hooks of this process. */
    static CoreTarget target(HookDescriptor hook) {
        var contexts = new LinkedHashSet<ContextLayout>();
        contexts.add(hook.context());
        contexts.add(Intervals.CONTEXT);
        HookRegistry.hooks().forEach(other -> contexts.add(other.context()));
        return CoreTarget.of("hook `" + hook.name() + "`", ContextTypes.of(contexts));
    }

    /** Whether a program has accesses to the hook's struct that are relocated. */
    static boolean uses(ObjectFile file, Program program, HookDescriptor hook) {
        var struct = hook.context().name();
        return relocations(file, program).values().stream()
                .map(r -> file.btf().type(r.type()).name())
                .anyMatch(name -> name.equals(struct) || name.startsWith(struct + FLAVOR));
    }

    /**
     * Sees to it that a program which also reads the context at fixed offsets was compiled against this version.
     *
     * @param plan where the relocated program accesses its context
     */
    static void check(PlannedCodelet codelet, AccessPlan plan) throws LoadException {
        var relocated = relocations(codelet.file(), codelet.program()).keySet();
        var context = new AccessPlan.Context();
        for (var access : plan.accesses().entrySet()) {
            if (access.getValue().contains(context)
                    && !relocated.contains(access.getKey())
                    && !isDerived(codelet.program(), access.getKey(), relocated)) {
                ContextCheck.check(
                        codelet.name(), codelet.file().btf(), codelet.hook().context());
                return;
            }
        }
    }

    private static NavigableMap<Integer, CoreRelocation> relocations(ObjectFile file, Program program) {
        return file.coreRelocations().getOrDefault(program.name(), new TreeMap<>());
    }

    /** Whether the base of a load was computed from a relocated offset, in the instructions before it. */
    private static boolean isDerived(Program program, int slot, Set<Integer> relocated) {
        var sources = new HashSet<Integer>();
        sources.add(base(program.instructions().get(slot)));
        for (int at = slot - 1; at >= program.functionAt(slot).start() && !sources.isEmpty(); at--) {
            switch (program.instructions().get(at)) {
                case Instruction.Alu i
                when sources.contains(i.dst()) -> {
                    if (relocated.contains(at)) {
                        return true;
                    }
                    if (i.op() == AluOp.MOV) {
                        sources.remove(i.dst());
                    }
                    if (i.src() instanceof Register source) {
                        sources.add(source.number());
                    }
                }
                case Instruction.Load i -> sources.remove(i.dst());
                case Instruction.LoadImmediate i -> sources.remove(i.dst());
                case Instruction.LoadMap i -> sources.remove(i.dst());
                case Instruction.LoadMapValue i -> sources.remove(i.dst());
                case Instruction.Call _, Instruction.CallLocal _ ->
                    sources.removeIf(register -> register <= CALLER_SAVED);
                default -> {}
            }
        }
        return false;
    }

    private static int base(Instruction access) {
        return switch (access) {
            case Instruction.Load i -> i.base();
            case Instruction.Store i -> i.base();
            case Instruction.Atomic i -> i.base();
            default -> -1;
        };
    }
}
