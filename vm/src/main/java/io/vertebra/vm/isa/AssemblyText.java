package io.vertebra.vm.isa;

import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Width;
import java.util.List;

/**
 * The text form of instructions: prints the notation of LLVM and {@code bpftool prog dump xlated}, and parses what it
 * prints.
 *
 * <pre>
 *  r1 = 5                       w1 += w2                  r1 s/= -3             r2 = (s8)r1
 *  r1 = -r1                     r1 = be16 r1              r1 = bswap32 r1       r1 = 0x1122334455667788 ll
 *  r1 = map[0]                  r1 = map[1][0]+8          r1 = subprog[+7]
 *  r1 = *(u32 *)(r10 - 4)       r1 = *(s8 *)(r2 + 0)      *(u64 *)(r1 + 8) = r2
 *  r0 = *(u16 *)skb[12]         r0 = *(u8 *)skb[r7 + 2]
 *  lock *(u64 *)(r1 + 0) += r2  r2 = atomic_fetch_add((u64 *)(r1 + 0), r2)
 *  r2 = atomic_xchg((u64 *)(r1 + 0), r2)                  r0 = atomic_cmpxchg((u64 *)(r1 + 0), r0, r2)
 *  goto +3                      if r1 s&gt; 5 goto -2       if w1 &amp; w2 goto +1
 *  call 1                       call pc+5                 callx r2              exit
 * </pre>
 *
 * <p>Also read are the assembly of the conformance suite and of uBPF ({@code ldxdw %r0, [%r1+8]}, see {@code
 * MnemonicSyntax}), labels on lines of their own as targets, and comments after {@code #}, {@code ;} or {@code //}.
 * Stateless and thread-safe.
 */
public final class AssemblyText {

    private AssemblyText() {}

    /** A program, one instruction per line with its slot in front; the second slot of a wide one has no line. */
    public static String print(List<Instruction> instructions) {
        var text = new StringBuilder();
        for (int slot = 0; slot < instructions.size(); slot++) {
            if (!(instructions.get(slot) instanceof Instruction.WideTail)) {
                text.append("%4d: %s%n".formatted(slot, print(instructions.get(slot))));
            }
        }
        return text.toString();
    }

    /** One instruction; the empty text for a {@link Instruction.WideTail}. */
    public static String print(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Alu i ->
                register(i.width(), i.dst()) + " " + Symbols.of(i.op()) + " " + operand(i.width(), i.src());
            case Instruction.MoveSignExtended i ->
                "%s = (s%d)%s".formatted(register(i.width(), i.dst()), i.bits(), register(i.width(), i.src()));
            case Instruction.Negate i ->
                "%s = -%s".formatted(register(i.width(), i.dst()), register(i.width(), i.dst()));
            case Instruction.ByteSwap i ->
                "r%d = %s%d r%d".formatted(i.dst(), Symbols.of(i.order()), i.bits(), i.dst());
            case Instruction.LoadImmediate i -> "r%d = 0x%x ll".formatted(i.dst(), i.value());
            case Instruction.LoadMap i -> "r%d = map[%d]".formatted(i.dst(), i.map());
            case Instruction.LoadMapValue i -> "r%d = map[%d][0]%+d".formatted(i.dst(), i.map(), i.offset());
            case Instruction.LoadFunction i -> "r%d = subprog[%+d]".formatted(i.dst(), i.offset());
            case Instruction.WideTail _ -> "";
            case Instruction.Load i ->
                "r%d = *(%s%d *)%s"
                        .formatted(i.dst(), i.signed() ? "s" : "u", bits(i.size()), place(i.base(), i.offset()));
            case Instruction.LoadPacket i ->
                "r0 = *(u%d *)skb[%s%d]"
                        .formatted(bits(i.size()), i.index() < 0 ? "" : "r" + i.index() + " + ", i.offset());
            case Instruction.Store i ->
                "*(u%d *)%s = %s".formatted(bits(i.size()), place(i.base(), i.offset()), operand(Width.W64, i.src()));
            case Instruction.Atomic i -> atomic(i);
            case Instruction.Jump i -> "goto %+d".formatted(i.offset());
            case Instruction.JumpIf i ->
                "if %s %s %s goto %+d"
                        .formatted(
                                register(i.width(), i.left()),
                                Symbols.of(i.condition()),
                                operand(i.width(), i.right()),
                                i.offset());
            case Instruction.Call i -> "call " + i.helper();
            case Instruction.CallLocal i -> "call pc%+d".formatted(i.offset());
            case Instruction.CallRegister i -> "callx r" + i.register();
            case Instruction.Exit _ -> "exit";
        };
    }

    /**
     * Reads a program in either notation; slots in front of lines, when present, must be right.
     *
     * @return by slot, with a {@link Instruction.WideTail} after each wide instruction
     * @throws ObjectFormatException at the first line that is not an instruction, or names an unknown label
     */
    public static List<Instruction> parse(String text) {
        return new AssemblyParser().parse(text);
    }

    private static String atomic(Instruction.Atomic i) {
        var width = i.size() == AccessSize.DOUBLE ? Width.W64 : Width.W32;
        var place = "(u%d *)%s".formatted(bits(i.size()), place(i.base(), i.offset()));
        if (!i.fetch()) {
            return "lock *%s %s r%d".formatted(place, Symbols.assignment(i.op()), i.src());
        }
        var src = register(width, i.src());
        return switch (i.op()) {
            case COMPARE_EXCHANGE ->
                "%1$s = atomic_cmpxchg(%2$s, %1$s, %3$s)".formatted(register(width, 0), place, src);
            case ADD, OR, AND, XOR, EXCHANGE ->
                "%1$s = atomic_%2$s(%3$s, %1$s)".formatted(src, Symbols.function(i.op()), place);
        };
    }

    private static String operand(Width width, Operand operand) {
        return switch (operand) {
            case Instruction.Register r -> register(width, r.number());
            case Instruction.Immediate v -> Integer.toString(v.value());
        };
    }

    private static String register(Width width, int number) {
        return (width == Width.W64 ? "r" : "w") + number;
    }

    private static String place(int base, int offset) {
        return "(r%d %s %d)".formatted(base, offset < 0 ? "-" : "+", Math.abs(offset));
    }

    private static int bits(AccessSize size) {
        return size.bytes() * Byte.SIZE;
    }
}
