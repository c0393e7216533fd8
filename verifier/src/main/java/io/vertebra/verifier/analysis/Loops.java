package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Subsumption;
import io.vertebra.verifier.domain.Thresholds;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.Immediate;
import java.util.HashMap;
import java.util.Map;

/** Which loops a path is in, and when it is time to prove one as a whole instead of walking on. */
final class Loops {

    /** So many iterations are walked before the first attempt. */
    private static final int WALKED = 64;

    /** Fewer are walked when they are long: so many of at least so many instructions together. */
    private static final int LONG_WALKED = 3;

    private static final long LONG = 2048;

    /** As few when so many paths came round, because each iteration may go several ways. */
    private static final int CROWD = 256;

    /** After an attempt that failed, so many times as many iterations are walked before the next one. */
    private static final int PATIENCE = 4;

    private static final int ATTEMPTS = 3;

    /** Loops in each other that may be proved as a whole; each takes a part of the stack. */
    private static final int NESTED = 24;

    private final Subject subject;
    private final Budget budget;
    private final Map<Integer, Integer> failures = new HashMap<>();

    Loops(Subject subject, Budget budget) {
        this.subject = subject;
        this.budget = budget;
    }

    /** The node of the iteration before, when the path is at the head of a loop that it came round; null otherwise. */
    Node previous(Path path) {
        if (!subject.flow.isLoopHead(path.slot)) {
            return null;
        }
        for (var node = path.node; node != null && !leaves(node, path); node = node.before()) {
            budget.look();
            if (node.slot == path.slot && Subsumption.sameCalls(node.state, path.state)) {
                return node;
            }
        }
        return null;
    }

    /** Whether a node is before the path came to the loop: in a caller, or at the head of a loop around it. */
    private boolean leaves(Node node, Path path) {
        int depth = node.state.depth();
        return depth < path.state.depth()
                || (depth == path.state.depth()
                        && subject.flow.isLoopHead(node.slot)
                        && subject.flow.isAround(node.slot, path.slot));
    }

    /** Whether to try to prove the loop that the node is in an iteration of. */
    boolean isTime(Node node, int level) {
        int failed = failures.getOrDefault(node.slot, 0);
        if (level >= NESTED || failed >= ATTEMPTS) {
            return false;
        }
        long walked = WALKED;
        for (int i = 0; i < failed; i++) {
            walked *= PATIENCE;
        }
        return node.iteration >= walked
                || (failed == 0
                        && node.iteration >= LONG_WALKED
                        && (++node.first.turns > CROWD || node.steps - node.first.steps > LONG));
    }

    /** An attempt failed. */
    void fail(int head) {
        failures.merge(head, 1, Integer::sum);
    }

    /** The constants that the loop compares with. */
    Thresholds thresholds(int head) {
        var result = new Thresholds();
        for (int slot = head; slot <= subject.flow.loopEnd(head); slot++) {
            if (subject.instruction(slot) instanceof Instruction.JumpIf jump
                    && jump.right() instanceof Immediate immediate) {
                result.add(immediate.value());
            }
        }
        return result;
    }

    /** Whether a path is in the same turn of the loop that a node began: it did not leave it in between. */
    boolean isInside(Path path, Node begin) {
        for (var node = path.node; node != null; node = node.before()) {
            budget.look();
            if (node == begin) {
                return true;
            }
            if (leaves(node, path)) {
                return false;
            }
        }
        return false;
    }

    /** A scope's loop whose head the path came back to, or null. */
    Loop returned(Path path, Scope scope) {
        State state = path.state;
        for (var loop : scope.loops()) {
            if (loop.head() == path.slot
                    && Subsumption.sameCalls(loop.guess().state(), state)
                    && isInside(path, loop.root())) {
                return loop;
            }
        }
        return null;
    }
}
