package io.vertebra.vm.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.Order;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.Instruction.Width;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class InstructionCodecTest {

    private static final Instruction TAIL = new Instruction.WideTail();

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static Stream<Arguments> wireForms() {
        return Stream.of(
                wire("07 01 00 00 ff ff ff ff", new Instruction.Alu(Width.W64, AluOp.ADD, 1, new Immediate(-1))),
                wire("0c 21 00 00 00 00 00 00", new Instruction.Alu(Width.W32, AluOp.ADD, 1, new Register(2))),
                wire("3f 10 01 00 00 00 00 00", new Instruction.Alu(Width.W64, AluOp.SDIV, 0, new Register(1))),
                wire("94 03 01 00 05 00 00 00", new Instruction.Alu(Width.W32, AluOp.SMOD, 3, new Immediate(5))),
                wire("bf a6 00 00 00 00 00 00", new Instruction.Alu(Width.W64, AluOp.MOV, 6, new Register(10))),
                wire("bf 21 20 00 00 00 00 00", new Instruction.MoveSignExtended(Width.W64, 32, 1, 2)),
                wire("bc 21 08 00 00 00 00 00", new Instruction.MoveSignExtended(Width.W32, 8, 1, 2)),
                wire("87 05 00 00 00 00 00 00", new Instruction.Negate(Width.W64, 5)),
                wire("d4 02 00 00 10 00 00 00", new Instruction.ByteSwap(Order.LITTLE, 16, 2)),
                wire("dc 02 00 00 40 00 00 00", new Instruction.ByteSwap(Order.BIG, 64, 2)),
                wire("d7 02 00 00 20 00 00 00", new Instruction.ByteSwap(Order.SWAP, 32, 2)),
                wire("28 00 00 00 0c 00 00 00", new Instruction.LoadPacket(AccessSize.HALF, -1, 12)),
                wire("50 70 00 00 02 00 00 00", new Instruction.LoadPacket(AccessSize.BYTE, 7, 2)),
                wire("79 a1 f8 ff 00 00 00 00", new Instruction.Load(AccessSize.DOUBLE, false, 1, 10, -8)),
                wire("81 12 04 00 00 00 00 00", new Instruction.Load(AccessSize.WORD, true, 2, 1, 4)),
                wire("72 0a ff ff 07 00 00 00", new Instruction.Store(AccessSize.BYTE, 10, -1, new Immediate(7))),
                wire("6b 21 02 00 00 00 00 00", new Instruction.Store(AccessSize.HALF, 1, 2, new Register(2))),
                wire(
                        "db 21 08 00 00 00 00 00",
                        new Instruction.Atomic(AccessSize.DOUBLE, AtomicOp.ADD, false, 1, 8, 2)),
                wire("c3 21 08 00 51 00 00 00", new Instruction.Atomic(AccessSize.WORD, AtomicOp.AND, true, 1, 8, 2)),
                wire(
                        "db 21 00 00 f1 00 00 00",
                        new Instruction.Atomic(AccessSize.DOUBLE, AtomicOp.COMPARE_EXCHANGE, true, 1, 0, 2)),
                wire("05 00 fd ff 00 00 00 00", new Instruction.Jump(-3)),
                wire("06 00 00 00 00 00 01 00", new Instruction.Jump(65_536)),
                wire(
                        "16 01 04 00 09 00 00 00",
                        new Instruction.JumpIf(Width.W32, Condition.EQ, 1, new Immediate(9), 4)),
                wire(
                        "dd 21 ff ff 00 00 00 00",
                        new Instruction.JumpIf(Width.W64, Condition.SLE, 1, new Register(2), -1)),
                wire("85 00 00 00 82 00 00 00", new Instruction.Call(130)),
                wire("85 10 00 00 fe ff ff ff", new Instruction.CallLocal(-2)),
                wire("8d 03 00 00 00 00 00 00", new Instruction.CallRegister(3)),
                wire("95 00 00 00 00 00 00 00", new Instruction.Exit()),
                wire(
                        "18 03 00 00 88 77 66 55 00 00 00 00 44 33 22 11",
                        new Instruction.LoadImmediate(3, 0x1122334455667788L),
                        TAIL),
                wire("18 51 00 00 02 00 00 00 00 00 00 00 00 00 00 00", new Instruction.LoadMap(1, 2), TAIL),
                wire("18 61 00 00 02 00 00 00 00 00 00 00 0c 00 00 00", new Instruction.LoadMapValue(1, 2, 12), TAIL),
                wire("18 42 00 00 f0 ff ff ff 00 00 00 00 00 00 00 00", new Instruction.LoadFunction(2, -16), TAIL));
    }

    private static Arguments wire(String hex, Instruction... instructions) {
        return Arguments.of(hex, List.of(instructions));
    }

    @ParameterizedTest
    @MethodSource("wireForms")
    void shouldTranslateBothWays(String hex, List<Instruction> instructions) {
        assertThat(InstructionCodec.decode(bytes(hex))).isEqualTo(instructions);
        assertThat(InstructionCodec.encode(instructions)).isEqualTo(bytes(hex));
    }

    @Test
    void shouldReadOtherSpellings() {
        assertThat(InstructionCodec.decode(bytes("18 11 00 00 02 00 00 00 00 00 00 00 00 00 00 00")))
                .as("map by file descriptor")
                .containsExactly(new Instruction.LoadMap(1, 2), TAIL);
        assertThat(InstructionCodec.decode(bytes("18 21 00 00 02 00 00 00 00 00 00 00 08 00 00 00")))
                .as("map value by file descriptor")
                .containsExactly(new Instruction.LoadMapValue(1, 2, 8), TAIL);
        assertThat(InstructionCodec.decode(bytes("8d 00 00 00 02 00 00 00")))
                .as("callx of clang before 19")
                .containsExactly(new Instruction.CallRegister(2));
        assertThat(InstructionCodec.decode(bytes("06 00 00 00 05 00 00 00")))
                .as("long form of a short jump")
                .containsExactly(new Instruction.Jump(5));
    }

    @Test
    void shouldReadFromMemory() {
        var code = MemorySegment.ofArray(new long[] {0x95});
        assertThat(InstructionCodec.decode(code)).containsExactly(new Instruction.Exit());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        07 10 00 00 01 00 00 00 | unused field src=1
        0f 21 01 00 00 00 00 00 | unused field offset=1
        0f 21 00 00 01 00 00 00 | unused field immediate=1
        37 01 02 00 01 00 00 00 | unused field offset=2
        87 15 00 00 00 00 00 00 | unused field src=1
        dc 12 00 00 40 00 00 00 | unused field src=1
        61 12 00 00 01 00 00 00 | unused field immediate=1
        72 1a 00 00 00 00 00 00 | unused field src=1
        05 01 00 00 00 00 00 00 | unused field dst=1
        05 00 00 00 01 00 00 00 | unused field immediate=1
        06 00 01 00 00 00 00 00 | unused field offset=1
        85 00 01 00 00 00 00 00 | unused field offset=1
        85 01 00 00 00 00 00 00 | unused field dst=1
        95 01 00 00 00 00 00 00 | unused field dst=1
        28 01 00 00 00 00 00 00 | unused field dst=1
        07 0b 00 00 00 00 00 00 | dst=r11
        0f b0 00 00 00 00 00 00 | src=r11
        8d 0c 00 00 00 00 00 00 | dst=r12
        8d 00 00 00 0b 00 00 00 | immediate=11
        8f 00 00 00 00 00 00 00 | not an instruction of RFC 9669 (class ALU64)
        df 00 00 00 10 00 00 00 | not an instruction of RFC 9669 (class ALU64)
        e7 00 00 00 00 00 00 00 | not an instruction of RFC 9669 (class ALU64)
        38 00 00 00 00 00 00 00 | not an instruction of RFC 9669 (class LD)
        99 00 00 00 00 00 00 00 | not an instruction of RFC 9669 (class LDX)
        c2 00 00 00 00 00 00 00 | not an instruction of RFC 9669 (class ST)
        03 00 00 00 00 00 00 00 | not an instruction of RFC 9669 (class STX)
        0d 00 00 00 00 00 00 00 | not an instruction of RFC 9669 (class JMP)
        e5 00 00 00 00 00 00 00 | not an instruction of RFC 9669 (class JMP)
        86 00 00 00 00 00 00 00 | not an instruction of RFC 9669 (class JMP32)
        96 00 00 00 00 00 00 00 | not an instruction of RFC 9669 (class JMP32)
        bc 21 20 00 00 00 00 00 | offset=32 of a move
        b7 01 08 00 00 00 00 00 | offset=8 of a move
        dc 01 00 00 18 00 00 00 | byte swap of 24 bits
        cb 21 00 00 00 00 00 00 | atomic access of 2 bytes
        db 21 00 00 02 00 00 00 | atomic operation 0x2
        db 21 00 00 e0 00 00 00 | atomic operation 0xe0
        85 20 00 00 01 00 00 00 | calls a kernel function
        85 30 00 00 01 00 00 00 | src=3 of a call
        18 01 00 00 00 00 00 00 | needs a second slot
        18 01 00 00 00 00 00 00 95 00 00 00 00 00 00 00 | its opcode must be 0
        18 01 00 00 00 00 00 00 00 01 00 00 00 00 00 00 | unused field dst=1
        18 01 00 00 00 00 00 00 00 10 00 00 00 00 00 00 | unused field src=1
        18 01 00 00 00 00 00 00 00 00 01 00 00 00 00 00 | unused field offset=1
        18 51 00 00 00 00 00 00 00 00 00 00 01 00 00 00 | unused field immediate=1
        18 51 00 00 ff ff ff ff 00 00 00 00 00 00 00 00 | map index -1 is negative
        18 31 00 00 00 00 00 00 00 00 00 00 00 00 00 00 | kernel variable
        18 71 00 00 00 00 00 00 00 00 00 00 00 00 00 00 | src=7 of a wide load
        95 00 00 00             | 4 bytes of code
        """)
    void shouldRejectWhatIsReserved(String hex, String reason) {
        assertThatThrownBy(() -> InstructionCodec.decode(bytes(hex)))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void shouldNameTheSlot() {
        assertThatThrownBy(() -> InstructionCodec.decode(bytes("95 00 00 00 00 00 00 00 ff 00 00 00 00 00 00 00")))
                .hasMessageStartingWith("insn 1 (opcode 0xff): ");
    }

    static Stream<Instruction> unencodable() {
        return Stream.of(
                new Instruction.Alu(Width.W64, AluOp.ADD, 11, new Immediate(0)),
                new Instruction.Alu(Width.W64, AluOp.ADD, 0, new Register(-1)),
                new Instruction.Load(AccessSize.WORD, false, 0, 1, 32_768),
                new Instruction.Load(AccessSize.DOUBLE, true, 0, 1, 0),
                new Instruction.LoadPacket(AccessSize.DOUBLE, -1, 0),
                new Instruction.Atomic(AccessSize.BYTE, AtomicOp.ADD, false, 0, 0, 1),
                new Instruction.Atomic(AccessSize.WORD, AtomicOp.EXCHANGE, false, 0, 0, 1),
                new Instruction.JumpIf(Width.W64, Condition.EQ, 0, new Immediate(0), -32_769),
                new Instruction.ByteSwap(Order.BIG, 8, 0),
                new Instruction.MoveSignExtended(Width.W32, 32, 0, 1),
                new Instruction.LoadImmediate(0, 0),
                new Instruction.WideTail());
    }

    @ParameterizedTest
    @MethodSource("unencodable")
    void shouldRefuseToEncode(Instruction instruction) {
        assertThatThrownBy(() -> InstructionCodec.encode(List.of(instruction)))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageStartingWith("insn 0 (" + instruction.getClass().getSimpleName() + "): ");
    }

    @Test
    void shouldGiveBackWhatItEncoded() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            var program = new RandomInstructions(random).program(20);
            assertThat(InstructionCodec.decode(InstructionCodec.encode(program)))
                    .as("seed %d, program %d", seed, i)
                    .isEqualTo(program);
        }
    }

    /** Every opcode with random fields: either an error, or instructions that encode to something of the same meaning. */
    @Test
    void shouldDecodeStably() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < 256 * 400; i++) {
            var code = sparse(random, i & 0xff);
            List<Instruction> program;
            try {
                program = InstructionCodec.decode(code);
            } catch (ObjectFormatException _) {
                continue;
            }
            accepted++;
            var again = InstructionCodec.encode(program);
            assertThat(InstructionCodec.decode(again))
                    .as("seed %d, code %d", seed, i)
                    .isEqualTo(program);
        }
        assertThat(accepted).as("seed %d", seed).isGreaterThan(1_000);
    }

    /** One slot and an empty second one, with most fields zero, so that many combinations are legal. */
    private static byte[] sparse(Random random, int opcode) {
        var code = new byte[16];
        code[0] = (byte) opcode;
        for (int field = 1; field < 8; field++) {
            code[field] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : 0);
        }
        code[8] = (byte) (opcode == Opcode.WIDE ? 0 : 0x95);
        return code;
    }
}
