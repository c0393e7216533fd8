package io.vertebra.vm.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.conformance.Outcome.Failed;
import io.vertebra.vm.conformance.Outcome.Passed;
import io.vertebra.vm.conformance.Outcome.Skipped;
import io.vertebra.vm.exec.Interpreter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SuiteRunnerTest {

    @TempDir
    Path folder;

    static Stream<Arguments> tests() {
        return Stream.of(
                Arguments.of("-- asm\nldxb %r0, [%r1+1]\nexit\n-- mem\n01 # one\n2a\n-- result\n0x2a\n", new Passed()),
                Arguments.of("-- asm\nmov %r0, -1\nexit\n-- result\n-1\n", new Passed()),
                Arguments.of("-- raw\n0x00000005000000b7\n95 00 00 00 00 00 00 00\n-- result\n5\n", new Passed()),
                Arguments.of("-- asm\nmov %r0, 1\nexit\n-- result\n2\n", new Failed("r0 is 0x1, expected 0x2")),
                Arguments.of("-- asm\nexit\n-- error\nany\n", new Failed("r0 is 0x0, an error is expected")),
                Arguments.of("-- asm\nldxb %r0, [%r1]\nexit\n-- result\n0\n", new Failed("insn 0: read of null")),
                Arguments.of("-- asm\nldxb %r0, [%r1]\nexit\n-- error\nany\n", new Passed()),
                Arguments.of(
                        "-- asm\nexit\n-- raw\n0x0000000000000096\n-- result\n0\n",
                        new Failed("its assembly gives other bytes than its section `raw`")),
                Arguments.of("-- result\n0\n", new Failed("no program, a section `asm` or `raw` is needed")),
                Arguments.of("-- raw\n0102\n-- result\n0\n", new Failed("section `raw`: `0102` has 2 bytes")),
                Arguments.of("-- asm\nexit\n-- mem\nzz\n-- result\n0\n", new Failed("section `mem`: ")),
                Arguments.of(
                        "-- asm\nexit\n-- result\n0x12345678123456789\n",
                        new Failed("section `result`: `0x12345678123456789` has more than 64 bits")),
                Arguments.of(
                        "-- asm\nexit\n", new Failed("nothing to compare to, a section `result` or `error` is needed")),
                Arguments.of("-- pyelf\n", new Skipped("changes an ELF file of uBPF's")));
    }

    @ParameterizedTest
    @MethodSource("tests")
    void shouldCompareWithWhatTheTestSays(String text, Outcome expected) throws IOException {
        var outcome = new SuiteRunner(Interpreter::prepare)
                .run(SuiteCase.read(Files.writeString(folder.resolve("a.data"), text)));
        if (expected instanceof Failed failed && outcome instanceof Failed(String reason)) {
            assertThat(reason).startsWith(failed.reason());
        } else {
            assertThat(outcome).isEqualTo(expected);
        }
    }
}
