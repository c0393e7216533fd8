package io.vertebra.verifier.analysis;

import io.vertebra.verifier.report.Finding;
import io.vertebra.vm.program.Program;

/** Makes findings of violations: adds the place, and how the program came there. */
record Findings(Program program, Text text) {

    Finding at(Path path, Violation seen, Concern concern) {
        int slot = path.slot;
        var story = Story.of(program, text, path, concern);
        var violation = story.tellsOfRelease() ? released(concern, seen) : seen;
        return new Finding(
                slot,
                program.functionAt(slot).name(),
                program.sourceOf(slot),
                text.instruction(slot),
                violation.problem(),
                violation.known(),
                violation.needed(),
                violation.hint(),
                story.steps());
    }

    /** A register that held a record holds nothing any more once that was released. */
    private static Violation released(Concern concern, Violation seen) {
        return new Violation(
                Text.register(((Concern.Missing) concern).register()) + " is a record that was submitted or discarded",
                "",
                seen.needed(),
                "submit or discard a record once, when nothing is to be done with it any more");
    }
}
