package io.vertebra.config;

import java.util.List;
import java.util.Map;

/**
 * One step from a key field to a label's text; the names are ebpf_exporter's, but for {@code int},
 * {@code enum} and {@code hook_names}.
 */
public sealed interface Decoder {

    /** {@code uint}: a number in decimal, as it was declared: with a sign where C has one. */
    record Uint() implements Decoder {}

    /** {@code int}: a number in decimal with a sign, whatever C says. */
    record Int() implements Decoder {}

    /** {@code hex}: a number in hexadecimal, {@code 0x1f}. */
    record Hex() implements Decoder {}

    /** {@code enum}: the name that an {@code enum} of C gives a number; one without a name becomes {@code unknown:NUMBER}. */
    record EnumName() implements Decoder {}

    /**
     * {@code hook_names}: the name that the application gives to a number where it declares a hook; one without a name becomes
     * {@code unknown:NUMBER}.
     *
     * @param hook for example {@code gateway/response_sent}
     * @param field a field of its context, for example {@code route}
     */
    record HookNames(String hook, String field) implements Decoder {}

    /** {@code string}: bytes up to the first NUL as UTF-8. */
    record Text() implements Decoder {}

    /** {@code inet_ip}: 4 or 16 bytes in network order as an IP address, version 6 in the form of RFC 5952. */
    record InetIp() implements Decoder {}

    /**
     * {@code static_map}: the text that a table gives; a key that is not in it becomes {@code unknown:KEY}.
     *
     * @param table texts by the text of the previous decoder, or by the decimal number when it is the first
     * @param allowUnknown whether a key that is not in the table stays as it is instead
     */
    record StaticMap(Map<String, String> table, boolean allowUnknown) implements Decoder {

        /** Makes the map immutable. */
        public StaticMap {
            table = Map.copyOf(table);
        }
    }

    /**
     * {@code regexp}: the first expression that matches decides: its first group, or the whole text if it has none. What none
     * matches is not shown.
     *
     * @param expressions in the syntax of RE2
     */
    record Regexp(List<String> expressions) implements Decoder {

        /** Makes the list immutable. */
        public Regexp {
            expressions = List.copyOf(expressions);
        }
    }
}
