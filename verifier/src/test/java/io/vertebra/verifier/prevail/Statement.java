package io.vertebra.verifier.prevail;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Width;

/** One line of PREVAIL's assembler text, before it has a slot. */
sealed interface Statement {

    /** An instruction that goes on to the next line. */
    record Plain(Instruction instruction) implements Statement {
        boolean isWide() {
            return instruction instanceof Instruction.LoadImmediate
                    || instruction instanceof Instruction.LoadMap
                    || instruction instanceof Instruction.LoadMapValue;
        }
    }

    /** The end of a function. */
    record Exit() implements Statement {}

    /** A jump to a label. */
    record Goto(String label) implements Statement {}

    /** A jump to a label where the test is as wanted. */
    record If(Test test, String label) implements Statement {}

    /** A call of the function that begins at a label. */
    record Call(String label) implements Statement {}

    /** Runs where the test is not as wanted are none of the case. */
    record Assume(Test test) implements Statement {}

    /**
     * A comparison.
     *
     * @param wanted what it must give: a jump where no bit is set has no condition of its own
     */
    record Test(Width width, Condition condition, int left, Operand right, boolean wanted) {
        Instruction jump(int offset) {
            return new Instruction.JumpIf(width, condition, left, right, offset);
        }
    }
}
