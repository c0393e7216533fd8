package io.vertebra.verifier.analysis;

import io.vertebra.verifier.assertion.Assertion;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Subsumption;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Widening;
import io.vertebra.verifier.report.Finding;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.program.AccessPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Walks all paths of a program, depth first. A path ends at an exit, or where a state that was explored to the end covers
 * its own. Loops are walked: a path that comes back to the same state would never end.
 *
 * <p>The bound on the steps of a run is computed on the way: each stored state knows the longest path after it once all
 * of them ended. Sound because a path that ends at a covering state has at most that state's longest path before it.
 */
final class Exploration {

    /** Stored states of the same path that are looked at to find that it goes round. */
    private static final int MEMORY = 16;

    /** Guesses of what holds at the head of a loop, each more general than the one before. */
    private static final int GUESSES = 12;

    private final Subject subject;
    private final Budget budget;
    private final Set<Integer> exact;
    private final Checker checker;
    private final Transformer transformer;
    private final Branches branches;
    private final Limits limits;
    private final Loops loops;
    private final Findings findings;
    private final ExplorationListener listener;
    private final Ids ids = new Ids();
    /** Functions that helpers call in runs of their own, by entry and by what they get: each is explored once. */
    private final Set<List<Object>> later = new HashSet<>();

    private Scope scope = Scope.ofRun();
    private PlanRecorder recorder;
    private long longest;
    private Optional<Loop> unwinding = Optional.empty();
    /** The last slot before the finding at which the state was made more general. */
    private Optional<Integer> generalised = Optional.empty();

    /**
     * An exploration of a well-formed program.
     *
     * @param exact slots at which states are not made more general
     */
    Exploration(Subject subject, Budget budget, Set<Integer> exact, ExplorationListener listener) {
        this.listener = listener;
        this.subject = subject;
        this.budget = budget;
        this.exact = exact;
        checker = new Checker(subject.program, subject.platform);
        transformer = new Transformer(subject.program, subject.platform, ids);
        branches = new Branches(ids);
        recorder = new PlanRecorder(subject.program, subject.flow);
        findings = new Findings(subject.program, new Text(subject.program, subject.platform));
        limits = new Limits(subject);
        loops = new Loops(subject, budget);
    }

    /** Explores all paths; what is wrong with one of them, if anything is. */
    Optional<Finding> run() {
        listener.begins(exact);
        var entry = subject.entry.apply(ids::next);
        var root = new Node(null, 0, entry.copy(), 0, new long[1]);
        var path = new Path(entry.copy(), 0, root, 0, null);
        var finding = walkAll(new Path(entry, 0, root, 0, null));
        if (finding.isPresent()) {
            return finding;
        }
        long bound = recorder.ofChain(root.longest());
        longest = Math.max(longest, bound);
        return !limits.isTooLong(bound)
                ? Optional.empty()
                : found(
                        path,
                        bound == root.longest() ? limits.tooManySteps(bound) : limits.tooLongChain(root.longest()));
    }

    private Optional<Finding> walkAll(Path first) {
        scope.pending.push(first);
        Optional<Finding> finding = Optional.empty();
        while (finding.isEmpty() && unwinding.isEmpty() && !scope.pending.isEmpty()) {
            finding = walk(scope.pending.pop());
        }
        return finding;
    }

    /** What was proved, after a run without a finding. */
    AccessPlan plan() {
        return recorder.plan(longest);
    }

    /** Where less generalisation may give another verdict. */
    Optional<Integer> generalisedAt() {
        return generalised;
    }

    /** Most states kept at once. */
    long peak() {
        return scope.visits.peak();
    }

