package io.vertebra.verifier.assertion;

import io.vertebra.verifier.assertion.Assertion.Access;
import io.vertebra.verifier.assertion.Assertion.AccessKind;
import io.vertebra.verifier.assertion.Assertion.Argument;
import io.vertebra.verifier.assertion.Assertion.Arithmetic;
import io.vertebra.verifier.assertion.Assertion.Comparable;
import io.vertebra.verifier.assertion.Assertion.Divisor;
import io.vertebra.verifier.assertion.Assertion.HelperExists;
import io.vertebra.verifier.assertion.Assertion.HelperKnown;
import io.vertebra.verifier.assertion.Assertion.Initialised;
import io.vertebra.verifier.assertion.Assertion.IsContext;
import io.vertebra.verifier.assertion.Assertion.IsNumber;
import io.vertebra.verifier.assertion.Assertion.MayCall;
import io.vertebra.verifier.assertion.Assertion.MayCallBack;
import io.vertebra.verifier.assertion.Assertion.MayEnter;
import io.vertebra.verifier.assertion.Assertion.MayLeave;
import io.vertebra.verifier.assertion.Assertion.MayReturn;
import io.vertebra.verifier.assertion.Assertion.Never;
import io.vertebra.verifier.assertion.Assertion.Storable;
import io.vertebra.verifier.platform.Platform;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.RegisterUse;
import io.vertebra.vm.program.Program;
import java.util.ArrayList;
import java.util.List;

/** Tells what each instruction needs, from the instruction alone. */
public final class AssertionExtractor {

    private final Program program;
    private final Platform platform;

    /** An extractor that knows the program's unresolved calls and the platform's helpers. */
    public AssertionExtractor(Program program, Platform platform) {
        this.program = program;
        this.platform = platform;
    }

    /** What must hold before the instruction at a slot, in the order to check it. */
    public List<Assertion> assertions(int slot, Instruction instruction) {
        return switch (instruction) {
            case Instruction.Alu i -> arithmetic(i);
            case Instruction.MoveSignExtended i -> List.of(new IsNumber(i.src(), "sign extension"));
            case Instruction.Negate i -> List.of(new IsNumber(i.dst(), "negation"));
            case Instruction.ByteSwap i -> List.of(new IsNumber(i.dst(), "a byte order conversion"));
            case Instruction.LoadImmediate _,
                    Instruction.LoadMap _,
                    Instruction.LoadMapValue _,
                    Instruction.LoadFunction _,
                    Instruction.Jump _ -> List.of();
            case Instruction.WideTail _ ->
                List.of(new Never(
                        "control reaches the second half of a wide instruction",
                        "a jump target that is an instruction",
                        ""));
            case Instruction.Load i ->
                List.of(new Access(i.base(), i.offset(), i.size().bytes(), AccessKind.READ));
            case Instruction.LoadPacket i -> legacyAccess(i);
            case Instruction.Store i -> store(i);
            case Instruction.Atomic i -> atomic(i);
            case Instruction.JumpIf i -> comparison(i);
            case Instruction.Call _
            when program.externals().containsKey(slot) ->
                List.of(new Never(
                        "calls `" + program.externals().get(slot) + "`, which the object does not define",
                        "a function of the object, or a helper",
                        "link the function in, or let the compiler inline it"));
            case Instruction.Call _
            when program.poisoned().containsKey(slot) ->
                List.of(new Never(
                        program.poisoned().get(slot),
                        "what the running application has",
                        "ask bpf_core_field_exists before, or compile against this application's header"));
            case Instruction.Call i -> call(i.helper());
            case Instruction.CallLocal i -> List.of(new MayEnter(slot + 1 + i.offset()));
            case Instruction.CallRegister i -> List.of(new HelperKnown(i.register()));
            case Instruction.Exit _ -> List.of(new MayReturn());
        };
    }

    private List<Assertion> legacyAccess(Instruction.LoadPacket i) {
        if (!platform.legacyPacketAccess()) {
            return List.of(new Never(
                    "legacy packet access is not available",
                    "loads through the `data` pointer of the context",
                    "read the payload between `data` and `data_end`"));
        }
        var result = new ArrayList<Assertion>();
        result.add(new IsContext(RegisterUse.PACKET_CONTEXT, "legacy packet access"));
        if (i.index() >= 0) {
            result.add(new IsNumber(i.index(), "an index"));
        }
        result.add(new MayLeave("legacy packet access"));
        return result;
    }

    private List<Assertion> arithmetic(Instruction.Alu i) {
        var result = new ArrayList<Assertion>();
        initialised(result, i.src());
        if (i.op() != AluOp.MOV) {
            result.add(new Initialised(i.dst()));
        }
        result.add(new Arithmetic(i.op(), i.width(), i.dst(), i.src()));
        if (isDivision(i.op()) && !platform.divisionByZeroAllowed()) {
            result.add(new Divisor(i.width(), i.src()));
        }
        return result;
    }

    private static boolean isDivision(AluOp op) {
        return switch (op) {
            case DIV, SDIV, MOD, SMOD -> true;
            case ADD, SUB, MUL, OR, AND, XOR, LSH, RSH, ARSH, MOV -> false;
        };
    }

    private static List<Assertion> comparison(Instruction.JumpIf i) {
        var result = new ArrayList<Assertion>();
        result.add(new Initialised(i.left()));
        initialised(result, i.right());
        result.add(new Comparable(i.width(), i.condition(), i.left(), i.right()));
        return result;
    }

    private static void initialised(List<Assertion> result, Operand operand) {
        if (operand instanceof Register register) {
            result.add(new Initialised(register.number()));
        }
    }

    private static List<Assertion> store(Instruction.Store i) {
        var result = new ArrayList<Assertion>();
        initialised(result, i.src());
        result.add(new Access(i.base(), i.offset(), i.size().bytes(), AccessKind.WRITE));
        if (i.src() instanceof Register register) {
            result.add(new Storable(
                    register.number(), i.base(), i.offset(), i.size().bytes()));
        }
        return result;
    }

    private static List<Assertion> atomic(Instruction.Atomic i) {
        var result = new ArrayList<Assertion>();
        if (i.size().bytes() < 4) {
            result.add(new Never("an atomic access of " + i.size().bytes() + " bytes", "4 or 8 bytes", ""));
        }
        result.add(new IsNumber(i.src(), "an atomic access"));
        if (i.op() == AtomicOp.COMPARE_EXCHANGE) {
            result.add(new IsNumber(0, "an atomic access"));
        }
        result.add(new Access(i.base(), i.offset(), i.size().bytes(), AccessKind.ATOMIC));
        return result;
    }

    /** What a call of a helper needs. */
    public List<Assertion> call(int helper) {
        var prototype = platform.helper(helper);
        if (prototype.isEmpty()) {
            return List.of(new HelperExists(helper));
        }
        var result = new ArrayList<Assertion>();
        for (int index = 0; index < prototype.get().arguments().size(); index++) {
            result.add(new Argument(prototype.get(), index));
        }
        result.add(new MayCall(prototype.get()));
        int callback = prototype.get().arguments().indexOf(HelperPrototype.Argument.CALLBACK);
        if (callback >= 0) {
            result.add(new MayCallBack(prototype.get(), callback));
        }
        if (prototype.get().result() == HelperPrototype.Result.LEAVES) {
            result.add(new MayLeave("a tail call"));
        }
        return result;
    }
}
