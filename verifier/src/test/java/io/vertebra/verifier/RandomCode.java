package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Order;
import io.vertebra.vm.isa.Instruction.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Grows random programs that a verifier accepts: statements are tried one after the other, and those with which the
 * program would be rejected are left out again. What remains is dense with accesses at the edge of what is provable.
 */
final class RandomCode {

    private static final int[] EDGES = {
        0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 56, 57, 63, 64, 127, 255, 65535, -1, -8, 1 << 31
    };

    private final Random random;
    private final List<Consumer<Code>> statements = new ArrayList<>();
    private final List<Integer> open = new ArrayList<>();
    private int labels;
    /** One long loop is enough: those after it may be as slow to verify as all before them together. */
    private int loops;

    RandomCode(Random random) {
        this.random = random;
    }

    /** Tries so many statements. */
    Code grow(int tries, Predicate<Code> accepted) {
        for (int i = 0; i < tries; i++) {
            var kept = new ArrayList<>(open);
            int size = statements.size();
            statement();
            if (!accepted.test(code())) {
                statements.subList(size, statements.size()).clear();
                open.clear();
                open.addAll(kept);
            }
        }
        return code();
    }

    private Code code() {
        var code = new Code().maps(Fixtures.ARRAY, Fixtures.HASH, Fixtures.RING, Fixtures.readOnly(new byte[] {
            7, 0, 0, 0, -1, 2, 3, 4
        }));
        code.mov(6, r(1));
        statements.forEach(s -> s.accept(code));
        open.forEach(l -> code.label("l" + l));
        return code.label("out")
                .result(0)
                .function("f")
                .mov(0, r(1))
                .jumpIf(2, Condition.GT, 5, "f1")
                .mov(0, 9)
                .label("f1")
                .exit();
    }

    private void add(Consumer<Code> statement) {
        statements.add(statement);
    }

    private int register() {
        return random.nextInt(10);
    }

    private int number() {
        return random.nextBoolean() ? EDGES[random.nextInt(EDGES.length)] : random.nextInt(-70, 70);
    }

    private Operand operand() {
        return random.nextBoolean() ? r(register()) : new Immediate(number());
    }

    private Width width() {
        return random.nextInt(3) == 0 ? Width.W32 : Width.W64;
    }

