package io.vertebra.verifier.soundness;

import static io.vertebra.verifier.soundness.Draft.OUT;
import static io.vertebra.verifier.soundness.Draft.c;
import static io.vertebra.verifier.soundness.Draft.r;

import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import java.util.List;

/** Statements on what helpers make and take: locks, timers, dynptrs, samples, maps in maps, output buffers of jbpf. */
final class Objects {

    /** The numbers of the functions that {@link #functions} gives, in their order. */
    static final int EXPIRED = 7;

    static final int LOOKS = 8;

    private static final int BUFFER = -80;
    private static final int BUFFER_BYTES = 16;
    private static final int KEY = -8;
    private static final int OUTER_KEY = -16;

    /** What a value of OPAQUE has beside its lock and its timer. */
    private static final Integer[] FREE = {0, 32, 40};

    private final Choice choice;
    private final Numbers numbers;
    private final Memories memories;

    Objects(Choice choice, Numbers numbers, Memories memories) {
        this.choice = choice;
        this.numbers = numbers;
        this.memories = memories;
    }

    private static Draft stack(Draft draft, int register, int at) {
        return draft.mov(register, r(10)).plus(register, c(at));
    }

    /** A value of OPAQUE in r8. */
    private Draft opaque() {
        return memories.lookup(Subject.OPAQUE)
                .jumpIf(0, Condition.EQ, c(0), OUT)
                .mov(8, r(0));
    }

    private static Draft member(Draft draft, int member) {
        return draft.mov(1, r(8)).plus(1, c(member));
    }

    private Draft free() {
        int at = choice.oneIn(6) ? choice.below(Subject.OPAQUE_VALUE) : choice.any(FREE);
        return memories.access(choice.size(), 8, at);
    }

    /** A lock that is taken, and given back on every path, or nearly. */
    Draft lock() {
        var draft = opaque();
        if (choice.random.nextBoolean()) {
            draft.add(numbers.source(5));
        }
        member(draft, choice.oneIn(20) ? 0 : Subject.LOCK).call(93);
        for (int i = choice.below(3); i >= 0; i--) {
            int past = choice.freshLabel();
            boolean branches = choice.oneIn(3);
            if (branches) {
                draft.jumpIf(choice.width(), 5, choice.condition(), c(choice.number()), past);
            }
            draft.add(choice.random.nextBoolean() ? free() : numbers.arithmetic());
            if (choice.oneIn(8)) {
                draft.call(8);
            }
            if (branches) {
                draft.label(past);
            }
        }
        if (choice.oneIn(12)) {
            return draft.add(memories.lookup(Subject.OPAQUE));
        }
        return choice.oneIn(12) ? draft : member(draft, Subject.LOCK).call(94);
    }

    /** A timer that is made, told what to call, and started or stopped. */
    Draft timer() {
        var draft = opaque();
        if (!choice.oneIn(6)) {
            member(draft, choice.oneIn(20) ? 8 : Subject.TIMER)
                    .map(2, choice.oneIn(20) ? Subject.ARRAY : Subject.OPAQUE);
            draft.mov(3, c(choice.any(new Integer[] {0, 1, 7}))).call(169);
        }
        if (!choice.oneIn(6)) {
            member(draft, Subject.TIMER)
                    .function(2, choice.oneIn(12) ? choice.between(1, 6) : EXPIRED)
                    .call(170);
        }
        if (choice.oneIn(4)) {
            member(draft, Subject.TIMER).call(172);
        }
        if (!choice.oneIn(6)) {
            member(draft, Subject.TIMER).mov(2, c(choice.below(9))).mov(3, c(0)).call(171);
        }
        return draft.add(free());
    }

    /** A dynptr on a part of a value, or on a record that is given back, or nearly. */
    Draft dynptr() {
        int at = -8 * choice.between(2, 5);
        boolean reserved = choice.random.nextBoolean();
        if (choice.oneIn(5)) {
            return released(at);
        }
        var draft = new Draft().store(AccessSize.DOUBLE, 10, BUFFER, c(choice.number()));
        draft.store(AccessSize.DOUBLE, 10, BUFFER + 8, c(choice.number()));
        if (reserved) {
            draft.map(1, Subject.RING);
        } else {
            draft.mov(1, r(7));
            if (choice.oneIn(3)) {
                draft.plus(1, c(choice.below(9)));
            }
        }
        size(draft, 2).mov(3, c(choice.oneIn(12) ? 1 : 0));
        stack(draft, 4, choice.oneIn(20) ? at + 4 : at).call(reserved ? 198 : 197);
        for (int i = choice.below(3); i >= 0; i--) {
            draft.add(use(at));
        }
        if (choice.oneIn(reserved ? 12 : 4)) {
            draft.store(choice.size(), 10, at + 8 * choice.below(2), c(0));
            if (choice.random.nextBoolean()) {
                draft.add(use(at));
            }
        }
        if (reserved && !choice.oneIn(12)) {
            stack(draft, 1, at).mov(2, c(0)).call(199 + choice.below(2));
        }
        return choice.oneIn(8) ? draft.load(AccessSize.BYTE, 0, 8, 0) : draft;
    }

