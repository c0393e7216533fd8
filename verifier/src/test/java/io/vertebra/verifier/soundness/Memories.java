package io.vertebra.verifier.soundness;

import static io.vertebra.verifier.soundness.Draft.OUT;
import static io.vertebra.verifier.soundness.Draft.c;
import static io.vertebra.verifier.soundness.Draft.r;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Width;

/** Statements on memory: spills, map values, the payload, records, at places that are known or bounded. */
final class Memories {

    private static final int RECORD = 24;

    private final Choice choice;
    private final Numbers numbers;

    Memories(Choice choice, Numbers numbers) {
        this.choice = choice;
        this.numbers = numbers;
    }

    /** A register stored whole or in part, and something loaded from there. */
    Draft spill() {
        int at = choice.stackSlot();
        var draft = new Draft();
        int src = choice.oneIn(3) ? 6 + choice.below(2) : choice.source();
        if (choice.random.nextBoolean() && src < 6) {
            draft.add(numbers.source(src));
            if (choice.random.nextBoolean()) {
                draft.add(numbers.bound(src, 63, OUT));
            }
        }
        draft.store(AccessSize.DOUBLE, 10, at, r(src));
        if (choice.oneIn(3)) {
            draft.add(numbers.arithmetic());
        }
        return draft.add(fill(at));
    }

    /** Parts of a slot, stored and loaded. */
    Draft parts() {
        int at = choice.stackSlot();
        var size = choice.size();
        var draft = new Draft();
        if (choice.random.nextBoolean()) {
            draft.store(AccessSize.DOUBLE, 10, at, choice.operand());
        }
        draft.store(size, 10, at + choice.below(8 / size.bytes()) * size.bytes(), choice.operand());
        return choice.random.nextBoolean() ? draft.add(fill(at)) : draft;
    }

    private Draft fill(int slot) {
        if (choice.oneIn(3)) {
            var size = choice.size();
            boolean signed = choice.random.nextBoolean() && size != AccessSize.DOUBLE;
            int at = slot + choice.below(8 / size.bytes()) * size.bytes();
            return new Draft().add(new Instruction.Load(size, signed, choice.target(), 10, at));
        }
        return new Draft().load(AccessSize.DOUBLE, choice.target(), 10, slot);
    }

    /** Any stack read, nearly always of what is not there. */
    Draft read() {
        var size = choice.size();
        return new Draft().load(size, choice.target(), 10, -choice.between(1, 50));
    }

    /** A store somewhere into a part of the stack, then a load from there. */
    Draft variableStack() {
        int index = choice.below(6);
        var size = choice.size();
        var draft = new Draft();
        for (int at = -24; at < 0; at += 8) {
            if (!choice.oneIn(4)) {
                draft.store(AccessSize.DOUBLE, 10, at, choice.oneIn(6) ? r(choice.source()) : c(choice.number()));
            }
        }
        draft.add(numbers.source(index)).add(numbers.bound(index, 16, OUT)).plus(index, r(10));
        draft.store(size, index, -24, choice.operand());
        if (choice.random.nextBoolean()) {
            draft.load(choice.size(), choice.target(), index, -24);
        }
        return draft.add(fill(-8 * choice.between(1, 3)));
    }

    /** r0 is a value of a map or null, and nothing was looked at yet. */
    Draft lookup(int map) {
        var draft = new Draft();
        if (map == Subject.HASH || map == Subject.PER_THREAD) {
            draft.store(AccessSize.DOUBLE, 10, -8, c(choice.oneIn(4) ? 1 : 0));
        } else {
            draft.store(AccessSize.WORD, 10, -8, c(choice.oneIn(12) ? 4 : choice.below(2)));
        }
        return draft.map(1, map).mov(2, r(10)).plus(2, c(-8)).call(1);
    }

    /** Keeps a map's value in r7. */
    Draft value() {
        int other = choice.setting.isNative() ? Subject.ARRAY : Subject.PER_THREAD;
        int map = choice.any(new Integer[] {Subject.ARRAY, other, Subject.HASH, Subject.PER_CPU});
        var draft = lookup(map);
        int label = choice.freshLabel();
        return switch (choice.below(5)) {
            case 0 -> draft.jumpIf(0, Condition.EQ, c(0), OUT).mov(7, r(0));
            case 1 -> draft.mov(7, r(0)).jumpIf(0, Condition.EQ, c(0), OUT);
            case 2 ->
                draft.mov(7, r(0))
                        .jumpIf(7, Condition.NE, c(0), label)
                        .jump(OUT)
                        .label(label);
            case 3 ->
                draft.store(AccessSize.DOUBLE, 10, -48, r(0))
                        .jumpIf(0, Condition.EQ, c(0), OUT)
                        .load(AccessSize.DOUBLE, 7, 10, -48);
            default -> draft.mov(7, r(0)).jumpIf(0, choice.condition(), c(choice.oneIn(3) ? 1 : 0), OUT);
        };
    }

