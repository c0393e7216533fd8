package io.vertebra.verifier.platform;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.btf.CDeclarations;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextLayout.Encoding;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The context struct that a codelet was compiled with, as the types of its object describe it.
 *
 * @param layout the struct
 * @param payloadConst whether it declares the payload's bytes as constant, so that its code means not to change them
 */
public record CompiledContext(ContextLayout layout, boolean payloadConst) {

    private static final String PAYLOAD = "data";
    private static final String PAYLOAD_END = "data_end";

    /**
     * Reads a struct; empty when the object does not define it.
     *
     * @throws IllegalArgumentException when it has a member that no hook passes
     */
    public static Optional<CompiledContext> read(Btf btf, String struct) {
        return btf.find(BtfType.Struct.class, struct).map(id -> read(btf, (BtfType.Struct) btf.type(id)));
    }

    private static CompiledContext read(Btf btf, BtfType.Struct struct) {
        var fields = new ArrayList<Field>();
        boolean payloadConst = true;
        for (var member : struct.members()) {
            var field = field(btf, member)
                    .orElseThrow(() -> new IllegalArgumentException("struct " + struct.name() + ": member `"
                            + CDeclarations.declaration(btf, member.type(), member.name())
                            + "`, allowed are integers, enums, floating-point numbers, `struct { __u16 len; char s[N];"
                            + " }`, and the pointers `data` and `data_end`"));
            payloadConst &= field.kind() != Kind.PAYLOAD || pointsToConst(btf, member.type());
            fields.add(field);
        }
        return new CompiledContext(new ContextLayout(struct.name(), struct.size(), fields), payloadConst);
    }

    private static Optional<Field> field(Btf btf, BtfType.Member member) {
        if (member.bitSize() != 0 || member.bitOffset() % Byte.SIZE != 0) {
            return Optional.empty();
        }
        return kind(btf, member).map(kind -> {
            int size = kind == Kind.STRING ? textBytes(btf, member) : (int) btf.sizeOf(member.type());
            return new Field(
                    member.name(),
                    member.bitOffset() / Byte.SIZE,
                    size,
                    kind,
                    encoding(btf.resolved(member.type())),
                    List.of());
        });
    }

    private static Encoding encoding(BtfType type) {
        return switch (type) {
            case BtfType.Float _ -> Encoding.FLOAT;
            case BtfType.Int i when i.signed() -> Encoding.SIGNED;
            case BtfType.Enum e when e.signed() -> Encoding.SIGNED;
            default -> Encoding.UNSIGNED;
        };
    }

    private static Optional<Kind> kind(Btf btf, BtfType.Member member) {
        return switch (btf.resolved(member.type())) {
            case BtfType.Int t when t.size() <= Long.BYTES -> Optional.of(Kind.SCALAR);
            case BtfType.Enum _ -> Optional.of(Kind.SCALAR);
            case BtfType.Float t when t.size() <= Long.BYTES -> Optional.of(Kind.SCALAR);
            case BtfType.Pointer _ when member.name().equals(PAYLOAD) -> Optional.of(Kind.PAYLOAD);
            case BtfType.Pointer _ when member.name().equals(PAYLOAD_END) -> Optional.of(Kind.PAYLOAD_END);
            case BtfType.Struct t when isText(btf, t) -> Optional.of(Kind.STRING);
            default -> Optional.empty();
        };
    }

    private static boolean isText(Btf btf, BtfType.Struct struct) {
        if (struct.union() || struct.members().size() != 2) {
            return false;
        }
        var length = struct.members().getFirst();
        var bytes = struct.members().getLast();
        return btf.resolved(length.type()) instanceof BtfType.Int number
                && number.size() == Short.BYTES
                && length.bitOffset() == 0
                && btf.resolved(bytes.type()) instanceof BtfType.Array array
                && btf.sizeOf(array.element()) == 1
                && bytes.bitOffset() == Short.SIZE;
    }

    /** Without the padding behind the characters. */
    private static int textBytes(Btf btf, BtfType.Member member) {
        var text = (BtfType.Struct) btf.resolved(member.type());
        return Short.BYTES + (int) btf.sizeOf(text.members().getLast().type());
    }

    private static boolean pointsToConst(Btf btf, int type) {
        int target = ((BtfType.Pointer) btf.resolved(type)).target();
        while (true) {
            switch (btf.type(target)) {
                case BtfType.Modifier m
                when m.kind() == BtfType.Modifier.Kind.CONST -> {
                    return true;
                }
                case BtfType.Modifier m -> target = m.target();
                case BtfType.Typedef t -> target = t.target();
                default -> {
                    return false;
                }
            }
        }
    }
}
