package io.vertebra.verifier.analysis;

import io.vertebra.verifier.analysis.Replay.Choice;
import io.vertebra.verifier.analysis.Replay.Origin;
import io.vertebra.verifier.report.Finding;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.helper.HelperPrototype.Result;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.RegisterUse;
import io.vertebra.vm.program.Program;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The steps of a path that have to do with what is wrong at its end: where the values come from, and the decisions on
 * them. What happens again and again is told once.
 */
final class Story {

    /** Steps told, from the last backwards. */
    private static final int MOST = 12;

    /** Fewer when it is not known which of them matter. */
    private static final int SOME = 6;

    private final Program program;
    private final Text text;
    private final Replay replay;
    private final TreeMap<Integer, Finding.Step> steps = new TreeMap<>();
    private List<Finding.Step> told = List.of();
    private boolean release;

    private Story(Program program, Text text, Replay replay) {
        this.program = program;
        this.text = text;
        this.replay = replay;
    }

    /** The story of a path that ends with a violation. */
    static Story of(Program program, Text text, Path path, Concern concern) {
        var story = new Story(program, text, new Replay(program, path.decisions, path.slot));
        story.told = story.replay.isComplete() ? story.about(concern) : story.way();
        return story;
    }

    /** The steps, oldest first. */
    List<Finding.Step> steps() {
        return told;
    }

    /** Whether what is missing is a record that was released. */
    boolean tellsOfRelease() {
        return release;
    }

    private List<Finding.Step> about(Concern concern) {
        return switch (concern) {
            case Concern.Values c -> values(c.registers());
            case Concern.Missing c -> missing(c.register());
            case Concern.Held _ -> held();
            case Concern.Way _ -> way();
        };
    }

    private List<Finding.Step> way() {
        decisions(_ -> true);
        return last(SOME);
    }

    private List<Finding.Step> values(List<Integer> registers) {
        Set<Origin> sources = Collections.newSetFromMap(new IdentityHashMap<>());
        registers.forEach(r -> collect(replay.origin(r), sources));
        for (var source : sources) {
            if (source.isRoot()) {
                steps.put(source.order(), step(source));
            }
        }
        var descent = new Descent(sources);
        decisions(c -> descent.comesFromSource(c.left()) || descent.comesFromSource(c.right()));
        if (sources.isEmpty()) {
            // It is about memory of the stack, or a constant: what was decided in this function.
            decisions(c -> c.order() > replay.entered());
            return last(SOME);
        }
        return last(MOST);
    }

    /** Adds all values that a value was made of. */
    private static void collect(Origin origin, Set<Origin> all) {
        var open = new ArrayDeque<Origin>();
        if (origin != null) {
            open.push(origin);
        }
        while (!open.isEmpty()) {
            var next = open.pop();
            if (next.frame() < 0 && all.add(next)) {
                next.operands().forEach(open::push);
            }
        }
    }

    /** The decisions that led round an instruction that would have set the register. */
    private List<Finding.Step> missing(int register) {
        var origin = replay.origin(register);
        if (origin != null && reserves(origin)) {
            return released(origin);
        }
        decisions(c -> c.order() > replay.entered() && skips(c.decision(), register));
        var calls = replay.calls().stream()
                .filter(c -> register <= 5 && register > 0 && c.order() > replay.entered())
                .toList();
        if (!calls.isEmpty()) {
            var call = calls.getLast();
            steps.put(call.order(), step(call.slot(), "clears r1 to r5"));
        }
        return last(MOST);
    }

    private List<Finding.Step> released(Origin reserving) {
        release = true;
        steps.put(reserving.order(), step(reserving));
        replay.calls().stream()
                .filter(c -> c.order() > reserving.order() && releases(c))
                .reduce((_, last) -> last)
                .ifPresent(c -> steps.put(c.order(), step(c.slot(), "where it is released")));
        return last(MOST);
    }

    private boolean skips(Path.Decision decision, int register) {
        if (!(program.instructions().get(decision.slot()) instanceof Instruction.JumpIf jump)) {
            return false;
        }
        int other = decision.isTaken() ? decision.slot() + 1 : decision.slot() + 1 + jump.offset();
        int end = program.functionAt(decision.slot()).end();
        for (int slot = other; slot < end && slot != decision.next(); ) {
            var instruction = program.instructions().get(slot);
            if ((RegisterUse.written(instruction) & 1 << register) != 0) {
                return true;
            }
            if (instruction instanceof Instruction.Exit || instruction instanceof Instruction.Jump) {
                return false;
            }
            slot += Instruction.size(instruction);
        }
        return false;
    }

    /** The last call that reserved something, and what was decided since. */
    private List<Finding.Step> held() {
        var reserving = replay.calls().stream().filter(this::reserves).toList();
        if (reserving.isEmpty()) {
            return way();
        }
        var call = reserving.getLast();
        steps.put(call.order(), step(call));
        decisions(c -> c.order() > call.order());
        return last(MOST);
    }

    private boolean reserves(Origin call) {
        return calls(call, h -> h.result() == Result.RESERVATION_OR_NULL);
    }

    private boolean releases(Origin call) {
        return calls(call, h -> h.arguments().contains(Argument.RESERVATION));
    }

    private boolean calls(Origin origin, Predicate<HelperPrototype> which) {
        return program.instructions().get(origin.slot()) instanceof Instruction.Call i
                && text.helper(i.helper()).filter(which).isPresent();
    }

    /** Adds decisions; one that was taken several times only as it was taken last. */
    private void decisions(Predicate<Choice> which) {
        var seen = new HashSet<List<Integer>>();
        for (var choice : replay.choices().reversed()) {
            var decision = choice.decision();
            if (which.test(choice) && seen.add(List.of(decision.slot(), decision.next()))) {
                long times = replay.choices().stream()
                        .filter(c -> c.decision().slot() == decision.slot()
                                && c.decision().next() == decision.next())
                        .count();
                steps.put(
                        choice.order(),
                        step(
                                decision.slot(),
                                text.outcome(decision) + (times > 1 ? ", the last of " + times + " times" : "")));
            }
        }
    }

    private Finding.Step step(Origin root) {
        return step(root.slot(), text.effect(root.slot()));
    }

    private Finding.Step step(int slot, String outcome) {
        return new Finding.Step(slot, program.sourceOf(slot), text.instruction(slot), outcome);
    }

    private List<Finding.Step> last(int count) {
        var all = List.copyOf(steps.values());
        return all.subList(Math.max(0, all.size() - count), all.size());
    }
}