    /** A value of one of two maps, in r7. */
    Draft ambiguous() {
        int other = choice.freshLabel();
        int found = choice.freshLabel();
        boolean swapped = choice.random.nextBoolean();
        return numbers.source(5)
                .jumpIf(5, Condition.SET, c(choice.between(1, 3)), other)
                .add(lookup(swapped ? Subject.HASH : Subject.ARRAY))
                .jump(found)
                .label(other)
                .add(lookup(swapped ? Subject.ARRAY : Subject.HASH))
                .label(found)
                .jumpIf(0, Condition.EQ, c(0), OUT)
                .mov(7, r(0))
                .add(constantAccess());
    }

    private int valueSize() {
        return choice.oneIn(2) ? Subject.ARRAY_VALUE : Subject.HASH_VALUE;
    }

    /** An access at a constant place behind r7. */
    Draft constantAccess() {
        var size = choice.size();
        int last = valueSize() - size.bytes();
        int at = switch (choice.below(8)) {
            case 0 -> last + choice.between(-1, 1);
            case 1 -> choice.between(-1, 0);
            default -> choice.below(last + 1) / size.bytes() * size.bytes();
        };
        return access(size, 7, at);
    }

    /** An access at a bounded place behind r7. */
    Draft indexedAccess() {
        int index = choice.below(6);
        int place = choice.oneIn(2) ? 8 : 5;
        index = index == place ? 4 : index;
        var size = choice.size();
        int most = valueSize() - size.bytes();
        int scale = choice.oneIn(4) ? choice.below(3) : 0;
        var draft = new Draft();
        if (!choice.oneIn(3)) {
            draft.add(numbers.source(index));
        }
        draft.add(numbers.bound(index, Math.max(1, most >> scale), OUT));
        if (scale > 0) {
            draft.alu(AluOp.LSH, index, c(scale));
        }
        if (choice.oneIn(8)) {
            draft.add(new Instruction.Negate(Width.W64, index));
        }
        if (choice.oneIn(3)) {
            draft.mov(place, r(index)).plus(place, r(7));
        } else {
            draft.mov(place, r(7)).alu(choice.oneIn(12) ? AluOp.SUB : AluOp.ADD, place, r(index));
        }
        if (choice.oneIn(4)) {
            int by = choice.between(-4, 4);
            return draft.plus(place, c(by)).add(access(size, place, -by));
        }
        return draft.add(access(size, place, choice.oneIn(6) ? choice.between(-1, 1) : 0));
    }

    /** An access with a value that is a number. */
    Draft filled(AccessSize size, int base, int at) {
        int src = choice.below(6);
        src = src == base ? 0 : src;
        var draft = new Draft().mov(src, c(choice.number()));
        var atomic = choice.word();
        return switch (choice.below(6)) {
            case 0 -> draft.store(size, base, at, r(src));
            case 1, 2 -> draft.add(access(size, base, at));
            default -> {
                var op = choice.any(AtomicOp.values());
                boolean fetch =
                        op == AtomicOp.EXCHANGE || op == AtomicOp.COMPARE_EXCHANGE || choice.random.nextBoolean();
                yield draft.mov(0, c(choice.number()))
                        .add(new Instruction.Atomic(atomic, op, fetch, base, at & -atomic.bytes(), src));
            }
        };
    }

    /** A load, a store or an atomic operation. */
    Draft access(AccessSize size, int base, int at) {
        return choice.oneIn(3) ? atomic(base, at) : plainAccess(size, base, at);
    }

    /** A load or a store. */
    Draft plainAccess(AccessSize size, int base, int at) {
        boolean signed = choice.random.nextBoolean() && size != AccessSize.DOUBLE;
        return switch (choice.below(4)) {
            case 0, 1 -> new Draft().add(new Instruction.Load(size, signed, choice.target(), base, at));
            case 2 -> new Draft().store(size, base, at, choice.operand());
            default -> new Draft().store(size, base, at, c(choice.number()));
        };
    }

