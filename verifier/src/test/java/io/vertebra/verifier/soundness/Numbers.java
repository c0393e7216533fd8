package io.vertebra.verifier.soundness;

import static io.vertebra.verifier.soundness.Draft.c;
import static io.vertebra.verifier.soundness.Draft.r;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Order;
import io.vertebra.vm.isa.Instruction.Width;

/** Statements on numbers: where they come from, what is done to them, how they are bounded. */
final class Numbers {

    private final Choice choice;

    Numbers(Choice choice) {
        this.choice = choice;
    }

    /** A number of which little or much is known. */
    Draft source(int dst) {
        var draft = new Draft();
        return switch (choice.below(11)) {
            case 0, 1 -> draft.load(AccessSize.DOUBLE, dst, 6, choice.number(0));
            case 2, 3 -> draft.load(AccessSize.WORD, dst, 6, choice.number(8));
            case 4 -> context(draft, dst);
            case 5 -> draft.mov(dst, c(choice.number()));
            case 6 -> draft.alu(Width.W32, AluOp.MOV, dst, c(choice.number()));
            case 7 -> draft.constant(dst, choice.wideNumber());
            case 8 -> {
                var size = choice.size();
                yield draft.mapValue(dst, Subject.CONSTANTS, 0)
                        .add(new Instruction.Load(
                                size,
                                choice.random.nextBoolean() && size != AccessSize.DOUBLE,
                                dst,
                                dst,
                                choice.below(17 - size.bytes())));
            }
            case 9 -> draft.load(AccessSize.BYTE, dst, 6, choice.number(12));
            default -> draft.load(AccessSize.HALF, dst, 6, choice.number(14));
        };
    }

    /** Any part of the context, also what may not be read. */
    private Draft context(Draft draft, int dst) {
        var size = choice.size();
        boolean signed = choice.random.nextBoolean() && size != AccessSize.DOUBLE;
        int at = choice.oneIn(4) ? choice.below(49) : choice.number(choice.below(4) * size.bytes());
        return draft.add(new Instruction.Load(size, signed, dst, 6, at));
    }

    Draft arithmetic() {
        return new Draft().alu(choice.width(), choice.any(AluOp.values()), choice.target(), choice.operand());
    }

    /** What the compilers make of signed division, rotation and the like: operands whose corners meet. */
    Draft corner() {
        int dst = choice.target();
        int src = choice.target();
        var draft = new Draft();
        if (choice.oneIn(3)) {
            draft.constant(dst, choice.wideNumber());
        } else if (choice.random.nextBoolean()) {
            draft.add(source(dst));
        }
        if (choice.oneIn(3) && src != dst) {
            draft.add(source(src)).add(bound(src, choice.between(1, 40), Draft.OUT));
            return draft.alu(choice.width(), choice.any(AluOp.values()), dst, r(src));
        }
        if (choice.random.nextBoolean() && src != dst) {
            draft.constant(src, choice.wideNumber());
            return draft.alu(choice.width(), choice.any(AluOp.values()), dst, r(src));
        }
        return draft.alu(choice.width(), choice.any(AluOp.values()), dst, c(choice.number()));
    }

    Draft single() {
        int dst = choice.target();
        var draft = choice.random.nextBoolean() ? source(dst) : new Draft();
        return switch (choice.below(4)) {
            case 0, 1 -> {
                var width = choice.width();
                int bits = 8 << choice.below(width == Width.W64 ? 3 : 2);
                int src = draft.parts.isEmpty() ? choice.source() : dst;
                yield draft.add(new Instruction.MoveSignExtended(width, bits, choice.target(), src));
            }
            case 2 -> draft.add(new Instruction.Negate(choice.width(), dst));
            default -> {
                if (choice.oneIn(3)) {
                    draft.constant(dst, choice.wideNumber());
                }
                yield draft.add(new Instruction.ByteSwap(choice.any(Order.values()), 16 << choice.below(3), dst));
            }
        };
    }

    /** Two registers that hold the same number, or nearly, of which one is looked at. */
    Draft equal() {
        int a = choice.target();
        int b = choice.target();
        int label = choice.freshLabel();
        return new Draft()
                .add(source(a))
                .alu(choice.oneIn(3) ? Width.W32 : Width.W64, AluOp.MOV, b, r(a))
                .add(choice.oneIn(3) ? related(b) : new Draft())
                .jumpIf(choice.width(), a, choice.condition(), choice.oneIn(3) ? r(b) : choice.operand(), label)
                .add(choice.random.nextBoolean() ? arithmetic() : new Draft())
                .label(label);
    }

