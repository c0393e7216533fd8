package io.vertebra.verifier.analysis;

import io.vertebra.verifier.report.Finding;
import io.vertebra.vm.isa.AssemblyText;
import io.vertebra.vm.program.Program;
import java.util.ArrayDeque;
import java.util.List;

/** Makes findings of violations: adds the place, and how the program came there. */
record Findings(Program program) {

    private static final int DECISIONS_SHOWN = 12;

    Finding at(int slot, Path.Decision last, Violation violation) {
        var path = new ArrayDeque<Finding.Decision>();
        for (var d = last; d != null && path.size() < DECISIONS_SHOWN; d = d.before()) {
            path.addFirst(new Finding.Decision(d.slot(), program.sourceOf(d.slot()), text(d.slot()), d.taken()));
        }
        return new Finding(
                slot,
                program.functionAt(slot).name(),
                program.sourceOf(slot),
                text(slot),
                violation.problem(),
                violation.known(),
                violation.needed(),
                violation.hint(),
                List.copyOf(path));
    }

    private String text(int slot) {
        return AssemblyText.print(program.instructions().get(slot));
    }
}
