package io.vertebra.vm.exec;

import static io.vertebra.vm.exec.Code.code;
import static io.vertebra.vm.exec.Code.imm;
import static io.vertebra.vm.exec.Code.reg;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.Errno;
import io.vertebra.vm.map.MapTimers;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.ProgramFault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Helpers 169 to 172, driven by a clock of the test's own. */
class TimerHelpersTest {

    private static final int INIT = 169;
    private static final int SET_CALLBACK = 170;
    private static final int START = 171;
    private static final int CANCEL = 172;
    private static final byte[] KEY = {7, 0, 0, 0};

    private long now;
    private final BpfMap map = OpaqueValues.map(MapType.HASH, 4);
    private final TimerQueue<TimerTask> queue = new TimerQueue<>(() -> now);
    private final RunContext context = new RunContext(0, 0).timers(queue::add);

    {
        map.update(KEY, new byte[OpaqueValues.SIZE], BpfMap.ANY);
    }

    /** r6 points to the timer of key 7. */
    private Code found() {
        return code(map)
                .store(AccessSize.WORD, 10, -4, imm(7))
                .map(1, 0)
                .stack(2, -4)
                .call(1)
                .jumpIf(Condition.NE, 0, imm(0), "found")
                .mov(0, -1000)
                .exit()
                .label("found")
                .movReg(6, 0)
                .alu(AluOp.ADD, 6, imm(OpaqueValues.TIMER));
    }

    private static Code init(Code code) {
        return code.movReg(1, 6).map(2, 0).mov(3, MapTimers.MONOTONIC).call(INIT);
    }

    private static Code callback(Code code) {
        return code.movReg(1, 6).functionAddress(2, "callback").call(SET_CALLBACK);
    }

    private static Code start(Code code, int nanos) {
        return code.movReg(1, 6).mov(2, nanos).mov(3, 0).call(START);
    }

    /** A callback that adds its key to the value's count, and gives what the program has in r0. */
    private static Code counting(Code code) {
        return code.exit()
                .function("callback")
                .load(AccessSize.WORD, 4, 2, 0)
                .load(AccessSize.DOUBLE, 5, 3, 0)
                .alu(AluOp.ADD, 5, reg(4))
                .store(AccessSize.DOUBLE, 3, 0, reg(5))
                .mov(0, 0)
                .exit();
    }

    private long run(Code code) {
        return code.prepare().run(context);
    }

    private void started(int nanos) {
        assertThat(run(counting(start(callback(init(found())), nanos)))).isZero();
    }

    private long count() {
        return map.get(KEY)
                .map(v -> ByteBuffer.wrap(v).order(ByteOrder.LITTLE_ENDIAN).getLong())
                .orElse(-1L);
    }

    /** How many callbacks ran. */
    private int advance(long nanos) {
        now += nanos;
        int ran = 0;
        for (var task = queue.poll(); task != null; task = queue.poll()) {
            ran += task.run(context) ? 1 : 0;
        }
        return ran;
    }

    @Test
    void shouldCallBackWithMapKeyAndValue() {
        started(100);
        assertThat(advance(99)).isZero();
        assertThat(count()).isZero();
        assertThat(advance(1)).isOne();
        assertThat(count()).isEqualTo(7);
        assertThat(advance(1_000)).isZero();
    }

    @Test
    void shouldBeArmedAnewByItsCallback() {
        var again = start(callback(init(found())), 10).exit().function("callback");
        again.load(AccessSize.DOUBLE, 5, 3, 0)
                .alu(AluOp.ADD, 5, imm(1))
                .store(AccessSize.DOUBLE, 3, 0, reg(5))
                .movReg(1, 3)
                .alu(AluOp.ADD, 1, imm(OpaqueValues.TIMER))
                .mov(2, 10)
                .mov(3, 0)
                .call(START)
                .exit();
        assertThat(run(again)).isZero();
        for (int i = 1; i <= 3; i++) {
            assertThat(advance(10)).isOne();
            assertThat(count()).isEqualTo(i);
        }
    }

    @Test
    void shouldReplaceTheFormerArming() {
        started(100);
        assertThat(run(counting(start(found(), 500)))).isZero();
        assertThat(advance(100)).isZero();
        assertThat(advance(400)).isOne();
        assertThat(queue.size()).isZero();
    }

    @Test
    void shouldTakeAbsoluteTimes() {
        long soon = System.nanoTime() + 1_000_000_000L;
        var absolute =
                callback(init(found())).movReg(1, 6).wide(2, soon).mov(3, 1).call(START);
        assertThat(run(counting(absolute))).isZero();
        assertThat(queue.untilNext().orElseThrow()).isBetween(1L, 1_000_000_000L);
        assertThat(advance(1_000_000_000L)).isOne();
    }

    @Test
    void shouldCancel() {
        started(100);
        var cancel = found().movReg(1, 6).call(CANCEL).exit();
        assertThat(run(cancel)).isOne();
        assertThat(run(cancel)).isZero();
        assertThat(queue.size()).isZero();
        assertThat(advance(1_000)).isZero();
        assertThat(count()).isZero();
    }

