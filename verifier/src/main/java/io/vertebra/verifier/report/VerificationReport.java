package io.vertebra.verifier.report;

import io.vertebra.vm.program.AccessPlan;
import java.util.List;

/** The verdict on one program. A rejected program is a value, not an exception. */
public sealed interface VerificationReport {

    /** What the verification cost. */
    Statistics statistics();

    /**
     * Every run of the program is safe and ends.
     *
     * @param plan what was proved, for an executor
     * @param statistics what it cost
     */
    record Accepted(AccessPlan plan, Statistics statistics) implements VerificationReport {}

    /**
     * The program is not safe, or it could not be proved to be.
     *
     * @param findings why, at least one
     * @param statistics what it cost
     */
    record Rejected(List<Finding> findings, Statistics statistics) implements VerificationReport {
        /** Makes the list immutable. */
        public Rejected {
            findings = List.copyOf(findings);
            if (findings.isEmpty()) {
                throw new IllegalArgumentException("a rejection without findings, at least 1 is needed");
            }
        }
    }
}
