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
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Width;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfProgramArray;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InterpreterTest {

    @Test
    void shouldReturnRegisterZero() {
        assertThat(code().mov(0, -7).exit().run()).isEqualTo(-7);
    }

    @Test
    void shouldExtendImmediates() {
        assertThat(code().mov(0, 0).alu(AluOp.OR, 0, imm(-1)).exit().run()).isEqualTo(-1);
        assertThat(code().mov(0, 0).alu32(AluOp.OR, 0, imm(-1)).exit().run()).isEqualTo(0xffffffffL);
        assertThat(code().mov(0, 0)
                        .store(AccessSize.DOUBLE, 10, -8, imm(-2))
                        .load(AccessSize.DOUBLE, 0, 10, -8)
                        .exit()
                        .run())
                .isEqualTo(-2);
    }

    @Test
    void shouldLoadWideConstants() {
        assertThat(code().wide(0, 0x1122334455667788L).exit().run()).isEqualTo(0x1122334455667788L);
    }

    @Test
    void shouldMoveWithSign() {
        var moved = code().mov(1, 0x80)
                .add(new Instruction.MoveSignExtended(Width.W64, 8, 0, 1))
                .exit();
        assertThat(moved.run()).isEqualTo(-128);
    }

    @Test
    void shouldNegateAndSwap() {
        var program = code().mov(0, 1)
                .add(new Instruction.Negate(Width.W32, 0))
                .add(new Instruction.ByteSwap(Instruction.Order.BIG, 16, 0))
                .exit();
        assertThat(program.run()).isEqualTo(0xffff);
    }

    @ParameterizedTest
    @CsvSource({"BYTE, 0xf8, -8", "HALF, 0xf7f8, -2056", "WORD, 0xf5f6f7f8, -168364040", "DOUBLE, -1, -1"})
    void shouldLoadEachSize(AccessSize size, String unsigned, long signed) {
        long stored = size == AccessSize.DOUBLE ? -1L : 0xf1f2f3f4f5f6f7f8L;
        var store = code().wide(1, stored).store(AccessSize.DOUBLE, 10, -8, reg(1));
        assertThat(store.load(size, 0, 10, -8).exit().run()).isEqualTo(Long.decode(unsigned));
        var again = code().wide(1, stored).store(AccessSize.DOUBLE, 10, -8, reg(1));
        assertThat(again.add(new Instruction.Load(size, true, 0, 10, -8)).exit().run())
                .isEqualTo(signed);
    }

    @Test
    void shouldStoreOnlyItsSize() {
        long kept = code().wide(1, -1L)
                .store(AccessSize.DOUBLE, 10, -8, reg(1))
                .store(AccessSize.WORD, 10, -8, imm(0))
                .store(AccessSize.HALF, 10, -4, imm(0))
                .store(AccessSize.BYTE, 10, -2, imm(0))
                .load(AccessSize.DOUBLE, 0, 10, -8)
                .exit()
                .run();
        assertThat(kept).isEqualTo(0xff00000000000000L);
    }

    @Test
    void shouldAccessUnalignedMemory() {
        assertThat(code().store(AccessSize.DOUBLE, 10, -13, imm(77))
                        .load(AccessSize.DOUBLE, 0, 10, -13)
                        .exit()
                        .run())
                .isEqualTo(77);
    }

    @Test
    void shouldLoop() {
        long sum = code().mov(0, 0)
                .mov(1, 100)
                .label("again")
                .alu(AluOp.ADD, 0, reg(1))
                .alu(AluOp.SUB, 1, imm(1))
                .jumpIf(Condition.NE, 1, imm(0), "again")
                .exit()
                .run();
        assertThat(sum).isEqualTo(5050);
    }

    @Test
    void shouldCompareLowHalvesOnly() {
        var program = code().wide(1, 0x1_0000_0001L)
                .mov(0, 1)
                .add(new Instruction.JumpIf(Width.W32, Condition.EQ, 1, imm(1), 1))
                .mov(0, 0)
                .exit();
        assertThat(program.run()).isEqualTo(1);
    }

    @Test
    void shouldGiveSubprogramsTheirOwnFrame() {
        long result = code().mov(6, 60)
                .store(AccessSize.DOUBLE, 10, -8, imm(5))
                .mov(1, 7)
                .callLocal("f")
                .alu(AluOp.ADD, 0, reg(6))
                .load(AccessSize.DOUBLE, 1, 10, -8)
                .alu(AluOp.ADD, 0, reg(1))
                .exit()
                .function("f")
                .mov(6, 1000)
                .store(AccessSize.DOUBLE, 10, -8, imm(900))
                .movReg(0, 1)
                .exit()
                .run();
        assertThat(result).isEqualTo(7 + 60 + 5);
    }

    @Test
    void shouldLetSubprogramsUseCallersStack() {
        long result = code().stack(1, -8)
                .callLocal("f")
                .load(AccessSize.DOUBLE, 0, 10, -8)
                .exit()
                .function("f")
                .store(AccessSize.DOUBLE, 1, 0, imm(42))
                .mov(0, 0)
                .exit()
                .run();
        assertThat(result).isEqualTo(42);
    }

    @Test
    void shouldAllowEightFramesAndNoMore() {
        assertThat(recursion(7).run()).isEqualTo(7);
        assertThatThrownBy(() -> recursion(8).run())
                .isInstanceOf(ProgramFault.class)
                .hasMessage("insn 4: call depth 9, at most 8 frames are allowed");
    }

    private static Code recursion(int depth) {
        return code().mov(1, depth)
                .function("f")
                .mov(0, 0)
                .jumpIf(Condition.EQ, 1, imm(0), "end")
                .alu(AluOp.SUB, 1, imm(1))
                .callLocal("f")
                .alu(AluOp.ADD, 0, imm(1))
                .label("end")
                .exit();
    }

    @Test
    void shouldEndRunsThatExceedTheirSteps() {
        var endless = code().label("again").jump("again").prepare(Helpers.none(), 1000);
        assertThatThrownBy(() -> endless.run(new RunContext(0, 0)))
                .isInstanceOf(ProgramFault.class)
                .hasMessage("insn 0: step budget exhausted, allowed 1000");
        var exact = code().mov(0, 1).mov(0, 2).exit();
        assertThat(exact.prepare(Helpers.none(), 3).run(new RunContext(0, 0))).isEqualTo(2);
        assertThatThrownBy(() -> exact.prepare(Helpers.none(), 2).run(new RunContext(0, 0)))
                .isInstanceOf(ProgramFault.class);
    }

    @Test
    void shouldCountCallbackStepsToo() {
        var program = code().mov(1, 1 << 22)
                .functionAddress(2, "body")
                .mov(3, 0)
                .mov(4, 0)
                .call(181)
                .exit()
                .function("body")
                .mov(0, 0)
                .exit();
        assertThatThrownBy(program::run).isInstanceOf(ProgramFault.class).hasMessageContaining("step budget");
    }

    @Test
    void shouldCallHelperByRegister() {
        var program = code().mov(2, 8).add(new Instruction.CallRegister(2)).exit();
        assertThat(program.prepare().run(new RunContext(0, 3))).isEqualTo(3);
        assertThatThrownBy(() -> code().wide(2, 1L << 40)
                        .add(new Instruction.CallRegister(2))
                        .exit()
                        .run())
                .isInstanceOf(ProgramFault.class)
                .hasMessage("insn 2: helper 1099511627776 is unknown");
    }

    @Test
    void shouldRefuseToRunPastTheEnd() {
        assertThatThrownBy(() -> code().mov(0, 1).run())
                .isInstanceOf(ProgramFault.class)
                .hasMessage("insn 0: execution runs past the end, an exit is missing");
    }

    @Test
    void shouldPassArguments() {
        var sum = code().movReg(0, 1).alu(AluOp.ADD, 0, reg(2)).exit().prepare();
        assertThat(sum.run(new RunContext(0, 0).arguments(40, 2))).isEqualTo(42);
        assertThat(sum.run(new RunContext(0, 0))).isEqualTo(Addresses.CONTEXT);
    }

    // ---- packets ----

    @ParameterizedTest
    @CsvSource({"BYTE, 1, 0x22", "HALF, 1, 0x2233", "WORD, 0, 0x11223344"})
    void shouldLoadPacketInNetworkOrder(AccessSize size, int offset, String expected) {
        var bytes = MemorySegment.ofArray(new byte[] {0x11, 0x22, 0x33, 0x44});
        var run = new RunContext(0, 0).payload(bytes, 0, 4, false);
        assertThat(code().add(new Instruction.LoadPacket(size, -1, offset))
                        .exit()
                        .prepare()
                        .run(run))
                .isEqualTo(Long.decode(expected));
        assertThat(code().mov(3, offset)
                        .add(new Instruction.LoadPacket(size, 3, 0))
                        .exit()
                        .prepare()
                        .run(run))
                .isEqualTo(Long.decode(expected));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void shouldEndRunOnShortPacket(int index) {
        var run = new RunContext(0, 0).payload(MemorySegment.ofArray(new byte[4]), 0, 4, false);
        var program = code().mov(0, 5)
                .callLocal("f")
                .mov(0, 9)
                .exit()
                .function("f")
                .mov(3, index)
                .add(new Instruction.LoadPacket(AccessSize.WORD, 3, 0))
                .mov(0, 8)
                .exit();
        assertThat(program.prepare().run(run)).isZero();
        assertThat(code().mov(0, 4).exit().prepare().run(run))
                .as("the next run")
                .isEqualTo(4);
    }

    // ---- tail calls ----

    @Test
    void shouldContinueInAnotherProgram() {
        var programs = (BpfProgramArray) BpfMap.create(MapSpec.of("p", MapType.PROG_ARRAY, 4, 4, 3), 1);
        var last = code().movReg(0, 1).alu(AluOp.ADD, 0, imm(100)).exit().prepare();
        programs.put(1, last);
        var first =
                code(programs).map(2, 0).mov(3, 1).call(12).mov(0, -1).exit().prepare();
        assertThat(first.run(new RunContext(0, 0).arguments(5, 0))).isEqualTo(105);
        programs.remove(1);
        assertThat(first.run(new RunContext(0, 0))).isEqualTo(-1);
    }

    @Test
    void shouldReturnToCallerOfTailCallingSubprogram() {
        var programs = (BpfProgramArray) BpfMap.create(MapSpec.of("p", MapType.PROG_ARRAY, 4, 4, 3), 1);
        programs.put(0, code().mov(0, 30).exit().prepare());
        var first = code(programs)
                .callLocal("f")
                .map(1, 0)
                .alu(AluOp.ADD, 0, imm(4))
                .exit()
                .function("f")
                .map(2, 0)
                .mov(3, 0)
                .call(12)
                .mov(0, -1)
                .exit();
        assertThat(first.run()).isEqualTo(34);
    }

    @Test
    void shouldLimitTailCalls() {
        var programs = (BpfProgramArray) BpfMap.create(MapSpec.of("p", MapType.PROG_ARRAY, 4, 4, 1), 1);
        var counter = BpfMap.create(MapSpec.of("c", MapType.ARRAY, 4, 8, 1), 1);
        var self = code(programs, counter)
                .movReg(6, 1)
                .add(new Instruction.LoadMapValue(1, 1, 0))
                .mov(2, 1)
                .add(new Instruction.Atomic(AccessSize.DOUBLE, Instruction.AtomicOp.ADD, false, 1, 0, 2))
                .movReg(1, 6)
                .map(2, 0)
                .mov(3, 0)
                .call(12)
                .mov(0, 77)
                .exit()
                .prepare();
        programs.put(0, self);
        assertThat(self.run(new RunContext(0, 0))).isEqualTo(77);
        assertThat(counter.get(new byte[4])).contains(new byte[] {34, 0, 0, 0, 0, 0, 0, 0});
    }

    // ---- preparation ----

    @Test
    void shouldRefuseWritesToFramePointer() {
        assertRefused(code().mov(10, 1).exit(), "insn 0: write to r10, the frame pointer is read-only");
        assertRefused(
                code().add(new Instruction.Atomic(AccessSize.DOUBLE, Instruction.AtomicOp.ADD, true, 1, 0, 10))
                        .exit(),
                "insn 0: write to r10, the frame pointer is read-only");
    }

    @Test
    void shouldRefuseTargetsOutside() {
        assertRefused(
                code().add(new Instruction.Jump(1)).exit(), "insn 0: target 2 is not an instruction, allowed [0, 2)");
        assertRefused(
                code().add(new Instruction.Jump(-2)).exit(), "insn 0: target -1 is not an instruction, allowed [0, 2)");
        assertRefused(
                code().add(new Instruction.Jump(1)).wide(0, 1).exit(),
                "insn 0: target 2 is not an instruction, allowed [0, 4)");
    }

    @Test
    void shouldRefuseUnknownHelpers() {
        assertRefused(code().call(9999).exit(), "insn 0: helper 9999 is unknown");
    }

    @Test
    void shouldRefuseUnknownRegistersAndMaps() {
        assertRefused(code().mov(11, 1).exit(), "insn 0: register r11, allowed r0 to r10");
        assertRefused(code().map(1, 0).exit(), "insn 0: map 0, the program has 0");
    }

    private static void assertRefused(Code program, String message) {
        assertThatThrownBy(program::prepare)
                .isInstanceOf(ProgramFault.class)
                .hasMessage(message)
                .extracting(e -> ((ProgramFault) e).slot())
                .isEqualTo(0);
    }

    @Test
    void shouldRefuseOtherMapsThanNamed() {
        var map = BpfMap.create(MapSpec.of("a", MapType.ARRAY, 4, 8, 1), 1);
        var other = BpfMap.create(MapSpec.of("b", MapType.ARRAY, 4, 4, 1), 1);
        var program = code(map).mov(0, 0).exit().program();
        assertThatThrownBy(() -> Interpreter.prepare(program, List.of(), Helpers.none(), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("program `test`: 0 maps were given, 1 are needed");
        assertThatThrownBy(() -> Interpreter.prepare(program, List.of(other), Helpers.none(), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("program `test`: map `a` is ARRAY with key_size=4, value_size=4, needed is ARRAY with"
                        + " key_size=4, value_size=8");
    }
}