    /** Atomic operations on the payload, where it is aligned, and stores. */
    Draft atomicPayload() {
        int out = choice.freshLabel();
        int bytes = choice.any(new Integer[] {4, 8, 16});
        var draft = new Draft()
                .load(AccessSize.DOUBLE, 2, 6, choice.setting.data())
                .load(AccessSize.DOUBLE, 3, 6, choice.setting.dataEnd())
                .mov(4, r(2))
                .plus(4, c(bytes))
                .jumpIf(4, Condition.GT, r(3), out);
        for (int i = choice.below(4); i >= 0; i--) {
            draft.mov(5, c(choice.number())).mov(0, c(choice.number()));
            if (choice.oneIn(3)) {
                var stored = choice.any(new AccessSize[] {AccessSize.BYTE, AccessSize.HALF, AccessSize.WORD});
                draft.store(bytes < 8 || choice.oneIn(2) ? stored : AccessSize.DOUBLE, 2, 0, r(5));
                continue;
            }
            var size = bytes < 8 || choice.oneIn(2) ? AccessSize.WORD : AccessSize.DOUBLE;
            var op = choice.any(AtomicOp.values());
            boolean fetch = op == AtomicOp.EXCHANGE || op == AtomicOp.COMPARE_EXCHANGE || choice.oneIn(2);
            int at = choice.below(bytes / size.bytes()) * size.bytes() + (choice.oneIn(20) ? 2 : 0);
            draft.add(new Instruction.Atomic(size, op, fetch, 2, at, 5));
        }
        return draft.label(out);
    }

    private Draft atomic(int base, int at) {
        var op = choice.any(AtomicOp.values());
        boolean fetch = op == AtomicOp.EXCHANGE || op == AtomicOp.COMPARE_EXCHANGE || choice.random.nextBoolean();
        var size = choice.word();
        int place = choice.oneIn(8) ? at : at & -size.bytes();
        int src = choice.source();
        return new Draft().add(new Instruction.Atomic(size, op, fetch, base, place, src));
    }

    /** An atomic operation on a slot that was set. */
    Draft atomicStack() {
        int at = choice.stackSlot();
        var draft = new Draft().store(AccessSize.DOUBLE, 10, at, choice.operand());
        if (choice.random.nextBoolean()) {
            draft.mov(0, c(choice.number())).add(filled(choice.size(), 10, at));
        }
        return draft.add(atomic(10, at + 4 * choice.below(2)));
    }

    /** The payload's start in r2, its end in r3, compared in one of many ways, and accessed at the edge. */
    Draft payload() {
        var size = choice.size();
        int bytes = choice.between(size.bytes(), 12);
        int out = choice.oneIn(3) ? OUT : choice.freshLabel();
        var draft = new Draft();
        draft.load(AccessSize.DOUBLE, 2, 6, choice.setting.data())
                .load(AccessSize.DOUBLE, 3, 6, choice.setting.dataEnd());
        if (choice.oneIn(3)) {
            draft.add(numbers.source(5))
                    .add(numbers.bound(5, choice.between(3, 40), OUT))
                    .plus(2, r(5));
        }
        draft.mov(4, r(2)).plus(4, c(bytes));
        int inside = choice.freshLabel();
        switch (choice.below(8)) {
            case 0, 1 -> draft.jumpIf(4, Condition.GT, r(3), out);
            case 2 -> draft.jumpIf(3, Condition.LT, r(4), out);
            case 3 -> draft.jumpIf(4, Condition.LE, r(3), inside).jump(out).label(inside);
            case 4 -> draft.jumpIf(3, Condition.GE, r(4), inside).jump(out).label(inside);
            case 5 -> draft.jumpIf(4, Condition.GE, r(3), out);
            case 6 -> draft.jumpIf(4, Condition.NE, r(3), out);
            default -> draft.jumpIf(4, choice.condition(), r(3), out);
        }
        if (choice.random.nextBoolean()) {
            draft.add(filled(size, 2, (bytes - size.bytes()) / 8 * 8));
        }
        int at = bytes - size.bytes() + (choice.oneIn(8) ? 1 : 0);
        draft.add(choice.random.nextBoolean() ? access(size, 2, at) : access(size, 4, at - bytes));
        if (choice.oneIn(6)) {
            draft.alu(AluOp.SUB, 3, r(2)).add(numbers.arithmetic());
        }
        return out == OUT ? draft : draft.label(out);
    }

