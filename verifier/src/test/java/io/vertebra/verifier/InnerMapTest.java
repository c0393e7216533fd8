package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.rejected;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static io.vertebra.vm.isa.Instruction.AccessSize.WORD;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfMapOfMaps;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Maps of maps: what a lookup gives is a map, once it is known not to be null. */
class InnerMapTest {

    private static final MapSpec INNER = MapSpec.of("inner", MapType.HASH, 4, 16, 4);
    private static final MapSpec OUTER =
            MapSpec.of("outer", MapType.ARRAY_OF_MAPS, 4, 4, 2).withInner(INNER);

    /** Looks key 0 up in the outer map: r0 is an inner map, or null at label {@code out}. */
    private static Code found() {
        return new Code().maps(Fixtures.ARRAY, OUTER).lookup(1).jumpIf(0, Condition.EQ, 0, "out");
    }

    /** Looks key 0 up in the map in a register. */
    private static Code lookup(Code code, int map) {
        return code.mov(1, r(map)).mov(2, r(10)).plus(2, -4).call(1);
    }

    private static Code out(Code code) {
        return code.label("out").result(0);
    }

    @Test
    void shouldReachValuesOfInnerMaps() {
        var code = out(lookup(found(), 0)
                .jumpIf(0, Condition.EQ, 0, "out")
                .mov(3, 5)
                .atomicAdd(DOUBLE, 0, 8, 3)
                .load(DOUBLE, 0, 0, 8)
                .exit());
        var report = accepted(code);
        assertThat(report.plan().accesses()).containsEntry(13, Set.of(new AccessPlan.InnerMapValue(1)));
        assertThat(report.plan().offsets()).containsEntry(13, 8);
        var inner = BpfMap.create(INNER, 1);
        inner.update(new byte[4], new byte[16], BpfMap.ANY);
        var outer = (BpfMapOfMaps) BpfMap.create(OUTER, 1);
        outer.put(new byte[4], inner);
        var program = code.build();
        var executable = Interpreter.prepare(
                program,
                List.of(BpfMap.create(Fixtures.ARRAY, 1), outer),
                Helpers.standard(),
                report.plan().maxSteps());
        assertThat(executable.run(new RunContext(0, 0))).isEqualTo(5);
    }

    @Test
    void shouldRejectInnerMapThatMayBeNull() {
        rejected(
                lookup(new Code().maps(Fixtures.ARRAY, OUTER).lookup(1), 0).result(0),
                "insn 9: argument 1 (the map) of `bpf_map_lookup_elem`: r1 may be null: r1 is a pointer to an inner"
                        + " map of `outer`, maybe null");
    }

    @Test
    void shouldRejectInnerMapAsMemory() {
        rejected(
                out(found().load(DOUBLE, 1, 0, 0)),
                "insn 7: r0 is a map, not memory: r0 is a pointer to an inner map of `outer`");
        rejected(
                out(found().plus(0, 8)),
                "insn 7: add is not possible on these operands: left is a pointer to an inner map of `outer`, right is"
                        + " the number 8");
    }

    @Test
    void shouldBoundValuesOfInnerMaps() {
        rejected(
                out(lookup(found(), 0).jumpIf(0, Condition.EQ, 0, "out").load(DOUBLE, 1, 0, 16)),
                "insn 12: r0 + 16 may be outside a value of an inner map of `outer`: offset 16, 8 bytes, size 16");
    }

    @Test
    void shouldKeepInnerMapsApartFromOthers() {
        // A value of 64 bytes on one way, of 16 on the other: the same code may use 16.
        var both = out(found().mov(6, r(0))
                .call(7)
                .jumpIf(0, Condition.EQ, 0, "inner")
                .map(6, 0)
                .label("inner")
                .mov(1, r(6))
                .mov(2, r(10))
                .plus(2, -4)
                .call(1)
                .jumpIf(0, Condition.EQ, 0, "out")
                .load(DOUBLE, 1, 0, 8));
        assertThat(accepted(both).plan().accesses())
                .containsEntry(17, Set.of(new AccessPlan.MapValue(0), new AccessPlan.InnerMapValue(1)));
        rejected(
                out(found().mov(6, r(0))
                        .call(7)
                        .jumpIf(0, Condition.EQ, 0, "inner")
                        .map(6, 0)
                        .label("inner")
                        .mov(1, r(6))
                        .mov(2, r(10))
                        .plus(2, -4)
                        .call(1)
                        .jumpIf(0, Condition.EQ, 0, "out")
                        .load(DOUBLE, 1, 0, 56)),
                "insn 17: r0 + 56 may be outside a value of an inner map of `outer`: offset 56, 8 bytes, size 16");
    }

    @Test
    void shouldRejectUnknownShapesAndUpdates() {
        var unknown = MapSpec.of("unknown", MapType.HASH_OF_MAPS, 4, 4, 2);
        rejected(
                new Code().maps(unknown).lookup(0).result(0),
                "insn 5: map `unknown` does not say what its inner maps look like: its type is HASH_OF_MAPS");
        rejected(
                new Code()
                        .maps(OUTER)
                        .store(WORD, 10, -4, 0)
                        .map(1, 0)
                        .mov(2, r(10))
                        .plus(2, -4)
                        .call(3)
                        .result(0),
                "insn 5: `bpf_map_delete_elem` cannot work on map `outer`: its type is ARRAY_OF_MAPS");
    }

    @Test
    void shouldKeepInnerMapsInTheStack() {
        accepted(out(found().store(DOUBLE, 10, -16, r(0))
                .mov(6, 3)
                .label("again")
                .load(DOUBLE, 1, 10, -16)
                .mov(2, r(10))
                .plus(2, -4)
                .call(1)
                .jumpIf(0, Condition.EQ, 0, "out")
                .load(DOUBLE, 7, 0, 8)
                .alu(AluOp.SUB, 6, 1)
                .jumpIf(6, Condition.NE, 0, "again")));
    }
}
