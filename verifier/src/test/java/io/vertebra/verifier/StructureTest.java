package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.code;
import static io.vertebra.verifier.Verdicts.rejected;

import io.vertebra.vm.isa.Instruction;
import org.junit.jupiter.api.Test;

/** The form of programs, before anything runs. */
class StructureTest {
    @Test
    void shouldRejectJumpOutOfFunction() {
        rejected(code().add(new Instruction.Jump(5)), "insn 0: jump to insn 6, which is not in `main`");
    }

    @Test
    void shouldRejectJumpIntoWideInstruction() {
        rejected(
                code().add(new Instruction.Jump(1)).constant(0, 1).exit(),
                "insn 0: jump to insn 2, which is not in `main`");
    }

    @Test
    void shouldRejectRunningOffTheEnd() {
        rejected(code().mov(0, 0), "insn 0: control may run off the end of `main`");
    }

    @Test
    void shouldRejectWritingTheFramePointer() {
        rejected(code().mov(10, 0).result(0), "insn 0: r10 is written");
    }

    @Test
    void shouldTolerateUnreachableCode() {
        accepted(code().result(0).mov(1, r(9)).exit());
    }
}