    /** Walks one path to its end; branches on the way are left pending. */
    private Optional<Finding> walk(Path path) {
        listener.walks(path.decisions == null ? -1 : path.decisions.slot(), path.slot, path.state);
        while (true) {
            if (subject.flow.pathsMeet(path.slot) && !path.isAtNode()) {
                var violation = goesRound(path);
                if (violation.isPresent()) {
                    return found(path, violation.get());
                }
                if (endsAtHead(path) || endsAtCoveringState(path)) {
                    return Optional.empty();
                }
            }
            if (isTooLong(scope.loop)) {
                unwinding = Optional.of(scope.loop);
                return Optional.empty();
            }
            budget.instruction();
            path.steps++;
            listener.instruction(path.slot, path.state, path.node.read());
            var violation = limits(path);
            if (violation.isPresent()) {
                return found(path, violation.get());
            }
            var unmet = check(path, subject.assertions(path.slot));
            if (unmet.isPresent()) {
                return unmet;
            }
            var instruction = subject.instruction(path.slot);
            recorder.instruction(path.state, path.slot, instruction);
            switch (instruction) {
                case Instruction.Jump i -> path.slot += 1 + i.offset();
                case Instruction.JumpIf i -> {
                    if (!branch(path, i)) {
                        // Neither way is possible: the state describes no run at all.
                        listener.vanishes(path.slot);
                        end(path, Tails.exit(path.steps));
                        return Optional.empty();
                    }
                }
                case Instruction.Call i -> {
                    var finding = call(path, subject.helper(i.helper()));
                    if (finding.isPresent()) {
                        return finding;
                    }
                }
                case Instruction.CallRegister i -> {
                    int id = (int) ((Number) path.state.register(i.register()))
                            .scalar()
                            .value();
                    unmet = check(path, subject.call(id));
                    if (unmet.isPresent()) {
                        return unmet;
                    }
                    var finding = call(path, subject.helper(id));
                    if (finding.isPresent()) {
                        return finding;
                    }
                }
                case Instruction.CallLocal i -> {
                    int entry = path.slot + 1 + i.offset();
                    recorder.call(path.state, entry);
                    path.state.call(entry, path.slot + 1);
                    path.slot = entry;
                }
                case Instruction.Exit _ -> {
                    if (path.state.depth() == scope.depth) {
                        if (path.state.current().duty().isPresent()) {
                            listener.returnsToHelper(path.slot, path.state);
                        } else {
                            listener.ends(path.slot, path.state);
                        }
                        end(path, Tails.exit(path.steps));
                        scope.exits.accept(path.state);
                        return Optional.empty();
                    }
                    recorder.stack(path.state);
                    path.node.noteRead(path.state.readInSegment());
                    path.slot = path.state.current().returnTo();
                    path.state.leave();
                }
                default -> {
                    transformer.apply(path.state, path.slot, instruction);
                    path.slot += Instruction.size(instruction);
                }
            }
        }
    }

    private Optional<Finding> found(Path path, Violation violation) {
        return found(path, violation, new Concern.Way());
    }

    private Optional<Finding> found(Path path, Violation violation, Concern concern) {
        listener.fails(path.slot, violation.problem());
        noteGeneralised(path);
        return Optional.of(findings.at(path, violation, concern));
    }

    private void noteGeneralised(Path path) {
        boolean exhausted = budget.isExhausted();
        for (var node = path.node; node != null && generalised.isEmpty() && !exhausted; node = node.parent) {
            if (node.generation > 0) {
                generalised = Optional.of(node.slot);
            }
        }
    }

    private Optional<Finding> check(Path path, List<Assertion> needed) {
        for (var assertion : needed) {
            var violation = checker.check(path.state, assertion);
            if (violation.isPresent()) {
                return found(path, violation.get(), Concern.of(path.state, assertion));
            }
        }
        return Optional.empty();
    }

