package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.code;
import static io.vertebra.verifier.Verdicts.out;
import static io.vertebra.verifier.Verdicts.rejected;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;

import io.vertebra.vm.isa.Instruction.Condition;
import org.junit.jupiter.api.Test;

/** Reserved records: released once, on every path. */
class RingTest {
    private static Code reserve() {
        return code().map(1, 2).mov(2, 16).mov(3, 0).call(131);
    }

    @Test
    void shouldAcceptOneRelease() {
        accepted(out(reserve()
                .jumpIf(0, Condition.EQ, 0, "out")
                .store(DOUBLE, 0, 8, 1)
                .mov(1, r(0))
                .mov(2, 0)
                .call(132)));
    }

    @Test
    void shouldRejectLeak() {
        rejected(
                out(reserve().jumpIf(0, Condition.EQ, 0, "out").store(DOUBLE, 0, 8, 1)),
                "insn 8: a reserved record of map `events` is lost at the program's end: it is still reserved");
    }

    @Test
    void shouldRejectSecondReleaseAndUseAfter() {
        rejected(
                out(reserve()
                        .jumpIf(0, Condition.EQ, 0, "out")
                        .mov(6, r(0))
                        .mov(1, r(0))
                        .mov(2, 0)
                        .call(132)
                        .mov(1, r(6))
                        .mov(2, 0)
                        .call(133)),
                "insn 10: r6 is a record that was submitted or discarded");
        rejected(
                out(reserve()
                        .jumpIf(0, Condition.EQ, 0, "out")
                        .mov(6, r(0))
                        .mov(1, r(0))
                        .mov(2, 0)
                        .call(132)
                        .store(DOUBLE, 6, 0, 1)),
                "insn 10: r6 is a record that was submitted or discarded");
    }

    @Test
    void shouldRejectUncheckedAndMovedRecord() {
        rejected(
                reserve().mov(1, r(0)).mov(2, 0).call(132).result(0),
                "insn 7: argument 1 (the record) of `bpf_ringbuf_submit`: r1 may be null: r1 is a pointer to a"
                        + " record of map `events`, maybe null");
        rejected(
                out(reserve()
                        .jumpIf(0, Condition.EQ, 0, "out")
                        .mov(1, r(0))
                        .plus(1, 8)
                        .mov(2, 0)
                        .call(132)),
                "insn 9: argument 1 (the record) of `bpf_ringbuf_submit` is wrong: r1 is a pointer to byte 8 of a"
                        + " record of map `events`");
    }

    @Test
    void shouldRejectAccessBeyondTheRecord() {
        rejected(
                out(reserve().jumpIf(0, Condition.EQ, 0, "out").store(DOUBLE, 0, 16, 1)),
                "insn 6: r0 + 16 may be outside a record of map `events`: offset 16, 8 bytes, size 16");
    }

    @Test
    void shouldRejectVariableSize() {
        rejected(
                code().load(DOUBLE, 2, 1, 0).map(1, 2).mov(3, 0).call(131).result(0),
                "insn 4: argument 2 (a size) of `bpf_ringbuf_reserve` is wrong: r2 is any number");
    }
}
