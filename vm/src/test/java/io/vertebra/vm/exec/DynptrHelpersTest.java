package io.vertebra.vm.exec;

import static io.vertebra.vm.exec.Code.code;
import static io.vertebra.vm.exec.Code.imm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfRingBuffer;
import io.vertebra.vm.map.Errno;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Helpers 197 to 203. */
class DynptrHelpersTest {

    private static final int FROM_MEMORY = 197;
    private static final int RESERVE = 198;
    private static final int SUBMIT = 199;
    private static final int DISCARD = 200;
    private static final int READ = 201;
    private static final int WRITE = 202;
    private static final int DATA = 203;
    /** Where the dynptr of a test lies. */
    private static final int PLACE = -64;

    private static final int DATA_MAP = 0;
    private static final int RING = 1;

    private final BpfMap values = BpfMap.create(MapSpec.of("values", MapType.ARRAY, 4, 16, 1), 1);
    private final BpfRingBuffer ring = (BpfRingBuffer) BpfMap.create(MapSpec.of("ring", MapType.RINGBUF, 0, 0, 64), 1);

    private Code start() {
        return code(values, ring);
    }

    private Code fromMemory(int bytes, int flags) {
        return start().add(new Instruction.LoadMapValue(1, DATA_MAP, 0))
                .mov(2, bytes)
                .mov(3, flags)
                .stack(4, PLACE)
                .call(FROM_MEMORY);
    }

    private static Code reserve(Code code, int bytes) {
        return code.map(1, RING).mov(2, bytes).mov(3, 0).stack(4, PLACE).call(RESERVE);
    }

    private static Code release(Code code, int helper) {
        return code.stack(1, PLACE).mov(2, 0).call(helper);
    }

    private static Code write(Code code, int offset, long value, int bytes) {
        return code.wide(1, value)
                .store(AccessSize.DOUBLE, 10, -8, Code.reg(1))
                .stack(1, PLACE)
                .mov(2, offset)
                .stack(3, -8)
                .mov(4, bytes)
                .mov(5, 0)
                .call(WRITE);
    }

    private static Code read(Code code, int offset, int bytes) {
        return code.store(AccessSize.DOUBLE, 10, -8, imm(-1))
                .stack(1, -8)
                .mov(2, bytes)
                .stack(3, PLACE)
                .mov(4, offset)
                .mov(5, 0)
                .call(READ);
    }

    private static Code data(Code code, int offset, int bytes) {
        return code.stack(1, PLACE).mov(2, offset).mov(3, bytes).call(DATA);
    }

    private List<Long> drained() {
        var records = new ArrayList<Long>();
        ring.drain((memory, offset, length) -> records.add(memory.get(ValueLayout.JAVA_LONG, offset)), 100);
        return records;
    }

