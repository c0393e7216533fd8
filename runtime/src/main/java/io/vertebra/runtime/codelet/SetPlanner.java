package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.config.CodeletSetDescriptor.Codelet;
import io.vertebra.config.CodeletSetDescriptor.Execution;
import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.runtime.dispatch.Intervals;
import io.vertebra.runtime.hook.HookDescriptor;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.program.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decides what a descriptor means for the objects at hand and the hooks of this process. Changes nothing. */
final class SetPlanner {

    private SetPlanner() {}

    static List<PlannedCodelet> plan(CodeletSetDescriptor descriptor, Map<Path, ObjectFile> objects)
            throws LoadException {
        List<PlannedCodelet> plan = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (var entry : descriptor.codelets()) {
            var file = objects.get(entry.object());
            supported(file);
            for (var program : programs(entry, file)) {
                var codelet = planned(entry, file, program);
                if (!names.add(codelet.name())) {
                    throw new LoadException(
                            Stage.DESCRIPTOR,
                            "codelet `" + codelet.name() + "`: the name occurs twice in the set, give one a `name`");
                }
                plan.add(codelet);
            }
        }
        return plan;
    }

    private static List<Program> programs(Codelet entry, ObjectFile file) throws LoadException {
        if (file.programs().isEmpty()) {
            throw new LoadException(Stage.OBJECT, "object `" + file.name() + "`: no program, at least one is needed");
        }
        if (entry.program().isEmpty()) {
            return file.programs();
        }
        String wanted = entry.program().get();
        var found =
                file.programs().stream().filter(p -> p.name().equals(wanted)).toList();
        if (found.isEmpty()) {
            throw new LoadException(
                    Stage.OBJECT,
                    "object `" + file.name() + "`: no program `" + wanted + "`, it has "
                            + file.programs().stream().map(Program::name).toList());
        }
        return found;
    }

    private static void supported(ObjectFile file) throws LoadException {
        if (file.abi() == ObjectFile.Abi.JBPF) {
            throw new LoadException(
                    Stage.OBJECT,
                    "object `" + file.name() + "`: it is of jbpf's ABI, whose codelets are not loaded by this version;"
                            + " `vertebra verify` and `vertebra run` take it");
        }
        if (!file.slots().isEmpty()) {
            throw new LoadException(
                    Stage.OBJECT,
                    "object `" + file.name() + "`: map `"
                            + file.slots().getFirst().map()
                            + "` has initial entries, which are not supported by this version");
        }
    }

    private static PlannedCodelet planned(Codelet entry, ObjectFile file, Program program) throws LoadException {
        String name = entry.name().orElse(program.name());
        var hook = HookFinder.find(name, program.section(), entry.hook());
        if (!RelocatedContext.uses(file, program, hook)) {
            ContextCheck.check(name, file.btf(), hook.context());
        }
        return new PlannedCodelet(
                name,
                entry.object(),
                file,
                relocated(name, file, program, hook),
                hook,
                execution(name, hook, entry.execution()),
                entry.priority());
    }

    private static Program relocated(String codelet, ObjectFile file, Program program, HookDescriptor hook)
            throws LoadException {
        try {
            return file.relocated(program, RelocatedContext.target(hook));
        } catch (ObjectFormatException e) {
            throw new LoadException(
                    Stage.CONTEXT, "codelet `" + codelet + "`: object `" + file.name() + "`: " + e.getMessage(), e);
        }
    }

    private static Execution execution(String codelet, HookDescriptor hook, Optional<Execution> wanted)
            throws LoadException {
        boolean interval = hook.name().startsWith(Intervals.PREFIX);
        var usual = hook.control() ? Execution.INLINE : Execution.QUEUED;
        if (wanted.isPresent() && wanted.get() != usual && (hook.control() || interval)) {
            throw new LoadException(
                    Stage.HOOK,
                    "codelet `" + codelet + "`: hook `" + hook.name() + "` cannot run "
                            + wanted.get().name().toLowerCase(Locale.ROOT) + ", "
                            + (hook.control() ? "a control hook runs inline" : "an interval is queued"));
        }
        return wanted.orElse(usual);
    }
}