    private Optional<Finding> call(Path path, HelperPrototype prototype) {
        recorder.helper(prototype);
        Optional<Finding> finding = Optional.empty();
        if (prototype.callback().isEmpty()) {
            transformer.call(path.state, prototype);
        } else {
            var call = CallbackCall.of(subject.program, path.state, prototype);
            recorder.callback(path.state, path.slot, call);
            transformer.call(path.state, prototype);
            finding = call.isLater() ? callLater(path, call) : callBack(path, call);
            if (finding.isPresent()) {
                noteGeneralised(path);
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
        var outer = scope;
        var rounds = new Rounds(path.state, ids);
        try {
            while (true) {
                var arguments = call.arguments(ids);
                scope = new Scope(path.state.depth() + 1, exit -> rounds.exit(exit, arguments));
                var body = rounds.state().copy();
                body.startSegment();
                body.callBack(
                        call.entry(), path.slot + 1, arguments, call.callback().greatestResult());
                var root = enter(path, call, body);
                var finding = walkAll(new Path(body, call.entry(), root, 0, into(path, call)));
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
            scope = outer;
        }
    }

    private Node enter(Path path, CallbackCall call, State body) {
        listener.callsBack(path.slot, call.entry());
        return new Node(null, call.entry(), body.copy(), 0, new long[body.depth()]);
    }

    private static Path.Decision into(Path path, CallbackCall call) {
        return new Path.Decision(path.slot, call.entry(), path.decisions);
    }

    /** Adds the steps of the calls. */
    private Optional<Finding> repeated(Path path, CallbackCall call, long steps) {
        if (steps > (subject.platform.maxSteps() - path.length()) / call.times()) {
            return found(path, limits.tooManyCalls(call, steps));
        }
        path.steps += steps * call.times();
        return Optional.empty();
    }

    /** Explores a function that the helper calls in a run of its own. */
    private Optional<Finding> callLater(Path path, CallbackCall call) {
        if (!later.add(List.of(call.entry(), call.map(), call.callback()))) {
            return Optional.empty();
        }
        var outer = scope;
        scope = Scope.ofRun();
        try {
            var state = State.entry(
                    call.entry(), call.arguments(ids), call.callback().greatestResult());
            var root = enter(path, call, state);
            var finding = walkAll(new Path(state, call.entry(), root, 0, into(path, call)));
            longest = Math.max(longest, root.longest());
            return finding.isPresent() || !limits.isTooLong(root.longest())
                    ? finding
                    : found(path, limits.tooManySteps(root.longest()));
        } finally {
            scope = outer;
        }
    }

    /** Goes on with one way of a jump, and leaves the other one pending; false if neither is possible. */
    private boolean branch(Path path, Instruction.JumpIf jump) {
        int slot = path.slot;
        var before = path.decisions;
        var jumped = path.state.copy();
        boolean canJump = branches.assume(jumped, jump, true);
        boolean canFall = branches.assume(path.state, jump, false);
        int target = slot + 1 + jump.offset();
        if (canFall) {
            path.slot = slot + 1;
            path.decisions = new Path.Decision(slot, slot + 1, before);
            if (canJump) {
                scope.pending.push(
                        new Path(jumped, target, path.node, path.steps, new Path.Decision(slot, target, before)));
                path.node.branch();
                listener.branches(slot, target);
            }
        } else if (canJump) {
            path.state = jumped;
            path.slot = target;
            path.decisions = new Path.Decision(slot, target, before);
        }
        return canJump || canFall;
    }

    /** Ends a path, and with it the nodes of which it was the last one. */
    private void end(Path path, Tails tail) {
        recorder.stack(path.state);
        path.node.noteRead(path.state.readInSegment());
        finish(path.node, tail);
    }

    private void finish(Node last, Tails tail) {
        var bound = tail;
        for (var node = last; node != null && node.end(bound); node = node.parent) {
            scope.visits.add(node);
            bound = node.tailsFromParent();
        }
    }

    /** Ends a path at a node, of which these stack slots matter, and from which this may follow. */
    private void endAt(Path path, long[] mattering, Tails tails) {
        var read = mattering.clone();
        var overwritten = path.state.overwrittenInSegment();
        for (int frame = 0; frame < read.length; frame++) {
            read[frame] &= ~overwritten[frame];
        }
        path.node.noteRead(read);
        end(path, tails.after(path.steps));
    }

    private boolean isTooLong(Loop loop) {
        return loop != null && loop.isTooLong(budget.instructions());
    }

    /** Ends the path if it is back at the head of a loop that is proved as a whole. */
    private boolean endsAtHead(Path path) {
        var loop = loops.returned(path, scope);
        if (loop == null) {
            return false;
        }
        if (!loop.covers(path.state, scope.counters(loop.level() - 1))) {
            unwinding = Optional.of(loop);
            return true;
        }
        listener.covers(path.slot, loop.guess().state(), path.state);
        endAt(path, loop.known(), Tails.back(loop.level(), 0));
        return true;
    }

    /** Ends the path at the head of a loop if the loop can be proved as a whole from here on. */
    private boolean endsWithLoop(Path path, Node previous) {
        var thresholds = loops.thresholds(path.slot);
        var guess = Widening.of(previous.state, path.state, thresholds, /* together= */ true, ids::next);
        for (int round = 0; round < GUESSES; round++) {
            var attempt = attempt(path, guess);
            if (attempt.isEmpty()) {
                return true;
            }
            var escaped = attempt.get().escaped();
            if (escaped == null || unwinding.isPresent()) {
                break;
            }
            guess = Widening.of(guess.state(), escaped, thresholds, /* together= */ false, ids::next);
        }
        if (unwinding.isEmpty()) {
            loops.fail(path.slot);
        }
        return unwinding.isPresent();
    }

    /** Explores a loop from a guess; empty if the path ended with it, else the loop that was not proved. */
    private Optional<Loop> attempt(Path path, Widening.Guess guess) {
        var outer = scope;
        var recorded = recorder;
        var seen = Set.copyOf(later);
        var before = generalised;
        var root = Node.ofLoop(path, guess.state().copy());
        long until = (budget.instructions() + Budget.INSTRUCTIONS) / 2;
        var loop = new Loop(path.slot, outer.level() + 1, guess, root, until);
        var exits = new ArrayList<State>();
        scope = outer.of(loop, exits::add);
        recorder = recorder.copy();
        listener.generalises(path.slot, path.state, guess.state());
        var body = guess.state().copy();
        body.startSegment();
        var finding = walkAll(new Path(body, path.slot, root, 0, path.decisions));
        var inner = scope;
        scope = outer;
        var iterations = loop.iterations();
        boolean proved = finding.isEmpty() && unwinding.isEmpty() && iterations.isPresent();
        unwinding = unwinding.filter(l -> l != loop);
        var whole = proved ? loop.tails(iterations.getAsLong()) : Tails.none();
        if (!proved || limits.isTooLong(path.length() + whole.toExit())) {
            recorder = recorded;
            // What was recorded of functions that helpers call later is forgotten too.
            later.retainAll(seen);
            generalised = before;
            return Optional.of(loop);
        }
        outer.visits.addLoop(inner.visits, loop.level(), whole);
        exits.forEach(outer.exits);
        listener.covers(path.slot, guess.state(), path.state);
        endAt(path, root.read(), whole);
        return Optional.empty();
    }

    /** Ends the path if it can bring nothing new, else stores its state. */
    private boolean endsAtCoveringState(Path path) {
        var covering = scope.covering(path.slot, path.state);
        if (covering.isPresent()) {
            var node = covering.get();
            listener.covers(path.slot, node.state, path.state);
            endAt(path, node.read(), node.tails());
            return true;
        }
        if (path.steps < budget.gap()) {
            return false;
        }
        var previous = loops.previous(path);
        if (previous != null && loops.isTime(previous, scope.level()) && endsWithLoop(path, previous)) {
            return true;
        }
        path.node.noteRead(path.state.readInSegment());
        var overwritten = path.state.overwrittenInSegment();
        path.state.startSegment();
        var general = exact.contains(path.slot)
                ? Optional.<Visits.General>empty()
                : scope.visits.general(path.slot, path.state, !budget.isTight());
        general.ifPresent(g -> {
            listener.generalises(path.slot, path.state, g.state());
            path.state = g.state();
        });
        listener.stores(path.slot, path.state);
        path.node = new Node(path.node, path.slot, path.state.copy(), path.steps, overwritten);
        path.node.generation = general.map(Visits.General::generation).orElse(0);
        if (previous != null) {
            path.node.follow(previous);
        }
        path.steps = 0;
        budget.state();
        return false;
    }

    /** Whether the path was in the same state before. */
    private Optional<Violation> goesRound(Path path) {
        path.state.keepRegisters(subject.flow.liveAt(path.slot));
        var node = path.node;
        for (int i = 0; i < MEMORY && node != null; i++) {
            if (node.slot == path.slot && node.parent != null && Subsumption.same(node.state, path.state)) {
                return Optional.of(limits.endless(path, node));
            }
            node = node.parent;
        }
        return Optional.empty();
    }

    private Optional<Violation> limits(Path path) {
        if (limits.isTooLong(path.length())) {
            return Optional.of(limits.tooManySteps(path));
        }
        return budget.isExhausted() ? Optional.of(limits.tooComplex(budget)) : Optional.empty();
    }
}
