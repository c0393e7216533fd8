package io.vertebra.verifier.report;

import io.vertebra.vm.program.SourceLine;
import java.util.List;
import java.util.Optional;

/**
 * One reason why a program is rejected: where, what is wrong, what the verifier knows there, what it would need, and
 * how the program came there.
 *
 * @param slot the instruction
 * @param function symbol of the function it belongs to
 * @param source the C line it was compiled from
 * @param instruction its text
 * @param problem what is wrong, for example {@code r2 + 8 may be outside the payload}
 * @param known what is known there, for example {@code offset [0, 1520], size 1500}
 * @param needed what must hold
 * @param hint what would fix it; empty when there is no general advice
 * @param path the steps on the way that have to do with it, oldest first
 */
public record Finding(
        int slot,
        String function,
        Optional<SourceLine> source,
        String instruction,
        String problem,
        String known,
        String needed,
        String hint,
        List<Step> path) {

    /**
     * One step on the way: where a value comes from, or a decision on it.
     *
     * @param slot the instruction
     * @param source its C line
     * @param instruction its text
     * @param outcome what it did, for example {@code not taken, so r0 != 0} or {@code where r0 comes from}
     */
    public record Step(int slot, Optional<SourceLine> source, String instruction, String outcome) {}

    /** Makes the list immutable. */
    public Finding {
        path = List.copyOf(path);
    }
}
