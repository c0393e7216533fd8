package io.vertebra.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a descriptor says about the records of a stream. Immutable.
 *
 * @param format how they are written for others
 * @param type the C type of each, for example {@code struct open_event}; empty for the one that the map declares
 * @param kinds the C types when there are several; {@code type} is empty then
 */
public record StreamRecords(StreamFormat format, Optional<String> type, Optional<Kinds> kinds) {

    /** JSON of the type that the map declares. */
    public static final StreamRecords DEFAULT =
            new StreamRecords(StreamFormat.JSON, Optional.empty(), Optional.empty());

    /**
     * Records of several types, which a field tells apart.
     *
     * @param field a member of each type, at the same place
     * @param types C types by the field's value, a number in decimal or an enumerator's name, in the descriptor's order
     */
    public record Kinds(String field, Map<String, String> types) {

        /** Makes the map immutable. */
        public Kinds {
            types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
        }
    }
}
