package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Widening;
import io.vertebra.verifier.report.Finding;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Function;

/** Proves loops as a whole: attempts from guesses of what holds at their heads, and the ends of their turns. */
final class LoopProof {

    /** Guesses of what holds at the head of a loop, each more general than the one before. */
    private static final int GUESSES = 12;

    private final Progress progress;
    private final Loops loops;
    private final Calls calls;
    /** Explores all paths from one, in the scope of the moment. */
    private final Function<Path, Optional<Finding>> explorer;

    LoopProof(Progress progress, Loops loops, Calls calls, Function<Path, Optional<Finding>> explorer) {
        this.progress = progress;
        this.loops = loops;
        this.calls = calls;
        this.explorer = explorer;
    }

    /** Ends the path if it is back at the head of a loop that is proved as a whole. */
    void closeTurn(Path path) {
        var loop = loops.returned(path, progress.scope);
        if (loop == null) {
            return;
        }
        if (!loop.covers(path.state, progress.scope.counters(loop.level() - 1))) {
            progress.giveUp(path, loop);
            return;
        }
        progress.listener.covers(path.slot, loop.guess().state(), path.state);
        progress.endAt(path, loop.known(), Tails.back(loop.level(), 0));
    }

    /** Ends the path at the head of a loop if the loop can be proved as a whole from here on. */
    void tryWhole(Path path, Node previous) {
        var thresholds = loops.thresholds(path.slot);
        var guess = Widening.of(previous.state, path.state, thresholds, /* together= */ true, progress.ids::next);
        for (int round = 0; round < GUESSES; round++) {
            var attempt = attempt(path, guess);
            if (attempt.isEmpty()) {
                return;
            }
            if (progress.unwinding.isPresent()) {
                path.ended = true;
                return;
            }
            var escaped = attempt.get().escaped();
            if (escaped == null) {
                break;
            }
            guess = Widening.of(guess.state(), escaped, thresholds, /* together= */ false, progress.ids::next);
        }
        loops.fail(path.slot);
    }

    /** Explores a loop from a guess; empty if the path ended with it, else the loop that was not proved. */
    private Optional<Loop> attempt(Path path, Widening.Guess guess) {
        var outer = progress.scope;
        var recorded = progress.recorder;
        var seen = calls.later();
        var before = progress.generalised;
        var root = Node.ofLoop(path, guess.state().copy());
        long until = (progress.budget.instructions() + Budget.INSTRUCTIONS) / 2;
        var loop = new Loop(path.slot, outer.level() + 1, guess, root, until);
        var exits = new ArrayList<State>();
        progress.scope = outer.of(loop, exits::add);
        progress.recorder = recorded.copy();
        progress.listener.generalises(path.slot, path.state, guess.state());
        var body = guess.state().copy();
        body.startSegment();
        body.anchor(guess.words());
        var finding = explorer.apply(new Path(body, path.slot, root, 0, path.decisions));
        var inner = progress.scope;
        progress.scope = outer;
        var iterations = loop.iterations();
        boolean safe = finding.isEmpty() && progress.unwinding.isEmpty();
        boolean proved = safe && iterations.isPresent();
        if (safe && loop.standsStill()) {
            progress.standing = Optional.of(path.slot);
        }
        progress.unwinding = progress.unwinding.filter(l -> l != loop);
        var whole = proved ? loop.tails(iterations.getAsLong()) : Tails.none();
        if (!proved || progress.limits.isTooLong(path.length() + whole.toExit())) {
            progress.recorder = recorded;
            // What was recorded of functions that helpers call later is forgotten too.
            calls.forget(seen);
            progress.generalised = before;
            return Optional.of(loop);
        }
        outer.visits.addLoop(inner.visits, loop.level(), whole);
        exits.forEach(outer.exits);
        progress.listener.covers(path.slot, guess.state(), path.state);
        progress.endAt(path, root.read(), whole);
        return Optional.empty();
    }
}
