package io.vertebra.verifier.analysis;

import io.vertebra.verifier.assertion.Assertion;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Register;
import java.util.ArrayList;
import java.util.List;

/** What a violation is about, so that the part of the path can be told that has to do with it. */
sealed interface Concern {

    /** What these registers hold. */
    record Values(List<Integer> registers) implements Concern {}

    /** That nothing was put into a register. */
    record Missing(int register) implements Concern {}

    /** That something was reserved and not released. */
    record Held() implements Concern {}

    /** The whole way. */
    record Way() implements Concern {}

    static Concern of(State state, Assertion assertion) {
        return switch (assertion) {
            case Assertion.Initialised a -> ofRegister(state, a.register());
            case Assertion.IsNumber a -> ofRegister(state, a.register());
            case Assertion.Access a -> ofRegister(state, a.base());
            case Assertion.Storable a -> new Values(List.of(a.register(), a.base()));
            case Assertion.Arithmetic a -> ofOperands(a.dst(), a.src());
            case Assertion.Comparable a -> ofOperands(a.left(), a.right());
            case Assertion.HelperKnown a -> ofRegister(state, a.register());
            case Assertion.Argument a -> ofArgument(state, a.index() + 1);
            case Assertion.MayCallBack a -> ofRegister(state, a.index() + 1);
            case Assertion.Divisor a when a.operand() instanceof Register r -> ofRegister(state, r.number());
            case Assertion.Divisor _ -> new Way();
            case Assertion.IsContext a -> ofRegister(state, a.register());
            case Assertion.MayLeave _ -> new Held();
            case Assertion.MayReturn _ -> state.reservations().isEmpty() ? ofRegister(state, 0) : new Held();
            case Assertion.HelperExists _, Assertion.MayCall _, Assertion.MayEnter _, Assertion.Never _ -> new Way();
        };
    }

    private static Concern ofRegister(State state, int register) {
        return state.register(register) instanceof Value.Uninitialised
                ? new Missing(register)
                : new Values(List.of(register));
    }

    private static Concern ofOperands(int left, Operand right) {
        var registers = new ArrayList<>(List.of(left));
        if (right instanceof Register r) {
            registers.add(r.number());
        }
        return new Values(registers);
    }

    /** Memory and its size are arguments side by side. */
    private static Concern ofArgument(State state, int register) {
        if (state.register(register) instanceof Value.Uninitialised) {
            return new Missing(register);
        }
        return register < 5 && state.register(register + 1) instanceof Value.Number
                ? new Values(List.of(register, register + 1))
                : new Values(List.of(register));
    }
}
