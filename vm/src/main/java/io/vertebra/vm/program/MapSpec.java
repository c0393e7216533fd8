package io.vertebra.vm.program;

import io.vertebra.vm.btf.Btf;
import java.util.Optional;

/**
 * What an object file says about one map: data, from which a live map is made at load.
 *
 * @param name the symbol; global data sections are maps named {@code .data}, {@code .rodata}, {@code .bss}
 * @param type kind of map
 * @param keySize bytes of a key, 0 where the type has none
 * @param valueSize bytes of a value as declared; for a ring buffer the longest record if one is declared, else 0
 * @param maxEntries capacity in entries; bytes (a power of two) for a ring buffer
 * @param flags {@code BPF_F_*} map flags
 * @param frozen whether codelets may only read it ({@code .rodata})
 * @param initial the first value of a global data map, else empty; not to be modified
 * @param btf the types of the object, {@link Btf#EMPTY} when it has none
 * @param keyType BTF id of the key type, 0 when undeclared
 * @param valueType BTF id of the value type (of the record type for a ring buffer), 0 when undeclared
 * @param inner what the inner maps of a map of maps look like, where that is declared
 */
public record MapSpec(
        String name,
        MapType type,
        int keySize,
        int valueSize,
        int maxEntries,
        int flags,
        boolean frozen,
        byte[] initial,
        Btf btf,
        int keyType,
        int valueType,
        Optional<MapSpec> inner) {

    /** A map without inner maps. */
    public MapSpec(
            String name,
            MapType type,
            int keySize,
            int valueSize,
            int maxEntries,
            int flags,
            boolean frozen,
            byte[] initial,
            Btf btf,
            int keyType,
            int valueType) {
        this(
                name,
                type,
                keySize,
                valueSize,
                maxEntries,
                flags,
                frozen,
                initial,
                btf,
                keyType,
                valueType,
                Optional.empty());
    }

    /** A map without initial content and types. */
    public static MapSpec of(String name, MapType type, int keySize, int valueSize, int maxEntries) {
        return new MapSpec(name, type, keySize, valueSize, maxEntries, 0, false, new byte[0], Btf.EMPTY, 0, 0);
    }

    /** This map with another first value: a global data map whose variables were set before load. */
    public MapSpec withInitial(byte[] content) {
        return new MapSpec(
                name, type, keySize, valueSize, maxEntries, flags, frozen, content, btf, keyType, valueType, inner);
    }

    /** This map of maps with a declaration of its inner maps. */
    public MapSpec withInner(MapSpec shape) {
        return new MapSpec(
                name,
                type,
                keySize,
                valueSize,
                maxEntries,
                flags,
                frozen,
                initial,
                btf,
                keyType,
                valueType,
                Optional.of(shape));
    }
}
