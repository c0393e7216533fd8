package io.vertebra.vm.exec;

import static io.vertebra.vm.exec.Code.code;
import static io.vertebra.vm.exec.Code.imm;
import static io.vertebra.vm.exec.Code.reg;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfRingBuffer;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryTest {

    private final BpfMap array = BpfMap.create(MapSpec.of("a", MapType.ARRAY, 4, 12, 3), 1);
    private final BpfRingBuffer ring = (BpfRingBuffer) BpfMap.create(MapSpec.of("r", MapType.RINGBUF, 0, 0, 256), 1);

    private static void assertFault(Code program, RunContext run, String message) {
        assertThatThrownBy(() -> program.prepare().run(run))
                .isInstanceOf(ProgramFault.class)
                .hasMessage(message);
    }

    private static RunContext withContext() {
        return new RunContext(0, 0).context(MemorySegment.ofArray(new byte[] {1, 2, 3, 4, 5, 6}), 2, 4);
    }

    @Test
    void shouldReadContextAndNothingAround() {
        assertThat(code().load(AccessSize.WORD, 0, 1, 0).exit().prepare().run(withContext()))
                .isEqualTo(0x06050403);
        assertFault(
                code().load(AccessSize.WORD, 0, 1, 1).exit(),
                withContext(),
                "insn 0: read of the context: offset=1, size=4, allowed [0, 4)");
        assertFault(
                code().load(AccessSize.BYTE, 0, 1, -1).exit(),
                withContext(),
                "insn 0: read of the stack: offset=1099511627775, size=1, allowed [0, 8192)");
    }

    @Test
    void shouldNotWriteContext() {
        assertFault(
                code().store(AccessSize.BYTE, 1, 0, imm(1)).exit(),
                withContext(),
                "insn 0: write to the context: offset=0, size=1, it is read-only");
    }

    @Test
    void shouldRefuseNegativeSizes() {
        assertFault(
                code(ring).map(1, 0).stack(2, -8).mov(3, -8).mov(4, 0).call(130).exit(),
                withContext(),
                "insn 6: read of the stack: offset=504, size=-8, allowed are sizes of 0 and more");
    }

    @Test
    void shouldNameNullPointers() {
        assertFault(
                code().mov(1, 0).load(AccessSize.DOUBLE, 0, 1, 16).exit(),
                withContext(),
                "insn 1: read of null: offset=16, size=8, check the pointer before use");
    }

    @Test
    void shouldNameAddressesOfNoRegion() {
        assertFault(
                code().wide(1, 0x7fff_0000_0000_0000L)
                        .load(AccessSize.BYTE, 0, 1, 0)
                        .exit(),
                withContext(),
                "insn 2: read of no region: offset=0, size=1, address=0x7fff000000000000, derive pointers from the"
                        + " context, the stack, maps or the payload");
    }

    @Test
    void shouldKeepStackAccessesInTheirFrame() {
        assertFault(
                code().load(AccessSize.DOUBLE, 0, 10, -4).exit(),
                withContext(),
                "insn 0: read of the stack: offset=508, size=8, allowed [0, 512) of each 1024 bytes");
        assertFault(
                code().store(AccessSize.BYTE, 10, -513, imm(1)).exit(),
                withContext(),
                "insn 0: write to null: offset=1099511627775, size=1, check the pointer before use");
    }

    @Test
    void shouldFaultAboveAndBelowFrames() {
        assertFault(
                code().store(AccessSize.BYTE, 10, 0, imm(1)).exit(),
                withContext(),
                "insn 0: write to the stack: offset=512, size=1, allowed [0, 512) of each 1024 bytes");
        assertFault(
                code().callLocal("f")
                        .exit()
                        .function("f")
                        .store(AccessSize.BYTE, 10, -513, imm(1))
                        .exit(),
                withContext(),
                "insn 2: write to the stack: offset=1023, size=1, allowed [0, 512) of each 1024 bytes");
    }

    @Test
    void shouldReadAndWritePayloadInPlace() {
        var bytes = new byte[] {1, 2, 3, 4};
        var run = new RunContext(0, 0)
                .payload(MemorySegment.ofArray(bytes), 1, 2, true)
                .arguments(Addresses.PAYLOAD, Addresses.PAYLOAD + 2);
        assertThat(code().store(AccessSize.BYTE, 1, 1, imm(9))
                        .load(AccessSize.HALF, 0, 1, 0)
                        .exit()
                        .prepare()
                        .run(run))
                .isEqualTo(0x0902);
        assertThat(bytes).containsExactly(1, 2, 9, 4);
        assertFault(
                code().load(AccessSize.BYTE, 0, 2, 0).exit(),
                run,
                "insn 0: read of the payload: offset=2, size=1, allowed [0, 2)");
    }

    @Test
    void shouldKeepMapAccessesInOneValue() {
        var value = code(array).add(new Instruction.LoadMapValue(1, 0, 16)).store(AccessSize.WORD, 1, 8, imm(7));
        value.load(AccessSize.WORD, 0, 1, 8).exit();
        assertThat(value.run()).isEqualTo(7);
        assertFault(
                code(array)
                        .add(new Instruction.LoadMapValue(1, 0, 0))
                        .load(AccessSize.DOUBLE, 0, 1, 8)
                        .exit(),
                withContext(),
                "insn 2: read of a value of map `a`: offset=8, size=8, allowed [0, 12) of each 16 bytes");
        assertFault(
                code(array)
                        .add(new Instruction.LoadMapValue(1, 0, 0))
                        .load(AccessSize.DOUBLE, 0, 1, 48)
                        .exit(),
                withContext(),
                "insn 2: read of a value of map `a`: offset=48, size=8, allowed [0, 48)");
    }

    @Test
    void shouldNotReadMapObjects() {
        assertFault(
                code(array).map(1, 0).load(AccessSize.DOUBLE, 0, 1, 0).exit(),
                withContext(),
                "insn 2: read of map `a`: offset=0, size=8, it is not memory, pass it to a helper");
    }

    @Test
    void shouldNotWriteFrozenMaps() {
        var spec = new MapSpec(
                ".rodata", MapType.ARRAY, 4, 8, 1, 0, true, new byte[] {5}, io.vertebra.vm.btf.Btf.EMPTY, 0, 0);
        var frozen = BpfMap.create(spec, 1);
        assertThat(code(frozen)
                        .add(new Instruction.LoadMapValue(1, 0, 0))
                        .load(AccessSize.BYTE, 0, 1, 0)
                        .exit()
                        .run())
                .isEqualTo(5);
        assertFault(
                code(frozen)
                        .add(new Instruction.LoadMapValue(1, 0, 0))
                        .store(AccessSize.BYTE, 1, 0, imm(1))
                        .exit(),
                withContext(),
                "insn 2: write to a value of map `.rodata`: offset=0, size=1, it is read-only");
    }

    @Test
    void shouldReachOnlyReservedRecords() {
        assertFault(
                code(ring)
                        .wide(1, Addresses.mapValues(0) + 8)
                        .load(AccessSize.BYTE, 0, 1, 0)
                        .exit(),
                withContext(),
                "insn 2: read of a reserved record of ring `r`: offset=8, size=1, allowed only inside records that this"
                        + " run has reserved");
        var reserved = code(ring).map(1, 0).mov(2, 16).mov(3, 0).call(131).store(AccessSize.DOUBLE, 0, 8, imm(3));
        assertFault(
                reserved.store(AccessSize.BYTE, 0, 16, imm(3)).exit(),
                withContext(),
                "insn 6: write to a reserved record of ring `r`: offset=24, size=1, allowed only inside records that"
                        + " this run has reserved");
        assertThat(ring.discarded()).as("what the failed run left").isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "ADD, 5, 12",
        "OR, 5, 7",
        "AND, 5, 5",
        "XOR, 5, 2",
        "EXCHANGE, 5, 5",
        "COMPARE_EXCHANGE, 5, 5",
    })
    void shouldDoAtomicsOnMapsAndStackAlike(AtomicOp op, int operand, long expected) {
        for (var size : new AccessSize[] {AccessSize.WORD, AccessSize.DOUBLE}) {
            for (boolean onMap : new boolean[] {true, false}) {
                assertThat(atomic(op, operand, size, onMap, false)).isEqualTo(expected);
                assertThat(atomic(op, operand, size, onMap, true)).isEqualTo(7);
            }
        }
    }

    /** Memory holds 7, r0 holds 7; gives memory, or what was fetched. */
    private long atomic(AtomicOp op, int operand, AccessSize size, boolean onMap, boolean fetched) {
        var program = code(array);
        if (onMap) {
            program.add(new Instruction.LoadMapValue(1, 0, 16));
        } else {
            program.stack(1, -8);
        }
        boolean compare = op == AtomicOp.COMPARE_EXCHANGE;
        program.store(AccessSize.DOUBLE, 1, 0, imm(7))
                .mov(0, 7)
                .mov(2, operand)
                .add(new Instruction.Atomic(size, op, true, 1, 0, 2));
        return fetched
                ? program.movReg(0, compare ? 0 : 2).exit().run()
                : program.load(size, 0, 1, 0).exit().run();
    }

    @Test
    void shouldZeroExtendFetchedWords() {
        assertThat(code().store(AccessSize.DOUBLE, 10, -8, imm(-1))
                        .mov(2, 1)
                        .add(new Instruction.Atomic(AccessSize.WORD, AtomicOp.ADD, true, 10, -8, 2))
                        .movReg(0, 2)
                        .exit()
                        .run())
                .isEqualTo(0xffffffffL);
    }

    @Test
    void shouldLeaveMemoryWhenComparisonFails() {
        assertThat(code(array)
                        .add(new Instruction.LoadMapValue(1, 0, 0))
                        .mov(0, 1)
                        .mov(2, 5)
                        .add(new Instruction.Atomic(AccessSize.DOUBLE, AtomicOp.COMPARE_EXCHANGE, true, 1, 0, 2))
                        .load(AccessSize.DOUBLE, 0, 1, 0)
                        .exit()
                        .run())
                .isZero();
    }

    @Test
    void shouldFaultOnUnalignedAtomics() {
        assertFault(
                code(array)
                        .add(new Instruction.LoadMapValue(1, 0, 2))
                        .add(new Instruction.Atomic(AccessSize.WORD, AtomicOp.ADD, false, 1, 0, 2))
                        .exit(),
                withContext(),
                "insn 2: atomic on a value of map `a`: offset=2 is not a multiple of 4");
    }

    @Test
    void shouldCountExactlyFromManyThreads() throws Exception {
        var increment = code(array)
                .add(new Instruction.LoadMapValue(1, 0, 0))
                .mov(2, 1)
                .add(new Instruction.Atomic(AccessSize.DOUBLE, AtomicOp.ADD, false, 1, 0, 2))
                .exit()
                .prepare();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 4; t++) {
            int slot = t;
            threads.add(Thread.ofPlatform().start(() -> {
                var run = new RunContext(slot, 0);
                for (int i = 0; i < 20_000; i++) {
                    increment.run(run);
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        assertThat(array.get(new byte[4])
                        .map(v -> ByteBuffer.wrap(v)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getLong()))
                .contains(80_000L);
    }

    /** Whatever a program does, it ends with a result or a fault, and touches nothing that is not its own. */
    @Test
    void shouldSurviveRandomPrograms() {
        long seed = ThreadLocalRandom.current().nextLong();
        var random = new Random(seed);
        int faults = 0;
        int results = 0;
        for (int i = 0; i < 5_000; i++) {
            var context = new byte[24];
            var payload = new byte[24];
            var run = new RunContext(0, 0)
                    .context(MemorySegment.ofArray(context), 8, 8)
                    .payload(MemorySegment.ofArray(payload), 8, 8, true);
            try {
                randomProgram(random)
                        .prepare(Helpers.standard((_, _) -> {}), 2000)
                        .run(run);
                results++;
            } catch (ProgramFault _) {
                faults++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", program " + i, e);
            }
            assertThat(context).as("seed " + seed + ", program " + i).containsOnly(0);
            for (int at = 0; at < 24; at++) {
                assertThat(payload[at] == 0 || (at >= 8 && at < 16))
                        .as("seed " + seed + ", program " + i)
                        .isTrue();
            }
        }
        assertThat(results).isPositive();
        assertThat(faults).isPositive();
        int drained = ring.drain((_, _, _) -> {}, Integer.MAX_VALUE);
        assertThat(ring.query(BpfRingBuffer.AVAILABLE))
                .as("nothing stays reserved, seed " + seed)
                .isZero();
        assertThat((long) drained).isEqualTo(ring.submitted());
    }

    private Code randomProgram(Random random) {
        var map = BpfMap.create(MapSpec.of("h", MapType.HASH, 4, 8, 4), 1);
        var program = code(array, ring, map);
        program.movReg(6, 1).wide(7, Addresses.PAYLOAD).stack(8, -16).map(9, random.nextInt(3));
        program.store(AccessSize.DOUBLE, 10, -16, imm(0))
                .mov(0, 0)
                .mov(3, 0)
                .mov(4, 0)
                .mov(5, 0);
        program.movReg(1, 9).movReg(2, 8);
        int length = 3 + random.nextInt(25);
        for (int i = 0; i < length; i++) {
            program.label("l" + i);
            randomInstruction(program, random, length);
        }
        return program.label("l" + length).exit();
    }

    private static void randomInstruction(Code program, Random random, int length) {
        int dst = random.nextInt(10);
        int any = random.nextInt(11);
        int base = random.nextInt(5) + 6;
        int offset = random.nextInt(8) == 0 ? (short) random.nextInt() : random.nextInt(40) - 20;
        var size = AccessSize.values()[random.nextInt(4)];
        Operand operand = random.nextBoolean() ? reg(any) : imm(random.nextInt(64) - 16);
        switch (random.nextInt(12)) {
            case 0, 1 -> program.alu(AluOp.values()[random.nextInt(AluOp.values().length)], dst, operand);
            case 2 -> program.alu32(AluOp.values()[random.nextInt(AluOp.values().length)], dst, operand);
            case 3, 4 -> program.load(size, dst, base, offset);
            case 5, 6 -> program.store(size, base, offset, operand);
            case 7 ->
                program.add(new Instruction.Atomic(
                        random.nextBoolean() ? AccessSize.WORD : AccessSize.DOUBLE,
                        AtomicOp.values()[random.nextInt(6)],
                        random.nextBoolean(),
                        base,
                        offset,
                        dst));
            case 8 -> program.movReg(dst, base);
            case 9 -> {
                int[] helpers = {1, 2, 3, 5, 7, 8, 16, 87, 88, 89, 113, 115, 130, 131, 132, 133, 134, 182, 195};
                program.call(helpers[random.nextInt(helpers.length)]);
            }
            case 10 ->
                program.jumpIf(Condition.values()[random.nextInt(11)], any, operand, "l" + random.nextInt(length + 1));
            default -> program.movReg(1 + random.nextInt(5), base);
        }
    }
}
