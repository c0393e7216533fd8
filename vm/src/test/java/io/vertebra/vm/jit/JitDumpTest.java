package io.vertebra.vm.jit;

import static io.vertebra.vm.exec.Code.code;
import static io.vertebra.vm.exec.Code.imm;
import static io.vertebra.vm.exec.Code.reg;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.Program;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What can be seen of generated code, and what happens when there is none. */
class JitDumpTest {

    private static final ContextLayout ONE_FIELD =
            new ContextLayout("event", 8, List.of(new ContextLayout.Field("number", 0, 8, ContextLayout.Kind.SCALAR)));

    private static AccessPlan plan(Set<AccessPlan.Region> first) {
        return new AccessPlan(
                Map.of(0, first), Map.of(0, 0), Map.of(), 0, 1_000_000, AccessPlan.ContextUse.LOADED, Set.of());
    }

    @Test
    void shouldShowBytecodeBelowEachInstruction() {
        var program = code().load(AccessSize.DOUBLE, 2, 1, 0)
                .mov(0, 1)
                .jumpIf(Condition.SGT, 2, imm(5), "out")
                .alu(AluOp.ADD, 0, reg(2))
                .label("out")
                .exit()
                .program();
        var text = Jit.dump(program, plan(Set.of(new AccessPlan.Context())), ONE_FIELD, List.of(), Helpers.none());
        assertThat(text.substring(text.indexOf("direct0")).lines().map(String::strip))
                .containsSequence("0: r2 = *(u64 *)(r1 + 0)", "long load 1", "long store 7", "1: r0 = 1")
                .containsSequence("3: r0 += r2", "long load 3", "long load 7", "ladd", "long store 3", "L0:");
    }

    /** More distinct constants than a class file has room for. */
    private static Program tooLong() {
        var code = code().load(AccessSize.BYTE, 0, 1, 0);
        for (int i = 0; i < 40_000; i++) {
            code.alu(AluOp.XOR, 0, imm(1_000_000 + i));
        }
        return code.exit().program();
    }

    @Test
    void shouldInterpretWhatDoesNotFitAClass() {
        Executable executable = Jit.prepare(tooLong(), List.of(), Helpers.none(), 100_000, Fallback.SILENT);
        var run = new RunContext(0, 0).context(MemorySegment.ofArray(new byte[8]), 0, 8);
        long expected = 0;
        for (int i = 0; i < 40_000; i++) {
            expected ^= 1_000_000 + i;
        }
        assertThat(executable.run(run)).isEqualTo(expected);
        assertThat(executable.direct()).isEmpty();
    }

    @Test
    void shouldFailWhereAskedTo() {
        assertThatThrownBy(() -> Jit.prepare(tooLong(), List.of(), Helpers.none(), 100_000, Fallback.FAIL))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("program `test`: cannot be compiled: 40002 instructions do not fit a class");
    }
}