    /** The payload's length as a number in r4, compared with a constant or with an index, and an access because of it. */
    Draft length() {
        int out = choice.oneIn(3) ? OUT : choice.freshLabel();
        var size = choice.size();
        var draft = new Draft()
                .load(AccessSize.DOUBLE, 2, 6, choice.setting.data())
                .load(AccessSize.DOUBLE, 3, 6, choice.setting.dataEnd())
                .mov(4, r(3))
                .alu(AluOp.SUB, 4, r(2));
        int bytes = choice.between(size.bytes(), 12);
        switch (choice.below(4)) {
            case 0 -> {
                draft.add(numbers.related(4)).jumpIf(choice.width(), 4, numbers.less(), c(bytes), out);
                draft.add(access(size, 2, bytes - size.bytes() + (choice.oneIn(8) ? 1 : 0)));
            }
            case 1 -> {
                draft.jumpIf(choice.width(), 4, numbers.less(), c(bytes), out);
                draft.plus(3, c(-bytes)).add(access(size, 3, choice.oneIn(8) ? bytes : 0));
            }
            default -> {
                int by = choice.below(3);
                draft.add(numbers.source(5)).add(numbers.related(5));
                if (choice.random.nextBoolean()) {
                    draft.add(numbers.bound(5, 63, out));
                }
                draft.mov(1, r(5)).plus(5, c(by)).add(numbers.related(4));
                draft.jumpIf(choice.width(), 5, choice.condition(), r(4), out);
                draft.plus(2, r(choice.random.nextBoolean() ? 1 : 5)).add(access(AccessSize.BYTE, 2, choice.below(2)));
            }
        }
        return out == OUT ? draft : draft.label(out);
    }

    /** Two places in the payload, of which one is before the other, and the other is before the end. */
    Draft places() {
        int out = choice.oneIn(3) ? OUT : choice.freshLabel();
        var draft = new Draft()
                .load(AccessSize.DOUBLE, 2, 6, choice.setting.data())
                .load(AccessSize.DOUBLE, 3, 6, choice.setting.dataEnd())
                .mov(1, r(2));
        draft.add(numbers.source(4)).add(numbers.bound(4, 31, out)).plus(1, r(4));
        if (choice.random.nextBoolean()) {
            draft.add(numbers.source(5)).add(numbers.bound(5, 31, out)).plus(2, r(5));
        } else {
            draft.plus(2, c(choice.below(9)));
        }
        draft.jumpIf(2, choice.oneIn(3) ? choice.condition() : Condition.GT, r(3), out);
        draft.jumpIf(1, choice.oneIn(3) ? choice.condition() : Condition.GE, r(2), out);
        if (choice.oneIn(3)) {
            draft.mov(0, r(2)).alu(AluOp.SUB, 0, r(1));
        }
        return draft.add(access(choice.size(), choice.oneIn(5) ? 2 : 1, choice.between(-1, 1)))
                .label(out == OUT ? choice.freshLabel() : out);
    }

    /** Numbers that pointers give. */
    Draft distance() {
        int a = choice.target();
        return new Draft().mov(a, r(choice.below(11))).alu(AluOp.SUB, a, r(choice.below(11)));
    }

    /** A record that is reserved, filled, and submitted or discarded; sometimes twice, or looked at afterwards. */
    Draft record(Draft between) {
        int gone = choice.oneIn(2) ? OUT : choice.freshLabel();
        int drop = choice.oneIn(20) ? OUT : choice.freshLabel();
        var size = choice.size();
        var draft = new Draft()
                .map(1, Subject.RING)
                .mov(2, c(RECORD))
                .mov(3, c(0))
                .call(131)
                .mov(8, r(0))
                .jumpIf(8, Condition.EQ, c(0), gone)
                .add(between);
        int last = RECORD - size.bytes();
        for (int i = choice.between(1, 3); i > 0; i--) {
            draft.add(filled(size, 8, choice.below(last + 1) / size.bytes() * size.bytes()));
        }
        if (choice.oneIn(3)) {
            draft.store(AccessSize.DOUBLE, 8, 0, c(choice.number())).add(plainAccess(size, 8, 0));
        }
        if (choice.oneIn(8)) {
            draft.add(access(size, 8, last + 1));
        }
        if (choice.oneIn(3)) {
            draft.add(numbers.source(5))
                    .add(numbers.bound(5, last, drop))
                    .plus(5, r(8))
                    .add(access(size, 5, 0));
        }
        if (drop != OUT) {
            draft.label(drop);
        }
        if (!choice.oneIn(12)) {
            draft.mov(1, r(8)).mov(2, c(0)).call(132 + choice.below(2));
        }
        if (choice.oneIn(12)) {
            draft.load(AccessSize.BYTE, 0, 8, 0);
        }
        return gone == OUT ? draft : draft.label(gone);
    }
}
