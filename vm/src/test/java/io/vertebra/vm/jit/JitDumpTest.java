package io.vertebra.vm.jit;

import static io.vertebra.vm.exec.Code.code;
import static io.vertebra.vm.exec.Code.imm;
import static io.vertebra.vm.exec.Code.reg;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.exec.CompiledProgram;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.Width;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.Program;
import java.util.ArrayList;
import java.util.Collections;
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

    /** One instruction more than is compiled. */
    private static Program tooLong() {
        var instructions = new ArrayList<Instruction>(Collections.nCopies(
                Jit.MOST_INSTRUCTIONS, new Instruction.Alu(Width.W64, AluOp.ADD, 0, new Immediate(3))));
        instructions.add(new Instruction.Exit());
        return Program.of("long", instructions, List.of());
    }

    @Test
    void shouldInterpretWhatIsTooLong() {
        var executable = Jit.prepare(tooLong(), List.of(), Helpers.none(), 2_000_000, Fallback.SILENT);
        assertThat(executable.run(new RunContext(0, 0))).isEqualTo(3L * Jit.MOST_INSTRUCTIONS);
        assertThat(executable).isNotInstanceOf(CompiledProgram.class);
        assertThat(executable.direct()).isEmpty();
    }

    @Test
    void shouldFailWhereAskedTo() {
        assertThatThrownBy(() -> Jit.prepare(tooLong(), List.of(), Helpers.none(), 2_000_000, Fallback.FAIL))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("program `long`: cannot be compiled: 1048577 instructions, allowed are 1048576");
    }
}
