package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.FrameHooks.FRAMES;
import static io.vertebra.runtime.codelet.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.vertebra.config.RuntimeSettings;
import io.vertebra.runtime.account.AttachmentAccount;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Firing a hook and running its codelets allocates nothing once HotSpot has compiled what runs. */
@Timeout(120)
class AllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int EVENTS = 50_000;
    /** The first are warm-up; how many that takes is HotSpot's to decide. */
    private static final int MOST_ROUNDS = 60;
    /** So many events fit a core's ring. */
    private static final int TURN = 50;

    private static final int FRAME_BYTES = 256;
    private static final byte[][] ARRAYS = new byte[16][FRAME_BYTES];
    private static final ByteBuffer[] BUFFERS = IntStream.range(0, ARRAYS.length)
            .mapToObj(i -> i % 2 == 0 ? ByteBuffer.allocate(FRAME_BYTES) : ByteBuffer.allocateDirect(FRAME_BYTES))
            .map(buffer -> buffer.position(8))
            .toArray(ByteBuffer[]::new);
    private static final MemorySegment[] SEGMENTS = IntStream.range(0, ARRAYS.length)
            .mapToObj(i -> i % 2 == 0
                    ? MemorySegment.ofArray(ARRAYS[i])
                    : Arena.global().allocate(FRAME_BYTES))
            .toArray(MemorySegment[]::new);

    /** Fires each hook with event i. */
    private static final Map<String, IntConsumer> FIRED = Map.of(
            "seen", i -> HOOKS.seen(i & 31, i & 3, 3),
            "named", i -> HOOKS.named((i & 1) == 0 ? "even" : "odd, and too long"),
            "choose", i -> HOOKS.choose(i, 1),
            "bytes", i -> FRAMES.bytes(ARRAYS[i & 15]),
            "buffer", i -> FRAMES.buffer(BUFFERS[i & 15]),
            "segment", i -> FRAMES.segment(SEGMENTS[i & 15]));

    /** A hook and its codelets: the first ones need no slot. */
    private static final List<List<String>> ATTACHED = List.of(
            List.of("seen", "tally.bpf.o tally"),
            List.of("choose", "control.bpf.o choose"),
            List.of("bytes", "frames.bpf.o count_bytes"),
            List.of("buffer", "frames.bpf.o count_buffer"),
            List.of("segment", "frames.bpf.o count_segment"),
            List.of("seen", "count.bpf.o count"),
            List.of("seen", "tally.bpf.o tally", "count.bpf.o count"),
            List.of("seen", "moment.bpf.o moment"),
            List.of("named", "payload.bpf.o named"),
            List.of("bytes", "frames.bpf.o keep_bytes"),
            List.of("buffer", "frames.bpf.o keep_buffer"),
            List.of("segment", "frames.bpf.o keep_segment"),
            List.of("bytes", "frames.bpf.o count_bytes", "frames.bpf.o keep_bytes"));

    static List<Arguments> inline() {
        return ATTACHED.stream()
                .flatMap(a -> List.of("jit", "interpreter").stream().map(executor -> Arguments.of(a, executor)))
                .toList();
    }

    static List<Arguments> queued() {
        return inline().stream()
                .filter(a -> !((List<?>) a.get()[0]).getFirst().equals("choose"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("inline")
    void shouldAllocateNothingInline(List<String> attached, String executor) throws Exception {
        try (var runtime = attach(attached, "inline", executor)) {
            var fire = FIRED.get(attached.getFirst());
            long rounds = untilNothingIsAllocated(() -> fire(fire, 0, EVENTS));
            assertThat(runtime.accounts()).allMatch(a -> isBalanced(a, rounds * EVENTS));
        }
    }

    @ParameterizedTest
    @MethodSource("queued")
    void shouldAllocateNothingInRingsAndOnCores(List<String> attached, String executor) throws Exception {
        try (var runtime = attach(attached, "queued", executor)) {
            var fire = FIRED.get(attached.getFirst());
            var core = runtime.cores().getFirst();
            long rounds = untilNothingIsAllocated(() -> {
                for (int i = 0; i < EVENTS; i += TURN) {
                    fire(fire, i, i + TURN);
                    core.runOnce(TURN);
                }
            });
            assertThat(runtime.accounts()).allMatch(a -> isBalanced(a, rounds * EVENTS));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tally.bpf.o tally", "count.bpf.o count"})
    void shouldAllocateNothingInVirtualThreads(String codelet) throws Exception {
        var attached = List.of("seen", codelet);
        try (var runtime = attach(attached, "inline", "jit")) {
            var fire = FIRED.get("seen");
            long[] allocated = {Long.MAX_VALUE};
            var thread = Thread.ofVirtual().start(() -> {
                for (int round = 0; round < MOST_ROUNDS && allocated[0] >= EVENTS; round++) {
                    long before = THREADS.getTotalThreadAllocatedBytes(); // a virtual thread has no count of its own
                    fire(fire, 0, EVENTS);
                    allocated[0] = THREADS.getTotalThreadAllocatedBytes() - before;
                }
            });
            thread.join();
            assertThat(allocated[0]).isLessThan(EVENTS);
            assertThat(runtime.accounts()).allMatch(a -> isBalanced(a, a.offered()));
        }
    }

    private static CodeletRuntime attach(List<String> attached, String execution, String executor)
            throws LoadException {
        assertThat(FRAMES).isNotNull(); // as in Sets
        var codelets = attached.stream()
                .skip(1)
                .map(codelet -> codelet.split(" "))
                .map(c -> "{object: %s, program: %s, execution: %s, executor: %s}"
                        .formatted(c[0], c[1], execution, executor))
                .collect(Collectors.joining(", ", "codelets: [", "]"));
        var runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1));
        Sets.load(runtime, "set", codelets);
        return runtime;
    }

    private static void fire(IntConsumer fire, int from, int to) {
        for (int i = from; i < to; i++) {
            fire.accept(i);
        }
    }

    /** Repeats a round of events until less than a byte is allocated for each; gives how many rounds there were. */
    private static long untilNothingIsAllocated(Runnable round) {
        List<Long> allocated = new ArrayList<>();
        do {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            round.run();
            allocated.add(THREADS.getCurrentThreadAllocatedBytes() - before);
        } while (allocated.getLast() >= EVENTS && allocated.size() < MOST_ROUNDS);
        assertThat(allocated.getLast())
                .as("bytes allocated by each round of " + EVENTS + ": %s", allocated)
                .isLessThan(EVENTS);
        return allocated.size();
    }

    private static boolean isBalanced(AttachmentAccount account, long fired) {
        return account.offered() == fired && account.ok() == fired && account.failed() == 0;
    }
}
