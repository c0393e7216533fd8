package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static io.vertebra.vm.isa.Instruction.AccessSize.WORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.vertebra.verifier.platform.NativePlatform;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.btf.BtfType.Member;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.exec.TimerQueue;
import io.vertebra.vm.exec.TimerTask;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.AssemblyText;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfRingBuffer;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random programs that use locks, timers and dynptrs, rightly or not: what the verifier accepts does not fault in the
 * interpreter, which checks every rule by itself, and leaves no lock held and no record reserved.
 */
class FacilitiesSoundnessTest {

    private static final int PROGRAMS = 6_000;
    private static final int LOCK = 8;
    private static final int TIMER = 16;
    private static final int VALUES = 0;
    private static final int RING = 1;
    private static final int[] PLACES = {-16, -24, -32, -48};

    private static final Btf TYPES = new Btf(List.of(
            new BtfType.Void(),
            new BtfType.Int("unsigned int", 4, 32, 0, false, false, false),
            new BtfType.Struct("bpf_spin_lock", 4, false, List.of(new Member("val", 1, 0, 0))),
            new BtfType.Struct("bpf_timer", 16, false, List.of()),
            new BtfType.Struct(
                    "value",
                    40,
                    false,
                    List.of(new Member("lock", 2, 8 * LOCK, 0), new Member("timer", 3, 8 * TIMER, 0)))));
    private static final MapSpec SPEC =
            new MapSpec("values", MapType.ARRAY, 4, 40, 2, 0, false, new byte[0], TYPES, 0, 4);
    private static final MapSpec RING_SPEC = MapSpec.of("ring", MapType.RINGBUF, 0, 0, 64);
    private static final Helpers HELPERS = Helpers.standard((_, _) -> {});
    private static final NativePlatform PLATFORM =
            new NativePlatform(ContextLayout.NONE, Fixtures.prototypes(), NativePlatform.INLINE_STEPS);

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final BpfMap values = BpfMap.create(SPEC, 1);
    private final BpfRingBuffer ring = (BpfRingBuffer) BpfMap.create(RING_SPEC, 1);
    private int labels;

    /** Two values in r6 and r7, a slice or 0 in r8, a random number in r9. */
    private Program program() {
        var code = new Code().maps(SPEC, RING_SPEC);
        for (int value = 0; value < 2; value++) {
            code.store(WORD, 10, -4, random.nextInt(4) == 0 ? 0 : value)
                    .map(1, VALUES)
                    .mov(2, r(10))
                    .plus(2, -4)
                    .call(1)
                    .jumpIf(0, Condition.NE, 0, "found" + value)
                    .result(0)
                    .label("found" + value)
                    .mov(6 + value, r(0));
        }
        code.mov(8, 0).call(7).mov(9, r(0));
        int steps = 1 + random.nextInt(7);
        for (int i = 0; i < steps; i++) {
            if (random.nextInt(5) == 0) {
                String end = "label" + labels++;
                code.jumpIf(9, Condition.GT, random.nextInt(), end);
                step(code);
                code.label(end);
            } else {
                step(code);
            }
        }
        return code.result(0)
                .function("callback")
                .mov(1, r(3))
                .plus(1, LOCK)
                .mov(6, r(3))
                .call(93)
                .store(DOUBLE, 6, 0, 1)
                .mov(1, r(6))
                .plus(1, random.nextInt(20) == 0 ? 0 : LOCK)
                .call(94)
                .result(0)
                .build();
    }

    private Code place(Code code, int register) {
        return code.mov(register, r(10)).plus(register, PLACES[random.nextInt(random.nextInt(3) == 0 ? 4 : 1)]);
    }

    private Code member(Code code, int offset) {
        return code.mov(1, r(6 + (random.nextInt(4) == 0 ? 1 : 0))).plus(1, offset);
    }

    private void step(Code code) {
        switch (random.nextInt(16)) {
            case 0, 1 -> {
                member(code, LOCK).call(93);
                if (random.nextInt(3) == 0) {
                    code.store(DOUBLE, 6, 0, 1);
                }
                if (random.nextInt(3) != 0) {
                    member(code, LOCK).call(94);
                }
            }
            case 2 -> member(code, LOCK).call(94);
            case 3, 4 ->
                place(code.map(1, RING).mov(2, 8 + random.nextInt(60)).mov(3, 0), 4)
                        .call(198);
            case 5, 6 -> place(code, 1).mov(2, 0).call(random.nextBoolean() ? 199 : 200);
            case 7 ->
                place(code.mov(1, r(6)).mov(2, random.nextInt(11)).mov(3, 0), 4).call(197);
            case 8, 9 ->
                place(code, 1).mov(2, random.nextInt(4)).mov(3, 8).call(203).mov(8, r(0));
            case 10 -> {
                String end = "label" + labels++;
                code.jumpIf(8, Condition.EQ, 0, end)
                        .store(DOUBLE, 8, random.nextInt(2), 7)
                        .label(end);
            }
            case 11 -> code.store(random.nextBoolean() ? DOUBLE : WORD, 10, -8 * (1 + random.nextInt(7)), 3);
            case 12 -> code.store(DOUBLE, 6 + random.nextInt(2), 8 * random.nextInt(5), 1);
            case 13 ->
                place(code.store(DOUBLE, 10, -56, 0).mov(1, r(10)).plus(1, -56).mov(2, 8), 3)
                        .mov(4, random.nextInt(4))
                        .mov(5, 0)
                        .call(201);
            case 14 -> {
                member(code, TIMER).map(2, VALUES).mov(3, 1).call(169);
                member(code, TIMER).functionAddress(2, "callback").call(170);
            }
            case 15 -> member(code, TIMER).mov(2, 0).mov(3, 0).call(171);
            default -> throw new AssertionError();
        }
    }

    @Test
    void shouldNotFaultOnceAccepted() {
        int accepted = 0;
        for (int i = 0; i < PROGRAMS; i++) {
            var program = program();
            if (Verifier.verify(program, PLATFORM) instanceof Accepted) {
                accepted++;
                for (int run = 0; run < 3; run++) {
                    run(program);
                }
            }
        }
        assertThat(accepted).as("seed %d", seed).isGreaterThan(PROGRAMS / 50);
    }

    private void run(Program program) {
        var timers = new TimerQueue<TimerTask>(() -> 0);
        var context = new RunContext(0, 0).timers(timers::add);
        try {
            Interpreter.prepare(program, List.of(values, ring), HELPERS, NativePlatform.INLINE_STEPS)
                    .run(context);
            for (var due = timers.poll(); due != null; due = timers.poll()) {
                due.run(context);
            }
        } catch (ProgramFault e) {
            fail("seed %d: %s in%n%s", seed, e.getMessage(), AssemblyText.print(program.instructions()));
        }
        // Ends only when no lock is held; a record that is still reserved would keep the ring from running empty.
        values.forEach((_, _) -> {});
        ring.drain((_, _, _) -> {}, 100);
        assertThat(ring.query(BpfRingBuffer.AVAILABLE)).as("seed %d", seed).isZero();
    }
}
