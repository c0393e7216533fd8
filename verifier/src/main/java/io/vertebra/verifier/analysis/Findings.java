package io.vertebra.verifier.analysis;

import io.vertebra.verifier.report.Finding;
import io.vertebra.vm.program.Program;

/** Makes findings of violations: adds the place, and how the program came there. */
record Findings(Program program, Text text) {

    Finding at(Path path, Violation violation, Concern concern) {
        int slot = path.slot;
        return new Finding(
                slot,
                program.functionAt(slot).name(),
                program.sourceOf(slot),
                text.instruction(slot),
                violation.problem(),
                violation.known(),
                violation.needed(),
                violation.hint(),
                Story.of(program, text, path, concern));
    }
}
