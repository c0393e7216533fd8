package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.config.CodeletSetDescriptor.Codelet;
import io.vertebra.config.CodeletSetDescriptor.Execution;
import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.runtime.dispatch.Intervals;
import io.vertebra.runtime.hook.HookDescriptor;
import io.vertebra.runtime.report.Reports;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.object.Continuations;
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
            return attachable(file);
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

    /** All programs but those in which others continue: these run when they are called. */
    private static List<Program> attachable(ObjectFile file) throws LoadException {
        var targets = Continuations.targets(file);
        var found = file.programs().stream()
                .filter(p -> !targets.contains(p.name()))
                .toList();
        if (found.isEmpty()) {
            throw new LoadException(
                    Stage.OBJECT,
                    "object `" + file.name() + "`: program arrays hold each of its programs " + targets
                            + ", name the one to attach with `program`");
        }
        return found;
    }

    /** A program in which a codelet continues. */
    static PlannedCodelet continued(PlannedCodelet codelet, Program program) throws LoadException {
        return new PlannedCodelet(
                program.name(),
                codelet.object(),
                codelet.file(),
                fitted(program.name(), codelet.file(), program, codelet.hook()),
                codelet.hook(),
                codelet.execution(),
                codelet.executor(),
                codelet.priority(),
                codelet.linkedMaps(),
                codelet.runtimeThreshold());
    }

    private static PlannedCodelet planned(Codelet entry, ObjectFile file, Program program) throws LoadException {
        String name = entry.name().orElse(program.name());
        var hook = HookFinder.find(name, file.abi(), program.section(), entry.hook());
        return new PlannedCodelet(
                name,
                entry.object(),
                file,
                fitted(name, file, program, hook),
                hook,
                execution(name, hook, entry.execution()),
                entry.executor(),
                entry.priority(),
                entry.linkedMaps(),
                entry.runtimeThreshold());
    }

    /** The program as it fits the hook's context. */
    private static Program fitted(String codelet, ObjectFile file, Program program, HookDescriptor hook)
            throws LoadException {
        if (!RelocatedContext.uses(file, program, hook)) {
            ContextCheck.check(codelet, file.btf(), hook.context());
        }
        return relocated(codelet, file, program, hook);
    }

    private static Program relocated(String codelet, ObjectFile file, Program program, HookDescriptor hook)
            throws LoadException {
        if (!file.coreRelocations().containsKey(program.name())) {
            return program;
        }
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
        var usual = hook.control() || Reports.owns(hook) ? Execution.INLINE : Execution.QUEUED;
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