    /** Bounds a register to 0 to {@code most}, in one of many ways; some of them are not quite right. */
    Draft bound(int register, int most, int out) {
        var draft = new Draft();
        return switch (choice.below(12)) {
            case 0 -> draft.alu(choice.width(), AluOp.AND, register, c(Integer.highestOneBit(most + 1) - 1));
            case 1 -> draft.alu(choice.width(), AluOp.MOD, register, c(most + 1));
            case 2 -> draft.alu(Width.W64, AluOp.RSH, register, c(64 - bits(most)));
            case 3 -> draft.alu(Width.W32, AluOp.RSH, register, c(32 - bits(most)));
            case 4, 5 -> draft.jumpIf(register, Condition.GT, c(most), out);
            case 6 ->
                draft.alu(Width.W32, AluOp.MOV, register, r(register))
                        .jumpIf(Width.W32, register, Condition.GE, c(most + 1), out);
            case 7 -> draft.jumpIf(register, Condition.SLT, c(0), out).jumpIf(register, Condition.SGT, c(most), out);
            case 8 -> {
                int inside = choice.freshLabel();
                yield draft.jumpIf(register, Condition.LE, c(most), inside)
                        .jump(out)
                        .label(inside);
            }
            case 9 -> draft.jumpIf(register, Condition.SET, c(-1 << bits(most)), out);
            case 10 -> draft.jumpIf(Width.W32, register, Condition.GT, c(most), out);
            default -> draft.jumpIf(choice.width(), register, choice.condition(), c(most + choice.between(-1, 1)), out);
        };
    }

    /** So many low bits never are more than {@code most}. */
    private static int bits(int most) {
        return 31 - Integer.numberOfLeadingZeros(most + 1);
    }

    /** Two numbers, one of them a constant or not, compared in registers. */
    Draft compare() {
        if (choice.oneIn(4)) {
            return near();
        }
        int a = choice.below(6);
        int b = (a + choice.between(1, 5)) % 6;
        int label = choice.freshLabel();
        return source(a)
                .add(choice.random.nextBoolean() ? new Draft().mov(b, c(choice.number())) : source(b))
                .jumpIf(choice.width(), a, choice.condition(), r(b), label)
                .add(choice.oneIn(3) ? arithmetic() : new Draft())
                .label(label);
    }

    /** A number compared with one that is at most 1 away from it. */
    private Draft near() {
        int a = choice.below(6);
        int b = (a + choice.between(1, 5)) % 6;
        int label = choice.freshLabel();
        return source(a)
                .mov(b, r(a))
                .plus(b, c(choice.between(-1, 1)))
                .jumpIf(choice.width(), a, choice.condition(), r(b), label)
                .add(choice.oneIn(3) ? arithmetic() : new Draft())
                .label(label);
    }

    /** What compilers do with a number before they compare it, so that it is still the same number, or nearly. */
    Draft related(int register) {
        var draft = new Draft();
        return switch (choice.below(7)) {
            case 0 -> draft.alu(Width.W32, AluOp.MOV, register, r(register));
            case 1, 2 -> {
                int by = choice.oneIn(8) ? 31 : 32;
                var back = choice.any(new AluOp[] {AluOp.RSH, AluOp.ARSH});
                draft.alu(AluOp.LSH, register, c(by));
                if (choice.oneIn(4)) {
                    draft.add(arithmetic());
                }
                yield draft.alu(back, register, c(by));
            }
            case 3 -> draft.alu(choice.width(), AluOp.ADD, register, c(choice.between(-3, 3)));
            case 4 -> draft.alu(AluOp.AND, register, c(choice.random.nextBoolean() ? -1 : 0xffff));
            default -> draft;
        };
    }

    /** A comparison that keeps out what is too small. */
    Condition less() {
        return choice.oneIn(6) ? choice.condition() : choice.random.nextBoolean() ? Condition.LT : Condition.SLT;
    }

    Draft branch(int label) {
        return new Draft().jumpIf(choice.width(), choice.source(), choice.condition(), choice.operand(), label);
    }
}
