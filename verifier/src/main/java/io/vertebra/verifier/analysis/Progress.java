package io.vertebra.verifier.analysis;

import io.vertebra.verifier.report.Finding;
import java.util.Optional;

/**
 * How far an exploration has come: what is explored right now, what was recorded by then, and why it goes back if it does.
 * The parts of the explorer share it; each changes it where its own question is answered.
 */
final class Progress {

    final Subject subject;
    final Budget budget;
    final ExplorationListener listener;
    final Limits limits;
    final Ids ids = new Ids();
    private final Findings findings;

    /** What is explored to its end before anything else. */
    Scope scope = Scope.ofRun();

    PlanRecorder recorder;
    /** The most steps of a run of its own that was explored by now. */
    long longest;
    /** The loop that is not proved as a whole after all: all paths in it are given up. */
    Optional<Loop> unwinding = Optional.empty();
    /** The head of a loop of which all is proved but that it ends. */
    Optional<Integer> standing = Optional.empty();
    /** What the last finding is about, null before the first one. */
    CaseFinder.Failure failure;
    /** The last slot before the finding at which the state was made more general. */
    Optional<Integer> generalised = Optional.empty();

    Progress(Subject subject, Budget budget, ExplorationListener listener) {
        this.subject = subject;
        this.budget = budget;
        this.listener = listener;
        limits = new Limits(subject);
        findings = new Findings(subject.program, new Text(subject.program, subject.platform));
        recorder = new PlanRecorder(subject.program, subject.flow);
    }

    Optional<Finding> found(Path path, Violation violation) {
        return found(path, violation, new Concern.Way());
    }

    Optional<Finding> found(Path path, Violation violation, Concern concern) {
        listener.fails(path.slot, violation.problem());
        noteGeneralised(path);
        failure = new CaseFinder.Failure(path.slot, path.decisions, concern);
        return Optional.of(findings.at(path, violation, concern));
    }

    /** Notes where the path to a finding was made more general. */
    void noteGeneralised(Path path) {
        boolean exhausted = budget.isExhausted();
        for (var node = path.node; node != null && generalised.isEmpty() && !exhausted; node = node.parent) {
            if (node.generation > 0) {
                generalised = Optional.of(node.slot);
            }
        }
    }

    /** Ends a path, and with it the nodes of which it was the last one. */
    void end(Path path, Tails tail) {
        path.ended = true;
        recorder.stack(path.state);
        path.node.noteRead(path.state.readInSegment());
        var bound = tail;
        for (var node = path.node; node != null && node.end(bound); node = node.parent) {
            scope.visits.add(node);
            bound = node.tailsFromParent();
        }
    }

    /** Ends a path at a node, of which these stack slots matter, and from which this may follow. */
    void endAt(Path path, long[] mattering, Tails tails) {
        var read = mattering.clone();
        var overwritten = path.state.overwrittenInSegment();
        for (int frame = 0; frame < read.length; frame++) {
            read[frame] &= ~overwritten[frame];
        }
        path.node.noteRead(read);
        end(path, tails.after(path.steps));
    }

    /** Gives a path up, with all others in the loop. */
    void giveUp(Path path, Loop loop) {
        path.ended = true;
        unwinding = Optional.of(loop);
    }
}
