package io.vertebra.vm.btf;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** BTF types written as C. Stateless and thread-safe. */
public final class CDeclarations {

    private static final String INDENT = "    ";
    /** Deeper than this, a hostile table may refer to itself; what is below is left out. */
    private static final int MAX_DEPTH = 16;

    private static final String LEFT_OUT = "...";

    private final Btf btf;

    private CDeclarations(Btf btf) {
        this.btf = btf;
    }

    /** A type alone, for example {@code struct histogram *}. */
    public static String type(Btf btf, int type) {
        return declaration(btf, type, "");
    }

    /** A declaration without semicolon, for example {@code __u64 slots[32]} or {@code int on_event(void *ctx)}. */
    public static String declaration(Btf btf, int type, String name) {
        return new CDeclarations(btf).declare(type, name, "", 0);
    }

    /** The definition of a struct, union or enum; what another type declares otherwise. With semicolon. */
    public static String definition(Btf btf, int type) {
        var writer = new CDeclarations(btf);
        return switch (btf.type(type)) {
            case BtfType.Struct t -> writer.struct(t, "", 0) + ";";
            case BtfType.Enum t -> writer.enumeration(t, "") + ";";
            case BtfType.Typedef t -> "typedef " + declaration(btf, t.target(), t.name()) + ";";
            default -> declaration(btf, type, "") + ";";
        };
    }

    /** The named structs, unions and enums that values of some types contain, what is contained first. */
    public static List<Integer> definedIn(Btf btf, Collection<Integer> types) {
        var found = new LinkedHashSet<Integer>();
        var visited = new LinkedHashSet<Integer>();
        types.forEach(type -> new CDeclarations(btf).collect(type, visited, found));
        return List.copyOf(found);
    }

    private void collect(int type, Set<Integer> visited, Set<Integer> into) {
        int id = btf.resolve(type);
        if (!visited.add(id)) {
            return;
        }
        switch (btf.type(id)) {
            case BtfType.Struct t -> {
                t.members().forEach(m -> collect(m.type(), visited, into));
                addNamed(id, t.name(), into);
            }
            case BtfType.Enum t -> addNamed(id, t.name(), into);
            case BtfType.Array t -> collect(t.element(), visited, into);
            case BtfType.Variable t -> collect(t.type(), visited, into);
            default -> {}
        }
    }

    private static void addNamed(int id, String name, Set<Integer> into) {
        if (!name.isEmpty()) {
            into.add(id);
        }
    }

    /** C reads a declaration from its name outwards: {@code inner} is what stands around the name so far. */
    private String declare(int id, String inner, String indent, int depth) {
        if (depth > MAX_DEPTH) {
            return join(LEFT_OUT, inner);
        }
        return switch (btf.type(id)) {
            case BtfType.Void _ -> join("void", inner);
            case BtfType.Int t -> join(t.name(), inner);
            case BtfType.Float t -> join(t.name(), inner);
            case BtfType.Typedef t -> join(t.name(), inner);
            case BtfType.Forward t -> join((t.union() ? "union " : "struct ") + t.name(), inner);
            case BtfType.Struct t -> join(t.name().isEmpty() ? struct(t, indent, depth + 1) : tag(t), inner);
            case BtfType.Enum t -> join(t.name().isEmpty() ? enumeration(t, indent) : "enum " + t.name(), inner);
            case BtfType.Modifier t -> modified(t, inner, indent, depth);
            case BtfType.Pointer t -> declare(t.target(), pointer(t, inner), indent, depth + 1);
            case BtfType.Array t -> declare(t.element(), inner + "[" + t.count() + "]", indent, depth + 1);
            case BtfType.Prototype t -> declare(t.result(), inner + parameters(t, depth), indent, depth + 1);
            case BtfType.Function t -> declare(t.prototype(), t.name(), indent, depth + 1);
            case BtfType.Variable t -> declare(t.type(), t.name(), indent, depth + 1);
            case BtfType.DataSection t -> join(t.name(), inner);
            case BtfType.DeclTag t -> join(t.name(), inner);
        };
    }

    private static String join(String type, String inner) {
        return inner.isEmpty() ? type : type + " " + inner;
    }

    private static String tag(BtfType.Struct struct) {
        return (struct.union() ? "union " : "struct ") + struct.name();
    }

    private String pointer(BtfType.Pointer pointer, String inner) {
        boolean binds = btf.type(pointer.target()) instanceof BtfType.Array
                || btf.type(pointer.target()) instanceof BtfType.Prototype;
        return binds ? "(*" + inner + ")" : "*" + inner;
    }

    /** A modifier of a pointer stands right of its star. */
    private String modified(BtfType.Modifier modifier, String inner, String indent, int depth) {
        String word = switch (modifier.kind()) {
            case CONST -> "const";
            case VOLATILE -> "volatile";
            case RESTRICT -> "restrict";
            case TYPE_TAG -> "__attribute__((btf_type_tag(\"" + modifier.name() + "\")))";
        };
        return btf.type(modifier.target()) instanceof BtfType.Pointer
                ? declare(modifier.target(), join(word, inner), indent, depth + 1)
                : word + " " + declare(modifier.target(), inner, indent, depth + 1);
    }

    private String parameters(BtfType.Prototype prototype, int depth) {
        return prototype.parameters().isEmpty()
                ? "(void)"
                : prototype.parameters().stream()
                        .map(p -> p.type() == 0 ? LEFT_OUT : declare(p.type(), p.name(), "", depth + 1))
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    private String struct(BtfType.Struct struct, String indent, int depth) {
        String deeper = indent + INDENT;
        return struct.members().stream()
                .map(m -> deeper + declare(m.type(), m.name(), deeper, depth)
                        + (m.bitSize() == 0 ? "" : " : " + m.bitSize()) + ";\n")
                .collect(Collectors.joining("", tag(struct).strip() + " {\n", indent + "}"));
    }

    private String enumeration(BtfType.Enum enumeration, String indent) {
        return enumeration.values().stream()
                .map(v -> indent + INDENT + v.name() + " = " + v.value() + ",\n")
                .collect(Collectors.joining("", ("enum " + enumeration.name()).strip() + " {\n", indent + "}"));
    }
}