    /** A record that is given back while its memory is still at hand; sometimes it is looked at afterwards. */
    private Draft released(int at) {
        int none = choice.freshLabel();
        int end = choice.freshLabel();
        var draft = stack(new Draft().map(1, Subject.RING).mov(2, c(16)).mov(3, c(0)), 4, at)
                .call(198);
        stack(draft, 1, at).mov(2, c(0)).mov(3, c(8)).call(203).jumpIf(0, Condition.EQ, c(0), none);
        draft.mov(8, r(0)).store(AccessSize.DOUBLE, 8, 0, c(choice.number()));
        stack(draft, 1, at).mov(2, c(0)).call(199 + choice.below(2));
        if (choice.oneIn(3)) {
            draft.add(memories.plainAccess(choice.size(), 8, 0));
        }
        draft.jump(end).label(none);
        return stack(draft, 1, at).mov(2, c(0)).call(200).label(end);
    }

    private Draft size(Draft draft, int register) {
        return choice.oneIn(4)
                ? draft.load(AccessSize.BYTE, register, 6, choice.number(12))
                        .add(numbers.bound(register, BUFFER_BYTES - 1, OUT))
                : draft.mov(register, c(choice.any(new Integer[] {0, 4, 8, 16})));
    }

    private Draft offset(Draft draft, int register) {
        return choice.oneIn(4)
                ? draft.load(AccessSize.WORD, register, 6, choice.number(8))
                : draft.mov(register, c(choice.any(new Integer[] {0, 0, 1, 8})));
    }

    /** What is done with the dynptr at a place of the stack. */
    private Draft use(int at) {
        var draft = new Draft();
        return switch (choice.below(4)) {
            case 0 ->
                size(offset(stack(stack(draft, 1, BUFFER), 3, at), 4), 2)
                        .mov(5, c(0))
                        .call(201)
                        .load(choice.size(), choice.target(), 10, BUFFER);
            case 1 ->
                size(offset(stack(stack(draft, 1, at), 3, BUFFER), 2), 4)
                        .mov(5, c(0))
                        .call(202);
            default -> slice(stack(draft, 1, at));
        };
    }

    /** A part of the memory of the dynptr in r1. */
    private Draft slice(Draft draft) {
        int past = choice.freshLabel();
        int bytes = choice.any(new Integer[] {1, 4, 8, 16});
        offset(draft, 2).mov(3, c(bytes)).call(203).jumpIf(0, Condition.EQ, c(0), past);
        draft.mov(8, r(0));
        var size = choice.size();
        for (int i = choice.below(2); i >= 0; i--) {
            draft.add(memories.plainAccess(size, 8, Math.max(0, bytes - size.bytes())));
        }
        if (choice.oneIn(3)) {
            draft.add(numbers.source(5)).add(numbers.bound(5, bytes - 1, past)).plus(8, r(5));
            draft.load(AccessSize.BYTE, 0, 8, 0);
        }
        return draft.label(past);
    }

    /** Samples of the host, looked at by a function, which gets a slot of the stack; what is left there then matters. */
    Draft drain() {
        int at = choice.stackSlot();
        var draft =
                new Draft().store(AccessSize.DOUBLE, 10, at, c(choice.below(9))).map(1, Subject.SAMPLES);
        stack(draft.function(2, choice.oneIn(12) ? choice.between(1, 6) : LOOKS), 3, at);
        draft.mov(4, c(0)).call(209).load(AccessSize.DOUBLE, 5, 10, at);
        if (choice.random.nextBoolean()) {
            draft.add(numbers.bound(5, 15, OUT));
        }
        return draft.mov(8, r(7)).plus(8, r(5)).load(AccessSize.BYTE, 0, 8, 0);
    }

