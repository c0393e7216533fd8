package io.vertebra.vm.isa;

import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Order;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The signs and words of the text form, both ways. */
final class Symbols {

    static final Map<String, AluOp> ALU = inverse(AluOp.values(), Symbols::of);
    static final Map<String, Condition> CONDITIONS = inverse(Condition.values(), Symbols::of);
    static final Map<String, Order> ORDERS = inverse(Order.values(), Symbols::of);
    static final Map<String, AtomicOp> FUNCTIONS = inverse(AtomicOp.values(), Symbols::function);
    static final Map<String, AtomicOp> ASSIGNMENTS =
            inverse(new AtomicOp[] {AtomicOp.ADD, AtomicOp.OR, AtomicOp.AND, AtomicOp.XOR}, Symbols::assignment);

    private Symbols() {}

    static String of(AluOp op) {
        return switch (op) {
            case ADD -> "+=";
            case SUB -> "-=";
            case MUL -> "*=";
            case DIV -> "/=";
            case SDIV -> "s/=";
            case MOD -> "%=";
            case SMOD -> "s%=";
            case OR -> "|=";
            case AND -> "&=";
            case XOR -> "^=";
            case LSH -> "<<=";
            case RSH -> ">>=";
            case ARSH -> "s>>=";
            case MOV -> "=";
        };
    }

    static String of(Condition condition) {
        return switch (condition) {
            case EQ -> "==";
            case NE -> "!=";
            case GT -> ">";
            case GE -> ">=";
            case LT -> "<";
            case LE -> "<=";
            case SGT -> "s>";
            case SGE -> "s>=";
            case SLT -> "s<";
            case SLE -> "s<=";
            case SET -> "&";
        };
    }

    static String of(Order order) {
        return switch (order) {
            case LITTLE -> "le";
            case BIG -> "be";
            case SWAP -> "bswap";
        };
    }

    /** The part after {@code atomic_} of the fetching form. */
    static String function(AtomicOp op) {
        return switch (op) {
            case ADD -> "fetch_add";
            case OR -> "fetch_or";
            case AND -> "fetch_and";
            case XOR -> "fetch_xor";
            case EXCHANGE -> "xchg";
            case COMPARE_EXCHANGE -> "cmpxchg";
        };
    }

    /** The sign of the form that does not fetch; the exchanges have none. */
    static String assignment(AtomicOp op) {
        return switch (op) {
            case ADD -> "+=";
            case OR -> "|=";
            case AND -> "&=";
            case XOR -> "^=";
            case EXCHANGE, COMPARE_EXCHANGE -> throw new IllegalArgumentException(op + " always fetches");
        };
    }

    private static <T> Map<String, T> inverse(T[] values, Function<T, String> symbol) {
        return Arrays.stream(values).collect(Collectors.toUnmodifiableMap(symbol, Function.identity()));
    }
}
