package io.vertebra.verifier;

import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.code;
import static io.vertebra.verifier.Verdicts.rejected;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static io.vertebra.vm.isa.Instruction.AccessSize.HALF;
import static io.vertebra.vm.isa.Instruction.AccessSize.WORD;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.program.AccessPlan;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Reads of the context struct. */
class ContextTest {
    @Test
    void shouldReadFields() {
        var report = accepted(code().load(DOUBLE, 0, 1, 0)
                .load(HALF, 2, 1, 10)
                .load(DOUBLE, 3, 1, 17)
                .load(WORD, 4, 1, 8)
                .exit());
        assertThat(report.plan().context()).isEqualTo(AccessPlan.ContextUse.LOADED);
        assertThat(report.plan().accesses().get(0)).isEqualTo(Set.of(new AccessPlan.Context()));
    }

    @Test
    void shouldRejectPaddingAndPartsOfPointers() {
        rejected(
                code().load(WORD, 0, 1, 12).exit(),
                "insn 0: r1 + 12 does not read one field of the context `test_event`: offset 12, 4 bytes, size 48");
        rejected(
                code().load(WORD, 0, 1, 32).exit(),
                "insn 0: r1 + 32 does not read one field of the context `test_event`: offset 32, 4 bytes, size 48,"
                        + " field `data` is 8 bytes at 32");
        rejected(
                code().load(DOUBLE, 0, 1, 36).exit(),
                "insn 0: r1 + 36 does not read one field of the context `test_event`: offset 36, 8 bytes, size 48");
    }

    @Test
    void shouldRejectWriting() {
        rejected(
                code().store(WORD, 1, 0, 1).result(0),
                "insn 0: the context is read-only: r1 is a pointer to the context");
    }

    @Test
    void shouldRejectChangedContextForHelpers() {
        var platform = Fixtures.PLATFORM;
        rejected(
                new Code().plus(1, 8).call(12).result(0),
                platform,
                "insn 1: argument 1 (the context) of `bpf_tail_call` is wrong: r1 is a pointer to byte 8 of the"
                        + " context");
    }
}
