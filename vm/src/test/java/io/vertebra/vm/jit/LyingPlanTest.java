package io.vertebra.vm.jit;

import static io.vertebra.vm.exec.Code.code;
import static io.vertebra.vm.exec.Code.imm;
import static io.vertebra.vm.exec.Code.reg;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.Code;
import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfRingBuffer;
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
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a plan that lies, a codelet faults or damages what is its own. */
@Timeout(60)
class LyingPlanTest {

    private static final Helpers HELPERS = Helpers.standard((_, _) -> {});
    private static final int RESERVE = 131;
    private static final int SUBMIT = 132;

    /** Every access of the program leads to the region, whatever it is; those of the context are where they say. */
    private static Executable compile(Code code, Region region, BpfMap map) {
        var program = code.program();
        var accesses = new HashMap<Integer, Set<Region>>();
        for (int slot = 0; slot < program.instructions().size(); slot++) {
            switch (program.instructions().get(slot)) {
                case Instruction.Load i ->
                    accesses.put(slot, Set.of(i.base() == 9 ? new AccessPlan.Context() : region));
                case Instruction.Store _ -> accesses.put(slot, Set.of(region));
                default -> {}
            }
        }
        var plan = new AccessPlan(accesses, Map.of(), Map.of(), 512, 100, AccessPlan.ContextUse.LOADED, Set.of());
        return Jit.compile(program, plan, ContextLayout.NONE, List.of(map), HELPERS, Fallback.FAIL);
    }

    /** Runs with two numbers as the context; gives whether it ended without a fault. */
    private static boolean succeeds(Executable executable, long first, long second) {
        var context = MemorySegment.ofArray(new long[] {first, second});
        try {
            executable.run(new RunContext(0, 0).context(context, 0, 16));
            return true;
        } catch (ProgramFault _) {
            return false;
        }
    }

