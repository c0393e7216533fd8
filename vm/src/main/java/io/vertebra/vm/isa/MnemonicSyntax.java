package io.vertebra.vm.isa;

import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.AssemblyParser.Parsed;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Order;
import io.vertebra.vm.isa.Instruction.Width;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The notation of bpf_conformance and uBPF.
 *
 * <pre>
 *  add sub mul div sdiv mod smod or and xor lsh rsh arsh mov [32|64]   %r1, %r2 | 5
 *  neg [32|64]  le16 .. be64  swap16 .. swap64                         %r1
 *  movsx + bits before + bits after, as movsx832                       %r1, %r2
 *  lddw                                                                %r1, 0x1122334455667788
 *  ldxb ldxh ldxw ldxdw ldxsb ldxsh ldxsw                              %r1, [%r2+8]
 *  stb .. stdw                      [%r1+8], 5        stxb .. stxdw    [%r1+8], %r2
 *  lock [fetch] add|or|and|xor|xchg|cmpxchg [32]                       [%r1+8], %r2
 *  ja +3 | label        jeq jne jgt jge jlt jle jsgt jsge jslt jsle jset [32]   %r1, %r2 | 5, +3 | label
 *  call 1   call %r2   call local +3 | label   exit
 * </pre>
 */
final class MnemonicSyntax {

    private static final Pattern LINE = Pattern.compile("([a-z]+)(\\d*)(?:\\s+(.*))?");
    private static final Pattern PLACE = Pattern.compile("\\[(%[rw]\\d+)\\s*(?:([+-])\\s*(0x[0-9a-fA-F]+|\\d+))?\\]");
    private static final Pattern REGISTER = Pattern.compile("%[rw]\\d+");
    private static final Pattern TARGET = Pattern.compile("[+-](0x[0-9a-fA-F]+|\\d+)|[A-Za-z_.][\\w.]*");

    private static final Map<String, AccessSize> SIZES =
            Map.of("b", AccessSize.BYTE, "h", AccessSize.HALF, "w", AccessSize.WORD, "dw", AccessSize.DOUBLE);
    private static final Map<String, Order> ORDERS =
            Map.of("le", Order.LITTLE, "be", Order.BIG, "swap", Order.SWAP, "bswap", Order.SWAP);
    private static final Map<String, AtomicOp> ATOMICS = Map.of(
            "add", AtomicOp.ADD,
            "or", AtomicOp.OR,
            "and", AtomicOp.AND,
            "xor", AtomicOp.XOR,
            "xchg", AtomicOp.EXCHANGE,
            "cmpxchg", AtomicOp.COMPARE_EXCHANGE);

    private final String text;
    private final String name;
    private final String suffix;
    private final String[] operands;

    private MnemonicSyntax(String text, String name, String suffix, String operands) {
        this.text = text;
        this.name = name;
        this.suffix = suffix;
        this.operands = operands.isEmpty() ? new String[0] : operands.split("\\s*,\\s*", -1);
    }

    /** The instruction of a line, or nothing when its first word is not a mnemonic. */
    static Optional<Parsed> parse(String text) {
        var line = LINE.matcher(text);
        if (!line.matches()) {
            return Optional.empty();
        }
        var operands = Optional.ofNullable(line.group(3)).orElse("");
        return new MnemonicSyntax(text, line.group(1), line.group(2), operands).read();
    }

    private Optional<Parsed> read() {
        var binary = named(AluOp.values(), name);
        if (binary.isPresent()) {
            return Parsed.of(new Instruction.Alu(width(), binary.get(), register(0, 2), operand(1)));
        }
        if (name.startsWith("j") && !name.equals("ja")) {
            return named(Condition.values(), name.substring(1)).flatMap(this::jumpIf);
        }
        if (ORDERS.containsKey(name)) {
            return Parsed.of(new Instruction.ByteSwap(ORDERS.get(name), swapBits(), register(0, 1)));
        }
        return switch (name) {
            case "neg" -> Parsed.of(new Instruction.Negate(width(), register(0, 1)));
            case "movsx" -> moveSignExtended();
            case "lddw" -> Parsed.of(new Instruction.LoadImmediate(register(0, 2), TextOperands.wide(operands[1])));
            case "ja" -> ExpressionSyntax.aimed(target(0, 1), Instruction.Jump::new);
            case "call" -> call();
            case "lock" -> lock();
            case "exit" -> {
                count(0);
                yield Parsed.of(new Instruction.Exit());
            }
            default -> memory();
        };
    }

