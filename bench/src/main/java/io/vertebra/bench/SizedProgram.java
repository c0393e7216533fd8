package io.vertebra.bench;

import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Alu;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Exit;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.JumpIf;
import io.vertebra.vm.isa.Instruction.Load;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.Instruction.Width;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Generated programs of a given length over the context of the chain: of eight instructions one loads a field, one is a
 * jump over the next, and the others calculate. The same length gives the same program.
 */
final class SizedProgram {

    /** The lengths that are measured. */
    static final List<Integer> LENGTHS = List.of(100, 500, 1000, 2000, 4096);

    private static final int CONTEXT = 6;
    private static final int FIELDS = 10;
    private static final int[] DATA = {0, 2, 3, 4, 5, 7, 8, 9};
    private static final AluOp[] OPS = {AluOp.ADD, AluOp.SUB, AluOp.XOR, AluOp.OR, AluOp.AND, AluOp.MUL, AluOp.RSH};

    private final Random random = new Random(7);
    private final List<Instruction> code = new ArrayList<>();

    private SizedProgram() {}

    /** A verified program of so many instructions. */
    static Codelet of(int length) {
        var context = Codelet.context("control/bench/chain");
        var program = Program.of("sized_" + length, new SizedProgram().write(length), List.of());
        return Codelet.verified(program.name(), program, context);
    }

    private List<Instruction> write(int length) {
        code.add(new Alu(Width.W64, AluOp.MOV, CONTEXT, new Register(1)));
        for (int register : DATA) {
            code.add(load(register));
        }
        while (code.size() < length - 1) {
            switch (code.size() % 8) {
                case 0 -> code.add(load(data()));
                case 4 ->
                    code.add(
                            code.size() < length - 2
                                    ? new JumpIf(Width.W64, Condition.GT, data(), new Register(data()), 1)
                                    : alu());
                default -> code.add(alu());
            }
        }
        code.add(new Exit());
        return code;
    }

    private int data() {
        return DATA[random.nextInt(DATA.length)];
    }

    private Load load(int register) {
        return new Load(AccessSize.DOUBLE, false, register, CONTEXT, random.nextInt(FIELDS) * Long.BYTES);
    }

    private Alu alu() {
        var op = OPS[random.nextInt(OPS.length)];
        Operand operand = switch (op) {
            case RSH -> new Immediate(1 + random.nextInt(7));
            case AND -> new Immediate(-1 - random.nextInt(1 << 20));
            case MUL -> new Immediate(3 + 2 * random.nextInt(50));
            default -> new Register(data());
        };
        return new Alu(random.nextInt(4) == 0 ? Width.W32 : Width.W64, op, data(), operand);
    }

    /** Instructions that a run executes, as the mean of the first few events: the least step budget that is enough. */
    static double executed(Codelet codelet, Runs runs) {
        int sample = Math.min(runs.count(), 16);
        double sum = 0;
        for (int i = 0; i < sample; i++) {
            long enough = codelet.plan().maxSteps();
            long tooFew = 0;
            while (enough - tooFew > 1) {
                long middle = (enough + tooFew) / 2;
                if (ends(codelet.interpreted(middle), runs, i)) {
                    enough = middle;
                } else {
                    tooFew = middle;
                }
            }
            sum += enough;
        }
        return sum / sample;
    }

    private static boolean ends(Executable executable, Runs runs, int i) {
        try {
            runs.run(executable, i);
            return true;
        } catch (ProgramFault _) {
            return false;
        }
    }
}
