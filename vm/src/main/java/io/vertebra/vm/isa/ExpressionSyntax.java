package io.vertebra.vm.isa;

import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.AssemblyParser.Parsed;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Width;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The notation of LLVM and the kernel, {@code r0 = *(u64 *)(r1 + 8)}: one pattern for each form. */
final class ExpressionSyntax {

    private static final String REGISTER = "[rw]\\d+";
    private static final String NUMBER = "[+-]?(?:0x[0-9a-fA-F]+|\\d+)";
    private static final String OPERAND = "(%s|%s)".formatted(REGISTER, NUMBER);
    private static final String PLACE = "\\(\\s*r(\\d+)\\s*(?:([+-])\\s*(0x[0-9a-fA-F]+|\\d+)\\s*)?\\)";
    private static final String SIZE = "\\((u|s)(8|16|32|64) \\*\\)";

    /** A signed distance, which llvm-objdump follows with a symbol, or a label. */
    private static final String TARGET = "([+-](?:0x[0-9a-fA-F]+|\\d+)|<?[A-Za-z_.][\\w.]*>?)(?: <[^>]*>)?";

    private record Form(Pattern pattern, Function<Matcher, Optional<Parsed>> reader) {}

    private static final List<Form> FORMS = List.of(
            form("exit", _ -> Parsed.of(new Instruction.Exit())),
            form("goto " + TARGET, m -> aimed(m.group(1), Instruction.Jump::new)),
            form("if (" + REGISTER + ") ?(s?[<>]=?|[!=]=|&) ?" + OPERAND + " goto " + TARGET, ExpressionSyntax::jumpIf),
            form("call (" + NUMBER + ")", m -> Parsed.of(new Instruction.Call(TextOperands.immediate(m.group(1))))),
            form("call pc([+-](?:0x[0-9a-fA-F]+|\\d+))", m -> aimed(m.group(1), Instruction.CallLocal::new)),
            form("call (<[A-Za-z_.][\\w.]*>)", m -> aimed(m.group(1), Instruction.CallLocal::new)),
            form("callx (r\\d+)", m -> Parsed.of(new Instruction.CallRegister(TextOperands.register(m.group(1))))),
            form("(r\\d+) = (" + NUMBER + ") ?ll", ExpressionSyntax::wide),
            form("(r\\d+) = map\\[(\\d+)\\]", ExpressionSyntax::map),
            form("(r\\d+) = map\\[(\\d+)\\]\\[0\\](" + NUMBER + ")", ExpressionSyntax::mapValue),
            form("(r\\d+) = subprog\\[" + TARGET + "\\]", ExpressionSyntax::function),
            form("(r\\d+) = (le|be|bswap)(16|32|64) (r\\d+)", ExpressionSyntax::byteSwap),
            form("(" + REGISTER + ") = -(" + REGISTER + ")", ExpressionSyntax::negate),
            form("(" + REGISTER + ") = \\(s(8|16|32)\\) ?(" + REGISTER + ")", ExpressionSyntax::moveSignExtended),
            form("r0 = \\*" + SIZE + "\\s*skb\\[(?:r(\\d+)(?: \\+ )?)?(" + NUMBER + ")?\\]", ExpressionSyntax::packet),
            form("(" + REGISTER + ") = \\*" + SIZE + "\\s*" + PLACE, ExpressionSyntax::load),
            form("\\*" + SIZE + "\\s*" + PLACE + " = " + OPERAND, ExpressionSyntax::store),
            form("lock \\*" + SIZE + "\\s*" + PLACE + " ([+|&^]=) (" + REGISTER + ")", ExpressionSyntax::lock),
            form(
                    "(" + REGISTER + ") = atomic(?:64)?_(fetch_\\w+|xchg|cmpxchg)\\(" + SIZE + "\\s*" + PLACE
                            + ", (?:([rw]0), )?(" + REGISTER + ")\\)",
                    ExpressionSyntax::atomic),
            form("(" + REGISTER + ") (s?(?:[-+*/%|&^]|<<|>>)?=) ?" + OPERAND, ExpressionSyntax::alu));

