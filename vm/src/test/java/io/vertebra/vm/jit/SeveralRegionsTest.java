package io.vertebra.vm.jit;

import static io.vertebra.vm.exec.Code.code;
import static io.vertebra.vm.exec.Code.imm;
import static io.vertebra.vm.exec.Code.reg;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.Code;
import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.AccessPlan.Region;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Accesses that lead to one region on some paths and to another on others. */
class SeveralRegionsTest {

    private static final Helpers HELPERS = Helpers.standard((_, _) -> {});
    private static final Region STACK = new AccessPlan.Stack();
    private static final Region FIRST = new AccessPlan.MapValue(0);
    private static final Region SECOND = new AccessPlan.MapValue(1);

    private static List<BpfMap> maps() {
        return List.of(
                BpfMap.create(MapSpec.of("first", MapType.ARRAY, 4, 8, 1), 1),
                BpfMap.create(MapSpec.of("second", MapType.ARRAY, 4, 16, 1), 1));
    }

    /** Goes on with r2 at the stack (0), the first map (1), the second (2), or what the context says. */
    private static Code pointer(List<BpfMap> maps) {
        return code(maps.toArray(BpfMap[]::new))
                .load(AccessSize.DOUBLE, 2, 1, 0)
                .store(AccessSize.DOUBLE, 10, -8, imm(7))
                .jumpIf(Condition.NE, 2, imm(0), "first")
                .stack(2, -8)
                .jump("found")
                .label("first")
                .jumpIf(Condition.NE, 2, imm(1), "second")
                .add(new Instruction.LoadMapValue(2, 0, 0))
                .jump("found")
                .label("second")
                .jumpIf(Condition.NE, 2, imm(2), "found")
                .add(new Instruction.LoadMapValue(2, 1, 8))
                .label("found");
    }

    private static Code changes(List<BpfMap> maps) {
        return pointer(maps)
                .load(AccessSize.HALF, 3, 2, 2)
                .store(AccessSize.DOUBLE, 2, 0, imm(-3))
                .add(new Instruction.Load(AccessSize.WORD, true, 4, 2, 4))
                .mov(5, 5)
                .add(new Instruction.Atomic(AccessSize.DOUBLE, AtomicOp.ADD, true, 2, 0, 5))
                .load(AccessSize.DOUBLE, 0, 2, 0)
                .alu(AluOp.ADD, 0, reg(3))
                .alu(AluOp.ADD, 0, reg(4))
                .alu(AluOp.ADD, 0, reg(5))
                .exit();
    }

    private static AccessPlan plan(Code code, Set<Region> regions) {
        var accesses = new HashMap<Integer, Set<Region>>();
        var instructions = code.program().instructions();
        for (int slot = 0; slot < instructions.size(); slot++) {
            int base = switch (instructions.get(slot)) {
                case Instruction.Load i -> i.base();
                case Instruction.Store i -> i.base();
                case Instruction.Atomic i -> i.base();
                default -> -1;
            };
            if (base >= 0) {
                accesses.put(slot, base == 1 ? Set.of(new AccessPlan.Context()) : base == 10 ? Set.of(STACK) : regions);
            }
        }
        return new AccessPlan(accesses, Map.of(), Map.of(), 8, 100, AccessPlan.ContextUse.LOADED, Set.of());
    }

    private static long run(Executable executable, long which) {
        return executable.run(new RunContext(0, 0).context(MemorySegment.ofArray(new long[] {which}), 0, 8));
    }

    private static List<byte[]> contents(List<BpfMap> maps) {
        return maps.stream().map(m -> m.values().toArray(ValueLayout.JAVA_BYTE)).toList();
    }

    @Test
    void shouldDoWhatTheInterpreterDoes() {
        for (long which = 0; which < 3; which++) {
            var expected = maps();
            long result = run(Interpreter.prepare(changes(expected).program(), expected, HELPERS, 100), which);
            var maps = maps();
            var code = changes(maps);
            var plan = plan(code, Set.of(STACK, FIRST, SECOND));
            var executable = Jit.compile(code.program(), plan, ContextLayout.NONE, maps, HELPERS, Fallback.FAIL);
            assertThat(run(executable, which)).as("region %d", which).isEqualTo(result);
            assertThat(contents(maps)).usingRecursiveComparison().isEqualTo(contents(expected));
        }
    }

    @Test
    void shouldAccessEachRegionWithoutTheWayByAddress() {
        var maps = maps();
        var code = changes(maps);
        var text = Jit.dump(code.program(), plan(code, Set.of(FIRST, SECOND)), ContextLayout.NONE, maps, HELPERS);
        assertThat(text).contains("MemorySegment.get", "MemorySegment.set", "VarHandle.getAndAdd");
        assertThat(text).doesNotContain("CompiledProgram.load", "CompiledProgram.store", "CompiledProgram.atomic");
    }

    @Test
    void shouldFaultElsewhere() {
        for (long wrong : new long[] {3, -1, Long.MIN_VALUE, Addresses.mapValues(1) + 16, Addresses.mapValues(2)}) {
            var maps = maps();
            var code = changes(maps);
            var executable = Jit.compile(
                    code.program(),
                    plan(code, Set.of(FIRST, SECOND)),
                    ContextLayout.NONE,
                    maps,
                    HELPERS,
                    Fallback.FAIL);
            assertThatThrownBy(() -> run(executable, wrong)).isInstanceOf(ProgramFault.class);
            assertThat(contents(maps)).usingRecursiveComparison().isEqualTo(contents(maps()));
        }
    }
}
