package io.vertebra.vm.jit;

import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.Alu;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.RegisterUse;
import io.vertebra.vm.program.AccessPlan;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the address of the context may go, and whether parameters can stand for the context: when its address stays in
 * registers, of the entry function and of subprograms, and is only used to load whole fields or parts of them.
 */
final class ContextFlow {

    private final Unit unit;
    private final DirectForm form;
    /** By function and slot: the registers that may hold an address of the context, as a set of bits. */
    private final Map<Integer, Map<Integer, Integer>> holders = new HashMap<>();

    private final ArrayDeque<Integer> openFunctions = new ArrayDeque<>();
    private boolean confined = true;

    private ContextFlow(Unit unit, DirectForm form) {
        this.unit = unit;
        this.form = form;
    }

    /** The functions that direct code consists of, by their first slots; empty when it is not possible. */
    static Set<Integer> functions(Unit unit, DirectForm form) {
        var flow = new ContextFlow(unit, form);
        flow.enter(0, 1 << 1);
        while (flow.confined && !flow.openFunctions.isEmpty()) {
            flow.follow(flow.openFunctions.poll());
        }
        return flow.confined ? new TreeSet<>(flow.holders.keySet()) : Set.of();
    }

    private void enter(int start, int registers) {
        var known = holders.computeIfAbsent(start, _ -> new HashMap<>());
        int before = known.getOrDefault(start, -1);
        if (before < 0 || (registers & ~before) != 0) {
            known.put(start, Math.max(before, 0) | registers);
            openFunctions.add(start);
        }
    }

    private void follow(int start) {
        var known = holders.get(start);
        var open = new ArrayDeque<Integer>();
        open.add(start);
        while (confined && !open.isEmpty()) {
            int slot = open.poll();
            if (slot >= unit.program().instructions().size()) {
                continue;
            }
            var instruction = unit.program().instructions().get(slot);
            int after = apply(slot, instruction, known.get(slot));
            switch (instruction) {
                // What a subprogram gives is not followed.
                case Instruction.Exit _ -> confined &= start == 0 || !holds(after, 0);
                case Instruction.Jump i -> meet(known, slot + 1 + i.offset(), after, open);
                case Instruction.JumpIf i -> {
                    meet(known, slot + 1 + i.offset(), after, open);
                    meet(known, slot + 1, after, open);
                }
                default -> meet(known, slot + Instruction.size(instruction), after, open);
            }
        }
    }

    private static void meet(Map<Integer, Integer> known, int slot, int registers, ArrayDeque<Integer> open) {
        Integer before = known.get(slot);
        if (before == null || (registers & ~before) != 0) {
            known.put(slot, registers | (before == null ? 0 : before));
            open.add(slot);
        }
    }

    private int apply(int slot, Instruction instruction, int holding) {
        int others = holding & ~RegisterUse.written(instruction);
        return switch (instruction) {
            case Alu i -> {
                boolean left = i.op() != AluOp.MOV && holds(holding, i.dst());
                yield left || holds(holding, i.src()) ? others | 1 << i.dst() : others;
            }
            case Instruction.Load i -> {
                confined &= isParameter(slot, i);
                yield others;
            }
            case Instruction.Store i -> {
                confined &= !holds(holding, i.src()) && !holds(holding, i.base());
                yield others;
            }
            case Instruction.Atomic i -> {
                confined &= !holds(holding, i.src()) && !holds(holding, i.base());
                yield others;
            }
            case Instruction.Call i -> {
                confined &= !isHanded(i, holding);
                yield others;
            }
            case Instruction.CallRegister _ -> {
                confined = false;
                yield others;
            }
            case Instruction.CallLocal i -> {
                int start = slot + 1 + i.offset();
                confined &= start != 0;
                enter(start, holding & RegisterUse.ARGUMENTS);
                yield others;
            }
            case Instruction.MoveSignExtended i -> holds(holding, i.src()) ? others | 1 << i.dst() : others;
            case Instruction.Negate _, Instruction.ByteSwap _ -> holding;
            case Instruction.LoadImmediate _,
                    Instruction.LoadMap _,
                    Instruction.LoadMapValue _,
                    Instruction.LoadFunction _,
                    Instruction.LoadPacket _,
                    Instruction.WideTail _,
                    Instruction.Jump _,
                    Instruction.JumpIf _,
                    Instruction.Exit _ -> others;
        };
    }

    private static boolean holds(int holding, int register) {
        return (holding & 1 << register) != 0;
    }

    private static boolean holds(int holding, Operand operand) {
        return operand instanceof Register r && holds(holding, r.number());
    }

    /** A load from the context is of a field, or of a part of one; a load that leads elsewhere is no matter. */
    private boolean isParameter(int slot, Instruction.Load load) {
        var regions = unit.plan().orElseThrow().accesses().getOrDefault(slot, Set.of());
        return !regions.contains(new AccessPlan.Context())
                || (regions.size() == 1
                        && unit.contextOffset(slot)
                                .flatMap(o -> form.covering(o, load.size().bytes()))
                                .isPresent());
    }

    private boolean isHanded(Instruction.Call call, int holding) {
        int arguments = unit.helpers()
                .prototype(call.helper())
                .map(HelperPrototype::arguments)
                .map(a -> (2 << a.size()) - 2)
                .orElse(RegisterUse.ARGUMENTS);
        return (holding & arguments) != 0;
    }
}
