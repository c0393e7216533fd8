package io.vertebra.vm.isa;

import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Order;
import io.vertebra.vm.isa.Instruction.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Programs of arbitrary valid instructions, every record and field value possible. */
final class RandomInstructions {

    private final RandomGenerator random;

    RandomInstructions(RandomGenerator random) {
        this.random = random;
    }

    List<Instruction> program(int atMost) {
        var program = new ArrayList<Instruction>();
        int count = 1 + random.nextInt(atMost);
        for (int i = 0; i < count; i++) {
            var instruction = next();
            program.add(instruction);
            if (isWide(instruction)) {
                program.add(new Instruction.WideTail());
            }
        }
        return program;
    }

    static boolean isWide(Instruction instruction) {
        return instruction instanceof Instruction.LoadImmediate
                || instruction instanceof Instruction.LoadMap
                || instruction instanceof Instruction.LoadMapValue
                || instruction instanceof Instruction.LoadFunction;
    }

    Instruction next() {
        return switch (random.nextInt(18)) {
            case 0 -> new Instruction.Alu(any(Width.values()), any(AluOp.values()), register(), operand());
            case 1 -> new Instruction.MoveSignExtended(Width.W32, any(8, 16), register(), register());
            case 2 -> new Instruction.MoveSignExtended(Width.W64, any(8, 16, 32), register(), register());
            case 3 -> new Instruction.Negate(any(Width.values()), register());
            case 4 -> new Instruction.ByteSwap(any(Order.values()), any(16, 32, 64), register());
            case 5 -> new Instruction.LoadImmediate(register(), random.nextLong() >> random.nextInt(64));
            case 6 -> new Instruction.LoadMap(register(), number() & Integer.MAX_VALUE);
            case 7 -> new Instruction.LoadMapValue(register(), number() & Integer.MAX_VALUE, number());
            case 8 -> new Instruction.LoadFunction(register(), number());
            case 9 -> {
                boolean signed = random.nextBoolean();
                yield new Instruction.Load(
                        signed ? narrow() : any(AccessSize.values()), signed, register(), register(), offset());
            }
            case 10 -> new Instruction.LoadPacket(narrow(), random.nextInt(-1, 11), number());
            case 11 -> new Instruction.Store(any(AccessSize.values()), register(), offset(), operand());
            case 12 -> {
                var op = any(AtomicOp.values());
                boolean fetch = Opcode.alwaysFetches(op) || random.nextBoolean();
                var size = random.nextBoolean() ? AccessSize.WORD : AccessSize.DOUBLE;
                yield new Instruction.Atomic(size, op, fetch, register(), offset(), register());
            }
            case 13 -> new Instruction.Jump(random.nextBoolean() ? offset() : number());
            case 14 ->
                new Instruction.JumpIf(any(Width.values()), any(Condition.values()), register(), operand(), offset());
            case 15 -> new Instruction.Call(number());
            case 16 ->
                random.nextBoolean() ? new Instruction.CallLocal(number()) : new Instruction.CallRegister(register());
            default -> new Instruction.Exit();
        };
    }

    private Operand operand() {
        return random.nextBoolean() ? new Instruction.Register(register()) : new Instruction.Immediate(number());
    }

    private int register() {
        return random.nextInt(11);
    }

    /** Small numbers and large ones, of both signs. */
    private int number() {
        return random.nextInt() >> random.nextInt(32);
    }

    private int offset() {
        return (short) (random.nextInt() >> random.nextInt(16, 32));
    }

    private AccessSize narrow() {
        return any(AccessSize.BYTE, AccessSize.HALF, AccessSize.WORD);
    }

    @SafeVarargs
    private <T> T any(T... values) {
        return values[random.nextInt(values.length)];
    }
}
