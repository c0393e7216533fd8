package io.vertebra.vm.program;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.program.ContextLayout.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Context structs as BTF, with the types that C headers give their fields: what CO-RE relocates to.
 *
 * <p>A field that had other names is also a member under each of these, at the same place, so that its offset can be asked
 * for by any of them.
 */
public final class ContextTypes {

    private static final int TEXT_LENGTH = Short.BYTES;

    private final List<BtfType> types = new ArrayList<>(List.of(new BtfType.Void()));
    private final Map<BtfType, Integer> ids = new HashMap<>();

    private ContextTypes() {}

    /** The structs of some contexts; equal ones are one type. */
    public static Btf of(Collection<ContextLayout> contexts) {
        var writer = new ContextTypes();
        contexts.forEach(writer::struct);
        return new Btf(writer.types);
    }

    private void struct(ContextLayout context) {
        List<BtfType.Member> members = new ArrayList<>();
        for (var field : context.fields()) {
            int type = typeOf(field);
            members.add(member(field.name(), type, field.offset()));
            field.formerNames().forEach(name -> members.add(member(name, type, field.offset())));
        }
        id(new BtfType.Struct(context.name(), context.size(), false, List.copyOf(members)));
    }

    private static BtfType.Member member(String name, int type, int offset) {
        return new BtfType.Member(name, type, offset * Byte.SIZE, 0);
    }

    private int typeOf(Field field) {
        return switch (field.kind()) {
            case SCALAR -> number(field);
            case STRING -> text(field.size() - TEXT_LENGTH);
            case PAYLOAD, PAYLOAD_END -> id(new BtfType.Pointer(0));
        };
    }

    private int number(Field field) {
        return switch (field.encoding()) {
            case FLOAT -> id(new BtfType.Float(field.size() == Float.BYTES ? "float" : "double", field.size()));
            case SIGNED -> id(new BtfType.Typedef("__s" + bits(field), integer(field.size(), true)));
            case UNSIGNED -> id(new BtfType.Typedef("__u" + bits(field), integer(field.size(), false)));
        };
    }

    /** {@code struct { __u16 len; char s[capacity]; }}. */
    private int text(int capacity) {
        int length = id(new BtfType.Typedef("__u16", integer(TEXT_LENGTH, false)));
        int character = id(new BtfType.Int("char", 1, Byte.SIZE, 0, true, false, false));
        int index = id(new BtfType.Int("__ARRAY_SIZE_TYPE__", 4, Integer.SIZE, 0, false, false, false));
        int characters = id(new BtfType.Array(character, index, capacity));
        int size = (TEXT_LENGTH + capacity + 1) / TEXT_LENGTH * TEXT_LENGTH;
        return id(new BtfType.Struct(
                "", size, false, List.of(member("len", length, 0), member("s", characters, TEXT_LENGTH))));
    }

    private int integer(int size, boolean signed) {
        var name = switch (size) {
            case Byte.BYTES -> "char";
            case Short.BYTES -> "short";
            case Integer.BYTES -> "int";
            case Long.BYTES -> "long long";
            default ->
                throw new IllegalArgumentException("a number of %d bytes, allowed are 1, 2, 4 and 8".formatted(size));
        };
        var prefix = signed ? (size == 1 ? "signed " : "") : "unsigned ";
        return id(new BtfType.Int(prefix + name, size, size * Byte.SIZE, 0, signed, false, false));
    }

    private static int bits(Field field) {
        return field.size() * Byte.SIZE;
    }

    private int id(BtfType type) {
        return ids.computeIfAbsent(type, t -> {
            types.add(t);
            return types.size() - 1;
        });
    }
}