    private AccessSize size() {
        return AccessSize.values()[random.nextInt(4)];
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private void statement() {
        int dst = register();
        int src = register();
        int offset = number();
        var size = size();
        var operand = operand();
        var width = width();
        switch (random.nextInt(30)) {
            case 0, 1, 2, 3 -> {
                var op = any(AluOp.values());
                add(c -> c.add(new Instruction.Alu(width, op, dst, operand)));
            }
            case 4 -> add(c -> c.mov(dst, operand));
            case 5 -> {
                int field = random.nextInt(3);
                add(c -> c.load(field == 0 ? AccessSize.DOUBLE : AccessSize.WORD, dst, 6, field == 0 ? 0 : 8));
            }
            case 6 -> {
                int bit = 1 << random.nextInt(7);
                add(c -> c.alu(AluOp.AND, dst, bit));
            }
            case 7 -> {
                int mask = (1 << random.nextInt(8)) - 1;
                add(c -> c.alu(AluOp.AND, dst, mask));
            }
            case 8 -> add(c -> c.plus(dst, r(src)));
            case 9 -> {
                boolean signed = random.nextBoolean() && size != AccessSize.DOUBLE;
                add(c -> c.add(new Instruction.Load(size, signed, dst, src, offset)));
            }
            case 10 -> add(c -> c.store(size, dst, offset, operand));
            case 11 -> {
                int at = -8 * random.nextInt(1, 5);
                add(c -> c.store(AccessSize.DOUBLE, 10, at, r(src)));
            }
            case 12 -> {
                int at = -8 * random.nextInt(1, 5);
                add(c -> c.load(AccessSize.DOUBLE, dst, 10, at));
            }
            case 13 -> {
                int at = -random.nextInt(1, 40);
                add(c -> c.load(size, dst, 10, at));
            }
            case 14, 15, 16 -> branch(dst, operand, width);
            case 17 -> close();
            case 18 -> lookup(7 + random.nextInt(3));
            case 19 -> payload(dst);
            case 20 -> special(dst, src, size, offset);
            case 21 -> loop(dst, operand);
            case 22 -> {
                int at = -8 * random.nextInt(1, 4);
                add(c -> c.load(AccessSize.DOUBLE, 5, 10, at)
                        .mov(8, r(7))
                        .plus(8, r(5))
                        .load(size, 4, 8, offset & 31));
            }
            case 23 -> {
                int at = -8 * random.nextInt(1, 4);
                int value = number();
                add(c -> c.store(AccessSize.DOUBLE, 10, at, value));
            }
            case 24 -> {
                int at = -8 * random.nextInt(2, 4);
                add(c -> c.load(AccessSize.WORD, 5, 6, 8)
                        .alu(AluOp.AND, 5, 15)
                        .plus(5, r(10))
                        .store(AccessSize.BYTE, 5, at, operand));
            }
            case 25 -> length(dst, width);
            case 26 -> offset(width);
            case 27 -> relative(dst, src, width, size);
            case 28 -> {
                int before = random.nextInt(1, 12);
                boolean moved = random.nextBoolean();
                add(c -> {
                    c.load(AccessSize.DOUBLE, 3, 6, 40).plus(3, moved ? -before : 0);
                    c.load(size, dst, 3, moved ? 0 : -before);
                });
            }
            case 29 -> {
                if (loops++ == 0) {
                    longLoop(dst, operand, width);
                } else {
                    payloadLoop(dst);
                }
            }
            default -> throw new AssertionError();
        }
    }

    /** A loop of too many iterations to be walked, that counts in a register or on the stack, in one or two ways. */
    private void longLoop(int dst, Operand operand, Width width) {
        int label = labels++;
        int times = random.nextInt(60, 300);
        int step = random.nextInt(4) == 0 ? random.nextInt(-2, 8) : 1;
        int start = random.nextInt(3) == 0 ? times : 0;
        int signed = start == 0 ? step : -step;
        var condition = random.nextBoolean() ? any(Condition.values()) : start == 0 ? Condition.LT : Condition.NE;
        boolean stack = random.nextInt(3) == 0;
        boolean skip = random.nextInt(6) == 0;
        boolean early = random.nextInt(3) == 0;
        int inner = random.nextInt(4) == 0 ? random.nextInt(2, 100) : 0;
        var size = size();
        add(c -> {
            c.mov(9, start).store(AccessSize.DOUBLE, 10, -40, 0).load(AccessSize.DOUBLE, 5, 6, 0);
            c.label("l" + label);
            if (stack) {
                c.load(AccessSize.DOUBLE, 9, 10, -40);
            }
            if (inner > 0) {
                c.mov(4, 0).label("i" + label).plus(4, 1).jumpIf(4, Condition.LT, inner, "i" + label);
            }
            if (early) {
                c.mov(8, r(9)).alu(AluOp.AND, 8, 31).plus(8, r(7)).load(size, 4, 8, 0);
            }
            c.alu(AluOp.XOR, dst == 9 || dst == 5 ? 0 : dst, operand);
            if (skip) {
                c.jumpIf(5, Condition.SET, 4, "s" + label).alu(AluOp.RSH, 5, 1);
            }
            c.add(new Instruction.Alu(width, AluOp.ADD, 9, new Immediate(signed)));
            if (skip) {
                c.label("s" + label).alu(AluOp.XOR, 5, r(9));
            }
            if (stack) {
                c.store(AccessSize.DOUBLE, 10, -40, r(9));
            }
            c.jumpIf(width, 9, condition, start == 0 ? times : 0, "l" + label);
        });
    }

    /** A loop over the payload by pointer. */
    private void payloadLoop(int dst) {
        int label = labels++;
        int bytes = random.nextInt(1, 5);
        int step = random.nextInt(0, 5);
        int at = random.nextInt(0, 5);
        add(c -> c.load(AccessSize.DOUBLE, 2, 6, 32)
                .load(AccessSize.DOUBLE, 3, 6, 40)
                .label("l" + label)
                .mov(4, r(2))
                .plus(4, bytes)
                .jumpIf(4, Condition.GT, r(3), "e" + label)
                .load(AccessSize.BYTE, 5, 2, at)
                .alu(AluOp.XOR, dst < 7 ? 0 : dst, r(5))
                .plus(2, step)
                .jump("l" + label)
                .label("e" + label));
    }

    /** Compares what is left of the payload with a constant, then reads up to there. */
    private void length(int variable, Width width) {
        int bytes = random.nextInt(1, 12);
        int delta = random.nextInt(-3, 4);
        var condition = any(Condition.values());
        int label = labels++;
        int shape = random.nextInt(4);
        open.add(label);
        add(c -> {
            c.load(AccessSize.DOUBLE, 2, 6, 32).load(AccessSize.DOUBLE, 3, 6, 40);
            if (variable > 4) {
                c.load(AccessSize.WORD, 5, 6, 8).alu(AluOp.AND, 5, 15).plus(2, r(5));
            }
            c.mov(4, r(3)).alu(AluOp.SUB, 4, r(2));
            if (shape == 0) {
                c.alu32(AluOp.MOV, 4, r(4));
            } else if (shape == 1) {
                c.alu(AluOp.LSH, 4, 32).alu(AluOp.ARSH, 4, 32);
            }
            c.add(new Instruction.Alu(width, AluOp.ADD, 4, new Immediate(delta)))
                    .jumpIf(width, 4, condition, bytes, "l" + label)
                    .load(AccessSize.BYTE, 5, 2, bytes - delta - (shape & 1));
        });
    }

    /** Compares an offset plus a constant with the payload's length, then reads there. */
    private void offset(Width width) {
        int bytes = random.nextInt(1, 6);
        int mask = random.nextBoolean() ? 15 : -1;
        var condition = any(Condition.values());
        int label = labels++;
        boolean early = random.nextBoolean();
        open.add(label);
        add(c -> {
            c.load(AccessSize.DOUBLE, 2, 6, 32).load(AccessSize.DOUBLE, 3, 6, 40);
            c.mov(4, r(3)).alu(AluOp.SUB, 4, r(2));
            c.load(AccessSize.WORD, 5, 6, 8).alu(AluOp.AND, 5, mask);
            if (early) {
                c.plus(2, r(5));
            }
            c.mov(1, r(5)).add(new Instruction.Alu(width, AluOp.ADD, 1, new Immediate(bytes)));
            c.jumpIf(width, 1, condition, r(4), "l" + label);
            if (!early) {
                c.plus(2, r(5));
            }
            c.load(AccessSize.BYTE, 5, 2, bytes - 1);
        });
    }

    /** Bounds a sum of a register and a constant, then uses the register as an index. */
    private void relative(int dst, int src, Width width, AccessSize size) {
        int delta = number();
        int limit = random.nextInt(70);
        var condition = any(Condition.values());
        var moved = width();
        var compared = width();
        int label = labels++;
        open.add(label);
        add(c -> c.add(new Instruction.Alu(moved, AluOp.MOV, dst, r(src)))
                .add(new Instruction.Alu(width, AluOp.ADD, dst, new Immediate(delta)))
                .jumpIf(compared, dst, condition, limit, "l" + label));
        if (random.nextBoolean()) {
            add(c -> c.mov(8, r(7)).plus(8, r(src)).load(size, 4, 8, 0));
        }
    }

    private void branch(int left, Operand right, Width width) {
        var condition = any(Condition.values());
        int label = labels++;
        open.add(label);
        add(c -> c.jumpIf(width, left, condition, right, "l" + label));
        if (random.nextBoolean()) {
            int dst = register();
            int value = number();
            add(c -> c.mov(dst, value));
        }
    }

    private void close() {
        if (!open.isEmpty()) {
            int label = open.remove(/* index */ random.nextInt(open.size()));
            add(c -> c.label("l" + label));
        }
    }

    private void lookup(int to) {
        add(c -> c.lookup(0).jumpIf(0, Condition.EQ, 0, "out").mov(to, r(0)));
    }

    private void payload(int variable) {
        int bytes = random.nextInt(1, 12);
        int label = labels++;
        boolean swapped = random.nextBoolean();
        open.add(label);
        add(c -> {
            c.load(AccessSize.DOUBLE, 2, 6, 32).load(AccessSize.DOUBLE, 3, 6, 40);
            if (variable > 4) {
                c.load(AccessSize.WORD, 5, 6, 8).alu(AluOp.AND, 5, 15).plus(2, r(5));
            }
            c.mov(4, r(2)).plus(4, bytes);
            if (swapped) {
                c.jumpIf(3, Condition.LT, r(4), "l" + label);
            } else {
                c.jumpIf(4, Condition.GT, r(3), "l" + label);
            }
            c.load(AccessSize.BYTE, 5, 2, bytes - 1);
        });
    }

    private void special(int dst, int src, AccessSize size, int offset) {
        switch (random.nextInt(8)) {
            case 0 -> add(c -> c.call(7).mov(dst, r(0)));
            case 1 -> add(c -> c.callLocal("f"));
            case 2 -> {
                var op = any(AtomicOp.values());
                boolean fetch = op == AtomicOp.EXCHANGE || op == AtomicOp.COMPARE_EXCHANGE || random.nextBoolean();
                add(c -> c.add(new Instruction.Atomic(
                        size.bytes() < 8 ? AccessSize.WORD : AccessSize.DOUBLE, op, fetch, dst, offset & 63, src)));
            }
            case 3 -> {
                int bits = 8 << random.nextInt(3);
                add(c -> c.add(new Instruction.MoveSignExtended(Width.W64, bits, dst, src)));
            }
            case 4 -> add(c -> c.add(new Instruction.ByteSwap(Order.BIG, 16, dst)));
            case 5 -> {
                var width = width();
                add(c -> c.add(new Instruction.Negate(width, dst)));
            }
            case 6 -> ring();
            case 7 -> add(c -> c.mapValue(dst, 3, 4).load(size, dst, dst, 0));
            default -> throw new AssertionError();
        }
    }

    private void ring() {
        int last = random.nextInt(0, 20);
        add(c -> c.map(1, 2)
                .mov(2, 16)
                .mov(3, 0)
                .call(131)
                .jumpIf(0, Condition.EQ, 0, "out")
                .store(AccessSize.BYTE, 0, last, 1)
                .mov(1, r(0))
                .mov(2, 0)
                .call(132 + last % 2));
    }

    /** A loop that counts r9 up to a constant, and an access to what r7 or the stack points to in its body. */
    private void loop(int dst, Operand operand) {
        int label = labels++;
        int times = random.nextInt(1, 20);
        var size = size();
        add(c -> c.mov(9, 0)
                .label("l" + label)
                .mov(8, r(7))
                .plus(8, r(9))
                .load(size, 5, 8, 0)
                .alu(AluOp.XOR, dst == 9 ? 0 : dst, operand)
                .plus(9, 1)
                .jumpIf(9, Condition.LT, times, "l" + label));
    }
}
