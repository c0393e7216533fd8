package io.vertebra.verifier.soundness;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.DirectCode;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfOutput;
import io.vertebra.vm.map.BpfPerfEventArray;
import io.vertebra.vm.map.BpfQueue;
import io.vertebra.vm.map.BpfRingBuffer;
import io.vertebra.vm.map.BpfUserRingBuffer;
import io.vertebra.vm.program.FiredHook;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What one program finds around it when it runs: its context, payload and maps. Belongs to one thread. */
final class Surroundings {

    private static final byte[] KEY = new byte[Long.BYTES];

    private final Setting setting;
    private final RunContext run;
    private final List<BpfMap> maps = Subject.maps();
    private final MemorySegment context = MemorySegment.ofArray(new long[Subject.CONTEXT_BYTES / Long.BYTES]);
    private final MemorySegment payload = MemorySegment.ofArray(new long[Input.MOST_PAYLOAD / Long.BYTES]);
    private final FiredHook hook;
    private long length;

    Surroundings(Setting setting, RunContext run) {
        this.setting = setting;
        this.run = run;
        hook = FiredHook.of("test/event", setting.context(), true, true, 5);
    }

    /** The live maps, in the order of the program's. */
    List<BpfMap> maps() {
        return maps;
    }

    /** Makes a run with the execution slot find an input. */
    void place(Input input) {
        run.hook(hook).context(context, 0, Subject.CONTEXT_BYTES);
        run.arguments(Addresses.CONTEXT, setting.platform().passesContextSize() ? Subject.CONTEXT_BYTES : 0);
        length = input.payload().length;
        input.writeContext(setting, context);
        MemorySegment.copy(MemorySegment.ofArray(input.payload()), 0, payload, 0, length);
        run.payload(payload, 0, length, true);
        MemorySegment.copy(
                MemorySegment.ofArray(input.values()),
                0,
                maps.get(Subject.ARRAY).values(),
                0,
                input.values().length);
        if (input.flow().length > 0) {
            maps.get(Subject.HASH).update(KEY, input.flow(), BpfMap.ANY);
        } else {
            maps.get(Subject.HASH).delete(KEY);
        }
        emptyRings();
        if (input.full()) {
            var ring = (BpfRingBuffer) maps.get(Subject.RING);
            while (ring.output(payload, 0, Input.MOST_PAYLOAD, 0) == 0) {}
            while (ring.output(payload, 0, Long.BYTES, 0) == 0) {}
        }
        if (input.sample().length > 0) {
            var samples = (BpfUserRingBuffer) maps.get(Subject.SAMPLES);
            samples.offer(input.sample());
            samples.offer(Arrays.copyOf(input.sample(), input.sample().length / 2));
            ((BpfQueue) maps.get(Subject.JBPF_INPUT)).send(Arrays.copyOf(input.sample(), Subject.RECORD));
        }
    }

    /** What direct code gets of the input that was placed: the fields of the context, and the payload. */
    List<Object> arguments(boolean usesRun) {
        var arguments = new ArrayList<Object>();
        arguments.add(usesRun ? run : null);
        for (var field : DirectCode.fields(setting.context())) {
            long value = 0;
            for (int i = field.size() - 1; i >= 0; i--) {
                value = value << Byte.SIZE
                        | Byte.toUnsignedLong(context.get(ValueLayout.JAVA_BYTE, field.offset() + i));
            }
            arguments.add(value);
        }
        arguments.add(payload.asSlice(0, length));
        return arguments;
    }

    private void emptyRings() {
        ((BpfRingBuffer) maps.get(Subject.RING)).drain((_, _, _) -> {}, Integer.MAX_VALUE);
        ((BpfPerfEventArray) maps.get(Subject.PERF)).drain((_, _, _) -> {}, Integer.MAX_VALUE);
        ((BpfOutput) maps.get(Subject.JBPF_RING)).drain((_, _, _) -> {}, Integer.MAX_VALUE);
        ((BpfOutput) maps.get(Subject.JBPF_OUTPUT)).drain((_, _, _) -> {}, Integer.MAX_VALUE);
        ((BpfUserRingBuffer) maps.get(Subject.SAMPLES)).drain((_, _, _) -> true);
    }

    /** All that a run has left, one thing a line; takes out of the rings what is in them. */
    String contents() {
        var text = new ArrayList<String>();
        for (var map : maps) {
            var name = map.spec().name();
            if (map.stride() > 0) {
                map.forEach(
                        (key, values) -> values.forEach(value -> text.add(name + " " + hex(key) + " " + hex(value))));
            }
        }
        text.sort(String::compareTo);
        ((BpfRingBuffer) maps.get(Subject.RING))
                .drain((memory, at, bytes) -> text.add("events " + hex(memory, at, bytes)), Integer.MAX_VALUE);
        for (int ring : new int[] {Subject.JBPF_RING, Subject.JBPF_OUTPUT}) {
            ((BpfOutput) maps.get(ring))
                    .drain(
                            (memory, at, bytes) ->
                                    text.add(maps.get(ring).spec().name() + " " + hex(memory, at, bytes)),
                            Integer.MAX_VALUE);
        }
        ((BpfPerfEventArray) maps.get(Subject.PERF))
                .drain((memory, at, bytes) -> text.add("perf " + hex(memory, at, bytes)), Integer.MAX_VALUE);
        text.add("payload " + hex(payload, 0, length));
        text.add("context " + hex(context, 0, Subject.CONTEXT_BYTES));
        return String.join("\n", text);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String hex(MemorySegment memory, long at, long bytes) {
        return hex(memory.asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE));
    }
}
