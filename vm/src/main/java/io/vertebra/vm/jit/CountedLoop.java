package io.vertebra.vm.jit;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.JumpIf;
import io.vertebra.vm.isa.Instruction.Width;
import io.vertebra.vm.isa.RegisterUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A loop of straight code with one jump back, which goes on as long as a register that grows by a constant stays below
 * bounds that are known before: HotSpot makes far more of it when it is written as a loop over an {@code int}.
 *
 * @param header first slot
 * @param last slot of the jump back
 * @param register the one that grows
 * @param step by how much
 * @param written the registers that the loop writes, as a set of bits
 * @param bounds all that has to hold so that an iteration runs to the jump back and takes it
 */
record CountedLoop(int header, int last, int register, int step, int written, List<Bound> bounds) {

    private static final int MOST_INSTRUCTIONS = 100;
    private static final int LARGEST_STEP = 4096;
    private static final long NARROW = 1L << 31;

    /**
     * {@code value < end}, or {@code value <= end}; holds if it does without overflow, signed and unsigned.
     *
     * @param width the bits of {@code end} that count
     */
    record Bound(Affine value, Affine end, boolean inclusive, Width width, boolean signed) {}

    /** The loop whose jump back is at a slot, if it is one of this kind. */
    static Optional<CountedLoop> at(Unit unit, FunctionCode function, Chunk chunk, int last) {
        var code = unit.program().instructions();
        int header = last + 1 + offset(code.get(last));
        if (header > last || last - header > MOST_INSTRUCTIONS || !chunk.contains(header)) {
            return Optional.empty();
        }
        int written = 0;
        for (int slot = header; slot <= last; slot += Instruction.size(code.get(slot))) {
            if (!isStraight(code.get(slot), slot, last) || (slot > header && function.isTarget(slot))) {
                return Optional.empty();
            }
            written |= RegisterUse.written(code.get(slot));
        }
        for (int register = 0; register < 10; register++) {
            if ((written & 1 << register) != 0) {
                var loop = counting(code, header, last, register, written);
                if (loop.isPresent()) {
                    return loop;
                }
            }
        }
        return Optional.empty();
    }

    private static int offset(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Jump i -> i.offset();
            case JumpIf i -> i.offset();
            default -> 0;
        };
    }

    private static boolean isStraight(Instruction instruction, int slot, int last) {
        return switch (instruction) {
            case Instruction.Alu _,
                    Instruction.MoveSignExtended _,
                    Instruction.Negate _,
                    Instruction.ByteSwap _,
                    Instruction.LoadImmediate _,
                    Instruction.LoadMapValue _,
                    Instruction.Load _,
                    Instruction.Store _ -> true;
            case Instruction.Jump _ -> slot == last;
            case JumpIf i -> slot == last || slot + 1 + i.offset() > last;
            default -> false;
        };
    }

    private static Optional<CountedLoop> counting(
            List<Instruction> code, int header, int last, int register, int written) {
        var values = new LoopValues(register, written);
        var bounds = new ArrayList<Bound>();
        for (int slot = header; slot <= last; slot += Instruction.size(code.get(slot))) {
            var instruction = code.get(slot);
            if (instruction instanceof JumpIf i) {
                var bound =
                        bound(i, slot == last ? i.condition() : i.condition().negated(), values);
                if (bound == null) {
                    return Optional.empty();
                }
                narrow(bound.value(), i.width(), bounds);
                bounds.add(bound);
            }
            var result = values.result(instruction);
            if (result != null && LoopValues.isNarrow(instruction)) {
                narrow(result, Width.W32, bounds);
            }
            values.pass(instruction);
        }
        var end = values.of(register);
        boolean grows = end != null && end.counted() && end.invariant() == Affine.NONE;
        return grows && end.constant() > 0 && end.constant() <= LARGEST_STEP && !bounds.isEmpty()
                ? Optional.of(new CountedLoop(header, last, register, (int) end.constant(), written, bounds))
                : Optional.empty();
    }

    private static void narrow(Affine value, Width width, List<Bound> bounds) {
        if (width == Width.W32 && value.counted()) {
            bounds.add(new Bound(value, Affine.constant(NARROW), false, Width.W64, true));
        }
    }

    /** What has to hold so that {@code left condition right} holds, or null. */
    private static Bound bound(JumpIf i, Condition condition, LoopValues values) {
        var left = values.of(i.left());
        var right = values.of(i.right());
        if (condition == null || left == null || right == null || left.counted() == right.counted()) {
            return null;
        }
        var value = left.counted() ? left : right;
        var end = left.counted() ? right : left;
        return switch (left.counted() ? condition : condition.mirrored()) {
            case LT, NE -> new Bound(value, end, false, i.width(), false);
            case LE -> new Bound(value, end, true, i.width(), false);
            case SLT -> new Bound(value, end, false, i.width(), true);
            case SLE -> new Bound(value, end, true, i.width(), true);
            case EQ, GT, GE, SGT, SGE, SET -> null;
        };
    }
}
