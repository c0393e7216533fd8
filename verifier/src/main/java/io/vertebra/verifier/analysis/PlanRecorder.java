package io.vertebra.verifier.analysis;

import io.vertebra.verifier.cfg.ControlFlow;
import io.vertebra.verifier.cfg.InnerMaps;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Slot;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.helper.HelperPrototype.Result;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.AccessPlan.ContextUse;
import io.vertebra.vm.program.Program;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Collects on the way what an executor wants to know. */
final class PlanRecorder {

    private final Program program;
    private final ControlFlow flow;
    private final Map<Integer, Set<AccessPlan.Region>> accesses = new HashMap<>();
    /** By slot, the offset of the access; {@link #VARIOUS} when there are several. */
    private final Map<Integer, Integer> offsets = new HashMap<>();

    private final Map<Integer, Set<Integer>> callbacks = new HashMap<>();
    private final Set<Integer> helpers = new HashSet<>();
    private final Map<Integer, Integer> stackOf = new HashMap<>();
    private final Map<Integer, Set<Integer>> callees = new HashMap<>();
    private ContextUse context = ContextUse.LOADED;
    private boolean tailCalls;

    private static final int VARIOUS = Integer.MIN_VALUE;

    /** A recorder for a program with its inner maps. */
    PlanRecorder(Program program, ControlFlow flow) {
        this.program = program;
        this.flow = flow;
    }

    /** A recorder of its own that knows the same. */
    PlanRecorder copy() {
        var copy = new PlanRecorder(program, flow);
        accesses.forEach((slot, regions) -> copy.accesses.put(slot, new HashSet<>(regions)));
        copy.offsets.putAll(offsets);
        callbacks.forEach((slot, entries) -> copy.callbacks.put(slot, new HashSet<>(entries)));
        copy.helpers.addAll(helpers);
        copy.stackOf.putAll(stackOf);
        callees.forEach((entry, called) -> copy.callees.put(entry, new HashSet<>(called)));
        copy.context = context;
        copy.tailCalls = tailCalls;
        return copy;
    }

    /** An instruction is about to take effect. */
    void instruction(State state, int slot, Instruction instruction) {
        switch (instruction) {
            case Instruction.Load i -> access(state, slot, i.base(), i.offset());
            case Instruction.Atomic i -> access(state, slot, i.base(), i.offset());
            case Instruction.Store i -> {
                access(state, slot, i.base(), i.offset());
                if (i.src() instanceof Register r && isContext(state.register(r.number()))) {
                    use(ContextUse.ESCAPES);
                }
            }
            default -> {}
        }
    }

    private void access(State state, int slot, int base, int offset) {
        if (state.register(base) instanceof Pointer pointer) {
            accesses.computeIfAbsent(slot, _ -> new HashSet<>()).add(region(pointer.region()));
            var extent = Extent.of(pointer, offset);
            // Offsets before the payload's end count from another place.
            boolean exact = extent.isExact() && !(pointer.region() instanceof Region.PayloadEnd);
            offsets.merge(slot, exact ? (int) extent.least() : VARIOUS, (a, b) -> a.equals(b) ? a : VARIOUS);
        }
    }

    private AccessPlan.Region region(Region region) {
        return switch (region) {
            case Region.Stack _ -> new AccessPlan.Stack();
            case Region.Context _ -> new AccessPlan.Context();
            case Region.Payload _, Region.PayloadEnd _ -> new AccessPlan.Payload();
            case Region.MapKey _ -> new AccessPlan.CallbackKey();
            case Region.MapValue r -> ofMap(r.map(), new AccessPlan.MapValue(r.map()));
            case Region.MapObject _ -> throw new IllegalArgumentException("a map is no memory");
            case Region.RingRecord r -> ofMap(r.map(), new AccessPlan.RingRecord(r.map()));
            case Region.SampleDynptr _ -> throw new IllegalArgumentException("a dynptr is no memory");
            case Region.Slice r ->
                switch (r.kind()) {
                    case LOCAL -> ofMap(r.map(), new AccessPlan.MapValue(r.map()));
                    case RESERVED -> ofMap(r.map(), new AccessPlan.RingRecord(r.map()));
                    case SAMPLE -> ofMap(r.map(), new AccessPlan.Sample(r.map()));
                };
        };
    }

    private AccessPlan.Region ofMap(int map, AccessPlan.Region own) {
        var outer = InnerMaps.outerOf(program.maps(), map);
        return outer.isPresent() ? new AccessPlan.InnerMapValue(outer.getAsInt()) : own;
    }

    private static boolean isContext(Value value) {
        return value instanceof Pointer p && p.region() instanceof Region.Context;
    }

    private void use(ContextUse more) {
        context = more.compareTo(context) > 0 ? more : context;
    }

    /** A helper is about to be called. */
    void helper(HelperPrototype prototype) {
        helpers.add(prototype.id());
        boolean leaves = prototype.result() == Result.LEAVES;
        tailCalls |= leaves;
        if (prototype.arguments().contains(Argument.CONTEXT)) {
            use(leaves ? ContextUse.HANDED_ON : ContextUse.ESCAPES);
        }
    }

    /** A subprogram is about to be called. */
    void call(State state, int entry) {
        callees.computeIfAbsent(state.current().entry(), _ -> new HashSet<>()).add(entry);
        for (int register = 1; register <= 5; register++) {
            if ((flow.liveAt(entry) & 1 << register) != 0 && isContext(state.register(register))) {
                use(ContextUse.HANDED_ON);
            }
        }
    }

    /** A helper that calls back is about to be called. */
    void callback(State state, int slot, CallbackCall call) {
        callbacks.computeIfAbsent(slot, _ -> new HashSet<>()).add(call.entry());
        if (!call.isLater()) {
            callees.computeIfAbsent(state.current().entry(), _ -> new HashSet<>())
                    .add(call.entry());
        }
        if (isContext(call.handed())) {
            use(ContextUse.HANDED_ON);
        }
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

    /**
     * The bound on the steps of a run, from the bound up to the place where the program may go on in another one.
     *
     * <p>Sound because a chain has at most so many programs, each verified with this rule: none of those that go on in
     * another one takes more than its own share.
     */
    long ofChain(long steps) {
        long programs = tailCalls ? AccessPlan.TAIL_CALLS + 1 : 1;
        return steps > Long.MAX_VALUE / programs ? Long.MAX_VALUE : steps * programs;
    }

    /** What was collected. */
    AccessPlan plan(long maxSteps) {
        var exact = new TreeMap<>(offsets);
        exact.keySet().removeIf(slot -> accesses.get(slot).size() > 1 || offsets.get(slot) == VARIOUS);
        return new AccessPlan(accesses, exact, callbacks, deepest(0), maxSteps, context, helpers);
    }
}
