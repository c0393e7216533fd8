package io.vertebra.verifier.prevail;

import io.vertebra.verifier.prevail.Statement.Plain;
import io.vertebra.verifier.prevail.Statement.Test;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Order;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.Instruction.Width;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a line of PREVAIL's assembler text: {@code r1 += 4}, {@code w2 s8= r3}, {@code if r1 s< w2 goto <out>}. */
final class LineParser {

    private static final String ANY = "\\s*([wr]\\d\\d?)\\s*";
    private static final String WORD = "\\s*(r\\d\\d?)\\s*";
    private static final String NUMBER = "\\s*\\[?([-+]?(?:0x)?[0-9a-f]+)\\]?\\s*";
    private static final String EITHER = "\\s*([-+]?(?:0x)?[0-9a-f]+|[wr]\\d\\d?)\\s*";
    private static final String SIZE = "\\s*\\*\\s*\\(\\s*([us])(8|16|32|64)\\s*\\*\\s*\\)\\s*";
    private static final String PLACE = SIZE + "\\(" + WORD + "([+-])" + NUMBER + "\\)\\s*";
    private static final String TEST = ANY + "(&?[=!]=|s?[<>]=?)" + EITHER;
    private static final String DISTANCE = "\\s*(?:[-+]?(?:0x)?[0-9a-f]+)?";
    private static final String LABEL = "\\s*(<\\w+>)\\s*";

    private static final Map<String, AluOp> ALU = Map.ofEntries(
            Map.entry("", AluOp.MOV),
            Map.entry("+", AluOp.ADD),
            Map.entry("-", AluOp.SUB),
            Map.entry("*", AluOp.MUL),
            Map.entry("/", AluOp.DIV),
            Map.entry("s/", AluOp.SDIV),
            Map.entry("%", AluOp.MOD),
            Map.entry("s%", AluOp.SMOD),
            Map.entry("|", AluOp.OR),
            Map.entry("&", AluOp.AND),
            Map.entry("^", AluOp.XOR),
            Map.entry("<<", AluOp.LSH),
            Map.entry(">>", AluOp.RSH),
            Map.entry("s>>", AluOp.ARSH));

    private static final Map<String, Condition> CONDITIONS = Map.ofEntries(
            Map.entry("==", Condition.EQ),
            Map.entry("!=", Condition.NE),
            Map.entry("<", Condition.LT),
            Map.entry("<=", Condition.LE),
            Map.entry(">", Condition.GT),
            Map.entry(">=", Condition.GE),
            Map.entry("s<", Condition.SLT),
            Map.entry("s<=", Condition.SLE),
            Map.entry("s>", Condition.SGT),
            Map.entry("s>=", Condition.SGE),
            Map.entry("&==", Condition.SET),
            Map.entry("&!=", Condition.SET));

    private static final Map<String, AtomicOp> ATOMICS = Map.of(
            "+", AtomicOp.ADD,
            "|", AtomicOp.OR,
            "&", AtomicOp.AND,
            "^", AtomicOp.XOR,
            "x", AtomicOp.EXCHANGE,
            "cx", AtomicOp.COMPARE_EXCHANGE);

    private final Maps maps;
    private final Map<Pattern, Function<Matcher, Statement>> forms = new LinkedHashMap<>();

    LineParser(Maps maps) {
        this.maps = maps;
        form("exit", _ -> new Statement.Exit());
        form("call " + NUMBER, m -> new Plain(new Instruction.Call(immediate(m.group(1)))));
        form("call " + LABEL, m -> new Statement.Call(m.group(1)));
        form("callx " + WORD, m -> new Plain(new Instruction.CallRegister(register(m.group(1)))));
        form(ANY + "(\\S*)=" + ANY, LineParser::binary);
        form(ANY + "=\\s*(-|be16|be32|be64|le16|le32|le64|swap16|swap32|swap64)" + ANY, LineParser::unary);
        mapForms();
        form(ANY + "=" + NUMBER + "ll\\s*", LineParser::wide);
        form(ANY + "(\\S*)=" + NUMBER, LineParser::immediateBinary);
        form(WORD + "=" + PLACE, LineParser::load);
        form(PLACE + "=" + EITHER, LineParser::store);
        form("lock " + PLACE + "(\\+|\\||&|\\^|x|cx)=" + WORD + "(fetch)?", LineParser::atomic);
        form("r0 =" + SIZE + "skb\\[(?:" + WORD + "\\+)?" + EITHER + "\\]", LineParser::legacy);
        form("assume " + TEST, m -> new Statement.Assume(test(m)));
        form("goto\\s" + DISTANCE + LABEL, m -> new Statement.Goto(m.group(1)));
        form("if " + TEST + "goto\\s" + DISTANCE + LABEL, m -> new Statement.If(test(m), m.group(4)));
    }

    private void form(String pattern, Function<Matcher, Statement> statement) {
        forms.put(Pattern.compile(pattern), statement);
    }

    private void mapForms() {
        form(ANY + "=\\s*map_val\\((\\d+)\\)\\s*\\+\\s*(\\d+)\\s*", m -> mapValue(m, maps.descriptor(number(m, 2))));
        form(ANY + "=\\s*map_fd (\\d+)", m -> map(m, maps.descriptor(number(m, 2))));
        form(ANY + "=\\s*map_fd_programs (\\d+)", m -> map(m, maps.programs(number(m, 2))));
        form(ANY + "=\\s*map_by_idx\\(" + NUMBER + "\\)", m -> map(m, byIndex(number(m, 2))));
        form(
                ANY + "=\\s*mva\\(map_by_idx\\(" + NUMBER + "\\)\\)\\s*\\+" + NUMBER,
                m -> mapValue(m, byIndex(number(m, 2))));
    }

