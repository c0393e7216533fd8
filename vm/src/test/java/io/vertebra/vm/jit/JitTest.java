package io.vertebra.vm.jit;

import static io.vertebra.vm.exec.Code.code;
import static io.vertebra.vm.exec.Code.imm;
import static io.vertebra.vm.exec.Code.reg;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.exec.Code;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfProgramArray;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled programs give what interpreted ones give, and their methods are short enough for HotSpot. */
class JitTest {

    private static final Helpers HELPERS = Helpers.standard((_, _) -> {});
    private static final long STEPS = 10_000_000;
    private static final ContextLayout ONE_FIELD =
            new ContextLayout("event", 8, List.of(new ContextLayout.Field("number", 0, 8, ContextLayout.Kind.SCALAR)));

    private static long interpreted(Program program, BpfMap... maps) {
        return Interpreter.prepare(program, List.of(maps), HELPERS, STEPS).run(new RunContext(0, 0));
    }

    private static long compiled(Program program, BpfMap... maps) {
        return Jit.prepare(program, List.of(maps), HELPERS, STEPS, Fallback.FAIL)
                .run(new RunContext(0, 0));
    }

    /** Branches, loops and arithmetic on r6 to r9 and the stack, as long as asked. */
    private static Program random(long seed, int length) {
        var random = new Random(seed);
        var code = code();
        for (int r = 6; r <= 9; r++) {
            code.mov(r, random.nextInt());
        }
        code.store(AccessSize.DOUBLE, 10, -8, imm(1));
        for (int i = 0; i < length / 4; i++) {
            int dst = 6 + random.nextInt(4);
            int src = 6 + random.nextInt(4);
            code.alu(AluOp.values()[random.nextInt(AluOp.values().length)], dst, reg(src));
            switch (random.nextInt(4)) {
                case 0 ->
                    code.jumpIf(Condition.GT, dst, reg(src), "skip" + i)
                            .alu(AluOp.XOR, src, imm(i))
                            .label("skip" + i);
                case 1 ->
                    code.load(AccessSize.DOUBLE, 1, 10, -8)
                            .alu(AluOp.ADD, 1, reg(dst))
                            .store(AccessSize.DOUBLE, 10, -8, reg(1));
                case 2 ->
                    code.mov(2, 3)
                            .label("loop" + i)
                            .alu(AluOp.ADD, dst, reg(2))
                            .alu(AluOp.SUB, 2, imm(1))
                            .jumpIf(Condition.NE, 2, imm(0), "loop" + i);
                default -> code.alu32(AluOp.MUL, dst, imm(31 + i));
            }
        }
        return code.load(AccessSize.DOUBLE, 0, 10, -8)
                .alu(AluOp.ADD, 0, reg(6))
                .alu(AluOp.XOR, 0, reg(7))
                .alu(AluOp.ADD, 0, reg(8))
                .alu(AluOp.XOR, 0, reg(9))
                .exit()
                .program();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 500, 1_000, 2_000, 4_096, 20_000})
    void shouldCompileProgramsOfAnyLength(int length) {
        var program = random(length, length);
        assertThat(compiled(program)).isEqualTo(interpreted(program));
        var direct = Jit.compile(program, plan(program), ONE_FIELD, List.of(), HELPERS, Fallback.FAIL);
        assertThat(direct.run(new RunContext(0, 0))).isEqualTo(interpreted(program));
        assertThat(longestMethod(program)).isLessThanOrEqualTo(MethodWriter.HUGE);
    }

    /** All accesses are of the stack, each at one place. */
    private static AccessPlan plan(Program program) {
        var accesses = new HashMap<Integer, Set<AccessPlan.Region>>();
        var offsets = new HashMap<Integer, Integer>();
        for (int slot = 0; slot < program.instructions().size(); slot++) {
            switch (program.instructions().get(slot)) {
                case Instruction.Load i -> offsets.put(slot, i.offset());
                case Instruction.Store i -> offsets.put(slot, i.offset());
                default -> {}
            }
        }
        offsets.keySet().forEach(slot -> accesses.put(slot, Set.of(new AccessPlan.Stack())));
        return new AccessPlan(accesses, offsets, Map.of(), 8, STEPS, AccessPlan.ContextUse.LOADED, Set.of());
    }

    /** Up to the length that the verifier allows by default, code needs no run although it is several methods. */
    @ParameterizedTest
    @ValueSource(ints = {100, 2_000, 4_096})
    void shouldPassStackAndRegistersBetweenMethods(int length) throws Throwable {
        var program = random(length, length);
        var direct = Jit.compile(program, plan(program), ONE_FIELD, List.of(), HELPERS, Fallback.FAIL)
                .direct()
                .orElseThrow();
        assertThat(direct.usesRun()).isFalse();
        assertThat((long) direct.entry().invokeExact((RunContext) null, 0L)).isEqualTo(interpreted(program));
    }

    private static int longestMethod(Program program) {
        var bodies = Arrays.asList(
                new io.vertebra.vm.helper.Helper.Body[program.instructions().size()]);
        var unit = new Unit(Home.trial(), program, Optional.empty(), List.of(), HELPERS, bodies, Optional.empty());
        return new ClassWriter(unit, STEPS, Optional.empty())
                .write().stream()
                        .flatMap(written -> ClassFile.of().parse(written.bytes()).methods().stream())
                        .flatMap(m -> m.code().stream())
                        .mapToInt(c -> ((CodeAttribute) c).codeLength())
                        .max()
                        .orElseThrow();
    }

    /** A loop with two ways in. */
    @Test
    void shouldCompileIrreducibleLoops() {
        var program = code().mov(6, 0)
                .mov(7, 10)
                .jumpIf(Condition.EQ, 6, imm(0), "second")
                .label("first")
                .alu(AluOp.ADD, 6, imm(1))
                .label("second")
                .alu(AluOp.ADD, 6, imm(2))
                .alu(AluOp.SUB, 7, imm(1))
                .jumpIf(Condition.NE, 7, imm(0), "first")
                .movReg(0, 6)
                .exit()
                .program();
        assertThat(compiled(program)).isEqualTo(29);
    }

    @Test
    void shouldCallSubprogramsWithFramesOfTheirOwn() {
        var program = code().mov(6, 5)
                .store(AccessSize.DOUBLE, 10, -8, imm(7))
                .mov(1, 30)
                .callLocal("add")
                .load(AccessSize.DOUBLE, 1, 10, -8)
                .alu(AluOp.ADD, 0, reg(1))
                .alu(AluOp.ADD, 0, reg(6))
                .exit()
                .function("add")
                .mov(6, 1000)
                .store(AccessSize.DOUBLE, 10, -8, reg(1))
                .load(AccessSize.DOUBLE, 0, 10, -8)
                .exit()
                .program();
        assertThat(compiled(program)).isEqualTo(42);
    }

    @Test
    void shouldCallBack() {
        var program = code().store(AccessSize.DOUBLE, 10, -8, imm(0))
                .mov(1, 10)
                .functionAddress(2, "add")
                .stack(3, -8)
                .mov(4, 0)
                .call(181)
                .load(AccessSize.DOUBLE, 0, 10, -8)
                .exit()
                .function("add")
                .load(AccessSize.DOUBLE, 3, 2, 0)
                .alu(AluOp.ADD, 3, reg(1))
                .store(AccessSize.DOUBLE, 2, 0, reg(3))
                .mov(0, 0)
                .exit()
                .program();
        assertThat(compiled(program)).isEqualTo(45);
    }

    private static Code tailCall(BpfMap programs) {
        return code(programs).map(2, 0).mov(3, 0).call(12).mov(0, -1).exit();
    }

    @Test
    void shouldTailCallFromOneExecutorToTheOther() {
        var target = code().load(AccessSize.BYTE, 0, 1, 0).exit().program();
        var context = MemorySegment.ofArray(new byte[] {42});
        for (boolean compile : new boolean[] {true, false}) {
            var programs = (BpfProgramArray) BpfMap.create(MapSpec.of("p", MapType.PROG_ARRAY, 4, 4, 1), 1);
            programs.put(
                    0,
                    compile
                            ? Interpreter.prepare(target, List.of(), HELPERS, STEPS)
                            : Jit.prepare(target, List.of(), HELPERS, STEPS, Fallback.FAIL));
            var caller = tailCall(programs).program();
            var executable = compile
                    ? Jit.prepare(caller, List.of(programs), HELPERS, STEPS, Fallback.FAIL)
                    : Interpreter.prepare(caller, List.of(programs), HELPERS, STEPS);
            assertThat(executable.run(new RunContext(0, 0).context(context, 0, 1)))
                    .isEqualTo(42);
        }
    }

    @Test
    void shouldEndLoopsThatNobodyProved() {
        var program = code().label("loop").jump("loop").program();
        assertThatThrownBy(() -> Jit.prepare(program, List.of(), HELPERS, 1000, Fallback.FAIL)
                        .run(new RunContext(0, 0)))
                .isInstanceOf(ProgramFault.class)
                .hasMessage("insn 0: step budget exhausted");
    }
}
