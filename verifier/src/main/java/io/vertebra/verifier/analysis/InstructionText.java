package io.vertebra.verifier.analysis;

import io.vertebra.vm.isa.Instruction;

/** The text of one instruction in findings. */
final class InstructionText {

    private InstructionText() {}

    static String print(Instruction instruction) {
        return instruction.toString();
    }
}