    private static <E extends Enum<E>> Optional<E> named(E[] values, String name) {
        for (var value : values) {
            if (value.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    private Width width() {
        return switch (suffix) {
            case "32" -> Width.W32;
            case "", "64" -> Width.W64;
            default -> throw error("width `" + suffix + "`, allowed are 32, 64 and none");
        };
    }

    private int swapBits() {
        return switch (suffix) {
            case "16" -> 16;
            case "32" -> 32;
            case "64" -> 64;
            default -> throw error("`" + suffix + "` bits, allowed are 16, 32 and 64");
        };
    }

    private Optional<Parsed> moveSignExtended() {
        int dst = register(0, 2);
        int src = register(1, 2);
        return switch (suffix) {
            case "832" -> Parsed.of(new Instruction.MoveSignExtended(Width.W32, 8, dst, src));
            case "1632" -> Parsed.of(new Instruction.MoveSignExtended(Width.W32, 16, dst, src));
            case "864" -> Parsed.of(new Instruction.MoveSignExtended(Width.W64, 8, dst, src));
            case "1664" -> Parsed.of(new Instruction.MoveSignExtended(Width.W64, 16, dst, src));
            case "3264" -> Parsed.of(new Instruction.MoveSignExtended(Width.W64, 32, dst, src));
            default -> throw error("allowed are movsx832, movsx1632, movsx864, movsx1664 and movsx3264");
        };
    }

    private Optional<Parsed> jumpIf(Condition condition) {
        int left = register(0, 3);
        var right = operand(1);
        return ExpressionSyntax.aimed(target(2, 3), offset -> {
            if (offset != (short) offset) {
                throw error("distance %d, allowed are %d to %d".formatted(offset, Short.MIN_VALUE, Short.MAX_VALUE));
            }
            return new Instruction.JumpIf(width(), condition, left, right, offset);
        });
    }

    private Optional<Parsed> call() {
        count(1);
        if (operands[0].startsWith("local ")) {
            operands[0] = operands[0].substring("local ".length()).strip();
            return ExpressionSyntax.aimed(target(0, 1), Instruction.CallLocal::new);
        }
        return operands[0].startsWith("%")
                ? Parsed.of(new Instruction.CallRegister(register(0, 1)))
                : Parsed.of(new Instruction.Call(TextOperands.immediate(operands[0])));
    }

    /** The operation is the last word before the place: {@code lock fetch add32 [%r1+8], %r2}. */
    private Optional<Parsed> lock() {
        count(2);
        var words = Pattern.compile("(fetch\\s+)?([a-z]+?)(32|64)?\\s+(\\[.*)").matcher(operands[0]);
        if (!words.matches() || !ATOMICS.containsKey(words.group(2))) {
            throw error("written as `lock [fetch] add|or|and|xor|xchg|cmpxchg[32] [%r1+8], %r2`");
        }
        operands[0] = words.group(4);
        var op = ATOMICS.get(words.group(2));
        boolean fetch = words.group(1) != null || Opcode.alwaysFetches(op);
        var size = "32".equals(words.group(3)) ? AccessSize.WORD : AccessSize.DOUBLE;
        var place = place(0);
        return Parsed.of(new Instruction.Atomic(size, op, fetch, place.base(), place.offset(), register(1, 2)));
    }

    private Optional<Parsed> memory() {
        for (var size : SIZES.entrySet()) {
            var bytes = size.getValue();
            if (name.equals("ldx" + size.getKey())) {
                return load(bytes, false);
            }
            if (name.equals("ldxs" + size.getKey()) && bytes != AccessSize.DOUBLE) {
                return load(bytes, true);
            }
            if (name.equals("st" + size.getKey())) {
                count(2);
                var value = new Instruction.Immediate(TextOperands.immediate(operands[1]));
                return Parsed.of(new Instruction.Store(bytes, place(0).base(), place(0).offset(), value));
            }
            if (name.equals("stx" + size.getKey())) {
                var value = new Instruction.Register(register(1, 2));
                return Parsed.of(new Instruction.Store(bytes, place(0).base(), place(0).offset(), value));
            }
        }
        return Optional.empty();
    }

    private Optional<Parsed> load(AccessSize size, boolean signed) {
        int dst = register(0, 2);
        return Parsed.of(new Instruction.Load(size, signed, dst, place(1).base(), place(1).offset()));
    }

    private record Place(int base, int offset) {}

    private Place place(int index) {
        var place = PLACE.matcher(operands[index]);
        if (!place.matches()) {
            throw error("operand `" + operands[index] + "`, must be a place as `[%r1+8]`");
        }
        return new Place(
                TextOperands.register(place.group(1)),
                place.group(2) == null ? 0 : TextOperands.offset(place.group(2) + place.group(3)));
    }

    private int register(int index, int count) {
        count(count);
        if (!REGISTER.matcher(operands[index]).matches()) {
            throw error("operand `" + operands[index] + "`, must be a register as `%r1`");
        }
        return TextOperands.register(operands[index]);
    }

    private Instruction.Operand operand(int index) {
        return operands[index].startsWith("%")
                ? new Instruction.Register(register(index, operands.length))
                : new Instruction.Immediate(TextOperands.immediate(operands[index]));
    }

    private String target(int index, int count) {
        count(count);
        if (!TARGET.matcher(operands[index]).matches()) {
            throw error("target `" + operands[index] + "`, must be a label or a distance as `+3`");
        }
        return operands[index];
    }

    private void count(int expected) {
        if (operands.length != expected) {
            throw error("%d operands, must be %d".formatted(operands.length, expected));
        }
    }

    private ObjectFormatException error(String reason) {
        return new ObjectFormatException("`%s`: %s".formatted(text, reason));
    }
}
