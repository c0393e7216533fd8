package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.code;
import static io.vertebra.verifier.Verdicts.ifFound;
import static io.vertebra.verifier.Verdicts.out;
import static io.vertebra.verifier.Verdicts.rejected;
import static io.vertebra.vm.isa.Instruction.AccessSize.BYTE;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static io.vertebra.vm.isa.Instruction.AccessSize.HALF;
import static io.vertebra.vm.isa.Instruction.AccessSize.WORD;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Width;
import io.vertebra.vm.program.AccessPlan;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Values of maps: null checks, bounds, permissions. */
class MapTest {
    @Test
    void shouldBoundIndexByMask() {
        var report = accepted(out(ifFound(0)
                .load(DOUBLE, 2, 6, 0)
                .alu(AluOp.AND, 2, 7)
                .alu(AluOp.LSH, 2, 3)
                .plus(0, r(2))
                .mov(3, 1)
                .atomicAdd(DOUBLE, 0, 0, 3)));
        assertThat(report.plan().helpers()).containsExactly(1);
        assertThat(report.plan().stackBytes()).isEqualTo(8);
        assertThat(report.plan().accesses()).containsEntry(13, Set.of(new AccessPlan.MapValue(0)));
    }

    @Test
    void shouldBoundIndexByBranch() {
        accepted(out(ifFound(0)
                .load(WORD, 2, 6, 8)
                .jumpIf(Width.W32, 2, Condition.GT, 63, "out")
                .plus(0, r(2))
                .load(BYTE, 3, 0, 0)));
    }

    @Test
    void shouldRejectMissingNullCheck() {
        rejected(
                out(code().lookup(0).load(DOUBLE, 2, 0, 0)),
                "insn 6: r0 may be null: r0 is a pointer to a value of map `values`, maybe null");
    }

    @Test
    void shouldRejectUseOnTheNullBranch() {
        rejected(
                code().lookup(0)
                        .jumpIf(0, Condition.NE, 0, "out")
                        .load(DOUBLE, 2, 0, 0)
                        .label("out")
                        .result(0),
                "insn 7: r0 is the number 0, not a pointer to memory");
    }

    @Test
    void shouldLearnFromOneCheckForAllCopies() {
        accepted(out(code().lookup(0)
                .mov(7, r(0))
                .store(DOUBLE, 10, -16, r(0))
                .jumpIf(7, Condition.EQ, 0, "out")
                .load(DOUBLE, 8, 10, -16)
                .load(DOUBLE, 2, 8, 56)));
    }

    @Test
    void shouldRejectAccessBeyondTheValue() {
        rejected(
                out(ifFound(0).load(DOUBLE, 2, 0, 57)),
                "insn 8: r0 + 57 may be outside a value of map `values`: offset 57, 8 bytes, size 64");
        rejected(
                out(ifFound(0)
                        .load(DOUBLE, 2, 6, 0)
                        .alu(AluOp.AND, 2, 63)
                        .plus(0, r(2))
                        .load(HALF, 2, 0, 0)),
                "insn 11: r0 may be outside a value of map `values`: offset [0, 63], 2 bytes, size 64");
        rejected(
                out(ifFound(0)
                        .load(DOUBLE, 2, 6, 0)
                        .jumpIf(2, Condition.SGT, 7, "out")
                        .plus(0, r(2))
                        .load(BYTE, 2, 0, 0)),
                "insn 11: r0 may be outside a value of map `values`: offset unbounded, 1 byte, size 64");
    }

    @Test
    void shouldRejectMisalignedAtomic() {
        rejected(
                out(ifFound(0).mov(2, 1).atomicAdd(DOUBLE, 0, 4, 2)),
                "insn 9: r0 + 4 may be misaligned for an atomic access: offset 4, 8 bytes");
        rejected(
                out(ifFound(0)
                        .load(DOUBLE, 2, 6, 0)
                        .alu(AluOp.AND, 2, 31)
                        .plus(0, r(2))
                        .mov(2, 1)
                        .atomicAdd(WORD, 0, 0, 2)),
                "insn 12: r0 may be misaligned for an atomic access: offset [0, 31], 4 bytes");
    }

    @Test
    void shouldRejectPointerLeaks() {
        rejected(
                out(ifFound(0).store(DOUBLE, 0, 0, r(6))),
                "insn 8: a pointer would be stored in a value of map `values`: r6 is a pointer to the context");
        rejected(
                code().mov(0, r(10)).exit(),
                "insn 1: the program would return a pointer: r0 is a pointer to the stack");
        rejected(
                out(ifFound(0).add(new Instruction.Atomic(DOUBLE, Instruction.AtomicOp.EXCHANGE, true, 0, 0, 6))),
                "insn 8: an atomic access of a pointer: r6 is a pointer to the context");
    }

    @Test
    void shouldRejectWrongMapType() {
        rejected(
                code().store(DOUBLE, 10, -8, 0)
                        .map(1, 2)
                        .mov(2, r(10))
                        .plus(2, -8)
                        .call(1)
                        .result(0),
                "insn 5: `bpf_map_lookup_elem` cannot work on map `events`: its type is RINGBUF");
    }

    @Test
    void shouldFoldReadOnlyData() {
        accepted(code().mapValue(1, 3, 0)
                .load(WORD, 2, 1, 0)
                .jumpIf(2, Condition.EQ, 7, "ok")
                .load(DOUBLE, 0, 9, 0)
                .label("ok")
                .result(0));
        rejected(
                code().mapValue(1, 3, 0).store(WORD, 1, 0, 1).result(0),
                "insn 2: map `.rodata` is read-only: it holds constants");
    }
}