    /** Near what is legal, at borders, and anywhere. */
    private static long number(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(128) - 64L;
            case 1 -> (1L << random.nextInt(64)) + random.nextInt(16) - 8;
            case 2 -> Addresses.mapValues(0) + random.nextInt(600) - 300;
            default -> random.nextLong();
        };
    }

    /** The plan says that the pointer leads into the context, while it is any number. */
    @Test
    void shouldStayInsideItsOwnMemory() {
        var bytes = new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        for (var region : List.of(
                new AccessPlan.Context(),
                new AccessPlan.Payload(),
                new AccessPlan.Stack(),
                new AccessPlan.MapValue(0))) {
            var map = BpfMap.create(MapSpec.of("m", MapType.ARRAY, 4, 8, 1), 1);
            var code = code(map)
                    .movReg(9, 1)
                    .load(AccessSize.DOUBLE, 2, 9, 0)
                    .load(AccessSize.BYTE, 0, 2, 0)
                    .store(AccessSize.BYTE, 2, 1, imm(99))
                    .exit();
            var run = new RunContext(0, 0)
                    .context(MemorySegment.ofArray(bytes), 2, 8)
                    .payload(MemorySegment.ofArray(bytes), 4, 2, false);
            var executable = compile(code, region, map);
            assertThatThrownBy(() -> executable.run(run)).isInstanceOf(ProgramFault.class);
            assertThat(bytes).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        }
    }

    private static long put(BpfMap map, long key, long value) {
        var words = new long[map.spec().keySize() / 8];
        words[0] = key;
        return map.update(MemorySegment.ofArray(words), 0, MemorySegment.ofArray(new long[] {value}), 0, 0, 0);
    }

    /** Keys of 8 and 16 bytes are passed by value, those of 24 by place. */
    @ParameterizedTest
    @ValueSource(ints = {8, 16, 24})
    void shouldKeepHashesWholeWhoseValuePointersLie(int keySize) {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var map = BpfMap.create(MapSpec.of("h", MapType.HASH, keySize, 8, 4), 1);
        put(map, 1, 10);
        put(map, 2, 20);
        var code = code(map).movReg(9, 1).load(AccessSize.DOUBLE, 6, 9, 0).load(AccessSize.DOUBLE, 7, 9, 8);
        for (int at = -keySize; at < 0; at += 8) {
            code.store(AccessSize.DOUBLE, 10, at, imm(at == -keySize ? 1 : 0));
        }
        code.stack(2, -keySize)
                .map(1, 0)
                .call(1)
                .alu(AluOp.ADD, 0, reg(6))
                .store(AccessSize.DOUBLE, 0, 0, reg(7))
                .load(AccessSize.WORD, 0, 0, 4)
                .exit();
        var executable = compile(code, new AccessPlan.MapValue(0), map);
        int succeeded = 0;
        for (int i = 0; i < 2_000; i++) {
            succeeded += succeeds(executable, number(random), random.nextLong()) ? 1 : 0;
        }
        assertThat(succeeded).as("seed %d", seed).isBetween(1, 1_999);
        assertThat(map.size()).isEqualTo(2);
        assertThat(put(map, 1, 11)).isZero();
        assertThat(put(map, 3, 30)).isZero();
        assertThat(put(map, 4, 40)).isZero();
        assertThat(put(map, 5, 50)).as("full").isNegative();
    }

    /** The key lies above the frame, below it, and where there is no stack. */
    @ParameterizedTest
    @ValueSource(ints = {8, 16, 24})
    void shouldKeepHashesWholeWhoseKeyPointersLie(int keySize) {
        var map = BpfMap.create(MapSpec.of("h", MapType.HASH, keySize, 8, 4), 1);
        put(map, 1, 10);
        int end = Addresses.FRAMES * Addresses.FRAME_STRIDE - Addresses.FRAME_BYTES;
        for (int at : new int[] {0, 4, 100, -Addresses.FRAME_BYTES}) {
            assertThat(lookUp(map, at)).as("key at %d", at).isTrue();
        }
        for (int at : new int[] {end, end - 4, -Addresses.FRAME_BYTES - 4, 1 << 30, Integer.MIN_VALUE}) {
            assertThat(lookUp(map, at)).as("key at %d", at).isFalse();
        }
        var anywhere = code(map)
                .movReg(9, 1)
                .load(AccessSize.DOUBLE, 2, 9, 0)
                .map(1, 0)
                .call(1)
                .exit();
        assertThat(succeeds(compile(anywhere, new AccessPlan.Stack(), map), 5, 0))
                .isFalse();
        assertThat(map.size()).isEqualTo(1);
    }

    private static boolean lookUp(BpfMap map, int keyOffset) {
        var code = code(map).stack(2, keyOffset).map(1, 0).call(1).mov(0, 0).exit();
        return succeeds(compile(code, new AccessPlan.Stack(), map), 0, 0);
    }

    /** Writes anywhere into its ring, headers among it: the consumer gets records that lie in the ring, or none. */
    @Test
    void shouldDamageNothingButItsOwnRing() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        int drained = 0;
        int damaged = 0;
        for (int i = 0; i < 60; i++) {
            var ring = (BpfRingBuffer) BpfMap.create(MapSpec.of("r", MapType.RINGBUF, 0, 0, 256), 1);
            var code = code(ring)
                    .movReg(9, 1)
                    .load(AccessSize.DOUBLE, 7, 9, 0)
                    .load(AccessSize.DOUBLE, 8, 9, 8)
                    .map(1, 0)
                    .mov(2, 16)
                    .mov(3, 0)
                    .call(RESERVE)
                    .movReg(6, 0)
                    .alu(AluOp.ADD, 0, reg(7))
                    .store(AccessSize.DOUBLE, 0, 0, reg(8))
                    .movReg(1, 6)
                    .mov(2, 0)
                    .call(SUBMIT)
                    .mov(0, 0)
                    .exit();
            var executable = compile(code, new AccessPlan.RingRecord(0), ring);
            for (int k = 0; k < 40; k++) {
                succeeds(executable, 8 * (random.nextInt(80) - 40L), number(random));
                drained += ring.drain(
                        (data, offset, length) -> data.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE), 2);
            }
            assertThat(ring.pending()).as("seed %d", seed).isNotNegative();
            damaged += ring.reserve(0) < 0 && !ring.ready() ? 1 : 0;
        }
        assertThat(drained).as("seed %d", seed).isPositive();
        assertThat(damaged).as("seed %d", seed).isPositive();
    }
}
