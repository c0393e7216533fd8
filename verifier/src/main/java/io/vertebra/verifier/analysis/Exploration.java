package io.vertebra.verifier.analysis;

import io.vertebra.verifier.assertion.Assertion;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.report.Finding;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.program.AccessPlan;
import java.util.List;
import java.util.Map;
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

    private final Subject subject;
    private final Budget budget;
    private final Set<Integer> exact;
    private final Map<Integer, CaseSplit> splits;
    private final ExplorationListener listener;
    private final Progress progress;
    private final Checker checker;
    private final Transformer transformer;
    private final Branches branches;
    private final Calls calls;
    private final Meetings meetings;

    /**
     * An exploration of a well-formed program.
     *
     * @param exact slots at which states are not made more general
     * @param splits results that are told in cases, by the slot of the instruction
     */
    Exploration(
            Subject subject,
            Budget budget,
            Set<Integer> exact,
            Map<Integer, CaseSplit> splits,
            ExplorationListener listener) {
        this.splits = splits;
        this.listener = listener;
        this.subject = subject;
        this.budget = budget;
        this.exact = exact;
        progress = new Progress(subject, budget, listener);
        checker = new Checker(subject);
        transformer = new Transformer(subject.program, subject.platform, progress.ids);
        branches = new Branches(progress.ids);
        calls = new Calls(progress, transformer, this::walkAll);
        var loops = new Loops(subject, budget);
        meetings = new Meetings(progress, exact, loops, new LoopProof(progress, loops, calls, this::walkAll));
    }

    /** Explores all paths; what is wrong with one of them, if anything is. */
    Optional<Finding> run() {
        listener.begins(exact, splits.keySet());
        var entry = subject.entry.apply(progress.ids::next);
        var root = new Node(null, 0, entry.copy(), 0, new long[1]);
        var path = new Path(entry.copy(), 0, root, 0, null);
        var finding = walkAll(new Path(entry, 0, root, 0, null));
        if (finding.isPresent()) {
            return finding;
        }
        var limits = progress.limits;
        long bound = progress.recorder.ofChain(root.longest());
        progress.longest = Math.max(progress.longest, bound);
        return !limits.isTooLong(bound)
                ? Optional.empty()
                : progress.found(
                        path,
                        bound == root.longest() ? limits.tooManySteps(bound) : limits.tooLongChain(root.longest()));
    }

    /** What was proved, after a run without a finding. */
    AccessPlan plan() {
        return progress.recorder.plan(progress.longest);
    }

    /** Where less generalisation may give another verdict. */
    Optional<Integer> generalisedAt() {
        return progress.generalised;
    }

    /** What the finding is about, after a run with one. */
    CaseFinder.Failure failure() {
        return progress.failure;
    }

    /** Most states kept at once. */
    long peak() {
        return progress.scope.visits.peak();
    }

    private Optional<Finding> walkAll(Path first) {
        var pending = progress.scope.pending;
        pending.push(first);
        Optional<Finding> finding = Optional.empty();
        while (finding.isEmpty() && progress.unwinding.isEmpty() && !pending.isEmpty()) {
            finding = walk(pending.pop());
        }
        return finding;
    }

    /** Walks one path to its end; branches on the way are left pending. */
    private Optional<Finding> walk(Path path) {
        listener.walks(path.decisions == null ? -1 : path.decisions.slot(), path.slot, path.state);
        Optional<Finding> finding = Optional.empty();
        while (finding.isEmpty() && !path.ended) {
            if (subject.flow.pathsMeet(path.slot) && !path.isAtNode()) {
                finding = meetings.meet(path);
            }
            if (finding.isEmpty() && !path.ended) {
                finding = step(path);
            }
        }
        return finding;
    }

    /** Walks over one instruction. */
    private Optional<Finding> step(Path path) {
        var loop = progress.scope.loop;
        if (loop != null && loop.isTooLong(budget.instructions())) {
            progress.giveUp(path, loop);
            return Optional.empty();
        }
        budget.instruction();
        path.steps++;
        listener.instruction(path.slot, path.state, path.node.read());
        var violation = limits(path);
        if (violation.isPresent()) {
            return progress.found(path, violation.get());
        }
        var unmet = check(path, subject.assertions(path.slot));
        if (unmet.isPresent()) {
            return unmet;
        }
        int slot = path.slot;
        var finding = execute(path, subject.instruction(slot));
        if (finding.isEmpty() && splits.containsKey(slot)) {
            split(path, slot);
        }
        return finding;
    }

    private Optional<Violation> limits(Path path) {
        if (progress.limits.isTooLong(path.length())) {
            return Optional.of(progress.limits.tooManySteps(path));
        }
        if (!budget.isExhausted()) {
            return Optional.empty();
        }
        return progress.standing
                .map(progress.limits::standing)
                .or(() -> Optional.of(progress.limits.tooComplex(budget, path)));
    }

    private Optional<Finding> check(Path path, List<Assertion> needed) {
        for (var assertion : needed) {
            var violation = checker.check(path.state, assertion);
            if (violation.isPresent()) {
                return progress.found(path, violation.get(), Concern.of(path.state, assertion));
            }
        }
        return Optional.empty();
    }

    private Optional<Finding> execute(Path path, Instruction instruction) {
        progress.recorder.instruction(path.state, path.slot, instruction);
        switch (instruction) {
            case Instruction.Jump i -> path.slot += 1 + i.offset();
            case Instruction.JumpIf i -> branch(path, i);
            case Instruction.Call i -> {
                return calls.call(path, subject.helper(i.helper()));
            }
            case Instruction.CallRegister i -> {
                return call(path, i);
            }
            case Instruction.CallLocal i -> {
                int entry = path.slot + 1 + i.offset();
                progress.recorder.call(path.state, entry);
                path.state.call(entry, path.slot + 1);
                path.slot = entry;
            }
            case Instruction.Exit _ -> leave(path);
            default -> {
                transformer.apply(path.state, path.slot, instruction);
                path.slot += Instruction.size(instruction);
            }
        }
        return Optional.empty();
    }

    /** Goes on with one case of what an instruction gave, and leaves the others pending. */
    private void split(Path path, int slot) {
        var cases = splits.get(slot).of(path.state);
        if (cases.isEmpty()) {
            // The state describes no run at all.
            listener.vanishes(slot);
            progress.end(path, Tails.exit(path.steps));
            return;
        }
        for (var other : cases.subList(1, cases.size())) {
            progress.scope.pending.push(path.with(other));
            path.node.branch();
        }
        path.state = cases.getFirst();
        if (cases.size() > 1) {
            listener.splits(slot, cases.size());
        }
    }

    private Optional<Finding> call(Path path, Instruction.CallRegister i) {
        int id = (int) ((Number) path.state.register(i.register())).scalar().value();
        var unmet = check(path, subject.call(id));
        return unmet.isPresent() ? unmet : calls.call(path, subject.helper(id));
    }

    /** Goes on in the caller, or ends the path. */
    private void leave(Path path) {
        if (path.state.depth() > progress.scope.depth) {
            progress.recorder.stack(path.state);
            path.node.noteRead(path.state.readInSegment());
            path.slot = path.state.current().returnTo();
            path.state.leave();
            return;
        }
        if (path.state.current().duty().isPresent()) {
            listener.returnsToHelper(path.slot, path.state);
        } else {
            listener.ends(path.slot, path.state);
        }
        progress.end(path, Tails.exit(path.steps));
        progress.scope.exits.accept(path.state);
    }

    /** Goes on with one way of a jump, and leaves the other one pending; ends the path if neither is possible. */
    private void branch(Path path, Instruction.JumpIf jump) {
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
                progress.scope.pending.push(
                        new Path(jumped, target, path.node, path.steps, new Path.Decision(slot, target, before)));
                path.node.branch();
                listener.branches(slot, target);
            }
        } else if (canJump) {
            path.state = jumped;
            path.slot = target;
            path.decisions = new Path.Decision(slot, target, before);
        } else {
            // Neither way is possible: the state describes no run at all.
            listener.vanishes(slot);
            progress.end(path, Tails.exit(path.steps));
        }
    }
}
