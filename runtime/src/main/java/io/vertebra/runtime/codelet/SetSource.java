package io.vertebra.runtime.codelet;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a set that is for a whole fleet, as they were read: what another member needs to load it. Nobody may change
 * the arrays.
 *
 * @param descriptor the descriptor's text
 * @param objects the objects by file name; they lie beside the descriptor
 * @param signature the bytes of the signature file; empty when there is none
 */
public record SetSource(String descriptor, Map<String, byte[]> objects, Optional<byte[]> signature) {

    /** Makes the map immutable. */
    public SetSource {
        objects = Collections.unmodifiableMap(new LinkedHashMap<>(objects));
    }

    /** Whether an object lies beside its descriptor, so that both can be sent as files without folders. */
    static boolean beside(Path object, Path folder) {
        return folder.toAbsolutePath()
                .normalize()
                .equals(object.toAbsolutePath().normalize().getParent());
    }
}
