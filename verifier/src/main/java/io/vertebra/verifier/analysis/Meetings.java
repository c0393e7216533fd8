package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Subsumption;
import io.vertebra.verifier.report.Finding;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of a path at a place where paths meet: it goes round without end, it ends because nothing new can follow, or
 * its state is kept, to compare later ones with.
 */
final class Meetings {

    /** Stored states of the same path that are looked at to find that it goes round. */
    private static final int MEMORY = 16;

    private final Progress progress;
    private final Set<Integer> exact;
    private final Loops loops;
    private final LoopProof proof;

    /**
     * The meetings of one exploration.
     *
     * @param exact slots at which states are not made more general
     */
    Meetings(Progress progress, Set<Integer> exact, Loops loops, LoopProof proof) {
        this.progress = progress;
        this.exact = exact;
        this.loops = loops;
        this.proof = proof;
    }

    /** A path comes to such a place; what is wrong if it never leaves its loop. */
    Optional<Finding> meet(Path path) {
        var violation = goesRound(path);
        if (violation.isPresent()) {
            return progress.found(path, violation.get());
        }
        proof.closeTurn(path);
        if (!path.ended) {
            endAtCoveringState(path);
        }
        if (path.ended || path.steps < progress.budget.gap()) {
            return Optional.empty();
        }
        var previous = loops.previous(path);
        if (previous != null && loops.isTime(previous, progress.scope.level())) {
            proof.tryWhole(path, previous);
        }
        if (!path.ended) {
            store(path, previous);
        }
        return Optional.empty();
    }

    /** Whether the path was in the same state before. */
    private Optional<Violation> goesRound(Path path) {
        path.state.keepRegisters(progress.subject.flow.liveAt(path.slot));
        path.state.keepNumbers(progress.subject.flow.decidingAt(path.slot));
        var node = path.node;
        for (int i = 0; i < MEMORY && node != null; i++) {
            if (node.slot == path.slot && node.parent != null && Subsumption.same(node.state, path.state)) {
                return Optional.of(progress.limits.endless(path, node));
            }
            node = node.parent;
        }
        return Optional.empty();
    }

    private void endAtCoveringState(Path path) {
        progress.scope.covering(path.slot, path.state).ifPresent(node -> {
            progress.listener.covers(path.slot, node.state, path.state);
            progress.endAt(path, node.read(), node.tails());
        });
    }

    /**
     * Keeps the state, or a more general one to go on with.
     *
     * @param previous the node of the loop's iteration before, or null
     */
    private void store(Path path, Node previous) {
        path.node.noteRead(path.state.readInSegment());
        var overwritten = path.state.overwrittenInSegment();
        path.state.startSegment();
        var general = exact.contains(path.slot)
                ? Optional.<Visits.General>empty()
                : progress.scope.visits.general(path.slot, path.state, !progress.budget.isTight());
        general.ifPresent(g -> {
            progress.listener.generalises(path.slot, path.state, g.state());
            path.state = g.state();
        });
        progress.listener.stores(path.slot, path.state);
        path.node = new Node(path.node, path.slot, path.state.copy(), path.steps, overwritten);
        path.node.generation = general.map(Visits.General::generation).orElse(0);
        if (previous != null) {
            path.node.follow(previous);
        }
        path.steps = 0;
        progress.budget.state();
    }
}