    /** There is one map. */
    private int byIndex(int index) {
        return index == 0 ? maps.descriptor(0) : Integer.MAX_VALUE;
    }

    private static Statement map(Matcher m, int map) {
        return new Plain(new Instruction.LoadMap(register(m.group(1)), map));
    }

    private static Statement mapValue(Matcher m, int map) {
        return new Plain(new Instruction.LoadMapValue(register(m.group(1)), map, number(m, 3)));
    }

    /** Reads a line; what follows a semicolon is a comment. */
    Statement parse(String line) {
        int comment = line.indexOf(';');
        var text = (comment < 0 ? line : line.substring(0, comment)).strip();
        for (var form : forms.entrySet()) {
            var matcher = form.getKey().matcher(text);
            if (matcher.matches()) {
                return form.getValue().apply(matcher);
            }
        }
        throw new NotStatedException("no instruction of ours: `" + text + "`");
    }

    private static Statement binary(Matcher m) {
        int dst = register(m.group(1));
        int src = register(m.group(3));
        var width = width(m.group(1));
        return new Plain(
                switch (m.group(2)) {
                    case "s8", "s16", "s32" ->
                        new Instruction.MoveSignExtended(
                                width, Integer.parseInt(m.group(2).substring(1)), dst, src);
                    default -> new Instruction.Alu(width, alu(m.group(2)), dst, new Register(src));
                });
    }

    private static Statement immediateBinary(Matcher m) {
        return new Plain(new Instruction.Alu(
                width(m.group(1)), alu(m.group(2)), register(m.group(1)), new Immediate(immediate(m.group(3)))));
    }

    private static AluOp alu(String op) {
        if (!ALU.containsKey(op)) {
            throw new NotStatedException("no operation of ours: `" + op + "=`");
        }
        return ALU.get(op);
    }

    private static Statement wide(Matcher m) {
        return new Plain(new Instruction.LoadImmediate(
                register(m.group(1)), value(m.group(2)).longValue()));
    }

    private static Statement unary(Matcher m) {
        int dst = register(m.group(1));
        if (!m.group(1).equals(m.group(3))) {
            throw new NotStatedException("an operation on two registers: `" + m.group() + "`");
        }
        var op = m.group(2);
        return new Plain(
                op.equals("-")
                        ? new Instruction.Negate(width(m.group(1)), dst)
                        : new Instruction.ByteSwap(
                                op.startsWith("be") ? Order.BIG : op.startsWith("le") ? Order.LITTLE : Order.SWAP,
                                Integer.parseInt(op.replaceAll("\\D", "")),
                                dst));
    }

    private static Statement load(Matcher m) {
        return new Plain(new Instruction.Load(
                size(m.group(3)),
                m.group(2).equals("s"),
                register(m.group(1)),
                register(m.group(4)),
                immediate(m.group(5) + m.group(6))));
    }

    private static Statement store(Matcher m) {
        return new Plain(new Instruction.Store(
                size(m.group(2)), register(m.group(3)), immediate(m.group(4) + m.group(5)), operand(m.group(6))));
    }

    private static Statement atomic(Matcher m) {
        var op = ATOMICS.get(m.group(6));
        boolean fetch = m.group(8) != null || op == AtomicOp.EXCHANGE || op == AtomicOp.COMPARE_EXCHANGE;
        return new Plain(new Instruction.Atomic(
                size(m.group(2)),
                op,
                fetch,
                register(m.group(3)),
                immediate(m.group(4) + m.group(5)),
                register(m.group(7))));
    }

    private static Statement legacy(Matcher m) {
        var last = operand(m.group(4));
        int index = m.group(3) != null ? register(m.group(3)) : last instanceof Register r ? r.number() : -1;
        return new Plain(
                new Instruction.LoadPacket(size(m.group(2)), index, last instanceof Immediate i ? i.value() : 0));
    }

    private static Test test(Matcher m) {
        return new Test(
                width(m.group(1)),
                CONDITIONS.get(m.group(2)),
                register(m.group(1)),
                operand(m.group(3)),
                !m.group(2).equals("&!="));
    }

    private static Operand operand(String text) {
        return Character.isLetter(text.charAt(0)) && text.length() > 1 && "rw".indexOf(text.charAt(0)) >= 0
                ? new Register(register(text))
                : new Immediate(immediate(text));
    }

    private static AccessSize size(String bits) {
        return switch (bits) {
            case "8" -> AccessSize.BYTE;
            case "16" -> AccessSize.HALF;
            case "32" -> AccessSize.WORD;
            default -> AccessSize.DOUBLE;
        };
    }

    private static int register(String text) {
        return Integer.parseInt(text.substring(1));
    }

    private static Width width(String register) {
        return register.startsWith("r") ? Width.W64 : Width.W32;
    }

    private static int number(Matcher m, int group) {
        return value(m.group(group)).intValue();
    }

    /** Only the low 32 bits count. */
    private static int immediate(String text) {
        return value(text).intValue();
    }

    /** As C reads it: {@code 0x} is hexadecimal. */
    static BigInteger value(String text) {
        boolean negative = text.startsWith("-");
        var digits = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        try {
            var value = digits.startsWith("0x") ? new BigInteger(digits.substring(2), 16) : new BigInteger(digits);
            return negative ? value.negate() : value;
        } catch (NumberFormatException e) {
            throw new NotStatedException("no number: `" + text + "`");
        }
    }
}
