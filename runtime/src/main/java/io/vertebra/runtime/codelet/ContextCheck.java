package io.vertebra.runtime.codelet;

import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.verifier.platform.CompiledContext;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextLayout.Field;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Compares the context struct that a codelet was compiled with to the one that the hook passes: a codelet compiled
 * against an older or a newer hook must not read one field as another.
 */
final class ContextCheck {

    private ContextCheck() {}

    /** Does nothing when the object does not define the hook's struct; the verifier still checks each access. */
    static void check(String codelet, Btf btf, ContextLayout hook) throws LoadException {
        var compiled = compiled(codelet, btf, hook);
        if (compiled.isEmpty()) {
            return;
        }
        for (var field : compiled.get().fields()) {
            check(codelet, hook, field);
        }
        if (compiled.get().size() > hook.size()) {
            throw mismatch(codelet, hook, "has " + compiled.get().size() + " bytes, the hook's has " + hook.size());
        }
    }

    private static Optional<ContextLayout> compiled(String codelet, Btf btf, ContextLayout hook) throws LoadException {
        try {
            return CompiledContext.read(btf, hook.name()).map(CompiledContext::layout);
        } catch (IllegalArgumentException e) {
            throw new LoadException(Stage.CONTEXT, "codelet `" + codelet + "`: " + e.getMessage(), e);
        }
    }

    private static void check(String codelet, ContextLayout hook, Field compiled) throws LoadException {
        var found = hook.fields().stream()
                .filter(f -> f.name().equals(compiled.name()))
                .findFirst();
        if (found.isEmpty()) {
            throw mismatch(
                    codelet,
                    hook,
                    "has a field `" + compiled.name() + "`, the hook has "
                            + hook.fields().stream().map(Field::name).collect(Collectors.joining(", ")));
        }
        var field = found.get();
        if (field.offset() != compiled.offset() || field.size() != compiled.size()) {
            throw mismatch(
                    codelet,
                    hook,
                    "has field `" + field.name() + "` at offset " + compiled.offset() + " with " + compiled.size()
                            + " bytes, the hook at offset " + field.offset() + " with " + field.size());
        }
        if (field.kind() != compiled.kind()) {
            throw mismatch(
                    codelet,
                    hook,
                    "has field `" + field.name() + "` as " + compiled.kind() + ", the hook as " + field.kind());
        }
    }

    private static LoadException mismatch(String codelet, ContextLayout hook, String difference) {
        return new LoadException(
                Stage.CONTEXT,
                "codelet `" + codelet + "`: struct " + hook.name() + " in the object " + difference
                        + "; compile against this application's header");
    }
}
