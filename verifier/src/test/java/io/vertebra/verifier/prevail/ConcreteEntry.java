package io.vertebra.verifier.prevail;

import io.vertebra.verifier.domain.Frame;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Scalar;
import io.vertebra.verifier.domain.Slot;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.Register;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Draws one of the runs that an entry state describes: instructions that bring its registers and stack about. */
final class ConcreteEntry {

    private static final int FRAME_POINTER = 10;
    private static final int TRIES = 200;
    private static final int NEAR = 6;

    private final SplittableRandom random;
    private final State state;
    private final Map<Integer, Long> drawn = new HashMap<>();
    private final List<Instruction> code = new ArrayList<>();

    private ConcreteEntry(SplittableRandom random, State state) {
        this.random = random;
        this.state = state;
    }

    /** The instructions; empty for a state with registers or slots that are neither numbers nor known addresses. */
    static Optional<List<Instruction>> draw(SplittableRandom random, State state) {
        var entry = new ConcreteEntry(random, state);
        return entry.stack() && entry.registers() ? Optional.of(entry.code) : Optional.empty();
    }

    private boolean stack() {
        for (int number = 0; number < Frame.STACK_SLOTS; number++) {
            var slot = state.peekSlot(0, number);
            if (slot.holdsPointer()) {
                return false;
            }
            for (int size = Slot.SIZE; size >= 1; size /= 2) {
                // The widest parts come first, and what they say is not said again by narrower ones.
                if (slot.isData(0, Slot.SIZE) && size == Slot.SIZE) {
                    store(number, 0, Slot.SIZE, slot);
                    break;
                }
                for (int at = 0; at < Slot.SIZE && size < Slot.SIZE; at += size) {
                    boolean within = size < Slot.SIZE / 2 && slot.isData(at / (2 * size) * 2 * size, 2 * size);
                    if (slot.isData(at, size) && !within) {
                        store(number, at, size, slot);
                    }
                }
            }
        }
        return true;
    }

    private void store(int number, int at, int size, Slot slot) {
        var width = List.of(AccessSize.values()).stream()
                .filter(s -> s.bytes() == size)
                .findFirst()
                .orElseThrow();
        set(0, value(slot.read(at, size)));
        code.add(new Instruction.Store(
                width, FRAME_POINTER, number * Slot.SIZE + at - Frame.STACK_SIZE, new Register(0)));
    }

    private boolean registers() {
        for (int register = 0; register < FRAME_POINTER; register++) {
            switch (state.register(register)) {
                case Number n -> set(register, value(n));
                case Value.Pointer p
                when p.region() instanceof Region.Stack && isNear(p.variable()) ->
                    set(register, Addresses.framePointer(0) + p.offset() + draw(p.variable()));
                case Value.MapReference m -> set(register, Addresses.map(m.map()));
                case Value.Uninitialised _ ->
                    code.add(new Instruction.Alu(
                            Instruction.Width.W64, Instruction.AluOp.MOV, register, new Immediate(random.nextInt())));
                case Value.Pointer _, Value.FunctionReference _, Value.Dynptr _ -> {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isNear(Scalar variable) {
        return variable.wide().smin() >= -Frame.STACK_SIZE && variable.wide().smax() <= Frame.STACK_SIZE;
    }

    private void set(int register, long value) {
        code.add(new Instruction.LoadImmediate(register, value));
        code.add(new Instruction.WideTail());
    }

    /** Numbers with an id are equal. */
    private long value(Number number) {
        return number.id() == 0
                ? draw(number.scalar())
                : drawn.computeIfAbsent(number.id(), _ -> draw(number.scalar()));
    }

    private long draw(Scalar scalar) {
        for (int i = 0; i < TRIES; i++) {
            long candidate = candidate(scalar);
            if (scalar.contains(candidate)) {
                return candidate;
            }
        }
        return scalar.value();
    }

    private long candidate(Scalar scalar) {
        var range = scalar.wide();
        return switch (random.nextInt(8)) {
            case 0 -> range.umin() + random.nextInt(NEAR);
            case 1 -> range.umax() - random.nextInt(NEAR);
            case 2 -> range.smin() + random.nextInt(NEAR);
            case 3 -> range.smax() - random.nextInt(NEAR);
            case 4 -> random.nextInt(-NEAR, NEAR);
            case 5 -> (1L << random.nextInt(Long.SIZE)) + random.nextInt(-2, 3);
            case 6 -> random.nextLong() >> random.nextInt(Long.SIZE);
            default ->
                range.umin() + Long.remainderUnsigned(random.nextLong(), Math.max(1, range.umax() - range.umin() + 1));
        };
    }
}
