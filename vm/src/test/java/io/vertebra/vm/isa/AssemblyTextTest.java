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
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AssemblyTextTest {

    static Stream<Arguments> forms() {
        return Stream.of(
                text("r1 s>>= 5", "arsh %r1, 5", new Instruction.Alu(Width.W64, AluOp.ARSH, 1, new Immediate(5))),
                text("w1 s%= w2", "smod32 %r1, %r2", new Instruction.Alu(Width.W32, AluOp.SMOD, 1, new Register(2))),
                text("r1 = -5", "mov %r1, -5", new Instruction.Alu(Width.W64, AluOp.MOV, 1, new Immediate(-5))),
                text("w3 = (s8)w4", "movsx832 %r3, %r4", new Instruction.MoveSignExtended(Width.W32, 8, 3, 4)),
                text("r3 = (s32)r4", "movsx3264 %r3, %r4", new Instruction.MoveSignExtended(Width.W64, 32, 3, 4)),
                text("w7 = -w7", "neg32 %r7", new Instruction.Negate(Width.W32, 7)),
                text("r7 = be16 r7", "be16 %r7", new Instruction.ByteSwap(Order.BIG, 16, 7)),
                text("r7 = bswap64 r7", "swap64 %r7", new Instruction.ByteSwap(Order.SWAP, 64, 7)),
                text("r1 = 0xffffffffffffffff ll", "lddw %r1, -1", new Instruction.LoadImmediate(1, -1)),
                text("r1 = *(u8 *)(r2 + 0)", "ldxb %r1, [%r2]", new Instruction.Load(AccessSize.BYTE, false, 1, 2, 0)),
                text(
                        "r1 = *(s32 *)(r10 - 4)",
                        "ldxsw %r1, [%r10-4]",
                        new Instruction.Load(AccessSize.WORD, true, 1, 10, -4)),
                text(
                        "*(u64 *)(r1 + 8) = r2",
                        "stxdw [%r1+8], %r2",
                        new Instruction.Store(AccessSize.DOUBLE, 1, 8, new Register(2))),
                text(
                        "*(u16 *)(r1 - 32768) = -1",
                        "sth [%r1-32768], 0xffffffff",
                        new Instruction.Store(AccessSize.HALF, 1, -32768, new Immediate(-1))),
                text(
                        "lock *(u32 *)(r1 + 8) ^= r2",
                        "lock xor32 [%r1+8], %r2",
                        new Instruction.Atomic(AccessSize.WORD, AtomicOp.XOR, false, 1, 8, 2)),
                text(
                        "w2 = atomic_fetch_and((u32 *)(r1 + 8), w2)",
                        "lock fetch and32 [%r1+8], %r2",
                        new Instruction.Atomic(AccessSize.WORD, AtomicOp.AND, true, 1, 8, 2)),
                text(
                        "r2 = atomic_xchg((u64 *)(r1 + 8), r2)",
                        "lock xchg [%r1+8], %r2",
                        new Instruction.Atomic(AccessSize.DOUBLE, AtomicOp.EXCHANGE, true, 1, 8, 2)),
                text(
                        "r0 = atomic_cmpxchg((u64 *)(r1 + 8), r0, r2)",
                        "lock cmpxchg [%r1+8], %r2",
                        new Instruction.Atomic(AccessSize.DOUBLE, AtomicOp.COMPARE_EXCHANGE, true, 1, 8, 2)),
                text("goto -3", "ja -3", new Instruction.Jump(-3)),
                text(
                        "if r1 s> 5 goto +2",
                        "jsgt %r1, 5, +2",
                        new Instruction.JumpIf(Width.W64, Condition.SGT, 1, new Immediate(5), 2)),
                text(
                        "if w1 & w2 goto +0",
                        "jset32 %r1, %r2, +0",
                        new Instruction.JumpIf(Width.W32, Condition.SET, 1, new Register(2), 0)),
                text("call 130", "call 0x82", new Instruction.Call(130)),
                text("call pc-7", "call local -7", new Instruction.CallLocal(-7)),
                text("callx r2", "call %r2", new Instruction.CallRegister(2)),
                text("exit", "exit", new Instruction.Exit()));
    }

    private static Arguments text(String expression, String mnemonic, Instruction instruction) {
        return Arguments.of(expression, mnemonic, instruction);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void shouldKnowBothNotations(String expression, String mnemonic, Instruction instruction) {
        assertThat(AssemblyText.print(instruction)).isEqualTo(expression);
        assertThat(AssemblyText.parse(expression)).startsWith(instruction);
        assertThat(AssemblyText.parse(mnemonic)).startsWith(instruction);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        r1 = map[2]                       | r1 = map[2]
        r1 = map[2][0]-8                  | r1 = map[2][0]-8
        r1 = subprog[+7]                  | r1 = subprog[+7]
        r0 = *(u16 *)skb[12]              | r0 = *(u16 *)skb[12]
        r0 = *(u8 *)skb[r7 + 2]           | r0 = *(u8 *)skb[r7 + 2]
        r0 = *(u32 *)skb[r7]              | r0 = *(u32 *)skb[r7 + 0]
        w1 = *(u32 *)(r2 +8)              | r1 = *(u32 *)(r2 + 8)
        *(u8 *)(r2 + 0x0) = w1            | *(u8 *)(r2 + 0) = r1
        (b7) r0 = 0x7                     | r0 = 7
        r0 = 0x80000000                   | r0 = -2147483648
        if w1 == 0x0 goto +0x4 <LBB3_2>   | if w1 == 0 goto +4
        goto +0x4 <LBB3_2>                | goto +4
        r2 = atomic64_fetch_or((u64 *)(r1 + 0), r2) | r2 = atomic_fetch_or((u64 *)(r1 + 0), r2)
        r0 = 5 ll                         | r0 = 0x5 ll
        r0 += 1 // one                    | r0 += 1
        """)
    void shouldReadVariations(String text, String printed) {
        var line = text.startsWith("(") ? "0: " + text : text;
        assertThat(AssemblyText.print(AssemblyText.parse(line).getFirst())).isEqualTo(printed);
    }

    @Test
    void shouldResolveLabels() {
        var program = AssemblyText.parse("""
            # a loop over a wide load, a call and a callback
              r1 = 3
            again:
              r2 = 0x123456789 ll
              r1 -= 1
              if r1 != 0 goto again
              call <double>
              r3 = subprog[double]
              jeq %r0, 0, exit
              goto <done>
            done:
              exit
            double:
              r1 *= 2
              exit
            """);
        assertThat(AssemblyText.print(program)).isEqualToNormalizingNewlines("""
               0: r1 = 3
               1: r2 = 0x123456789 ll
               3: r1 -= 1
               4: if r1 != 0 goto -4
               5: call pc+5
               6: r3 = subprog[+4]
               8: if r0 == 0 goto +1
               9: goto +0
              10: exit
              11: r1 *= 2
              12: exit
            """);
    }

    @Test
    void shouldParseWhatItPrints() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            var program = new RandomInstructions(random).program(10);
            assertThat(AssemblyText.parse(AssemblyText.print(program)))
                    .as("seed %d, program %d", seed, i)
                    .isEqualTo(program);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        r0 = r11                        | register `r11`
        or %r0, %r50                    | register `%r50`
        r0 = w1                         | registers `r0` and `w1` differ in width
        r0 = 2147483648                 | number 2147483648
        mov32 %r0, 2147483648           | number 2147483648
        mov32 %r0, 0x100000000          | number 0x100000000
        lddw %r0, 0x10000000000000000   | number 0x10000000000000000
        lddw %r0                        | 1 operands, must be 2
        ldxb %r0, %r1                   | operand `%r1`, must be a place
        ldxb %r0, [%r1+32768]           | offset +32768
        mov %r0, --5                    | `--5` is not a number
        mov16 %r0, 5                    | width `16`
        be8 %r0                         | `8` bits
        jeq %r0, 1, +40000              | distance 40000
        if r0 == 1 goto -40000          | distance -40000
        lock                            | operands, must be 2
        lock fetch swap [%r1], %r2      | written as `lock
        ja NOT_A_LABEL                  | label `NOT_A_LABEL` is not defined
        goto exit                       | label `exit` is not defined
        call local 3                    | target `3`
        r0 = -r1                        | `r0` and `r1` must be the same register
        w0 = (s32)w1                    | from 32 bits to 32 bits
        r0 = *(s64 *)(r1 + 0)           | sign-extending load of 64 bits
        r0 = *(u64 *)skb[0]             | packet loads are
        *(u64 *)(r1 + 0) = w1           | has 32 bits
        lock *(u8 *)(r1 + 0) += r2      | atomic access of 8 bits
        r1 = atomic_xchg((u64 *)(r1 + 0), r2) | must be the same register
        5: exit                         | slot 5, but this is slot 0
        nonsense                        | is not an instruction
        r0 =                            | is not an instruction
        """)
    void shouldRejectWithTheLine(String text, String reason) {
        assertThatThrownBy(() -> AssemblyText.parse("# first line\n" + text))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageStartingWith("line 2: ")
                .hasMessageContaining(reason);
    }

    @Test
    void shouldRejectALabelTwice() {
        assertThatThrownBy(() -> AssemblyText.parse("a:\nexit\na:\nexit"))
                .hasMessage("line 3: label `a` is defined twice");
    }

    @Test
    void shouldPrintNothingForASecondSlot() {
        assertThat(AssemblyText.print(List.of(new Instruction.LoadMap(1, 0), new Instruction.WideTail())))
                .isEqualToNormalizingNewlines("   0: r1 = map[0]\n");
    }
}
