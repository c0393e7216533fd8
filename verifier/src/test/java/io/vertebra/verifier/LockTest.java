package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.rejected;
import static io.vertebra.vm.isa.Instruction.AccessSize.BYTE;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.btf.BtfType.Member;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What C cannot easily say about locks: the reports beside this test have the rest. */
class LockTest {

    private static final int LOCK = 4;

    private static Btf types(Member... members) {
        return new Btf(List.of(
                new BtfType.Void(),
                new BtfType.Int("unsigned int", 4, 32, 0, false, false, false),
                new BtfType.Struct("bpf_spin_lock", 4, false, List.of(new Member("val", 1, 0, 0))),
                new BtfType.Struct("value", 16, false, List.of(members)),
                new BtfType.Array(2, 1, 2),
                new BtfType.Struct("bpf_spin_lock", 8, false, List.of())));
    }

    private static MapSpec map(MapType type, Member... members) {
        return new MapSpec("locked", type, 4, 16, 8, 0, false, new byte[0], types(members), 0, 3);
    }

    private static Code code() {
        return new Code().maps(map(MapType.ARRAY, new Member("lock", 2, 8 * LOCK, 0)));
    }

    /** Code with the value in r7 and the address of its lock in r8. */
    private static Code found() {
        return code().mov(6, r(1))
                .lookup(0)
                .jumpIf(0, Condition.EQ, 0, "out")
                .mov(7, r(0))
                .mov(8, r(0))
                .plus(8, LOCK);
    }

    private static Code call(Code code, int helper) {
        return code.mov(1, r(8)).call(helper);
    }

    private static Code out(Code code) {
        return code.label("out").result(0);
    }

    @Test
    void shouldLoopWhileHolding() {
        accepted(out(call(
                call(found(), 93)
                        .mov(2, 0)
                        .label("next")
                        .store(DOUBLE, 7, 8, r(2))
                        .plus(2, 1)
                        .jumpIf(2, Condition.LT, 10, "next"),
                94)));
    }

    /** The paths meet with the lock held by one of them: neither may stand for the other. */
    @Test
    void shouldTellHeldFromFreeWherePathsMeet() {
        rejected(
                out(call(
                        call(found().load(DOUBLE, 2, 6, 0).jumpIf(2, Condition.EQ, 0, "free"), 93)
                                .label("free"),
                        94)),
                "insn 16: `bpf_spin_unlock` gives back a lock that is not held");
        rejected(
                out(call(found().load(DOUBLE, 2, 6, 0).jumpIf(2, Condition.EQ, 0, "out"), 93)),
                "insn 16: `main` returns while a lock of map `locked` is held");
    }

    @Test
    void shouldSeeAccessesWithAnUnknownOffset() {
        rejected(
                out(found().load(DOUBLE, 2, 6, 0)
                        .alu(AluOp.AND, 2, 15)
                        .plus(7, r(2))
                        .load(BYTE, 0, 7, 0)),
                "insn 14: r7 may touch what belongs to the runtime in a value of map `locked`: offset [0, 15], 1"
                        + " bytes, lock at 4");
        accepted(out(
                found().load(DOUBLE, 2, 6, 0).alu(AluOp.AND, 2, 7).plus(7, r(2)).load(BYTE, 0, 7, 8)));
    }

    @Test
    void shouldRejectMapsThatCannotHaveThem() {
        rejected(
                new Code()
                        .maps(map(MapType.PERCPU_ARRAY, new Member("lock", 2, 0, 0)))
                        .result(0),
                "insn 0: map `locked`: a PERCPU_ARRAY cannot hold `struct bpf_spin_lock`, allowed are [HASH, ARRAY]");
        rejected(
                new Code()
                        .maps(map(MapType.HASH, new Member("a", 2, 0, 0), new Member("b", 2, 32, 0)))
                        .result(0),
                "insn 0: map `locked`: its value has more than one `struct bpf_spin_lock`, at most one is allowed");
        rejected(
                new Code().maps(map(MapType.HASH, new Member("a", 4, 0, 0))).result(0),
                "insn 0: map `locked`: an array of 2 elements holds `struct bpf_spin_lock`, allowed are structs");
        rejected(
                new Code().maps(map(MapType.HASH, new Member("a", 2, 16, 0))).result(0),
                "insn 0: map `locked`: `struct bpf_spin_lock` lies at offset 2, allowed are multiples of 4");
        rejected(
                new Code().maps(map(MapType.HASH, new Member("a", 5, 0, 0))).result(0),
                "insn 0: map `locked`: `struct bpf_spin_lock` has 8 bytes, it must have 4");
        rejected(
                new Code().maps(map(MapType.HASH, new Member("a", 2, 128, 0))).result(0),
                "insn 0: map `locked`: `struct bpf_spin_lock` lies behind the value's 16 bytes");
    }

    @Test
    void shouldRejectMapsWithoutThem() {
        rejected(
                out(call(
                        new Code()
                                .maps(Fixtures.ARRAY)
                                .lookup(0)
                                .jumpIf(0, Condition.EQ, 0, "out")
                                .mov(8, r(0)),
                        93)),
                "insn 9: values of map `values` have no `struct bpf_spin_lock`");
    }
}
