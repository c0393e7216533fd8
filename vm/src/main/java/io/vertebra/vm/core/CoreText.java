package io.vertebra.vm.core;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfExtension.CoreRelocation;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.format.ObjectFormatException;
import java.util.List;
import java.util.stream.Collectors;

/** CO-RE relocations as text, in the form of llvm-objdump. Stateless. */
public final class CoreText {

    private static final int MAX_INDIRECTIONS = 8;

    private CoreText() {}

    /**
     * One record: its kind, the id and the name of its type, and what is accessed, for example {@code <byte_off> [7]
     * struct event::to[1].port (0:2:1:1)}. A record that does not fit its type is printed without the field's name.
     */
    public static String of(Btf btf, CoreRelocation relocation) {
        var text = "<%s> [%d] %s".formatted(relocation.kind().label(), relocation.type(), root(btf, relocation.type()));
        return switch (relocation.kind()) {
            case FIELD_BYTE_OFFSET, FIELD_BYTE_SIZE, FIELD_EXISTS, FIELD_SIGNED, FIELD_LEFT_SHIFT, FIELD_RIGHT_SHIFT ->
                "%s%s (%s)".formatted(text, field(btf, relocation), access(relocation.access()));
            case ENUM_VALUE_EXISTS, ENUM_VALUE -> text + enumerator(btf, relocation);
            case TYPE_ID_LOCAL, TYPE_ID_TARGET, TYPE_EXISTS, TYPE_SIZE, TYPE_MATCHES -> text;
        };
    }

    private static String root(Btf btf, int id) {
        return (btf.type(id) instanceof BtfType.Typedef ? "typedef " : "") + type(btf, id);
    }

    private static String field(Btf btf, CoreRelocation relocation) {
        try {
            var path = path(btf, FieldPath.of(btf, relocation));
            return "::" + (path.startsWith(".") ? path.substring(1) : path);
        } catch (ObjectFormatException _) {
            return "::?";
        }
    }

    private static String enumerator(Btf btf, CoreRelocation relocation) {
        int index = relocation.access().getFirst();
        return btf.resolved(relocation.type()) instanceof BtfType.Enum e
                        && index < e.values().size()
                ? "::%s = %d"
                        .formatted(
                                e.values().get(index).name(),
                                e.values().get(index).value())
                : "::? (" + access(relocation.access()) + ")";
    }

    /** The steps of a path in C, {@code .to[1].port}; the first element is left out when it is number 0. */
    static String path(Btf btf, FieldPath path) {
        var text = new StringBuilder();
        for (int i = 0; i < path.steps().size(); i++) {
            switch (path.steps().get(i)) {
                case FieldPath.Element e -> text.append(i == 0 && e.index() == 0 ? "" : "[" + e.index() + "]");
                case FieldPath.Member m ->
                    text.append('.')
                            .append(((BtfType.Struct) btf.type(m.struct()))
                                    .members()
                                    .get(m.index())
                                    .name());
            }
        }
        return text.toString();
    }

    static String access(List<Integer> access) {
        return access.stream().map(String::valueOf).collect(Collectors.joining(":"));
    }

    /** A type in few words, however it is built. */
    static String type(Btf btf, int id) {
        int at = id;
        var suffix = new StringBuilder();
        for (int i = 0; i < MAX_INDIRECTIONS; i++) {
            switch (btf.type(at)) {
                case BtfType.Pointer p -> {
                    suffix.insert(0, " *");
                    at = p.target();
                }
                case BtfType.Array a -> {
                    suffix.append('[').append(a.count()).append(']');
                    at = a.element();
                }
                case BtfType.Modifier m -> at = m.target();
                default -> i = MAX_INDIRECTIONS;
            }
        }
        return (word(btf.type(at)) + btf.type(at).name()).strip() + suffix;
    }

    private static String word(BtfType type) {
        return switch (type) {
            case BtfType.Struct s -> s.union() ? "union " : "struct ";
            case BtfType.Forward f -> f.union() ? "union " : "struct ";
            case BtfType.Enum _ -> "enum ";
            case BtfType.Function _, BtfType.Prototype _ -> "function ";
            case BtfType.Void _,
                    BtfType.Int _,
                    BtfType.Float _,
                    BtfType.Pointer _,
                    BtfType.Array _,
                    BtfType.Modifier _,
                    BtfType.Typedef _,
                    BtfType.Variable _,
                    BtfType.DataSection _,
                    BtfType.DeclTag _ -> "";
        };
    }
}
