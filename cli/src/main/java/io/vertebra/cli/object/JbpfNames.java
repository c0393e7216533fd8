package io.vertebra.cli.object;

import io.vertebra.vm.object.ObjectFile.Abi;
import io.vertebra.vm.program.MapType;
import java.util.Locale;
import java.util.Map;

/** What the ABI of an object calls its map types. Stateless. */
final class JbpfNames {

    private static final Map<MapType, String> OF_JBPF = Map.of(
            MapType.HASH, "hashmap",
            MapType.PERCPU_ARRAY, "per_thread_array",
            MapType.JBPF_PER_THREAD_HASHMAP, "per_thread_hashmap",
            MapType.JBPF_RINGBUF, "ringbuf",
            MapType.JBPF_CONTROL_INPUT, "control_input",
            MapType.JBPF_OUTPUT, "output");

    private JbpfNames() {}

    /** A map type in lower case. */
    static String of(Abi abi, MapType type) {
        var name = type.name().toLowerCase(Locale.ROOT);
        return abi == Abi.JBPF ? OF_JBPF.getOrDefault(type, name) : name;
    }
}
