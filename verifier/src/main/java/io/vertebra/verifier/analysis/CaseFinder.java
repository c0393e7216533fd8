package io.vertebra.verifier.analysis;

import io.vertebra.verifier.analysis.Replay.Choice;
import io.vertebra.verifier.analysis.Replay.Origin;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.JumpIf;
import io.vertebra.vm.isa.RegisterUse;
import io.vertebra.vm.program.Program;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the numbers that should be told in cases, because a path failed that may not be possible, or where less than needed
 * was known of a value: the values it was computed from, parted at the constants that are compared with them.
 */
final class CaseFinder {

    /** What is told in cases, each step more than the one before. */
    enum Reach {
        /** The values from which the failing one was computed. */
        VALUE(16),
        /** Also values that were compared with those. */
        COMPARED(64),
        /** Also values on which the path's last decisions depend. */
        DECISIONS(16);

        /** Results that may be so many numbers are told number by number. */
        private final int values;

        Reach(int values) {
            this.values = values;
        }
    }

    /** Where a check failed. */
    record Failure(int slot, Path.Decision decisions, Concern concern) {}

    /** Values looked at, from the failing one backwards. */
    private static final int VALUES = 256;

    /** Decisions looked at, from the last one backwards. */
    private static final int DECISIONS = 64;

    /** Instructions whose results are told in cases, those nearest to the failure. */
    private static final int SPLITS = 16;

    /** Questions about one value. */
    private static final int QUESTIONS = 8;

    private final Program program;
    private final Replay replay;
    private final List<Choice> choices;
    private final IdentityHashMap<Origin, Set<Question>> questions = new IdentityHashMap<>();

    private CaseFinder(Program program, Replay replay) {
        this.program = program;
        this.replay = replay;
        var all = replay.choices();
        choices = all.subList(Math.max(0, all.size() - DECISIONS), all.size());
    }

    /** What to tell in cases, by the slot of the instruction that makes it; empty if nothing can be told apart. */
    static Map<Integer, CaseSplit> find(Program program, Failure failure, Reach reach) {
        var replay = new Replay(program, failure.decisions(), failure.slot());
        return replay.isComplete() ? new CaseFinder(program, replay).find(failure.concern(), reach) : Map.of();
    }

    private Map<Integer, CaseSplit> find(Concern concern, Reach reach) {
        var targets = targets(concern, reach);
        for (var choice : choices) {
            if (instruction(choice.decision().slot()) instanceof JumpIf jump) {
                Question.of(jump).forEach(q -> ask(choice.left(), q));
            }
        }
        for (var target : targets) {
            if (instruction(target.slot()) instanceof Instruction.Alu i
                    && i.op() == AluOp.AND
                    && i.src() instanceof Immediate mask) {
                Question.bits(i.width(), mask.value()).forEach(q -> ask(target, q));
            }
        }
        var splits = new HashMap<Integer, CaseSplit>();
        targets.stream()
                .sorted(Comparator.comparingInt(Origin::order).reversed())
                .filter(o -> splits.size() < SPLITS || splits.containsKey(o.slot()))
                .forEach(o -> splits.merge(o.slot(), split(o, reach), CaseSplit::and));
        return splits;
    }

    private CaseSplit split(Origin origin, Reach reach) {
        int register = Integer.numberOfTrailingZeros(RegisterUse.written(instruction(origin.slot())));
        return new CaseSplit(register, questions.getOrDefault(origin, Set.of()), reach.values);
    }

    private Instruction instruction(int slot) {
        return program.instructions().get(slot);
    }

    private Set<Origin> targets(Concern concern, Reach reach) {
        Set<Origin> targets = Collections.newSetFromMap(new IdentityHashMap<>());
        if (concern instanceof Concern.Values values) {
            values.registers().forEach(r -> collect(replay.origin(r), targets));
        }
        if (reach == Reach.VALUE) {
            return targets;
        }
        var descent = new Descent(targets);
        for (var choice : choices) {
            if (reach == Reach.DECISIONS
                    || descent.comesFromSource(choice.left())
                    || descent.comesFromSource(choice.right())) {
                collect(choice.left(), targets);
                collect(choice.right(), targets);
            }
        }
        return targets;
    }

    /** Adds the values that a value was made of, the nearest first. */
    private static void collect(Origin origin, Set<Origin> all) {
        var open = new ArrayDeque<Origin>();
        if (origin != null) {
            open.add(origin);
        }
        while (!open.isEmpty() && all.size() < VALUES) {
            var next = open.poll();
            if (next.frame() < 0 && all.add(next)) {
                open.addAll(next.operands());
            }
        }
    }

    /** Notes a question about a value, and what it asks of those that the value was made of. */
    private void ask(Origin origin, Question question) {
        var open = new ArrayDeque<Origin>();
        var asked = new ArrayDeque<Question>();
        if (origin != null) {
            open.add(origin);
            asked.add(question);
        }
        while (!open.isEmpty()) {
            var next = open.poll();
            var q = asked.poll();
            var known = questions.computeIfAbsent(next, _ -> new LinkedHashSet<>());
            if (known.size() < QUESTIONS && known.add(q)) {
                for (var earlier : q.before(instruction(next.slot()))) {
                    for (var operand : next.operands()) {
                        open.add(operand);
                        asked.add(earlier);
                    }
                }
            }
        }
    }
}
