package io.vertebra.vm.jit;

import static io.vertebra.vm.exec.Code.code;
import static io.vertebra.vm.exec.Code.imm;
import static io.vertebra.vm.exec.Code.reg;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.Code;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Width;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Loops that are written as loops over an {@code int} end where and as they end in the interpreter. */
class CountedLoopTest {

    private static final Helpers HELPERS = Helpers.none();
    private static final int RUNS = 400;
    private static final int SPACE = 64;
    private static final ContextLayout PACKET = new ContextLayout(
            "packet",
            32,
            List.of(
                    new Field("data", 0, 8, Kind.PAYLOAD),
                    new Field("data_end", 8, 8, Kind.PAYLOAD_END),
                    new Field("first", 16, 8, Kind.SCALAR),
                    new Field("second", 24, 8, Kind.SCALAR)));

    /** r2 = data, r3 = data_end, r4 = first, r5 = second, r0 = 7. */
    private static Code begin() {
        return code().load(AccessSize.DOUBLE, 2, 1, 0)
                .load(AccessSize.DOUBLE, 3, 1, 8)
                .load(AccessSize.DOUBLE, 4, 1, 16)
                .load(AccessSize.DOUBLE, 5, 1, 24)
                .mov(0, 7);
    }

    private static Code mix(Code code, int from) {
        return code.alu(AluOp.XOR, 0, reg(from)).alu(AluOp.MUL, 0, imm(31));
    }

    /** As clang writes {@code for (i = first; i < 40; i++) if (data + i + 1 > data_end) break; else mix(data[i])}. */
    private static Code bytes() {
        var code = begin().label("loop")
                .movReg(6, 2)
                .alu(AluOp.ADD, 6, reg(4))
                .movReg(7, 6)
                .alu(AluOp.ADD, 7, imm(1))
                .jumpIf(Condition.GT, 7, reg(3), "out")
                .load(AccessSize.BYTE, 6, 6, 0);
        return mix(code, 6)
                .alu(AluOp.ADD, 4, imm(1))
                .jumpIf(Condition.NE, 4, imm(40), "loop")
                .label("out")
                .alu(AluOp.ADD, 0, reg(4))
                .exit();
    }

    /** The counter is read after it grew, kept in another register, and tested before it grew. */
    private static Code readsAfterGrowth() {
        var code = begin().mov(8, 0)
                .label("loop")
                .movReg(7, 4)
                .alu(AluOp.ADD, 4, imm(3))
                .alu(AluOp.ADD, 8, reg(4))
                .movReg(9, 4);
        return mix(code, 8)
                .jumpIf(Condition.LT, 7, reg(5), "loop")
                .alu(AluOp.ADD, 0, reg(9))
                .alu(AluOp.ADD, 0, reg(7))
                .exit();
    }

    private static AccessPlan plan(Program program) {
        var accesses = new HashMap<Integer, Set<AccessPlan.Region>>();
        var offsets = new HashMap<Integer, Integer>();
        for (int slot = 0; slot < program.instructions().size(); slot++) {
            if (program.instructions().get(slot) instanceof Instruction.Load load) {
                accesses.put(slot, Set.of(load.base() == 1 ? new AccessPlan.Context() : new AccessPlan.Payload()));
                if (load.base() == 1) {
                    offsets.put(slot, load.offset());
                }
            }
        }
        return new AccessPlan(accesses, offsets, Map.of(), 0, 1_000_000, AccessPlan.ContextUse.LOADED, Set.of());
    }

    private static int countedLoops(Program program) {
        var unit = new Unit(null, program, Optional.of(plan(program)), List.of(), HELPERS, List.of(), Optional.empty());
        var function = new FunctionCode(program, 0);
        var chunk = Chunk.whole(function).getFirst();
        return (int) function.slots()
                .filter(slot -> CountedLoop.at(unit, function, chunk, slot).isPresent())
                .count();
    }

    private static String outcome(Callable<Long> run) throws Exception {
        try {
            return Long.toHexString(run.call());
        } catch (ProgramFault fault) {
            return "fault";
        }
    }

