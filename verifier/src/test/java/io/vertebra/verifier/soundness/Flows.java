package io.vertebra.verifier.soundness;

import static io.vertebra.verifier.soundness.Draft.OUT;
import static io.vertebra.verifier.soundness.Draft.c;
import static io.vertebra.verifier.soundness.Draft.r;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Width;

/** Statements that lead elsewhere: loops, choices of values, ways out. */
final class Flows {

    private static final int COUNTER = -56;

    private final Choice choice;
    private final Numbers numbers;

    Flows(Choice choice, Numbers numbers) {
        this.choice = choice;
        this.numbers = numbers;
    }

    /** A loop around a body, with an access to what r7 points to at the counter. */
    Draft loop(Draft body) {
        int loop = choice.freshLabel();
        int end = choice.freshLabel();
        // Some have more iterations than are walked, so that they are proved as a whole.
        int times = choice.between(1, choice.oneIn(4) ? 17 : choice.oneIn(5) ? 400 : 12);
        int mask = choice.oneIn(4) ? 255 : 15;
        var width = choice.width();
        var draft = new Draft();
        switch (choice.below(choice.setting == Setting.BOUNDED ? 8 : 6)) {
            case 0, 1 -> {
                int step = choice.oneIn(4) ? choice.between(2, 3) : 1;
                var condition = choice.any(new Condition[] {Condition.LT, Condition.SLT, Condition.LE, Condition.NE});
                draft.mov(9, c(0))
                        .label(loop)
                        .add(indexed(times))
                        .add(body)
                        .add(back())
                        .alu(width, AluOp.ADD, 9, c(step));
                draft.jumpIf(choice.oneIn(3) ? choice.width() : width, 9, condition, c(times * step), loop);
            }
            case 2 -> {
                var condition = choice.any(new Condition[] {Condition.NE, Condition.SGT, Condition.GT});
                draft.mov(9, c(times))
                        .label(loop)
                        .add(body)
                        .alu(width, AluOp.SUB, 9, c(1))
                        .add(indexed(times));
                draft.jumpIf(width, 9, condition, c(0), loop);
            }
            case 3 -> {
                draft.store(choice.word(), 10, COUNTER, c(0)).label(loop).add(body);
                draft.load(AccessSize.WORD, 9, 10, COUNTER).add(indexed(times)).plus(9, c(1));
                draft.store(AccessSize.WORD, 10, COUNTER, r(9)).jumpIf(width, 9, Condition.LT, c(times), loop);
            }
            case 4 -> {
                draft.load(AccessSize.WORD, 9, 6, choice.number(8))
                        .alu(width, AluOp.AND, 9, c(mask))
                        .label(loop);
                draft.jumpIf(width, 9, Condition.EQ, c(0), end).alu(width, AluOp.SUB, 9, c(1));
                draft.add(indexed(mask)).add(body).jump(loop).label(end);
            }
            case 6, 7 -> draft.add(packet(body));
            default -> {
                draft.load(AccessSize.DOUBLE, 2, 6, choice.setting.data())
                        .load(AccessSize.DOUBLE, 3, 6, choice.setting.dataEnd());
                draft.mov(9, c(0)).label(loop).mov(4, r(2)).plus(4, c(choice.oneIn(10) ? 0 : 1));
                draft.jumpIf(4, Condition.GT, r(3), end)
                        .load(AccessSize.BYTE, 5, 2, 0)
                        .plus(2, c(1))
                        .add(body);
                draft.plus(9, c(1)).jumpIf(9, Condition.LT, c(times), loop).label(end);
            }
        }
        return draft;
    }

    /** A loop whose counter comes nearer to a number of the input from both sides, and so may never end. */
    Draft swing() {
        int loop = choice.freshLabel();
        int down = choice.freshLabel();
        int test = choice.freshLabel();
        int times = choice.between(1, 4) * 256;
        var draft = new Draft()
                .load(AccessSize.WORD, 8, 6, choice.number(8))
                .alu(AluOp.AND, 8, c(choice.oneIn(3) ? 1023 : 255))
                .mov(9, c(0))
                .label(loop);
        draft.jumpIf(9, choice.oneIn(3) ? choice.condition() : Condition.GT, r(8), down)
                .plus(9, c(choice.between(1, 5)))
                .jump(test)
                .label(down)
                .plus(9, c(choice.oneIn(3) ? choice.between(1, 5) : -choice.between(1, 5)))
                .label(test);
        return draft.jumpIf(9, choice.oneIn(2) ? Condition.LT : Condition.SLT, c(times), loop);
    }