    /** A map that another map holds, and a value of it. */
    Draft inner() {
        boolean hash = choice.random.nextBoolean();
        var draft = new Draft().store(AccessSize.WORD, 10, OUTER_KEY, c(choice.oneIn(8) ? 2 : choice.below(2)));
        draft.map(1, hash ? Subject.MAP_HASH : Subject.MAP_ARRAY);
        stack(draft, 2, OUTER_KEY).call(1);
        if (!choice.oneIn(6)) {
            draft.jumpIf(0, Condition.EQ, c(0), OUT);
        }
        draft.mov(8, r(0));
        draft.store(AccessSize.DOUBLE, 10, KEY, c(choice.oneIn(8) ? 2 : choice.below(2)));
        if (choice.random.nextBoolean()) {
            for (int at = 0; at < Subject.ARRAY_VALUE; at += 8) {
                draft.store(AccessSize.DOUBLE, 10, BUFFER + at, c(choice.number()));
            }
            stack(stack(draft.mov(1, r(8)), 2, KEY), 3, BUFFER).mov(4, c(0)).call(2);
        }
        if (choice.oneIn(4)) {
            stack(draft.mov(1, r(8)).function(2, 6), 3, BUFFER).mov(4, c(0)).call(164);
        }
        stack(draft.mov(1, r(8)), 2, KEY).call(1).jumpIf(0, Condition.EQ, c(0), OUT);
        if (choice.oneIn(4)) {
            return draft.mov(7, r(0));
        }
        draft.mov(8, r(0));
        if (hash && choice.oneIn(3)) {
            member(draft, Subject.LOCK).call(93).add(free());
            member(draft, Subject.LOCK).call(94);
        }
        int last = hash ? Subject.OPAQUE_VALUE : Subject.ARRAY_VALUE;
        for (int i = choice.below(3); i >= 0; i--) {
            var size = choice.size();
            int at = hash ? choice.any(FREE) : choice.below(last / 8) * 8 + (choice.oneIn(12) ? 8 : 0);
            draft.add(choice.oneIn(3) ? memories.access(size, 8, at) : memories.filled(size, 8, at));
        }
        return choice.oneIn(12) ? draft.mov(0, r(8)).alu(AluOp.SUB, 0, r(7)) : draft;
    }

    /** The buffer of jbpf's output, in r7, which may be sent. */
    Draft output() {
        var draft = new Draft()
                .map(1, Subject.JBPF_OUTPUT)
                .call(17)
                .jumpIf(0, Condition.EQ, c(0), OUT)
                .mov(7, r(0))
                .add(memories.constantAccess());
        return choice.random.nextBoolean() ? draft.map(1, Subject.JBPF_OUTPUT).call(18) : draft;
    }

    /** What a timer calls, and what looks at a sample. */
    List<Draft> functions() {
        if (!choice.setting.isNative()) {
            return List.of(
                    new Draft().mov(0, c(0)).exit(), new Draft().mov(0, c(0)).exit());
        }
        var expired = new Draft().mov(8, r(3));
        if (choice.random.nextBoolean()) {
            expired.load(choice.any(new AccessSize[] {AccessSize.BYTE, AccessSize.WORD}), 5, 2, 0);
        }
        expired.add(free());
        if (choice.oneIn(3)) {
            member(expired, Subject.TIMER).mov(2, c(0)).mov(3, c(0)).call(171);
        }
        expired.mov(0, c(choice.oneIn(20) ? 1 : 0)).exit();
        int past = choice.freshLabel();
        var looks = new Draft().mov(6, r(1)).mov(7, r(2));
        if (choice.random.nextBoolean()) {
            looks.store(AccessSize.DOUBLE, 10, BUFFER, c(0)).mov(3, r(6));
            stack(looks, 1, BUFFER)
                    .mov(2, c(choice.below(9)))
                    .mov(4, c(choice.below(9)))
                    .mov(5, c(0));
            looks.call(201).load(AccessSize.DOUBLE, 9, 10, BUFFER);
        } else {
            looks.mov(9, c(choice.below(9)));
        }
        looks.mov(1, r(6)).mov(2, c(choice.below(5))).mov(3, c(8)).call(203).jumpIf(0, Condition.EQ, c(0), past);
        if (choice.random.nextBoolean()) {
            looks.store(choice.size(), 0, 0, r(9));
        } else {
            looks.add(memories.plainAccess(choice.size(), 0, 0));
        }
        looks.label(past);
        if (choice.random.nextBoolean()) {
            looks.store(AccessSize.DOUBLE, 7, 0, choice.oneIn(3) ? r(9) : c(choice.below(16)));
        }
        looks.mov(0, c(choice.oneIn(20) ? 2 : choice.below(2))).exit();
        return List.of(expired, looks);
    }
}
