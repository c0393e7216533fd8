package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.platform.NativePlatform;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.jit.Fallback;
import io.vertebra.vm.jit.Jit;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.Program;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Programs of more instructions than one class has room for do compiled what they do interpreted. What a million of them
 * take is noted at {@link Jit}.
 */
class LargeProgramTest {

    private static final long STEPS = 2_000_000;
    private static final int FUNCTION = 200;
    private static final Helpers HELPERS = Helpers.standard((_, _) -> {});
    private static final NativePlatform PLATFORM = new NativePlatform(Fixtures.CONTEXT, Fixtures.prototypes(), STEPS);

    enum Shape {
        STRAIGHT,
        BRANCHES,
        MAPS,
        CALLS
    }

    private static Program program(Shape shape, int length) {
        var random = new Random(length);
        var code = new Code().maps(Fixtures.ARRAY);
        for (int r = 6; r <= 9; r++) {
            code.mov(r, random.nextInt());
        }
        for (int i = 0; code.slots() < length - 10 && (shape != Shape.CALLS || i < length / FUNCTION); i++) {
            int dst = 6 + random.nextInt(4);
            int src = 6 + random.nextInt(4);
            switch (shape) {
                case STRAIGHT ->
                    code.constant(1, random.nextLong())
                            .alu(AluOp.XOR, dst, r(1))
                            .plus(dst, r(src));
                case BRANCHES ->
                    code.jumpIf(dst, Condition.GT, r(src), "skip" + i)
                            .alu(AluOp.XOR, src, random.nextInt())
                            .label("skip" + i)
                            .alu(AluOp.MUL, dst, 31);
                case MAPS -> count(code, "skip" + i, random.nextInt(10), dst);
                case CALLS -> code.mov(1, r(dst)).callLocal("f" + i).mov(dst, r(0));
            }
        }
        code.mov(0, r(6)).plus(0, r(7)).alu(AluOp.XOR, 0, r(8)).plus(0, r(9)).exit();
        for (int i = 0; shape == Shape.CALLS && i < length / FUNCTION; i++) {
            code.function("f" + i).mov(0, r(1));
            for (int k = 0; k < FUNCTION - 6; k++) {
                code.alu(k % 2 == 0 ? AluOp.XOR : AluOp.MUL, 0, random.nextInt());
            }
            code.exit();
        }
        return code.build();
    }

    /** Looks up an entry, which may be missing, adds a register to it and multiplies the register. */
    private static void count(Code code, String label, int key, int register) {
        code.store(AccessSize.WORD, 10, -4, key)
                .map(1, 0)
                .mov(2, r(10))
                .plus(2, -4)
                .call(1)
                .jumpIf(0, Condition.EQ, 0, label)
                .load(AccessSize.DOUBLE, 1, 0, 0)
                .plus(1, r(register))
                .store(AccessSize.DOUBLE, 0, 0, r(1))
                .label(label)
                .alu(AluOp.MUL, register, 31);
    }

    private record Outcome(long result, String values) {}

    private static Outcome run(Function<BpfMap, Executable> prepare) {
        var map = BpfMap.create(Fixtures.ARRAY, 1);
        var context = MemorySegment.ofArray(new long[Fixtures.CONTEXT.size() / 8]);
        long result = prepare.apply(map).run(new RunContext(0, 0).context(context, 0, Fixtures.CONTEXT.size()));
        return new Outcome(result, HexFormat.of().formatHex(map.values().toArray(ValueLayout.JAVA_BYTE)));
    }

    private static Outcome interpreted(Program program) {
        return run(map -> Interpreter.prepare(program, List.of(map), HELPERS, STEPS));
    }

    @ParameterizedTest
    @CsvSource({"STRAIGHT, 100000", "BRANCHES, 100000", "MAPS, 100000", "CALLS, 100000", "STRAIGHT, 1000000"})
    void shouldDoTheSameCompiledByItsPlan(Shape shape, int length) {
        var program = program(shape, length);
        var plan = ((Accepted) Verifier.verify(program, PLATFORM)).plan();
        assertThat(run(map -> Jit.compile(program, plan, Fixtures.CONTEXT, List.of(map), HELPERS, Fallback.FAIL)))
                .isEqualTo(interpreted(program));
    }

    /** So many lookups are more than the verifier's budget, whose paths are two after each. */
    @Test
    void shouldDoTheSameCompiledWithoutAPlan() {
        var program = program(Shape.MAPS, 1_000_000);
        assertThat(run(map -> Jit.prepare(program, List.of(map), HELPERS, STEPS, Fallback.FAIL)))
                .isEqualTo(interpreted(program));
    }
}