    private static void faults(Code code, String message) {
        assertThatThrownBy(() -> code.mov(0, 0).exit().run())
                .isInstanceOf(ProgramFault.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldReadAndWriteAMapsValue() {
        var code = read(write(fromMemory(16, 0), 8, 0x1122334455667788L, 8), 10, 4)
                .load(AccessSize.DOUBLE, 0, 10, -8)
                .exit();
        assertThat(code.run()).isEqualTo(0xffffffff33445566L);
        assertThat(values.values().get(ValueLayout.JAVA_LONG, 8)).isEqualTo(0x1122334455667788L);
    }

    @Test
    void shouldGiveAPointerIntoIt() {
        var code = data(fromMemory(16, 0), 8, 8)
                .jumpIf(Condition.NE, 0, imm(0), "some")
                .exit()
                .label("some")
                .store(AccessSize.DOUBLE, 0, 0, imm(77))
                .mov(0, 1)
                .exit();
        assertThat(code.run()).isOne();
        assertThat(values.values().get(ValueLayout.JAVA_LONG, 8)).isEqualTo(77);
    }

    @ParameterizedTest
    @CsvSource({"0, 8, 0", "8, 8, 0", "9, 8, -7", "16, 0, 0", "17, 0, -7", "-1, 1, -7", "1, 16, -7"})
    void shouldStayInside(int offset, int bytes, long expected) {
        assertThat(read(fromMemory(16, 0).stack(1, 0), offset, Math.min(bytes, 8))
                        .exit()
                        .run())
                .isEqualTo(bytes > 8 ? 0 : expected);
        assertThat(data(fromMemory(16, 0), offset, bytes).exit().run() != 0).isEqualTo(expected == 0);
    }

    @Test
    void shouldZeroWhatItCannotRead() {
        assertThat(read(fromMemory(16, 0), 12, 8)
                        .load(AccessSize.DOUBLE, 0, 10, -8)
                        .exit()
                        .run())
                .isZero();
    }

    @Test
    void shouldHaveNoMemoryAfterAFailure() {
        assertThat(fromMemory(16, 1).exit().run()).isEqualTo(Errno.EINVAL);
        assertThat(read(fromMemory(16, 1), 0, 8).exit().run()).isEqualTo(Errno.EINVAL);
        assertThat(data(fromMemory(16, 1), 0, 0).exit().run()).isZero();
    }

    @Test
    void shouldSubmitWhatItReserved() {
        assertThat(release(write(reserve(start(), 8), 0, 41, 8), SUBMIT)
                        .mov(0, 0)
                        .exit()
                        .run())
                .isZero();
        assertThat(release(write(reserve(start(), 8), 0, 42, 8), DISCARD)
                        .mov(0, 0)
                        .exit()
                        .run())
                .isZero();
        assertThat(drained()).containsExactly(41L);
        assertThat(ring.discarded()).isOne();
    }

    @Test
    void shouldDiscardWhatARunLeft() {
        reserve(start(), 8).exit().run();
        faults(write(reserve(start(), 8), 0, 1, 8).load(AccessSize.WORD, 0, 9, 0), "insn");
        assertThat(drained()).isEmpty();
        assertThat(ring.discarded()).isEqualTo(2);
    }

    @Test
    void shouldReleaseAlsoWhatFoundNoRoom() {
        assertThat(reserve(start(), 65).exit().run()).isEqualTo(Errno.EINVAL);
        assertThat(read(reserve(start(), 65), 0, 8).exit().run()).isEqualTo(Errno.EINVAL);
        assertThat(release(reserve(start(), 65), SUBMIT).mov(0, 3).exit().run()).isEqualTo(3);
        assertThat(reserve(start(), 1 << 24).exit().run()).isEqualTo(Errno.E2BIG);
        faults(
                reserve(reserve(start(), 65), 8),
                "the dynptr at address=0x100000001c0 is overwritten, submit or discard it first");
        assertThat(ring.submitted()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {SUBMIT, DISCARD})
    void shouldReleaseOnce(int helper) {
        faults(
                release(release(reserve(start(), 8), helper), helper),
                "no dynptr at address=0x100000001c0, make one with bpf_dynptr_from_mem or"
                        + " bpf_ringbuf_reserve_dynptr");
        faults(release(fromMemory(16, 0), helper), "the dynptr is made by dynptr_from_mem, needed is one made by");
    }

    @Test
    void shouldTellWhatWasOverwritten() {
        faults(read(fromMemory(16, 0).store(AccessSize.BYTE, 10, PLACE + 3, imm(9)), 0, 8), "was overwritten");
        faults(read(fromMemory(16, 0).store(AccessSize.WORD, 10, PLACE + 12, imm(9)), 0, 8), "was overwritten");
        faults(read(start(), 0, 8), "no dynptr at address");
    }

    @Test
    void shouldNotFollowCopiedBytes() {
        var copy = fromMemory(16, 0)
                .load(AccessSize.DOUBLE, 1, 10, PLACE)
                .load(AccessSize.DOUBLE, 2, 10, PLACE + 8)
                .store(AccessSize.DOUBLE, 10, -96, Code.reg(1))
                .store(AccessSize.DOUBLE, 10, -88, Code.reg(2))
                .stack(1, -96)
                .mov(2, 0)
                .mov(3, 8)
                .call(DATA);
        faults(copy, "no dynptr at address");
    }

    @Test
    void shouldNotUseASliceAfterItsRelease() {
        var slice = data(reserve(start(), 8), 0, 8).movReg(6, 0);
        faults(
                release(slice, SUBMIT).load(AccessSize.DOUBLE, 0, 6, 0),
                "read of a reserved record of ring `ring`: offset=8, size=8, allowed only inside records that this run"
                        + " has reserved");
    }

    @Test
    void shouldReleaseARecordThroughItsDynptrOnly() {
        faults(
                data(reserve(start(), 8), 0, 8).movReg(1, 0).mov(2, 0).call(132),
                "the record belongs to a dynptr, submit or discard that instead");
    }

    @Test
    void shouldLieOnTheStack() {
        faults(
                fromMemory(16, 0)
                        .add(new Instruction.LoadMapValue(1, DATA_MAP, 0))
                        .mov(2, 16)
                        .mov(3, 0)
                        .movReg(4, 1)
                        .call(FROM_MEMORY),
                "allowed are multiples of 8 on the stack");
        faults(
                start().add(new Instruction.LoadMapValue(1, DATA_MAP, 0))
                        .mov(2, 16)
                        .mov(3, 0)
                        .stack(4, -8)
                        .call(FROM_MEMORY),
                "write to the stack: offset=504, size=16");
        faults(
                start().stack(1, -32).mov(2, 16).mov(3, 0).stack(4, PLACE).call(FROM_MEMORY),
                "is not in a map's value, a dynptr needs one");
        faults(fromMemory(17, 0), "write to a value of map `values`: offset=0, size=17");
    }

    @Test
    void shouldForgetDynptrsOfFormerRuns() {
        var context = new RunContext(0, 0);
        fromMemory(16, 0).exit().prepare().run(context);
        var use = data(start(), 0, 8).exit().prepare();
        assertThatThrownBy(() -> use.run(context))
                .isInstanceOf(ProgramFault.class)
                .hasMessageContaining("no dynptr");
    }

    @Test
    void shouldMoveOverlappingBytes() {
        values.values().set(ValueLayout.JAVA_LONG, 0, 0x0807060504030201L);
        var code = fromMemory(16, 0)
                .stack(1, PLACE)
                .mov(2, 4)
                .add(new Instruction.LoadMapValue(3, DATA_MAP, 0))
                .mov(4, 8)
                .mov(5, 0)
                .alu(AluOp.ADD, 5, imm(0))
                .call(WRITE)
                .exit();
        assertThat(code.run()).isZero();
        assertThat(values.values().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(0x0403020104030201L);
    }
}
