package io.vertebra.config;

import java.util.Map;

/** One step from a key field to a label's text; the names are ebpf_exporter's. */
public sealed interface Decoder {

    /** {@code uint}: an unsigned number in decimal. */
    record Uint() implements Decoder {}

    /** {@code hex}: a number in hexadecimal, {@code 0x1f}. */
    record Hex() implements Decoder {}

    /** {@code string}: bytes up to the first NUL as UTF-8. */
    record Text() implements Decoder {}

    /**
     * {@code static_map}: the text that a table gives; a key that is not in it becomes {@code unknown:KEY}.
     *
     * @param table texts by the text of the previous decoder, or by the decimal number when it is the first
     */
    record StaticMap(Map<String, String> table) implements Decoder {

        /** Makes the map immutable. */
        public StaticMap {
            table = Map.copyOf(table);
        }
    }
}
