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
import io.vertebra.vm.map.BpfUserRingBuffer;
import io.vertebra.vm.map.Errno;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.ProgramFault;
import org.junit.jupiter.api.Test;

/** Helper 209 and the map that it drains. */
class SampleHelpersTest {

    private static final int DRAIN = 209;
    private static final int DATA = 203;

    private final BpfUserRingBuffer ring =
            (BpfUserRingBuffer) BpfMap.create(MapSpec.of("input", MapType.USER_RINGBUF, 0, 0, 64), 1);

    /** Drains with {@code callback}, whose state is the eight bytes at r10 - 8; gives r0 x 1000 + that state. */
    private Code drain() {
        return code(ring)
                .store(AccessSize.DOUBLE, 10, -8, imm(0))
                .map(1, 0)
                .functionAddress(2, "callback")
                .stack(3, -8)
                .mov(4, 0)
                .call(DRAIN)
                .load(AccessSize.DOUBLE, 1, 10, -8)
                .alu(AluOp.MUL, 0, imm(1000))
                .alu(AluOp.ADD, 0, reg(1))
                .exit()
                .function("callback")
                .movReg(7, 1)
                .movReg(6, 2);
    }

    /** A callback that adds the sample's first byte to its state and returns whether it was {@code last}. */
    private Code adding(int last) {
        return drain().mov(2, 0)
                .mov(3, 1)
                .call(DATA)
                .load(AccessSize.BYTE, 3, 0, 0)
                .load(AccessSize.DOUBLE, 4, 6, 0)
                .alu(AluOp.ADD, 4, reg(3))
                .store(AccessSize.DOUBLE, 6, 0, reg(4))
                .mov(0, 0)
                .jumpIf(Condition.NE, 3, imm(last), "on")
                .mov(0, 1)
                .label("on")
                .exit();
    }

    @Test
    void shouldSeeEachSampleOnce() {
        for (byte i = 1; i <= 3; i++) {
            assertThat(ring.offer(new byte[] {i, 0, 0})).isTrue();
        }
        assertThat(adding(0).run()).isEqualTo(3006);
        assertThat(adding(0).run()).isZero();
        assertThat(ring.size()).isZero();
    }

    @Test
    void shouldStopWhenTheCallbackSaysSo() {
        for (byte i = 1; i <= 3; i++) {
            ring.offer(new byte[] {i});
        }
        assertThat(adding(2).run()).isEqualTo(2003);
        assertThat(ring.size()).isOne();
        assertThat(adding(0).run()).isEqualTo(1003);
    }

    @Test
    void shouldCountWhatFindsNoRoom() {
        for (int i = 0; i < 4; i++) {
            assertThat(ring.offer(new byte[8])).isTrue();
        }
        assertThat(ring.offer(new byte[1])).isFalse();
        assertThat(ring.offer(new byte[100])).isFalse();
        assertThat(ring.accepted()).isEqualTo(4);
        assertThat(ring.refused()).isEqualTo(2);
        assertThat(adding(100).run()).isEqualTo(4000);
        assertThat(ring.offer(new byte[1])).isTrue();
    }

    @Test
    void shouldHandOutNoMoreThanTheRingHolds() {
        assertThat(BpfUserRingBuffer.mostSamples(ring.spec())).isEqualTo(8);
        assertThat(BpfUserRingBuffer.mostSamples(MapSpec.of("large", MapType.USER_RINGBUF, 0, 0, 1 << 30)))
                .isEqualTo(128 * 1024);
        int[] offered = {1};
        ring.offer(new byte[0]);
        long seen = ring.drain((_, _, _) -> ring.offer(new byte[0]) && offered[0]++ > 0);
        assertThat(seen).isEqualTo(8); // though there was always one more
    }

    @Test
    void shouldNotDrainTwiceAtOnce() {
        ring.offer(new byte[] {1});
        ring.offer(new byte[] {2});
        var nested = drain().map(1, 0)
                .functionAddress(2, "callback")
                .movReg(3, 6)
                .mov(4, 0)
                .call(DRAIN)
                .store(AccessSize.DOUBLE, 6, 0, reg(0))
                .mov(0, 0)
                .exit();
        assertThat(nested.run()).isEqualTo(2000 + Errno.EBUSY);
        ring.offer(new byte[] {3});
        assertThat(ring.drain((_, _, _) -> ring.drain((_, _, _) -> true) == Errno.EBUSY))
                .isOne();
    }

    @Test
    void shouldHideASampleAfterItsCallback() {
        ring.offer(new byte[] {5});
        var leaking = drain().mov(2, 0)
                .mov(3, 1)
                .call(DATA)
                .store(AccessSize.DOUBLE, 6, 0, reg(0))
                .mov(0, 0)
                .exit();
        var program = leaking.prepare();
        long address = program.run(new RunContext(0, 0)) - 1000;
        ring.offer(new byte[] {6});
        assertThatThrownBy(() -> code(ring)
                        .wide(1, address)
                        .load(AccessSize.BYTE, 0, 1, 0)
                        .exit()
                        .run())
                .isInstanceOf(ProgramFault.class)
                .hasMessage("insn 2: read of the sample of a callback: offset=0, size=1, it is empty");
    }

    @Test
    void shouldReleaseASampleWhoseCallbackFails() {
        ring.offer(new byte[] {1});
        ring.offer(new byte[] {2});
        var failing = drain().load(AccessSize.DOUBLE, 0, 7, 0).exit();
        assertThatThrownBy(failing::run)
                .isInstanceOf(ProgramFault.class)
                .hasMessageContaining("read of the dynptr of a sample: offset=0, size=8, it is empty");
        assertThat(adding(0).run()).isEqualTo(1002);
    }

    @Test
    void shouldTakeKnownFlagsOnRingsOnly() {
        assertThat(code(ring)
                        .map(1, 0)
                        .mov(2, 0)
                        .mov(3, 0)
                        .mov(4, 4)
                        .call(DRAIN)
                        .exit()
                        .run())
                .isEqualTo(Errno.EINVAL);
        var other = BpfMap.create(MapSpec.of("other", MapType.RINGBUF, 0, 0, 64), 1);
        assertThat(code(other)
                        .map(1, 0)
                        .mov(2, 0)
                        .mov(3, 0)
                        .mov(4, 0)
                        .call(DRAIN)
                        .exit()
                        .run())
                .isEqualTo(Errno.EINVAL);
    }
}
