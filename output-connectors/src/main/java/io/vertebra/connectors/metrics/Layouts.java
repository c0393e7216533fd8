package io.vertebra.connectors.metrics;

import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.program.MapSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the fields of a map's keys and values. */
final class Layouts {

    private Layouts() {}

    /**
     * The fields of a map's key in order: the members of a struct, or the key itself.
     *
     * @throws ConnectorException when one is neither a number nor a char array
     */
    static List<Field> key(MapSpec map) {
        if (map.keyType() == 0) {
            return List.of(untyped(map, "key", map.keySize()));
        }
        if (!(map.btf().resolved(map.keyType()) instanceof BtfType.Struct struct)) {
            return List.of(required(map, "key", map.btf(), map.keyType(), 0));
        }
        var fields = new ArrayList<Field>();
        for (var member : map.btf().members(struct)) {
            fields.add(member(map, member));
        }
        return fields;
    }

    /**
     * The number that a metric shows.
     *
     * @param name member of the value struct, empty when the value is the number
     * @throws ConnectorException when there is no such number
     */
    static Field number(MapSpec map, String name) {
        Field field;
        if (!name.isEmpty()) {
            field = member(map, memberOf(map, name).orElseThrow(() -> noField(map, name)));
        } else if (map.valueType() == 0) {
            field = untyped(map, "value", map.valueSize());
        } else {
            field = required(map, "value", map.btf(), map.valueType(), 0);
        }
        if (field.kind() == Field.Kind.TEXT) {
            throw new ConnectorException("map `" + map.name() + "`: `" + name + "` is text, a metric needs a number");
        }
        return field;
    }

    /**
     * The counters of a log2 histogram, slot 0 first.
     *
     * @throws ConnectorException when the value has no member {@code slots}
     */
    static List<Field> slots(MapSpec map) {
        var member = memberOf(map, "slots")
                .orElseThrow(() ->
                        new ConnectorException("map `" + map.name() + "`: the value has no member `slots`, and the"
                                + " last label is not named `bucket`; a histogram needs one of them"));
        if (!(map.btf().resolved(member.type()) instanceof BtfType.Array array)) {
            throw new ConnectorException("map `" + map.name() + "`: `slots` is not an array");
        }
        long size = map.btf().sizeOf(array.element());
        var slots = new ArrayList<Field>();
        for (int i = 0; i < array.count(); i++) {
            int offset = (int) (member.bitOffset() / Byte.SIZE + i * size);
            slots.add(required(map, "slots", map.btf(), array.element(), offset));
        }
        return slots;
    }

    /** Whether values have {@code slots}. */
    static boolean hasSlots(MapSpec map) {
        return memberOf(map, "slots").isPresent();
    }

    /** The histogram's {@code sum}, if it has one. */
    static Optional<Field> sum(MapSpec map) {
        return memberOf(map, "sum").map(member -> member(map, member));
    }

    private static Optional<BtfType.Member> memberOf(MapSpec map, String name) {
        return map.valueType() != 0 && map.btf().resolved(map.valueType()) instanceof BtfType.Struct struct
                ? map.btf().member(struct, name)
                : Optional.empty();
    }

    private static Field member(MapSpec map, BtfType.Member member) {
        if (member.bitSize() != 0) {
            throw new ConnectorException("map `" + map.name() + "`: `" + member.name()
                    + "` is a bit field, allowed are whole integers and char arrays");
        }
        return required(map, member.name(), map.btf(), member.type(), member.bitOffset() / Byte.SIZE);
    }

    private static Field required(MapSpec map, String name, Btf btf, int type, int offset) {
        return field(btf, type, offset)
                .orElseThrow(() -> new ConnectorException("map `" + map.name() + "`: `" + name + "` is a "
                        + btf.resolved(type).getClass().getSimpleName() + ", allowed are integers and char arrays"));
    }

    private static Optional<Field> field(Btf btf, int type, int offset) {
        return switch (btf.resolved(type)) {
            case BtfType.Int t -> Optional.of(number(offset, t.size(), t.signed()));
            case BtfType.Enum t -> Optional.of(enumeration(offset, t));
            case BtfType.Array t
            when btf.resolved(t.element()) instanceof BtfType.Int element && element.size() == 1 ->
                Optional.of(new Field(offset, t.count(), Field.Kind.TEXT));
            default -> Optional.empty();
        };
    }

    private static Field number(int offset, int size, boolean signed) {
        return new Field(offset, size, signed ? Field.Kind.SIGNED : Field.Kind.UNSIGNED);
    }

    private static Field enumeration(int offset, BtfType.Enum type) {
        var names = type.values().stream()
                .collect(Collectors.toMap(BtfType.Enumerator::value, BtfType.Enumerator::name, (first, _) -> first));
        return new Field(offset, type.size(), type.signed() ? Field.Kind.SIGNED : Field.Kind.UNSIGNED, names);
    }

    private static Field untyped(MapSpec map, String what, int size) {
        return switch (size) {
            case 1, 2, 4, 8 -> number(0, size, false);
            default ->
                throw new ConnectorException("map `" + map.name() + "`: " + what + " of " + size
                        + " bytes has no BTF type; declare it with __type in C");
        };
    }

    private static ConnectorException noField(MapSpec map, String name) {
        return new ConnectorException("map `" + map.name() + "`: the value has no member `" + name + "`");
    }
}
