package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Scalar;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Width;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The result of one instruction, told in cases: the path goes on once for each, so that in each of them more is known.
 *
 * <p>Sound because the cases cover the state: every number answers each {@link Question} with yes or with no, and both
 * answers are kept unless the number cannot give them. It is as if jumps stood behind the instruction that lead to the
 * same place whether they are taken or not.
 *
 * @param register where the result is
 * @param questions what is asked of it
 * @param values results that may be so many numbers are told number by number
 */
record CaseSplit(int register, Set<Question> questions, int values) {

    /** Cases of one state. */
    private static final int MOST = 80;

    /** Makes the set immutable. */
    CaseSplit {
        questions = Set.copyOf(questions);
    }

    /** This split and another one of the same result. */
    CaseSplit and(CaseSplit other) {
        var both = new HashSet<>(questions);
        both.addAll(other.questions);
        return new CaseSplit(register, both, Math.max(values, other.values));
    }

    /** The cases of a state, none of which is that state; a state that is not parted is its only case. */
    List<State> of(State state) {
        var cases = List.of(state);
        for (var question : questions) {
            cases = asked(cases, question);
        }
        for (var part : cases) {
            if (part.register(register) instanceof Number n) {
                for (var question : each(n.scalar())) {
                    cases = asked(cases, question);
                }
            }
        }
        return cases;
    }

    private List<State> asked(List<State> cases, Question question) {
        var result = new ArrayList<State>();
        int room = MOST - cases.size();
        for (var part : cases) {
            if (room > 0 && part.register(register) instanceof Number n) {
                var yes = question.answered(true, n.scalar());
                var no = question.answered(false, n.scalar());
                if (!yes.isEmpty() && !no.isEmpty() && !(yes.equals(n.scalar()) && no.equals(n.scalar()))) {
                    add(result, part, n, yes);
                    add(result, part, n, no);
                    room--;
                    continue;
                }
            }
            result.add(part);
        }
        return result;
    }

    private void add(List<State> result, State part, Number number, Scalar scalar) {
        var known = part.copy();
        // Sound because what contradicts what is known of the number's relatives describes no run.
        if (Branches.learn(known, register, number, scalar)) {
            result.add(known);
        }
    }

    /** What tells all values of a number apart, when they are few. */
    private List<Question> each(Scalar scalar) {
        int bits = Long.bitCount(scalar.bits().mask());
        if (bits == 0) {
            return List.of();
        }
        var ranges = new ArrayList<Question>();
        for (var width : Width.values()) {
            var range = scalar.range(width);
            long distance = range.smax() - range.smin();
            if (distance > 0 && distance < values && ranges.isEmpty()) {
                for (long v = range.smin() + 1; v <= range.smax(); v++) {
                    ranges.add(new Question(width, Condition.SLT, v));
                }
            }
        }
        boolean few = bits < Integer.SIZE && 1L << bits <= values;
        return few && (ranges.isEmpty() || 1 << bits < ranges.size())
                ? eachBit(scalar.bits().mask())
                : ranges;
    }

    private static List<Question> eachBit(long mask) {
        var questions = new ArrayList<Question>();
        for (long left = mask; left != 0; left &= left - 1) {
            questions.add(new Question(Width.W64, Condition.SET, Long.lowestOneBit(left)));
        }
        return questions;
    }
}
