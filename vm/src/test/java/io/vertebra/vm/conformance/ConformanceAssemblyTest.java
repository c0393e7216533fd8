package io.vertebra.vm.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.AssemblyText;
import io.vertebra.vm.isa.InstructionCodec;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The external suites as text: every {@code -- asm} assembles, to the bytes of {@code -- raw} where there are some. */
class ConformanceAssemblyTest {

    private static int assembled(String suite) throws IOException {
        int count = 0;
        for (var file : Corpora.files(suite)) {
            var test = SuiteCase.read(file);
            if (!test.has("asm") || test.name().startsWith("err-invalid-reg-")) {
                continue;
            }
            count++;
            var program = test.assembled().orElseThrow();
            assertThat(AssemblyText.parse(AssemblyText.print(program)))
                    .as("%s", file)
                    .isEqualTo(program);
            if (test.raw().isPresent()) {
                byte[] raw = test.raw().get();
                assertThat(InstructionCodec.encode(program)).as("%s", file).isEqualTo(raw);
                assertThat(InstructionCodec.decode(raw)).as("%s", file).isEqualTo(program);
            }
        }
        return count;
    }

    @Test
    void shouldAssembleTheConformanceSuite() throws IOException {
        assertThat(assembled("conformance")).isGreaterThan(200);
    }

    @Test
    void shouldAssembleTheTestsOfUbpf() throws IOException {
        assertThat(assembled("ubpf")).isGreaterThan(40);
    }

    @Test
    void shouldRejectTheNegativeTests() throws IOException {
        int rejected = 0;
        for (var file : Corpora.files("conformance-negative")) {
            var test = SuiteCase.read(file);
            boolean wellFormed = test.name().startsWith("incorrect_")
                    || (!test.has("asm") && !test.has("raw"))
                    || Optional.ofNullable(test.sections().get("asm"))
                            .filter(String::isEmpty)
                            .isPresent();
            if (!wellFormed) {
                rejected++;
                assertThat(rejects(test)).as("%s", file).isTrue();
            }
        }
        assertThat(rejected).isGreaterThan(30);
    }

    private static boolean rejects(SuiteCase test) {
        try {
            test.assembled();
            test.raw().ifPresent(InstructionCodec::decode);
            return false;
        } catch (ObjectFormatException _) {
            return true;
        }
    }
}
