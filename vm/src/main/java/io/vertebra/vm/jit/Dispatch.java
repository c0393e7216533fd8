package io.vertebra.vm.jit;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Chooses by a slot among methods that stand for ranges of slots. Where they are too many for one method to call, methods
 * in between choose among some of them each: a tree, of whose nodes each is short enough for HotSpot.
 */
final class Dispatch {

    /**
     * A method for a range of slots.
     *
     * @param from the first slot; the range ends where that of the next target begins
     * @param chooses whether it is one in between
     */
    record Target(int from, String name, boolean chooses) {}

    /** Makes a method in between. */
    interface Between {
        /** The method that chooses among some targets, for the slots below {@code end}. */
        Target of(List<Target> some, int end);
    }

    /** Bytes of the calls that one method makes, so that there is room for the rest. */
    private static final int MOST_BYTES = 6_000;

    /** About what choosing and calling takes, without arguments. */
    private static final int CALL_BYTES = 30;

    private static final int ARGUMENT_BYTES = 4;

    private Dispatch() {}

    /**
     * Few enough targets for one method.
     *
     * @param type of the methods that are called
     */
    static List<Target> reduced(List<Target> targets, MethodTypeDesc type, Between between) {
        int most = Math.max(2, MOST_BYTES / (CALL_BYTES + ARGUMENT_BYTES * type.parameterCount()));
        var level = targets;
        while (level.size() > most) {
            var above = new ArrayList<Target>();
            for (int i = 0; i < level.size(); i += most) {
                int next = Math.min(level.size(), i + most);
                int end = next < level.size() ? level.get(next).from() : Integer.MAX_VALUE;
                above.add(between.of(level.subList(i, next), end));
            }
            level = above;
        }
        return level;
    }

    /** Writes a choice: of the target with the greatest first slot that is not above the local's. */
    static void choose(CodeBuilder code, int local, List<Target> targets, Consumer<Target> call) {
        if (targets.size() == 1) {
            call.accept(targets.getFirst());
            return;
        }
        int middle = targets.size() / 2;
        Label lower = code.newLabel();
        code.iload(local).loadConstant(targets.get(middle).from()).if_icmplt(lower);
        choose(code, local, targets.subList(middle, targets.size()), call);
        code.labelBinding(lower);
        choose(code, local, targets.subList(0, middle), call);
    }
}
