package io.vertebra.vm.core;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.format.ObjectFormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The types that programs are relocated to, indexed by their names without flavor. Immutable and thread-safe.
 *
 * <p>It is either an application, whose types are found by name, or the object that a program comes from: then each type
 * is its own counterpart, and relocation only checks the records.
 */
public final class CoreTarget {

    private final String name;
    private final Btf types;
    private final boolean itself;
    private final Map<String, List<Integer>> byName = new HashMap<>();

    private CoreTarget(String name, Btf types, boolean itself) {
        this.name = name;
        this.types = types;
        this.itself = itself;
        for (int id = 1; id < types.types().size() && !itself; id++) {
            byName.computeIfAbsent(EssentialName.of(types.type(id).name()), _ -> new ArrayList<>())
                    .add(id);
        }
    }

    /**
     * An application.
     *
     * @param name what messages call it, for example {@code hook `gateway/request_received`}
     * @param types all that programs may refer to
     */
    public static CoreTarget of(String name, Btf types) {
        return new CoreTarget(name, types, false);
    }

    /** The object that a program comes from. */
    public static CoreTarget itself(Btf types) {
        return new CoreTarget("the object", types, true);
    }

    /** What messages call it. */
    public String name() {
        return name;
    }

    /** Its types. */
    public Btf types() {
        return types;
    }

    /** The types that may stand for a local one: of a compatible kind and the same name, flavors aside. */
    List<Integer> candidates(Btf local, int id) {
        if (itself) {
            return List.of(id);
        }
        var type = local.type(id);
        if (type.name().isEmpty()) {
            throw new ObjectFormatException("a type without a name has no counterpart");
        }
        return byName.getOrDefault(EssentialName.of(type.name()), List.of()).stream()
                .filter(candidate -> sameKind(type, types.type(candidate)))
                .toList();
    }

    /** Enums of 32 and of 64 bits are one kind; structs and unions are two. */
    static boolean sameKind(BtfType a, BtfType b) {
        return a.getClass() == b.getClass()
                && !(a instanceof BtfType.Struct s && b instanceof BtfType.Struct t && s.union() != t.union());
    }
}