    private ExpressionSyntax() {}

    private static Form form(String pattern, Function<Matcher, Optional<Parsed>> reader) {
        return new Form(Pattern.compile(pattern), reader);
    }

    /** The instruction of a line, or nothing when no form matches. */
    static Optional<Parsed> parse(String text) {
        var spaced = text.replaceAll("\\s+", " ");
        for (var form : FORMS) {
            var matcher = form.pattern().matcher(spaced);
            if (matcher.matches()) {
                return form.reader().apply(matcher);
            }
        }
        return Optional.empty();
    }

    /** An instruction with a distance: given as a number, or through a label. */
    static Optional<Parsed> aimed(String target, IntFunction<Instruction> instruction) {
        char first = target.charAt(0);
        if (first == '+' || first == '-') {
            return Parsed.of(instruction.apply(TextOperands.immediate(target)));
        }
        var label = target.startsWith("<") ? target.substring(1, target.length() - 1) : target;
        return Optional.of(new Parsed(instruction.apply(0), Optional.of(label)));
    }

    private static Width width(String... registers) {
        boolean narrow = registers[0].startsWith("w");
        for (var register : registers) {
            if (Character.isLetter(register.charAt(0)) && register.startsWith("w") != narrow) {
                throw new ObjectFormatException(
                        "registers `%s` and `%s` differ in width".formatted(registers[0], register));
            }
        }
        return narrow ? Width.W32 : Width.W64;
    }

    /** A w register is the same as an r register where the access is not wider. */
    private static int sized(String register, AccessSize size) {
        if (register.startsWith("w") && size == AccessSize.DOUBLE) {
            throw new ObjectFormatException("register `%s` has 32 bits, the access 64".formatted(register));
        }
        return TextOperands.register(register);
    }

    private static void same(String one, String other) {
        if (!one.equals(other)) {
            throw new ObjectFormatException("`%s` and `%s` must be the same register".formatted(one, other));
        }
    }

    private static int place(Matcher m, int group) {
        return m.group(group) == null ? 0 : TextOperands.offset(m.group(group) + m.group(group + 1));
    }

    private static int base(Matcher m, int group) {
        return TextOperands.register("r" + m.group(group));
    }

    private static Optional<Parsed> jumpIf(Matcher m) {
        var width = width(m.group(1), m.group(3));
        int left = TextOperands.register(m.group(1));
        var right = TextOperands.operand(m.group(3));
        var condition = Symbols.CONDITIONS.get(m.group(2));
        return aimed(m.group(4), offset -> {
            if (offset != (short) offset) {
                throw new ObjectFormatException("distance %d of a conditional jump, allowed are %d to %d"
                        .formatted(offset, Short.MIN_VALUE, Short.MAX_VALUE));
            }
            return new Instruction.JumpIf(width, condition, left, right, offset);
        });
    }

    private static Optional<Parsed> wide(Matcher m) {
        return Parsed.of(
                new Instruction.LoadImmediate(TextOperands.register(m.group(1)), TextOperands.wide(m.group(2))));
    }

    private static Optional<Parsed> map(Matcher m) {
        return Parsed.of(
                new Instruction.LoadMap(TextOperands.register(m.group(1)), TextOperands.immediate(m.group(2))));
    }

    private static Optional<Parsed> mapValue(Matcher m) {
        return Parsed.of(new Instruction.LoadMapValue(
                TextOperands.register(m.group(1)),
                TextOperands.immediate(m.group(2)),
                TextOperands.immediate(m.group(3))));
    }

    private static Optional<Parsed> function(Matcher m) {
        int dst = TextOperands.register(m.group(1));
        return aimed(m.group(2), offset -> new Instruction.LoadFunction(dst, offset));
    }

