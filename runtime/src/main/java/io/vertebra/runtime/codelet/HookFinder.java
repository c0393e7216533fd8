package io.vertebra.runtime.codelet;

import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.runtime.dispatch.Intervals;
import io.vertebra.runtime.hook.HookDescriptor;
import io.vertebra.runtime.hook.HookRegistry;
import io.vertebra.verifier.platform.NativeSection;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.program.ContextLayout.Field;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the hook that a program's section, or a descriptor, names. */
final class HookFinder {

    private static final int SUGGESTIONS = 3;
    private static final List<String> JBPF_CONTEXT = List.of("data", "data_end", "meta_data");

    private HookFinder() {}

    /**
     * The hook of a program.
     *
     * @param codelet for messages
     * @param abi the object's; a section of jbpf's tells the program's type and no hook
     * @param section the program's ELF section
     * @param override {@code group/name} from the descriptor
     */
    static HookDescriptor find(String codelet, ObjectFile.Abi abi, String section, Optional<String> override)
            throws LoadException {
        return switch (abi) {
            case NATIVE -> find(codelet, section, override);
            case JBPF -> jbpf(codelet, override);
        };
    }

    private static HookDescriptor jbpf(String codelet, Optional<String> name) throws LoadException {
        if (name.isEmpty()) {
            throw new LoadException(
                    Stage.HOOK,
                    "codelet `" + codelet + "`: of jbpf's ABI, whose objects name no hook: name it with `hook`");
        }
        var hook = registered(codelet, name.get(), Optional.empty());
        var beginning =
                hook.context().fields().stream().limit(3).map(Field::name).toList();
        if (!beginning.equals(JBPF_CONTEXT)) {
            throw new LoadException(
                    Stage.HOOK,
                    "codelet `" + codelet + "`: of jbpf's ABI, the context of hook `" + hook.name() + "` begins with "
                            + beginning + ", needed is " + JBPF_CONTEXT + ": declare it with @JbpfContext");
        }
        return hook;
    }

    private static HookDescriptor find(String codelet, String section, Optional<String> override) throws LoadException {
        var parsed = NativeSection.parse(section);
        if (parsed.isEmpty()) {
            if (override.isEmpty()) {
                throw new LoadException(
                        Stage.HOOK,
                        "codelet `" + codelet + "`: section `" + section + "` is unknown, known are "
                                + NativeSection.KNOWN);
            }
            return registered(codelet, override.get(), Optional.empty());
        }
        return switch (parsed.get().kind()) {
            case HOOK -> registered(codelet, override.orElse(parsed.get().name()), Optional.of(false));
            case CONTROL -> registered(codelet, override.orElse(parsed.get().name()), Optional.of(true));
            case INTERVAL -> interval(codelet, override.orElse(section));
        };
    }

    private static HookDescriptor interval(String codelet, String name) throws LoadException {
        if (Intervals.period(name).isEmpty()) {
            throw new LoadException(
                    Stage.HOOK,
                    "codelet `" + codelet + "`: `" + name + "` is not an interval, allowed is " + Intervals.KNOWN);
        }
        return Intervals.hook(name);
    }

    private static HookDescriptor registered(String codelet, String name, Optional<Boolean> control)
            throws LoadException {
        List<HookDescriptor> found = HookRegistry.points(name).stream()
                .map(point -> point.descriptor())
                .toList();
        if (found.isEmpty()) {
            throw new LoadException(
                    Stage.HOOK, "codelet `" + codelet + "`: no hook `" + name + "` in this process, " + closest(name));
        }
        var hook = found.getFirst();
        for (var other : found) {
            if (!other.context().equals(hook.context()) || other.control() != hook.control()) {
                throw new LoadException(
                        Stage.HOOK,
                        "codelet `" + codelet + "`: hook `" + name
                                + "` is declared differently in two class loaders: " + hook.declaredBy() + " and "
                                + other.declaredBy());
            }
        }
        if (control.isPresent() && control.get() != hook.control()) {
            throw new LoadException(
                    Stage.HOOK,
                    "codelet `" + codelet + "`: hook `" + name + "` is a "
                            + (hook.control() ? "control" : "monitoring") + " hook, its section is `" + hook.section()
                            + "`");
        }
        return hook;
    }

    private static String closest(String name) {
        var hooks = HookRegistry.hooks();
        if (hooks.isEmpty()) {
            return "there are none: the class that calls Hooks.of is not initialised yet";
        }
        return "the closest of " + hooks.size() + " are "
                + hooks.stream()
                        .map(HookDescriptor::name)
                        .sorted(Comparator.comparingInt(other -> distance(name, other)))
                        .limit(SUGGESTIONS)
                        .map(other -> "`" + other + "`")
                        .collect(Collectors.joining(", "));
    }

    /** Levenshtein's edit distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
