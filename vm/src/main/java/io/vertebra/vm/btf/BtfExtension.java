package io.vertebra.vm.btf;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What {@code .BTF.ext} says about code: per ELF section, keyed by the byte offset of the instruction in it. Immutable.
 *
 * @param functions the {@link BtfType.Function} id of each function's first instruction
 * @param lines the source position of the instructions from an offset on
 * @param relocations CO-RE relocations, as the compiler recorded them
 */
public record BtfExtension(
        Map<String, NavigableMap<Integer, Integer>> functions,
        Map<String, NavigableMap<Integer, Line>> lines,
        Map<String, NavigableMap<Integer, CoreRelocation>> relocations) {

    /** No information. */
    public static final BtfExtension EMPTY = new BtfExtension(Map.of(), Map.of(), Map.of());

    /** Makes the outer maps immutable; the inner ones belong to this record from now on. */
    public BtfExtension {
        functions = Map.copyOf(functions);
        lines = Map.copyOf(lines);
        relocations = Map.copyOf(relocations);
    }

    /** The lines of a section, empty when it has none. */
    public NavigableMap<Integer, Line> linesOf(String section) {
        return lines.getOrDefault(section, new TreeMap<>());
    }

    /** The CO-RE relocations of a section, empty when it has none. */
    public NavigableMap<Integer, CoreRelocation> relocationsOf(String section) {
        return relocations.getOrDefault(section, new TreeMap<>());
    }

    /**
     * A source position.
     *
     * @param file path as the compiler recorded it
     * @param text the source line, empty when it was not recorded
     * @param line 1-based, 0 for code without a line
     * @param column 1-based, 0 when unknown
     */
    public record Line(String file, String text, int line, int column) {}

    /**
     * A request to recompute an instruction's constant from the types of the running application ({@code struct
     * bpf_core_relo}).
     *
     * @param type id of the local type that the access starts from
     * @param access member and element indices, separated by colons, for example {@code 0:1:2}
     * @param kind what is wanted of it
     */
    public record CoreRelocation(int type, List<Integer> access, Kind kind) {

        /** Makes the list immutable. */
        public CoreRelocation {
            access = List.copyOf(access);
        }

        /** What a CO-RE relocation asks for ({@code enum bpf_core_relo_kind}, in the order of its numbers). */
        public enum Kind {
            /** Bytes from the start of the struct. */
            FIELD_BYTE_OFFSET("byte_off"),
            /** Bytes of the field. */
            FIELD_BYTE_SIZE("byte_sz"),
            /** 1 when the field exists, else 0. */
            FIELD_EXISTS("field_exists"),
            /** 1 when the field is signed. */
            FIELD_SIGNED("signed"),
            /** Left shift that brings a bit field to the top. */
            FIELD_LEFT_SHIFT("lshift_u64"),
            /** Right shift that brings it back down. */
            FIELD_RIGHT_SHIFT("rshift_u64"),
            /** Id of the type in this object. */
            TYPE_ID_LOCAL("local_type_id"),
            /** Id of the type in the application. */
            TYPE_ID_TARGET("target_type_id"),
            /** 1 when the type exists. */
            TYPE_EXISTS("type_exists"),
            /** Bytes of the type. */
            TYPE_SIZE("type_size"),
            /** 1 when the enumerator exists. */
            ENUM_VALUE_EXISTS("enumval_exists"),
            /** Value of the enumerator. */
            ENUM_VALUE("enumval_value"),
            /** 1 when the types match. */
            TYPE_MATCHES("type_matches");

            private final String label;

            Kind(String label) {
                this.label = label;
            }

            /** What libbpf and llvm-objdump call it. */
            public String label() {
                return label;
            }
        }
    }
}