    private static Optional<Parsed> byteSwap(Matcher m) {
        same(m.group(1), m.group(4));
        return Parsed.of(new Instruction.ByteSwap(
                Symbols.ORDERS.get(m.group(2)), Integer.parseInt(m.group(3)), TextOperands.register(m.group(1))));
    }

    private static Optional<Parsed> negate(Matcher m) {
        same(m.group(1), m.group(2));
        return Parsed.of(new Instruction.Negate(width(m.group(1)), TextOperands.register(m.group(1))));
    }

    private static Optional<Parsed> moveSignExtended(Matcher m) {
        var width = width(m.group(1), m.group(3));
        int bits = Integer.parseInt(m.group(2));
        if (bits == Integer.SIZE && width == Width.W32) {
            throw new ObjectFormatException("sign extension from 32 bits to 32 bits");
        }
        return Parsed.of(new Instruction.MoveSignExtended(
                width, bits, TextOperands.register(m.group(1)), TextOperands.register(m.group(3))));
    }

    private static Optional<Parsed> packet(Matcher m) {
        var size = TextOperands.size(m.group(2));
        if (size == AccessSize.DOUBLE || m.group(1).equals("s") || (m.group(3) == null && m.group(4) == null)) {
            throw new ObjectFormatException("packet loads are u8, u16 or u32 at a number, a register or their sum");
        }
        return Parsed.of(new Instruction.LoadPacket(
                size,
                m.group(3) == null ? -1 : base(m, 3),
                m.group(4) == null ? 0 : TextOperands.immediate(m.group(4))));
    }

    private static Optional<Parsed> load(Matcher m) {
        var size = TextOperands.size(m.group(3));
        boolean signed = m.group(2).equals("s");
        if (signed && size == AccessSize.DOUBLE) {
            throw new ObjectFormatException("a sign-extending load of 64 bits, allowed are 8, 16 and 32");
        }
        return Parsed.of(new Instruction.Load(size, signed, sized(m.group(1), size), base(m, 4), place(m, 5)));
    }

    private static Optional<Parsed> store(Matcher m) {
        var size = TextOperands.size(m.group(2));
        var src = TextOperands.operand(m.group(6));
        if (src instanceof Instruction.Register) {
            src = new Instruction.Register(sized(m.group(6), size));
        }
        return Parsed.of(new Instruction.Store(size, base(m, 3), place(m, 4), src));
    }

    private static Optional<Parsed> lock(Matcher m) {
        var size = atomicSize(m.group(2));
        var op = Symbols.ASSIGNMENTS.get(m.group(6));
        return Parsed.of(new Instruction.Atomic(size, op, false, base(m, 3), place(m, 4), sized(m.group(7), size)));
    }

    private static Optional<Parsed> atomic(Matcher m) {
        var op = Symbols.FUNCTIONS.get(m.group(2));
        if (op == null) {
            return Optional.empty();
        }
        var size = atomicSize(m.group(4));
        boolean compares = op == Instruction.AtomicOp.COMPARE_EXCHANGE;
        if (compares != (m.group(8) != null)) {
            throw new ObjectFormatException("only atomic_cmpxchg takes r0 and a register");
        }
        same(m.group(1), compares ? m.group(8) : m.group(9));
        return Parsed.of(new Instruction.Atomic(size, op, true, base(m, 5), place(m, 6), sized(m.group(9), size)));
    }

    private static AccessSize atomicSize(String bits) {
        var size = TextOperands.size(bits);
        if (size != AccessSize.WORD && size != AccessSize.DOUBLE) {
            throw new ObjectFormatException("atomic access of %s bits, allowed are 32 and 64".formatted(bits));
        }
        return size;
    }

    private static Optional<Parsed> alu(Matcher m) {
        var op = Symbols.ALU.get(m.group(2));
        return op == null
                ? Optional.empty()
                : Parsed.of(new Instruction.Alu(
                        width(m.group(1), m.group(3)),
                        op,
                        TextOperands.register(m.group(1)),
                        TextOperands.operand(m.group(3))));
    }
}
