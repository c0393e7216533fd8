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
 * @param path the last decisions of the branches on the way, oldest first
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
        List<Decision> path) {

    /**
     * One conditional jump on the way.
     *
     * @param slot the jump
     * @param source its C line
     * @param instruction its text
     * @param taken whether it jumped
     */
    public record Decision(int slot, Optional<SourceLine> source, String instruction, boolean taken) {}

    /** Makes the list immutable. */
    public Finding {
        path = List.copyOf(path);
    }
}
