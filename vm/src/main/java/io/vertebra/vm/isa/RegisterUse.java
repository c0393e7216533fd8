package io.vertebra.vm.isa;

import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Register;

/** Which registers an instruction reads and writes, as sets of bits. */
public final class RegisterUse {

    /** r0. */
    public static final int RESULT = 1;

    /** r1 to r5. */
    public static final int ARGUMENTS = 0b111110;

    /** The register that legacy packet access takes the context from. */
    public static final int PACKET_CONTEXT = 6;

    private RegisterUse() {}

    /** Registers whose old value is gone afterwards. */
    public static int written(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Alu i -> bit(i.dst());
            case Instruction.MoveSignExtended i -> bit(i.dst());
            case Instruction.Negate i -> bit(i.dst());
            case Instruction.ByteSwap i -> bit(i.dst());
            case Instruction.LoadImmediate i -> bit(i.dst());
            case Instruction.LoadMap i -> bit(i.dst());
            case Instruction.LoadMapValue i -> bit(i.dst());
            case Instruction.LoadFunction i -> bit(i.dst());
            case Instruction.Load i -> bit(i.dst());
            case Instruction.Atomic i -> atomicResult(i);
            case Instruction.LoadPacket _, Instruction.Call _, Instruction.CallLocal _, Instruction.CallRegister _ ->
                RESULT | ARGUMENTS;
            case Instruction.WideTail _,
                    Instruction.Store _,
                    Instruction.Jump _,
                    Instruction.JumpIf _,
                    Instruction.Exit _ -> 0;
        };
    }

    private static int atomicResult(Instruction.Atomic i) {
        if (i.op() == AtomicOp.COMPARE_EXCHANGE) {
            return RESULT;
        }
        return i.fetch() || i.op() == AtomicOp.EXCHANGE ? bit(i.src()) : 0;
    }

    /** Registers whose value matters; for a call, all arguments that it could have. */
    public static int read(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Alu i -> bit(i.src()) | (i.op() == AluOp.MOV ? 0 : bit(i.dst()));
            case Instruction.MoveSignExtended i -> bit(i.src());
            case Instruction.Negate i -> bit(i.dst());
            case Instruction.ByteSwap i -> bit(i.dst());
            case Instruction.Load i -> bit(i.base());
            case Instruction.LoadPacket i -> bit(PACKET_CONTEXT) | (i.index() < 0 ? 0 : bit(i.index()));
            case Instruction.Store i -> bit(i.base()) | bit(i.src());
            case Instruction.Atomic i ->
                bit(i.base()) | bit(i.src()) | (i.op() == AtomicOp.COMPARE_EXCHANGE ? RESULT : 0);
            case Instruction.JumpIf i -> bit(i.left()) | bit(i.right());
            case Instruction.Call _, Instruction.CallLocal _ -> ARGUMENTS;
            case Instruction.CallRegister i -> ARGUMENTS | bit(i.register());
            case Instruction.Exit _ -> RESULT;
            case Instruction.LoadImmediate _,
                    Instruction.LoadMap _,
                    Instruction.LoadMapValue _,
                    Instruction.LoadFunction _,
                    Instruction.WideTail _,
                    Instruction.Jump _ -> 0;
        };
    }

    private static int bit(int register) {
        return 1 << register;
    }

    private static int bit(Operand operand) {
        return operand instanceof Register register ? bit(register.number()) : 0;
    }
}
