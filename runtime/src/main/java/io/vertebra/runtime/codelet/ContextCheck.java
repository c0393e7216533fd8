package io.vertebra.runtime.codelet;

import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import java.util.stream.Collectors;

/**
 * Compares the context struct that a codelet was compiled with to the one that the hook passes: a codelet compiled
 * against an older or a newer hook must not read one field as another.
 */
final class ContextCheck {

    private ContextCheck() {}

    /** Does nothing when the object does not define the hook's struct; the verifier still checks each access. */
    static void check(String codelet, Btf btf, ContextLayout hook) throws LoadException {
        var id = btf.find(BtfType.Struct.class, hook.name());
        if (id.isEmpty() || !(btf.type(id.get()) instanceof BtfType.Struct struct)) {
            return;
        }
        for (var member : struct.members()) {
            check(codelet, btf, hook, member);
        }
        if (struct.size() > hook.size()) {
            throw mismatch(codelet, hook, "has " + struct.size() + " bytes, the hook's has " + hook.size());
        }
    }

    private static void check(String codelet, Btf btf, ContextLayout hook, BtfType.Member member) throws LoadException {
        var field = hook.fields().stream()
                .filter(f -> f.name().equals(member.name()))
                .findFirst();
        if (field.isEmpty()) {
            throw mismatch(
                    codelet,
                    hook,
                    "has a field `" + member.name() + "`, the hook has "
                            + hook.fields().stream().map(Field::name).collect(Collectors.joining(", ")));
        }
        long size = btf.sizeOf(member.type());
        int offset = member.bitOffset() / Byte.SIZE;
        if (member.bitSize() != 0 || offset != field.get().offset() || size != sizeInC(field.get())) {
            throw mismatch(
                    codelet,
                    hook,
                    "has field `" + member.name() + "` at offset " + offset + " with " + size
                            + " bytes, the hook at offset " + field.get().offset() + " with " + sizeInC(field.get()));
        }
    }

    /** A string's struct is padded to the alignment of its length. */
    private static long sizeInC(Field field) {
        return field.kind() == Kind.STRING ? field.size() + field.size() % 2 : field.size();
    }

    private static LoadException mismatch(String codelet, ContextLayout hook, String difference) {
        return new LoadException(
                Stage.CONTEXT,
                "codelet `" + codelet + "`: struct " + hook.name() + " in the object " + difference
                        + "; compile against this application's header");
    }
}
