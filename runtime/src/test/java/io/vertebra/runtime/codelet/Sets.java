package io.vertebra.runtime.codelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.DescriptorReader;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Codelet sets of the tests' objects, written in place. */
final class Sets {

    private Sets() {}

    /** The folder of the tests' objects. */
    static Path folder() {
        try {
            return Path.of(Sets.class.getResource("/codelets").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A set with a name and the rest of a descriptor. */
    static OpenSet open(CodeletRuntime runtime, String name, String rest) throws LoadException {
        assertThat(ProbeHooks.HOOKS).isNotNull(); // initialised, so that its hooks are known
        return runtime.open(DescriptorReader.parse("codeletset: " + name + "\n" + rest, name, folder()));
    }

    static CodeletSet load(CodeletRuntime runtime, String name, String rest) throws LoadException {
        return open(runtime, name, rest).load();
    }

    /** Runs all that waits. */
    static void drain(CodeletRuntime runtime) {
        int idle = 0;
        while (idle < 2) {
            int done = 0;
            for (var core : runtime.cores()) {
                done += core.runOnce(16);
            }
            idle = done == 0 ? idle + 1 : 0;
        }
    }

    /** The first word of an array's element. */
    static long word(CodeletRuntime runtime, String map, int element) {
        byte[] key = ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(element)
                .array();
        return ByteBuffer.wrap(runtime.map(map).get(key).orElseThrow())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }
}
