package io.vertebra.vm.exec;

import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.object.ObjectFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The codelets of one jbpf object with their live maps. */
final class JbpfCodelets {

    static final int SLOTS = 3;

    private static final int CONTEXT_BYTES = 32;

    private final ObjectFile object;
    private final List<BpfMap> maps;

    JbpfCodelets(String name) {
        try (var in = JbpfCodelets.class.getResourceAsStream("/objects/" + name + ".bpf.o")) {
            object = ObjectFile.read(in.readAllBytes(), name + ".bpf.o");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        maps = object.maps().stream().map(m -> BpfMap.create(m, SLOTS)).toList();
    }

    BpfMap map(String name) {
        return maps.stream()
                .filter(m -> m.spec().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** One codelet in one execution slot. */
    Codelet codelet(String name, int slot) {
        return codelet(name, slot, 100_000);
    }

    Codelet codelet(String name, int slot, long maxSteps) {
        var program = object.programs().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow();
        return new Codelet(Interpreter.prepare(program, maps, Helpers.jbpf((_, _) -> {}), maxSteps), slot);
    }

    /** A codelet with a generic context; not thread-safe. */
    static final class Codelet {
        private final Executable executable;
        private final RunContext run;
        private final ByteBuffer context = ByteBuffer.allocate(CONTEXT_BYTES).order(ByteOrder.LITTLE_ENDIAN);

        private Codelet(Executable executable, int slot) {
            this.executable = executable;
            run = new RunContext(slot, 0)
                    .context(MemorySegment.ofArray(context.array()), 0, CONTEXT_BYTES)
                    .arguments(Addresses.CONTEXT, CONTEXT_BYTES);
        }

        /** Runs it; gives r0. */
        long run(int id, ByteBuffer payload) {
            context.putLong(0, Addresses.PAYLOAD)
                    .putLong(8, Addresses.PAYLOAD + payload.capacity())
                    .putInt(24, id);
            run.payload(MemorySegment.ofBuffer(payload.duplicate().clear()), 0, payload.capacity(), true);
            return executable.run(run);
        }

        /** Runs it with a key and a value. */
        long run(int key, long value) {
            return run(0, payload(16).putLong(0, value).putInt(8, key));
        }
    }

    static ByteBuffer payload(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