    @Test
    void shouldNotCancelItselfInItsCallback() {
        var self = start(callback(init(found())), 10).exit().function("callback");
        self.movReg(6, 3)
                .movReg(1, 3)
                .alu(AluOp.ADD, 1, imm(OpaqueValues.TIMER))
                .call(CANCEL)
                .store(AccessSize.DOUBLE, 6, 0, reg(0))
                .mov(0, 0)
                .exit();
        run(self);
        assertThat(advance(10)).isOne();
        assertThat(count()).isEqualTo(Errno.EDEADLK);
    }

    @Test
    void shouldEndWithItsValue() {
        started(100);
        map.delete(KEY);
        assertThat(advance(1_000)).isZero();
        map.update(KEY, new byte[OpaqueValues.SIZE], BpfMap.ANY);
        started(100);
        map.update(KEY, new byte[OpaqueValues.SIZE], BpfMap.EXIST);
        assertThat(map.timers().size()).isZero();
        assertThat(advance(1_000)).isZero();
        assertThat(count()).isZero();
    }

    @Test
    void shouldNotCallBackWhenItsValueWentMeanwhile() {
        started(100);
        now += 100;
        var due = queue.poll();
        assertThat(due.stands()).isTrue();
        map.delete(KEY);
        assertThat(due.stands()).isFalse();
        assertThat(due.run(context)).isFalse();
    }

    @Test
    void shouldEndWithItsMapsUser() {
        started(100);
        map.timers().close();
        assertThat(advance(1_000)).isZero();
        assertThat(run(init(found()).exit())).isEqualTo(Errno.EPERM);
        assertThat(run(start(found(), 1).exit())).isEqualTo(Errno.EINVAL);
    }

    @Test
    void shouldSayWhatIsMissing() {
        assertThat(run(start(found(), 1).exit())).isEqualTo(Errno.EINVAL);
        assertThat(run(found().movReg(1, 6).call(CANCEL).exit())).isEqualTo(Errno.EINVAL);
        assertThat(run(counting(callback(found())))).isEqualTo(Errno.EINVAL);
        assertThat(run(found().movReg(1, 6).map(2, 0).mov(3, 5).call(INIT).exit()))
                .isEqualTo(Errno.EINVAL);
        assertThat(run(init(found()).exit())).isZero();
        assertThat(run(init(found()).exit())).isEqualTo(Errno.EBUSY);
        assertThat(run(start(found(), 1).exit())).isEqualTo(Errno.EINVAL);
        assertThat(run(counting(
                        callback(found()).movReg(1, 6).mov(2, 1).mov(3, 4).call(START))))
                .isEqualTo(Errno.EINVAL);
        context.timers(null);
        assertThat(run(counting(start(found(), 1)))).isEqualTo(Errno.EOPNOTSUPP);
    }

    @Test
    void shouldFaultOnMisuse() {
        assertThatThrownBy(() -> run(found().alu(AluOp.ADD, 6, imm(8))
                        .movReg(1, 6)
                        .call(CANCEL)
                        .exit()))
                .isInstanceOf(ProgramFault.class)
                .hasMessageContaining("is not a `struct bpf_timer` in a map's value");
        assertThatThrownBy(() ->
                        run(found().movReg(1, 6).movReg(2, 6).call(SET_CALLBACK).exit()))
                .isInstanceOf(ProgramFault.class)
                .hasMessageContaining("is not a subprogram's address");
        var other = BpfMap.create(MapSpec.of("other", MapType.ARRAY, 4, 8, 1), 1);
        var mixed = code(other, map)
                .store(AccessSize.WORD, 10, -4, imm(7))
                .map(1, 1)
                .stack(2, -4)
                .call(1)
                .jumpIf(Condition.NE, 0, imm(0), "found")
                .exit()
                .label("found")
                .movReg(1, 0)
                .alu(AluOp.ADD, 1, imm(OpaqueValues.TIMER))
                .map(2, 0)
                .mov(3, 1)
                .call(INIT)
                .exit();
        assertThatThrownBy(() -> run(mixed))
                .isInstanceOf(ProgramFault.class)
                .hasMessageContaining("the timer lies in a value of map `locked`, not of map `other`");
    }

    @Test
    void shouldGiveBackWhatAFailingCallbackHolds() {
        var failing = start(callback(init(found())), 10).exit().function("callback");
        failing.movReg(1, 3)
                .alu(AluOp.ADD, 1, imm(OpaqueValues.LOCK))
                .call(93)
                .load(AccessSize.DOUBLE, 0, 0, 0)
                .exit();
        run(failing);
        assertThatThrownBy(() -> advance(10)).isInstanceOf(ProgramFault.class).hasMessageContaining("read of null");
        assertThat(count()).isZero(); // reads under the lock
        assertThat(run(found().mov(0, 4).exit())).isEqualTo(4);
    }
}
