package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor.Execution;
import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.InitialEntries;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.object.Continuations;
import io.vertebra.vm.program.AccessPlan;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The programs that a set's codelets may continue in from their first event on: what the program arrays of their objects
 * hold initially. They are verified for the hook of the codelet, but not attached.
 */
final class TailPrograms {

    /** By object and program name. */
    private final Map<Path, Map<String, PlannedCodelet>> targets = new LinkedHashMap<>();

    private final IdentityHashMap<PlannedCodelet, Continuations> continuations = new IdentityHashMap<>();

    private TailPrograms() {}

    /** Follows the tail calls of all codelets. */
    static TailPrograms of(List<PlannedCodelet> plan) throws LoadException {
        var tails = new TailPrograms();
        for (var codelet : plan) {
            tails.follow(codelet);
        }
        return tails;
    }

    /** The programs, as codelets that nobody attaches. */
    List<PlannedCodelet> all() {
        return targets.values().stream().flatMap(t -> t.values().stream()).toList();
    }

    /** The helpers that a codelet calls, itself or where it continues. */
    Set<Integer> helpers(PlannedCodelet codelet, AccessPlan own, IdentityHashMap<PlannedCodelet, AccessPlan> proofs) {
        var helpers = new HashSet<>(own.helpers());
        for (var program : continuations.get(codelet).programs()) {
            helpers.addAll(proofs.get(targets.get(codelet.object()).get(program.name()))
                    .helpers());
        }
        return helpers;
    }

    /** Fills the program arrays. */
    void put(SetMaps maps, IdentityHashMap<PlannedCodelet, Executable> executables) throws LoadException {
        for (var codelet : continuations.keySet()) {
            Map<String, Executable> byName = new HashMap<>();
            targets.getOrDefault(codelet.object(), Map.of())
                    .forEach((name, target) -> byName.put(name, executables.get(target)));
            try {
                InitialEntries.putPrograms(continuations.get(codelet).slots(), maps.of(codelet.object()), byName);
            } catch (IllegalArgumentException e) {
                throw new LoadException(
                        Stage.RESOURCES, "object `" + codelet.file().name() + "`: " + e.getMessage(), e);
            }
        }
    }

    private void follow(PlannedCodelet codelet) throws LoadException {
        Continuations found;
        try {
            found = Continuations.of(codelet.file(), codelet.program());
        } catch (ObjectFormatException e) {
            throw new LoadException(Stage.OBJECT, "object " + e.getMessage(), e);
        }
        continuations.put(codelet, found);
        for (var program : found.programs()) {
            if (!program.section().equals(codelet.program().section())) {
                throw apart(codelet, program.name(), program.section());
            }
            var known = targets.computeIfAbsent(codelet.object(), _ -> new LinkedHashMap<>());
            var before = known.get(program.name());
            if (before != null && !before.hook().equals(codelet.hook())) {
                throw apart(codelet, program.name(), before.hook().section());
            }
            // the step limit of inline runs is the smaller one, so what fits there fits everywhere
            if (before == null || codelet.execution() == Execution.INLINE) {
                known.put(program.name(), SetPlanner.continued(codelet, program));
            }
        }
    }

    private static LoadException apart(PlannedCodelet codelet, String program, String section) {
        return new LoadException(
                Stage.HOOK,
                "codelet `" + codelet.name() + "`: continues in program `" + program + "` of `" + section
                        + "`, allowed are programs of its own hook `"
                        + codelet.hook().name() + "`");
    }
}
