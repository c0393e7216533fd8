package io.vertebra.bench;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.program.ContextLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/** The workload as runs of one program, their contexts already filled. Not thread-safe. */
final class Runs {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private final RunContext run = new RunContext(0, 0);
    private final MemorySegment contexts;
    private final int stride;
    private final int size;
    private final int count;
    private final MemorySegment[] payloads;

    private Runs(MemorySegment contexts, int stride, int size, int count, MemorySegment[] payloads) {
        this.contexts = contexts;
        this.stride = stride;
        this.size = size;
        this.count = count;
        this.payloads = payloads;
    }

    /** One run for each event, or for each packet when the context has a payload. */
    static Runs of(ContextLayout context, List<Integer> fields, Workload workload) {
        int count = context.hasPayload() ? Workload.PACKETS : Workload.EVENTS;
        int stride = (context.size() + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
        var contexts = MemorySegment.ofArray(new long[count * stride / Long.BYTES]);
        for (int i = 0; i < count; i++) {
            fill(contexts.asSlice((long) i * stride, stride), context, fields, workload.words, i);
        }
        var payloads = context.hasPayload()
                ? Arrays.stream(workload.packets).map(MemorySegment::ofArray).toArray(MemorySegment[]::new)
                : new MemorySegment[0];
        return new Runs(contexts, stride, context.size(), count, payloads);
    }

    private static void fill(MemorySegment at, ContextLayout context, List<Integer> fields, long[] words, int event) {
        int next = 0;
        for (var field : context.fields()) {
            long value = switch (field.kind()) {
                case PAYLOAD -> Addresses.PAYLOAD;
                case PAYLOAD_END -> Addresses.PAYLOAD + Workload.PACKET_BYTES;
                case SCALAR -> context.hasPayload() ? Workload.PACKET_BYTES : words[event + fields.get(next++)];
                case STRING -> throw new IllegalArgumentException(field.name() + ": no strings in benchmarks");
            };
            if (field.size() == Long.BYTES) {
                at.set(LONG, field.offset(), value);
            } else {
                at.set(INT, field.offset(), (int) value);
            }
        }
    }

    /** How many there are. */
    int count() {
        return count;
    }

    /** Run {@code i}: gives r0. */
    long run(Executable executable, int i) {
        run.context(contexts, (long) i * stride, size);
        if (payloads.length > 0) {
            run.payload(payloads[i], 0, Workload.PACKET_BYTES, false);
        }
        return executable.run(run);
    }
}
