package io.vertebra.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.platform.NativePlatform;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.vm.exec.DirectCode;
import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.jit.Fallback;
import io.vertebra.vm.jit.Jit;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import io.vertebra.vm.program.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gateway's codelets do with their context as parameters what they do with it in memory. */
class DirectCodeTest {

    private static final int RUNS = 2_000;
    private static final int TIME = 5;
    private static final int RANDOM = 7;

    /** As in {@code gateway.h}: each number's size. */
    private static final Map<String, ContextLayout> CONTEXTS = Map.of(
            "hook/gateway/request_received", layout(8, 4, 8),
            "hook/gateway/request_queued", layout(4, 4),
            "hook/gateway/response_sent", layout(8, 4, 4, 4, 8),
            "control/gateway/choose_backend", layout(4, 4),
            "interval/1s", layout(8, 8));

    private static ContextLayout layout(int... sizes) {
        var fields = new ArrayList<Field>();
        int offset = 0;
        for (int size : sizes) {
            offset = (offset + size - 1) / size * size;
            fields.add(new Field("f" + fields.size(), offset, size, Kind.SCALAR));
            offset += size;
        }
        int widest = Arrays.stream(sizes).max().orElseThrow();
        return new ContextLayout("context", (offset + widest - 1) / widest * widest, fields);
    }

    static Stream<Program> programs() {
        return Stream.of("gateway", "steering").flatMap(name -> {
            var path = Path.of("../examples/gateway/" + name + ".bpf.o");
            try {
                return ObjectFile.read(Files.readAllBytes(path), name).programs().stream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** One way to run a program: its maps, and a clock and a die of its own that go through the same numbers. */
    private static final class Side {
        private final List<BpfMap> maps;
        private final Executable executable;
        private final RunContext run = new RunContext(0, 0);
        private long now;

        Side(Program program, ContextLayout context) {
            maps = program.maps().stream().map(m -> BpfMap.create(m, 1)).toList();
            var standard = Helpers.standard((_, _) -> {});
            var helpers = standard.with(Stream.of(TIME, RANDOM)
                    .map(id -> new Helper(
                            standard.prototype(id).orElseThrow(), (_, _, _, _, _, _) -> now += 1_000_003L * id))
                    .toList());
            var prototypes = helpers.all().stream().map(Helper::prototype).toList();
            var report = Verifier.verify(program, new NativePlatform(context, prototypes, 65_536));
            executable = Jit.compile(program, ((Accepted) report).plan(), context, maps, helpers, Fallback.FAIL);
        }

        String contents() {
            var text = new ArrayList<String>();
            for (var map : maps) {
                if (map.stride() > 0) {
                    map.forEach((key, values) -> text.add(map.spec().name()
                            + HexFormat.of().formatHex(key)
                            + HexFormat.of().formatHex(values.getFirst())));
                }
            }
            text.sort(String::compareTo);
            return String.join("\n", text);
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void shouldAgreeWithContextInMemory(Program program) throws Throwable {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var context = CONTEXTS.get(program.section());
        var inMemory = new Side(program, context);
        var direct = new Side(program, context);
        DirectCode code = direct.executable.direct().orElseThrow();
        var memory = MemorySegment.ofArray(new long[context.size() / 4]);
        inMemory.run.context(memory, 0, context.size());
        for (int i = 0; i < RUNS; i++) {
            var arguments = new ArrayList<>();
            arguments.add(code.usesRun() ? direct.run : null);
            for (var field : DirectCode.fields(context)) {
                long value = random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(6);
                if (field.size() == Integer.BYTES) {
                    value &= 0xffff_ffffL;
                    memory.set(ValueLayout.JAVA_INT, field.offset(), (int) value);
                } else {
                    memory.set(ValueLayout.JAVA_LONG, field.offset(), value);
                }
                arguments.add(value);
            }
            assertThat((long) code.entry().invokeWithArguments(arguments))
                    .as("run %d, seed %d", i, seed)
                    .isEqualTo(inMemory.executable.run(inMemory.run));
        }
        assertThat(direct.contents()).as("seed %d", seed).isEqualTo(inMemory.contents());
    }
}
