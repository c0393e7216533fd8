package io.vertebra.vm.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.HelperContext;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The programs of the external suites, interpreted: {@code r1} is the memory, {@code r2} its length. */
class ConformanceTest {

    private static final long STEPS = 1_000_000;

    /** About uBPF's own loader, API or unwinding, or an order of functions that we do not prescribe. */
    private static final Set<String> ONLY_UBPF = Set.of("reload.data", "call_unwind.data", "err-call0.data");

    @TestFactory
    Stream<DynamicTest> shouldPassConformanceSuite() throws IOException {
        return tests("conformance", f -> f.sections().containsKey("result"), ConformanceTest::shouldGiveResult);
    }

    @TestFactory
    Stream<DynamicTest> shouldPassUbpfPrograms() throws IOException {
        return tests(
                "ubpf",
                f -> f.sections().containsKey("result")
                        && !refused(f)
                        && !f.sections().containsKey("pyelf"),
                ConformanceTest::shouldGiveResult);
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseUbpfErrors() throws IOException {
        return tests(
                "ubpf",
                f -> refused(f) && !f.sections().containsKey("pyelf"),
                f -> assertThatThrownBy(() -> run(f)).isInstanceOfAny(ProgramFault.class, ObjectFormatException.class));
    }

    private static boolean refused(DataFile file) {
        return file.sections().containsKey("error") || file.sections().containsKey("error pattern");
    }

    private interface Check {
        void accept(DataFile file) throws IOException;
    }

    private static Stream<DynamicTest> tests(String suite, Predicate<DataFile> wanted, Check check) throws IOException {
        var files = new java.util.ArrayList<DynamicTest>();
        for (Path path : DataFile.all(suite)) {
            var file = DataFile.read(path);
            var name = path.getFileName().toString();
            if (wanted.test(file) && !ONLY_UBPF.contains(name)) {
                files.add(DynamicTest.dynamicTest(name, path.toUri(), () -> check.accept(file)));
            }
        }
        return files.stream();
    }

    private static void shouldGiveResult(DataFile file) {
        assertThat(Long.toHexString(run(file))).isEqualTo(Long.toHexString(file.result()));
    }

    private static long run(DataFile file) {
        var instructions = file.instructions();
        var main = new Program.Function("main", 0, instructions.size());
        var program = new Program("main", ".text", instructions, List.of(main), List.of(), new TreeMap<>());
        var memory = file.memory();
        var context = new RunContext(0, 0)
                .payload(MemorySegment.ofArray(memory), 0, memory.length, true)
                .arguments(memory.length == 0 ? 0 : Addresses.PAYLOAD, memory.length);
        return Interpreter.prepare(program, List.of(), suiteHelpers(), STEPS).run(context);
    }

    /** The functions that the suites register under these numbers. */
    private static Helpers suiteHelpers() {
        return Helpers.none()
                .with(
                        helper(0, (_, a, b, c, d, e) -> (a & 0xff) << 32 | b << 24 | c << 16 | d << 8 | e),
                        helper(1, (run, at, size, _, _, _) -> frobnicate(run, at, size)),
                        helper(2, (_, _, _, _, _, _) -> 0),
                        helper(3, (_, a, _, _, _, _) -> (long) Math.sqrt(a)),
                        helper(4, (run, a, b, _, _, _) -> compare(run, a, b)),
                        helper(5, (_, a, _, _, _, _) -> a));
    }

    private static Helper helper(int id, Helper.Body body) {
        return new Helper(new HelperPrototype(id, "suite" + id, List.of(), HelperPrototype.Result.SCALAR), body);
    }

    private static long frobnicate(HelperContext run, long address, long size) {
        var memory = run.memory(address, size, true);
        for (long i = 0; i < size; i++) {
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) (memory.get(ValueLayout.JAVA_BYTE, i) ^ 42));
        }
        return 0;
    }

    private static long compare(HelperContext run, long left, long right) {
        for (long i = 0; ; i++) {
            byte a = run.memory(left + i, 1, false).get(ValueLayout.JAVA_BYTE, 0);
            byte b = run.memory(right + i, 1, false).get(ValueLayout.JAVA_BYTE, 0);
            if (a != b || a == 0) {
                return (long) a - b;
            }
        }
    }
}
