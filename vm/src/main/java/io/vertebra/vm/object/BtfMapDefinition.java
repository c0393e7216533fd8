package io.vertebra.vm.object;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One map as libbpf's macros declare it, by the type of its variable: {@code __uint(name, n)} is a pointer to an array
 * of n elements, {@code __type(name, T)} a pointer to T, {@code __array(values, T)} an array of pointers to T.
 *
 * <p>{@code pinning}, {@code numa_node} and {@code map_extra} are accepted and have no effect. A ring buffer has no keys
 * and values; the value type that it may declare is that of its records, as for a perf event array.
 */
final class BtfMapDefinition {

    /** What the kernel stores in maps of maps, program arrays and perf event arrays. */
    private static final int REFERENCE_SIZE = 4;

    private final Btf btf;
    private final String name;
    private Optional<MapType> type = Optional.empty();
    private int keySize;
    private int valueSize;
    private int maxEntries;
    private int flags;
    private int keyType;
    private int valueType;
    private Optional<BtfMapDefinition> inner = Optional.empty();
    private OptionalInt firstSlot = OptionalInt.empty();

    private BtfMapDefinition(Btf btf, String name) {
        this.btf = btf;
        this.name = name;
    }

    /** Reads the definition from the type of a variable. */
    static BtfMapDefinition of(Btf btf, String name, int variable) {
        return read(btf, name, ((BtfType.Variable) btf.type(variable)).type(), true);
    }

    private static BtfMapDefinition read(Btf btf, String name, int type, boolean outermost) {
        if (!(btf.resolved(type) instanceof BtfType.Struct struct)) {
            throw new ObjectFormatException("its type must be a struct of __uint, __type and __array members");
        }
        var definition = new BtfMapDefinition(btf, name);
        for (var member : struct.members()) {
            try {
                definition.member(member, outermost);
            } catch (ObjectFormatException e) {
                throw e.in("`" + member.name() + "`");
            }
        }
        return definition;
    }

    /** The byte of the variable where pointers to initial entries begin. */
    OptionalInt firstSlot() {
        return firstSlot;
    }

    MapSpec spec() {
        var known = type.orElseThrow(() -> new ObjectFormatException("`type` is missing"));
        int keys = keySize;
        int values = valueSize;
        switch (known) {
            case RINGBUF, USER_RINGBUF -> {
                keys = 0;
                values = 0;
            }
            case PERF_EVENT_ARRAY, PROG_ARRAY, ARRAY_OF_MAPS, HASH_OF_MAPS -> {
                keys = keys == 0 ? REFERENCE_SIZE : keys;
                values = REFERENCE_SIZE;
            }
            default -> {}
        }
        var initial = new byte[0];
        return new MapSpec(
                name,
                known,
                keys,
                values,
                maxEntries,
                flags,
                false,
                initial,
                btf,
                keyType,
                valueType,
                inner.map(BtfMapDefinition::spec));
    }

    private void member(BtfType.Member member, boolean outermost) {
        int target = member.type();
        switch (member.name()) {
            case "type" -> type = Optional.of(LegacyMaps.type(number(target)));
            case "max_entries" -> maxEntries = number(target);
            case "map_flags" -> flags = number(target);
            case "key_size" -> keySize = agreed(keySize, number(target));
            case "value_size" -> valueSize = agreed(valueSize, number(target));
            case "key" -> {
                keyType = pointed(target);
                keySize = agreed(keySize, (int) btf.sizeOf(keyType));
            }
            case "value" -> {
                valueType = pointed(target);
                valueSize = agreed(valueSize, (int) btf.sizeOf(valueType));
            }
            case "values" -> {
                if (!outermost) {
                    throw new ObjectFormatException("an inner map cannot have inner maps");
                }
                values(member);
            }
            case "pinning", "numa_node", "map_extra" -> number(target);
            default ->
                throw new ObjectFormatException("not a property of a map, known are type, max_entries, map_flags, "
                        + "key_size, value_size, key, value, values, pinning, numa_node, map_extra");
        }
    }

    /** {@code __uint} is the length of an array; {@code __ulong} the value of an enumerator. */
    private int number(int type) {
        if (btf.resolved(type) instanceof BtfType.Pointer p && btf.resolved(p.target()) instanceof BtfType.Array a) {
            return a.count();
        }
        if (btf.resolved(type) instanceof BtfType.Enum e && e.values().size() == 1) {
            return LegacyMaps.positive("value", e.values().getFirst().value());
        }
        throw new ObjectFormatException("must be declared with __uint");
    }

    private int pointed(int type) {
        if (btf.resolved(type) instanceof BtfType.Pointer pointer) {
            return pointer.target();
        }
        throw new ObjectFormatException("must be declared with __type");
    }

    private static int agreed(int before, int now) {
        if (before != 0 && before != now) {
            throw new ObjectFormatException("its size is declared as %d and as %d bytes".formatted(before, now));
        }
        return now;
    }

    private void values(BtfType.Member member) {
        if (!(btf.resolved(member.type()) instanceof BtfType.Array array)) {
            throw new ObjectFormatException("must be declared with __array");
        }
        int target = pointed(array.element());
        firstSlot = OptionalInt.of(member.bitOffset() / Byte.SIZE);
        if (btf.resolved(target) instanceof BtfType.Struct) {
            inner = Optional.of(read(btf, name + ".inner", target, false));
        }
    }
}
