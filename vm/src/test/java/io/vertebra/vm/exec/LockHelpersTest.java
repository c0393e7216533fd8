package io.vertebra.vm.exec;

import static io.vertebra.vm.exec.Code.code;
import static io.vertebra.vm.exec.Code.imm;
import static io.vertebra.vm.exec.Code.reg;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.ProgramFault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Helpers 93 and 94, and what a map does with the lock in its values. */
class LockHelpersTest {

    private static final int LOCK = 93;
    private static final int UNLOCK = 94;
    private static final byte[] KEY = new byte[4];

    private final BpfMap map = OpaqueValues.map(MapType.ARRAY, 2);

    /** r6 points to the value of key 0, or of map 0's start where a test says so. */
    private Code found() {
        return code(map)
                .store(AccessSize.WORD, 10, -4, imm(0))
                .map(1, 0)
                .stack(2, -4)
                .call(1)
                .jumpIf(Condition.NE, 0, imm(0), "found")
                .exit()
                .label("found")
                .movReg(6, 0);
    }

    private static Code call(Code code, int helper, int offset) {
        return code.movReg(1, 6).alu(AluOp.ADD, 1, imm(offset)).call(helper);
    }

    private static Code locked(Code code) {
        return call(code, LOCK, OpaqueValues.LOCK);
    }

    private static Code unlocked(Code code) {
        return call(code, UNLOCK, OpaqueValues.LOCK);
    }

    private static byte[] value(long count) {
        return ByteBuffer.allocate(OpaqueValues.SIZE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(count)
                .array();
    }

    private static void faults(Code code, String message) {
        assertThatThrownBy(() -> code.mov(0, 0).exit().run())
                .isInstanceOf(ProgramFault.class)
                .hasMessageContaining(message);
    }

    /** Ends only if the lock of key 0 is free. */
    private void assertFree() {
        assertThat(unlocked(locked(found())).mov(0, 5).exit().run()).isEqualTo(5);
    }

    @Test
    @Timeout(20)
    void shouldExcludeOtherThreads() throws Exception {
        int rounds = 20_000;
        int threads = 4;
        // count is read and written apart, so that an increment is lost whenever two runs are inside at once
        var increment = unlocked(locked(found().mov(7, rounds).label("again"))
                        .load(AccessSize.DOUBLE, 1, 6, 0)
                        .alu(AluOp.ADD, 1, imm(1))
                        .store(AccessSize.DOUBLE, 6, 0, reg(1)))
                .alu(AluOp.SUB, 7, imm(1))
                .jumpIf(Condition.NE, 7, imm(0), "again")
                .mov(0, 0)
                .exit()
                .prepare();
        var running = new ArrayList<Thread>();
        for (int i = 0; i < threads; i++) {
            running.add(Thread.ofPlatform().start(() -> increment.run(new RunContext(0, 0))));
        }
        for (var thread : running) {
            thread.join();
        }
        assertThat(map.get(KEY)).contains(value((long) threads * rounds));
    }

    @Test
    void shouldGiveBackWhatARunThatFailsHolds() {
        faults(locked(found()).load(AccessSize.DOUBLE, 0, 0, 0), "read of null");
        assertFree();
    }

    @Test
    void shouldNotReturnOrCallWhileHolding() {
        String rule = " while it holds a lock, allowed is only bpf_spin_unlock of the same lock";
        faults(locked(found()), "returns" + rule);
        assertFree();
        faults(locked(found()).call(7), "calls helper 7" + rule);
        assertFree();
        faults(locked(locked(found())), "calls helper 93" + rule);
        assertFree();
        faults(locked(found()).callLocal("function").mov(0, 0).exit().function("function"), "calls a function" + rule);
        assertFree();
    }

    @Test
    void shouldGiveBackOnlyWhatItHolds() {
        faults(unlocked(found()), "gives back the lock of a value of map `locked` at offset 8, which it does not hold");
        var other = found().store(AccessSize.WORD, 10, -4, imm(1))
                .map(1, 0)
                .stack(2, -4)
                .call(1)
                .jumpIf(Condition.NE, 0, imm(0), "both")
                .exit()
                .label("both")
                .movReg(7, 0);
        faults(
                locked(other)
                        .movReg(1, 7)
                        .alu(AluOp.ADD, 1, imm(OpaqueValues.LOCK))
                        .call(UNLOCK),
                "gives back the lock of a value of map `locked` at offset 40, which is not the one that it holds");
        assertFree();
    }

    @Test
    void shouldNotTakeOtherBytesForLocks() {
        String refusal = "is not a `struct bpf_spin_lock` in a map's value";
        faults(call(found(), LOCK, 0), refusal);
        faults(call(found(), LOCK, OpaqueValues.TIMER), refusal);
        faults(code(map).stack(1, -8).call(LOCK), refusal);
        faults(code(map).mov(1, 0).call(LOCK), refusal);
        faults(code(map).mov(1, 0).call(UNLOCK), refusal);
    }

    @Test
    void shouldRefuseEveryAccessToTheLock() {
        String refusal = "it touches what belongs to the runtime, lock at 8, timer at 16, pass its address to a helper";
        faults(found().store(AccessSize.WORD, 6, OpaqueValues.LOCK, imm(0)), refusal);
        faults(found().load(AccessSize.BYTE, 0, 6, OpaqueValues.LOCK + 3), refusal);
        faults(found().store(AccessSize.DOUBLE, 6, 5, imm(0)), refusal);
        faults(found().load(AccessSize.WORD, 0, 6, OpaqueValues.TIMER + 12), refusal);
        faults(
                found().mov(1, 0)
                        .add(new Instruction.Atomic(AccessSize.WORD, AtomicOp.EXCHANGE, true, 6, OpaqueValues.LOCK, 1)),
                refusal);
        faults(found().stack(1, -32).mov(2, 32).movReg(3, 6).call(4), refusal); // probe_read of the whole value
        assertThat(found().store(AccessSize.WORD, 6, 12, imm(3))
                        .load(AccessSize.WORD, 0, 6, 12)
                        .exit()
                        .run())
                .isEqualTo(3);
    }

    @Test
    void shouldLeaveTheLockAloneWhenCopying() {
        byte[] ones = new byte[OpaqueValues.SIZE];
        Arrays.fill(ones, (byte) 1);
        for (var type : new MapType[] {MapType.ARRAY, MapType.HASH}) {
            var target = OpaqueValues.map(type, 2);
            assertThat(target.update(KEY, ones, BpfMap.ANY)).isZero();
            assertThat(target.update(KEY, ones, BpfMap.EXIST | BpfMap.LOCK)).isZero();
            var copy = ByteBuffer.wrap(target.get(KEY).orElseThrow()).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(copy.getLong(0)).isEqualTo(0x0101010101010101L);
            assertThat(copy.getInt(OpaqueValues.LOCK)).isZero();
            assertThat(copy.getInt(12)).isEqualTo(0x01010101);
            assertThat(copy.getLong(OpaqueValues.TIMER)).isZero();
        }
    }
}
