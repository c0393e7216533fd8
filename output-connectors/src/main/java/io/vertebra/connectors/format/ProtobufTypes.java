package io.vertebra.connectors.format;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.btf.BtfValues;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Writes BTF types as messages and enums of proto3, all at the top of one file; a type is written once. Numbers are the order
 * of the members in C. The rules are those of {@link ProtobufSchema}.
 */
final class ProtobufTypes {

    /** Numbers from here on, a thousand, are Protocol Buffers' own. */
    private static final int RESERVED = 19_000;

    private final Btf btf;
    private final FileDescriptorProto.Builder file;
    private final String scope;
    private final Map<Integer, String> names = new HashMap<>();
    private final Set<String> taken = new HashSet<>();

    ProtobufTypes(Btf btf, FileDescriptorProto.Builder file) {
        this.btf = btf;
        this.file = file;
        this.scope = "." + file.getPackage() + ".";
        // a message that has the name of an enumerator would have to give way
        btf.types().stream()
                .filter(BtfType.Enum.class::isInstance)
                .forEach(type -> ((BtfType.Enum) type).values().forEach(value -> taken.add(value.name())));
    }

    /** The message of a type; one that is no struct becomes the only field, {@code value}. */
    String message(int type, String otherwise) {
        int id = btf.resolve(type);
        if (btf.type(id) instanceof BtfType.Struct struct) {
            return struct(id, struct, nameOf(type, otherwise));
        }
        return wrapper(unique(otherwise), "value", type);
    }

    /** Whether an array of the type is {@code bytes}. */
    static boolean isByte(Btf btf, int type) {
        return btf.resolved(type) instanceof BtfType.Int t && t.size() == 1 && !t.signed() && !t.bool();
    }

    /** Whether an enum's numbers are those that an enum of proto3 can have. */
    static boolean isEnum(BtfType.Enum type) {
        return !type.values().isEmpty()
                && type.values().stream().allMatch(value -> value.value() == (int) value.value());
    }

    private String struct(int id, BtfType.Struct struct, String wanted) {
        var known = names.get(id);
        if (known != null) {
            return known;
        }
        var name = unique(wanted);
        names.put(id, name);
        var message = DescriptorProto.newBuilder().setName(name);
        int number = 0;
        for (var member : btf.members(struct)) {
            number++;
            message.addField(field(name, member.name(), member.type(), number < RESERVED ? number : number + 1_000));
        }
        file.addMessageType(message);
        return name;
    }

    private String wrapper(String name, String field, int type) {
        file.addMessageType(DescriptorProto.newBuilder().setName(name).addField(field(name, field, type, 1)));
        return name;
    }

    private FieldDescriptorProto field(String message, String name, int type, int number) {
        var field = FieldDescriptorProto.newBuilder()
                .setName(name)
                .setJsonName(name)
                .setNumber(number)
                .setLabel(Label.LABEL_OPTIONAL);
        if (btf.resolved(type) instanceof BtfType.Array array
                && !BtfValues.isCharacter(btf, array.element())
                && !isByte(btf, array.element())) {
            return single(field.setLabel(Label.LABEL_REPEATED), message, array.element());
        }
        return single(field, message, type);
    }

    private FieldDescriptorProto single(FieldDescriptorProto.Builder field, String message, int type) {
        var inner = message + "_" + field.getName();
        int id = btf.resolve(type);
        switch (btf.type(id)) {
            case BtfType.Int t -> field.setType(integer(t));
            case BtfType.Pointer _ -> field.setType(Type.TYPE_UINT64);
            case BtfType.Float t ->
                field.setType(
                        switch (t.size()) {
                            case Float.BYTES -> Type.TYPE_FLOAT;
                            case Double.BYTES -> Type.TYPE_DOUBLE;
                            default -> Type.TYPE_BYTES;
                        });
            case BtfType.Enum t
            when isEnum(t) ->
                field.setType(Type.TYPE_ENUM).setTypeName(scope + enumeration(id, t, nameOf(type, inner)));
            case BtfType.Enum t -> field.setType(t.signed() ? Type.TYPE_SINT64 : Type.TYPE_UINT64);
            case BtfType.Struct t ->
                field.setType(Type.TYPE_MESSAGE).setTypeName(scope + struct(id, t, nameOf(type, inner)));
            case BtfType.Array t when BtfValues.isCharacter(btf, t.element()) -> field.setType(Type.TYPE_STRING);
            case BtfType.Array t when isByte(btf, t.element()) -> field.setType(Type.TYPE_BYTES);
            case BtfType.Array _ ->
                field.setType(Type.TYPE_MESSAGE).setTypeName(scope + wrapper(unique(inner), "values", type));
            default -> throw new IllegalArgumentException("BTF type " + type + " has no values");
        }
        return field.build();
    }

    private static Type integer(BtfType.Int type) {
        if (type.bool()) {
            return Type.TYPE_BOOL;
        }
        if (type.size() > Long.BYTES) {
            return Type.TYPE_BYTES;
        }
        if (type.size() == Long.BYTES) {
            return type.signed() ? Type.TYPE_SINT64 : Type.TYPE_UINT64;
        }
        return type.signed() ? Type.TYPE_SINT32 : Type.TYPE_UINT32;
    }

    /** Enums of proto3 begin with 0. */
    private String enumeration(int id, BtfType.Enum type, String wanted) {
        var known = names.get(id);
        if (known != null) {
            return known;
        }
        var name = unique(wanted);
        names.put(id, name);
        var values = new ArrayList<>(type.values());
        values.sort(Comparator.comparing(value -> value.value() != 0)); // stable
        if (values.getFirst().value() != 0) {
            values.addFirst(new BtfType.Enumerator(unique(name.toUpperCase(Locale.ROOT) + "_UNSPECIFIED"), 0));
        }
        var message = EnumDescriptorProto.newBuilder().setName(name);
        values.forEach(value -> message.addValue(
                EnumValueDescriptorProto.newBuilder().setName(value.name()).setNumber((int) value.value())));
        if (values.stream().map(BtfType.Enumerator::value).distinct().count() < values.size()) {
            message.getOptionsBuilder().setAllowAlias(true);
        }
        file.addEnumType(message);
        return name;
    }

    /** The tag in C, else the name of the last typedef. */
    private String nameOf(int type, String otherwise) {
        return switch (btf.type(type)) {
            case BtfType.Typedef t -> nameOf(t.target(), t.name());
            case BtfType.Modifier t -> nameOf(t.target(), otherwise);
            case BtfType t -> t.name().isEmpty() ? otherwise : t.name();
        };
    }

    private String unique(String wanted) {
        var name = wanted;
        for (int i = 2; !taken.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }
}
