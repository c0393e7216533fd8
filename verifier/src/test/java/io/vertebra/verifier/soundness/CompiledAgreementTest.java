package io.vertebra.verifier.soundness;

import static io.vertebra.verifier.soundness.Draft.c;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Compiled code does what the interpreter does: the same result, and the same left in maps, rings and the payload. A few
 * seconds of {@link AgreementFuzz}; {@code .ci/soundness agreement} goes on for as long as one likes.
 */
class CompiledAgreementTest {

    private static final int RUNS = 50 * Integer.getInteger("vertebra.programs", 40);

    @Test
    void shouldAgreeWithInterpreter() throws InterruptedException {
        var fuzz = new AgreementFuzz(Long.getLong("vertebra.seed", System.nanoTime()));
        assertThat(fuzz.run(RUNS, 60, 1)).as(fuzz::report).isTrue();
    }

    /** The function is never called, so that there is no plan for it; nor does it write r0 before. */
    @Test
    void shouldCompileAtomicBeforeAnyResult() {
        var main = new Draft().mov(0, c(3)).exit();
        var function = new Draft()
                .add(new Instruction.Atomic(AccessSize.DOUBLE, AtomicOp.ADD, /* fetch= */ false, 8, 0, 9))
                .mov(0, c(0))
                .exit();
        var agreement = new Agreement(Draft.program(Setting.NATIVE, List.of(main, function)));
        assertThatCode(() -> agreement.run(Input.random(new SplittableRandom(1), new long[1])))
                .doesNotThrowAnyException();
    }
}