    /** Random runs, the second number being less than {@code most} above the first. */
    private static void check(Code code, int most, long... firsts) throws Exception {
        var program = code.program();
        assertThat(countedLoops(program)).isEqualTo(1);
        var interpreted = Interpreter.prepare(program, List.of(), HELPERS, 100_000);
        var compiled = Jit.compile(program, plan(program), PACKET, List.of(), HELPERS, Fallback.FAIL);
        var direct = compiled.direct().orElseThrow();
        long seed = System.nanoTime();
        var random = new Random(seed);
        byte[] bytes = new byte[SPACE];
        var context = MemorySegment.ofArray(new long[4]);
        for (int i = 0; i < RUNS; i++) {
            random.nextBytes(bytes);
            int size = random.nextInt(SPACE);
            var payload = MemorySegment.ofArray(bytes).asSlice(0, size);
            long end = Addresses.PAYLOAD + size;
            long first = firsts[random.nextInt(firsts.length)];
            long second = first + random.nextInt(most);
            context.set(ValueLayout.JAVA_LONG, 0, Addresses.PAYLOAD);
            context.set(ValueLayout.JAVA_LONG, 8, end);
            context.set(ValueLayout.JAVA_LONG, 16, first);
            context.set(ValueLayout.JAVA_LONG, 24, second);
            var run = new RunContext(0, 0).context(context, 0, 32).payload(payload, 0, size, false);
            String description = "first=%d second=%d size=%d seed=%d".formatted(first, second, size, seed);
            String expected = outcome(() -> interpreted.run(run));
            assertThat(outcome(() -> compiled.run(run))).as(description).isEqualTo(expected);
            assertThat(outcome(() -> {
                        try {
                            return (long) direct.entry()
                                    .invoke((RunContext) null, Addresses.PAYLOAD, end, first, second, payload);
                        } catch (ProgramFault fault) {
                            throw fault;
                        } catch (Throwable e) {
                            throw new AssertionError(e);
                        }
                    }))
                    .as(description)
                    .isEqualTo(expected);
        }
    }

    @Test
    void shouldReadThePayload() throws Exception {
        check(bytes(), 1, 0, 1, 5, 39);
    }

    /** A first index that nobody proved: the loop faults, or goes around at 2^64. */
    @Test
    void shouldFaultWhereTheLoopItselfFaults() throws Exception {
        check(bytes(), 1, 0, -1, -3, 1L << 31, 1L << 40);
    }

    @Test
    void shouldReadTheCounterAfterItGrew() throws Exception {
        check(readsAfterGrowth(), 60, 0, 1, 100, -100, (1L << 30) - 9, 1L << 30, 1L << 50);
    }

    /** Counts and compares in 32 bits. */
    private static Code narrow(Condition condition) {
        return begin().label("loop")
                .alu32(AluOp.ADD, 4, imm(2))
                .movReg(6, 4)
                .alu32(AluOp.ADD, 6, imm(-1))
                .alu32(AluOp.MUL, 0, imm(31))
                .alu32(AluOp.XOR, 0, reg(6))
                .add(new Instruction.JumpIf(Width.W32, condition, 4, reg(5), -6))
                .alu(AluOp.ADD, 0, reg(4))
                .exit();
    }

    @Test
    void shouldCountInThirtyTwoBits() throws Exception {
        for (var condition : List.of(Condition.LT, Condition.LE, Condition.SLT, Condition.SLE)) {
            check(narrow(condition), 40, 0, 1, 7, -100, 1L << 30, 0x7fff_ff00L, 0xffff_ff00L, 0x5_0000_0003L);
        }
    }

    @Test
    void shouldStayInsideThePayloadWhateverThePlanSays() {
        var program = begin().label("loop")
                .movReg(6, 2)
                .alu(AluOp.ADD, 6, reg(4))
                .load(AccessSize.BYTE, 6, 6, 0)
                .alu(AluOp.ADD, 0, reg(6))
                .alu(AluOp.ADD, 4, imm(1))
                .jumpIf(Condition.LT, 4, imm(1000), "loop")
                .exit()
                .program();
        assertThat(countedLoops(program)).isEqualTo(1);
        var direct = Jit.compile(program, plan(program), PACKET, List.of(), HELPERS, Fallback.FAIL)
                .direct()
                .orElseThrow();
        var payload = MemorySegment.ofArray(new byte[1000]).asSlice(1, 998);
        assertThatThrownBy(() -> direct.entry()
                        .invoke((RunContext) null, Addresses.PAYLOAD, Addresses.PAYLOAD + 998, 0L, 0L, payload))
                .isInstanceOf(ProgramFault.class);
    }
}
