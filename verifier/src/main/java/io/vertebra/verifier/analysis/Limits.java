package io.vertebra.verifier.analysis;

import io.vertebra.vm.program.AccessPlan;
import java.util.Optional;

/** What is said when a program would run for too long, or takes too long to verify. */
record Limits(Subject subject) {

    /** A loop with more iterations is what a program is too complex for. */
    private static final int MANY = 1000;

    /** The path has more instructions than a run may execute. */
    boolean isTooLong(long steps) {
        return steps > subject.platform.maxSteps();
    }

    Violation tooManySteps(long steps) {
        return tooManySteps(steps, "lower the limits of the loops on the path");
    }

    private Violation tooManySteps(long steps, String hint) {
        return new Violation(
                "a run may execute too many instructions",
                steps + " instructions on this path",
                "at most " + subject.platform.maxSteps(),
                hint);
    }

    /** The path has too many steps; which loop they are spent in. */
    Violation tooManySteps(Path path) {
        return loop(path, 1)
                .map(hint -> tooManySteps(path.length(), hint))
                .orElseGet(() -> tooManySteps(path.length()));
    }

    /** The innermost loop of which a path went through more than so many iterations, and what to do about it. */
    private Optional<String> loop(Path path, int iterations) {
        for (var node = path.node; node != null; node = node.before()) {
            if (node.iteration > iterations) {
                return Optional.of("the loop at insn " + node.slot + place(node.slot) + " has more than "
                        + node.iteration + " iterations; bound it by a smaller constant");
            }
        }
        return Optional.empty();
    }

    private String place(int slot) {
        return subject.program.sourceOf(slot).map(s -> " (" + s + ")").orElse("");
    }

    Violation tooLongChain(long steps) {
        return new Violation(
                "a run may execute too many instructions",
                steps + " before a tail call, and there may be " + AccessPlan.TAIL_CALLS
                        + " tail calls, each to a program as long",
                "at most " + subject.platform.maxSteps() + " in all",
                "lower the limits of the loops on the path");
    }

    Violation tooManyCalls(CallbackCall call, long steps) {
        return new Violation(
                "a run may execute too many instructions",
                Text.name(call.prototype()) + " calls `"
                        + subject.program.functionAt(call.entry()).name() + "` up to " + call.times()
                        + " times, each time up to " + steps + " instructions",
                "at most " + subject.platform.maxSteps() + " in all",
                "bound the number of calls, for example: if (count > LIMIT) return 0;");
    }

    Violation tooComplex(Budget budget, Path path) {
        return new Violation(
                "the program is too complex to verify",
                budget.instructions() - 1 + " instructions processed",
                "at most " + Budget.INSTRUCTIONS + ", fewer with long loops in each other",
                loop(path, MANY).orElse("make loops shorter, or bound values earlier so that paths become the same"));
    }

    /** A loop's iterations are safe, but may be without end. */
    Violation standing(int head) {
        return new Violation(
                "the loop at insn " + head + place(head) + " may never end",
                "nothing is known to move in every iteration",
                "a counter or a pointer that moves towards a limit in every iteration",
                "if the step is a number from outside, check that it is not 0");
    }

    Violation endless(Path path, Node same) {
        return new Violation(
                "the loop at insn " + path.slot + " may never end",
                "its state is the same after " + (path.length() - same.steps) + " instructions",
                "a counter that moves towards a limit in every iteration",
                "bound the loop by a constant: for (i = 0; i < LIMIT; i++)");
    }
}
