package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.report.Finding;
import io.vertebra.vm.helper.HelperPrototype;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What calls of helpers do to a path, with the functions that helpers call in turn. */
final class Calls {

    private final Progress progress;
    private final Transformer transformer;
    /** Explores all paths from one, in the scope of the moment. */
    private final Function<Path, Optional<Finding>> explorer;
    /** Functions that helpers call in runs of their own, by entry and by what they get: each is explored once. */
    private final Set<List<Object>> later = new HashSet<>();

    Calls(Progress progress, Transformer transformer, Function<Path, Optional<Finding>> explorer) {
        this.progress = progress;
        this.transformer = transformer;
        this.explorer = explorer;
    }

    /** The functions that were explored by now, to be called in runs of their own. */
    Set<List<Object>> later() {
        return Set.copyOf(later);
    }

    /** Forgets what was explored since, with all that was recorded of it. */
    void forget(Set<List<Object>> before) {
        later.retainAll(before);
    }

    /** Calls a helper whose arguments were checked; what is wrong with a function that it calls, if anything is. */
    Optional<Finding> call(Path path, HelperPrototype prototype) {
        progress.recorder.helper(prototype);
        Optional<Finding> finding = Optional.empty();
        if (prototype.callback().isEmpty()) {
            transformer.call(path.state, prototype);
        } else {
            var call = CallbackCall.of(progress.subject.program, path.state, prototype);
            progress.recorder.callback(path.state, path.slot, call);
            transformer.call(path.state, prototype);
            finding = call.isLater() ? callLater(path, call) : callBack(path, call);
            if (finding.isPresent()) {
                progress.noteGeneralised(path);
            }
        }
        path.slot++;
        return finding;
    }

    /**
     * Explores a function that the helper calls any number of times, 0 included.
     *
     * <p>Sound because the state after the call is inductive: it covers the state before the first call of the function,
     * and when a call begins in it, every exit of the function is covered by it again.
     */
    private Optional<Finding> callBack(Path path, CallbackCall call) {
        if (call.times() == 0) {
            return Optional.empty();
        }
        var outer = progress.scope;
        var rounds = new Rounds(path.state, progress.ids);
        try {
            while (true) {
                var arguments = call.arguments(progress.ids);
                progress.scope = new Scope(path.state.depth() + 1, exit -> rounds.exit(exit, arguments));
                var body = rounds.state().copy();
                body.startSegment();
                body.callBack(
                        call.entry(), path.slot + 1, arguments, call.callback().greatestResult());
                var root = enter(path, call, body);
                var finding = explorer.apply(new Path(body, call.entry(), root, 0, into(path, call)));
                if (finding.isPresent()) {
                    return finding;
                }
                rounds.read(root.read());
                if (rounds.isInductive()) {
                    path.state = rounds.end();
                    return repeated(path, call, root.longest());
                }
                rounds.next();
            }
        } finally {
            progress.scope = outer;
        }
    }

    private Node enter(Path path, CallbackCall call, State body) {
        progress.listener.callsBack(path.slot, call.entry());
        return new Node(null, call.entry(), body.copy(), 0, new long[body.depth()]);
    }

    private static Path.Decision into(Path path, CallbackCall call) {
        return new Path.Decision(path.slot, call.entry(), path.decisions);
    }

    /** Adds the steps of the calls. */
    private Optional<Finding> repeated(Path path, CallbackCall call, long steps) {
        if (steps > (progress.subject.platform.maxSteps() - path.length()) / call.times()) {
            return progress.found(path, progress.limits.tooManyCalls(call, steps));
        }
        path.steps += steps * call.times();
        return Optional.empty();
    }

    /** Explores a function that the helper calls in a run of its own. */
    private Optional<Finding> callLater(Path path, CallbackCall call) {
        if (!later.add(List.of(call.entry(), call.map(), call.callback()))) {
            return Optional.empty();
        }
        var outer = progress.scope;
        progress.scope = Scope.ofRun();
        try {
            var state = State.entry(
                    call.entry(), call.arguments(progress.ids), call.callback().greatestResult());
            var root = enter(path, call, state);
            var finding = explorer.apply(new Path(state, call.entry(), root, 0, into(path, call)));
            progress.longest = Math.max(progress.longest, root.longest());
            return finding.isPresent() || !progress.limits.isTooLong(root.longest())
                    ? finding
                    : progress.found(path, progress.limits.tooManySteps(root.longest()));
        } finally {
            progress.scope = outer;
        }
    }
}