    /** A loop over all of a payload, which its length alone bounds. */
    private Draft packet(Draft body) {
        int loop = choice.freshLabel();
        int end = choice.freshLabel();
        int step = choice.oneIn(8) ? 0 : choice.between(1, 4);
        var draft = new Draft()
                .load(AccessSize.DOUBLE, 2, 6, choice.setting.data())
                .load(AccessSize.DOUBLE, 3, 6, choice.setting.dataEnd())
                .mov(9, c(0))
                .label(loop)
                .mov(4, r(2))
                .plus(4, c(choice.between(1, 4)))
                .jumpIf(4, Condition.GT, r(3), end)
                .load(AccessSize.BYTE, 5, 2, 0);
        if (choice.oneIn(3)) {
            draft.add(body);
        }
        if (choice.oneIn(3)) {
            // what the payload says, and often something more, so that it advances
            draft.load(AccessSize.BYTE, 5, 2, 0)
                    .alu(AluOp.AND, 5, c(choice.any(new Integer[] {7, 15, 63, 255})))
                    .plus(2, r(5));
        }
        draft.plus(2, c(step)).plus(9, c(1));
        return draft.jump(loop).label(end);
    }

    /** Sometimes the counter goes back, and nobody knows how often. */
    private Draft back() {
        int on = choice.freshLabel();
        return choice.oneIn(12)
                ? numbers.source(5)
                        .jumpIf(5, Condition.SET, c(1), on)
                        .plus(9, c(-choice.between(1, 3)))
                        .label(on)
                : new Draft();
    }

    private Draft indexed(int times) {
        var size = choice.oneIn(3) ? choice.size() : AccessSize.BYTE;
        var draft = new Draft();
        if (times > 60 || choice.oneIn(5)) {
            return draft;
        }
        draft.mov(8, r(7)).plus(8, r(9));
        return choice.oneIn(3)
                ? draft.store(size, 8, 0, choice.random.nextBoolean() ? r(9) : c(choice.number()))
                : draft.add(new Instruction.Load(size, false, 5, 8, 0));
    }

    /** Paths on which a register, or a slot, got other values; they meet, and the value matters. */
    Draft choices() {
        int other = choice.freshLabel();
        int end = choice.freshLabel();
        int dst = choice.oneIn(3) ? 9 : choice.target();
        var draft = new Draft()
                .load(AccessSize.WORD, 5, 6, choice.number(8))
                .jumpIf(choice.width(), 5, choice.condition(), c(choice.number()), other);
        int at = choice.stackSlot();
        if (choice.oneIn(3)) {
            draft.store(AccessSize.DOUBLE, 10, at, c(choice.number())).jump(end).label(other);
            if (!choice.oneIn(8)) {
                draft.store(choice.oneIn(4) ? choice.size() : AccessSize.DOUBLE, 10, at, c(choice.number()));
            }
            return draft.label(end).load(AccessSize.DOUBLE, dst, 10, at);
        }
        draft.mov(dst, c(choice.below(60))).jump(end).label(other);
        if (!choice.oneIn(8)) {
            draft.mov(dst, choice.oneIn(6) ? r(choice.source()) : c(choice.below(64)));
        }
        draft.label(end);
        if (choice.random.nextBoolean() && dst != 8) {
            int past = choice.freshLabel();
            if (choice.random.nextBoolean()) {
                draft.load(AccessSize.WORD, 4, 6, choice.number(8))
                        .jumpIf(4, choice.condition(), c(choice.number()), past);
            }
            draft.mov(8, r(7))
                    .plus(8, r(dst))
                    .load(AccessSize.BYTE, 4, 8, choice.below(4))
                    .label(past);
        }
        return draft;
    }

    /** A return before the end. */
    Draft exit() {
        int on = choice.freshLabel();
        var draft = new Draft();
        if (choice.random.nextBoolean()) {
            draft.mov(0, c(1));
        }
        return draft.jumpIf(choice.source(), choice.condition(), c(choice.number()), on)
                .exit()
                .label(on);
    }

    /** Several unrelated decisions in a row, so that many states meet. */
    Draft decisions() {
        var draft = new Draft().load(AccessSize.WORD, 5, 6, choice.number(8));
        int dst = choice.below(5);
        draft.mov(dst, c(0));
        for (int bit = choice.between(2, 4); bit >= 0; bit--) {
            int on = choice.freshLabel();
            draft.jumpIf(Width.W64, 5, Condition.SET, c(1 << bit), on)
                    .plus(dst, c(choice.between(1, 9)))
                    .label(on);
        }
        return draft.add(numbers.bound(dst, 32, OUT))
                .mov(8, r(7))
                .plus(8, r(dst))
                .load(AccessSize.BYTE, 0, 8, 0);
    }
}
