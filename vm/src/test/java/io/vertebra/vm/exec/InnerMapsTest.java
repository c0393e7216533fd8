package io.vertebra.vm.exec;

import static io.vertebra.vm.exec.Code.code;
import static io.vertebra.vm.exec.Code.imm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfMapOfMaps;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.ProgramFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Maps of maps as programs see them. */
class InnerMapsTest {

    private static final MapSpec INNER = MapSpec.of("inner", MapType.HASH, 4, 8, 4);

    private static BpfMapOfMaps outer(MapType type) {
        return (BpfMapOfMaps) BpfMap.create(MapSpec.of("outer", type, 4, 4, 4).withInner(INNER), 1);
    }

    /** Looks up key 1 of the outer map, then key 1 of what it finds; adds 1 to the value there. -1, -2: not found. */
    private static Code twice(BpfMap outer) {
        return code(outer)
                .store(AccessSize.WORD, 10, -4, imm(1))
                .map(1, 0)
                .stack(2, -4)
                .call(1)
                .jumpIf(Condition.EQ, 0, imm(0), "no_map")
                .movReg(1, 0)
                .stack(2, -4)
                .call(1)
                .jumpIf(Condition.EQ, 0, imm(0), "no_value")
                .load(AccessSize.DOUBLE, 6, 0, 0)
                .alu(io.vertebra.vm.isa.Instruction.AluOp.ADD, 6, imm(1))
                .store(AccessSize.DOUBLE, 0, 0, Code.reg(6))
                .movReg(0, 6)
                .exit()
                .label("no_map")
                .mov(0, -1)
                .exit()
                .label("no_value")
                .mov(0, -2)
                .exit();
    }

    @ParameterizedTest
    @EnumSource(names = {"ARRAY_OF_MAPS", "HASH_OF_MAPS"})
    void shouldReachInnerMaps(MapType type) {
        var outer = outer(type);
        var inner = BpfMap.create(INNER, 1);
        var program = twice(outer).prepare();
        var run = new RunContext(0, 0);
        assertThat(program.run(run)).isEqualTo(-1);
        outer.put(new byte[] {1, 0, 0, 0}, inner);
        assertThat(program.run(run)).isEqualTo(-2);
        inner.update(new byte[] {1, 0, 0, 0}, new byte[] {41, 0, 0, 0, 0, 0, 0, 0}, BpfMap.ANY);
        assertThat(program.run(run)).isEqualTo(42);
        assertThat(program.run(run)).isEqualTo(43);
        outer.remove(new byte[] {1, 0, 0, 0});
        assertThat(program.run(run)).isEqualTo(-1);
    }

    @Test
    void shouldForgetInnerMapsAfterRun() {
        var outer = outer(MapType.ARRAY_OF_MAPS);
        outer.put(new byte[] {1, 0, 0, 0}, BpfMap.create(INNER, 1));
        var run = new RunContext(0, 0);
        var lookup = code(outer)
                .store(AccessSize.WORD, 10, -4, imm(1))
                .map(1, 0)
                .stack(2, -4)
                .call(1)
                .exit()
                .prepare();
        long address = lookup.run(run);
        assertThat(address).isNotZero();
        var other = code().wide(1, address).stack(2, -4).call(1).exit().prepare();
        assertThatThrownBy(() -> other.run(run))
                .isInstanceOf(ProgramFault.class)
                .hasMessage("insn 4: address=0x" + Long.toHexString(address) + " is not a map, one is needed here");
    }

    @Test
    void shouldNotReadInnerMapObjects() {
        var outer = outer(MapType.ARRAY_OF_MAPS);
        outer.put(new byte[] {1, 0, 0, 0}, BpfMap.create(INNER, 1));
        var program = code(outer)
                .store(AccessSize.WORD, 10, -4, imm(1))
                .map(1, 0)
                .stack(2, -4)
                .call(1)
                .load(AccessSize.DOUBLE, 0, 0, 0)
                .exit()
                .prepare();
        assertThatThrownBy(() -> program.run(new RunContext(0, 0)))
                .isInstanceOf(ProgramFault.class)
                .hasMessage("insn 6: read of map `inner`: offset=0, size=8, it is not memory, pass it to a helper");
    }
}
