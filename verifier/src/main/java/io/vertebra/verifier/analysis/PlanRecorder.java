package io.vertebra.verifier.analysis;

import io.vertebra.verifier.cfg.ControlFlow;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Slot;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.program.AccessPlan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Collects on the way what an executor wants to know. */
final class PlanRecorder {

    private final ControlFlow flow;
    private final Map<Integer, Set<AccessPlan.Region>> accesses = new HashMap<>();
    private final Set<Integer> helpers = new HashSet<>();
    private final Map<Integer, Integer> stackOf = new HashMap<>();
    private final Map<Integer, Set<Integer>> callees = new HashMap<>();
    private boolean contextEscapes;

    PlanRecorder(ControlFlow flow) {
        this.flow = flow;
    }

    /** An instruction is about to take effect. */
    void instruction(State state, int slot, Instruction instruction) {
        switch (instruction) {
            case Instruction.Load i -> access(state, slot, i.base());
            case Instruction.Atomic i -> access(state, slot, i.base());
            case Instruction.Store i -> {
                access(state, slot, i.base());
                if (i.src() instanceof Register r && isContext(state, r.number())) {
                    contextEscapes = true;
                }
            }
            default -> {}
        }
    }

    private void access(State state, int slot, int base) {
        if (state.register(base) instanceof Pointer pointer) {
            accesses.computeIfAbsent(slot, _ -> new HashSet<>()).add(region(pointer.region()));
        }
    }

    private static AccessPlan.Region region(Region region) {
        return switch (region) {
            case Region.Stack _ -> new AccessPlan.Stack();
            case Region.Context _ -> new AccessPlan.Context();
            case Region.Payload _, Region.PayloadEnd _ -> new AccessPlan.Payload();
            case Region.MapKey r -> new AccessPlan.MapKey(r.map());
            case Region.MapValue r -> new AccessPlan.MapValue(r.map());
            case Region.RingRecord r -> new AccessPlan.RingRecord(r.map());
        };
    }

    private static boolean isContext(State state, int register) {
        return state.register(register) instanceof Pointer p && p.region() instanceof Region.Context;
    }

    /** A helper is about to be called. */
    void helper(HelperPrototype prototype) {
        helpers.add(prototype.id());
        contextEscapes |= prototype.arguments().contains(Argument.CONTEXT);
    }

    /** A subprogram is about to be called. */
    void call(State state, int entry) {
        callees.computeIfAbsent(state.current().entry(), _ -> new HashSet<>()).add(entry);
        for (int register = 1; register <= 5; register++) {
            contextEscapes |= (flow.liveAt(entry) & 1 << register) != 0 && isContext(state, register);
        }
    }

    /** A helper that calls back is about to be called. */
    void callback(State state, int slot, CallbackCall call) {
        if (!call.isLater()) {
            callees.computeIfAbsent(state.current().entry(), _ -> new HashSet<>())
                    .add(call.entry());
        }
        contextEscapes |= call.handed() instanceof Pointer p && p.region() instanceof Region.Context;
    }

    /** The frames of the state are at their deepest, or go on in a path that was recorded. */
    void stack(State state) {
        for (int i = 0; i < state.depth(); i++) {
            stackOf.merge(state.frame(i).entry(), -state.frame(i).lowest(), Math::max);
        }
    }

    private int deepest(int entry) {
        int below = 0;
        for (int callee : callees.getOrDefault(entry, Set.of())) {
            below = Math.max(below, deepest(callee));
        }
        int own = stackOf.getOrDefault(entry, 0);
        return below + (own + Slot.SIZE - 1) / Slot.SIZE * Slot.SIZE;
    }

    AccessPlan plan(long maxSteps) {
        return new AccessPlan(accesses, deepest(0), maxSteps, contextEscapes, helpers);
    }
}
