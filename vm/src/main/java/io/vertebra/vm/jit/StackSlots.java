package io.vertebra.vm.jit;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.Atomic;
import io.vertebra.vm.isa.Instruction.Load;
import io.vertebra.vm.isa.Instruction.Store;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The parts of one function's stack frame that become locals: each is only loaded and stored as a whole, at an offset that
 * is known, and nothing else overlaps it. Helpers that get the address of such a part find its value in memory: it is
 * copied there before the call, and back when the helper may have changed it.
 */
final class StackSlots {

    /** Bytes of the frame at {@code r10 + offset}. */
    record Part(int offset, int bytes) {
        boolean overlaps(long from, long to) {
            return offset < to && from < offset + bytes;
        }
    }

    private final TreeMap<Integer, Part> parts = new TreeMap<>();

    /** No part is a local. */
    static StackSlots none() {
        return new StackSlots();
    }

    private StackSlots() {}

    /** The parts that can be locals, by what verification proved. */
    static StackSlots of(Program program, FunctionCode function, Origins origins, AccessPlan plan) {
        var slots = new StackSlots();
        if (origins.stackEscapes()) {
            return slots;
        }
        var all = new ArrayList<Part>();
        for (int slot : function.slots().toArray()) {
            var access = access(program.instructions().get(slot));
            if (access.isEmpty()) {
                continue;
            }
            if (origins.of(slot, access.get().base()) instanceof Origin.Stack(long offset)) {
                all.add(new Part(
                        (int) offset + access.get().offset(), access.get().bytes()));
            } else if (plan.accesses().getOrDefault(slot, Set.of()).contains(new AccessPlan.Stack())) {
                return slots;
            }
        }
        all.sort((a, b) -> Integer.compare(a.offset(), b.offset()));
        slots.keepSeparate(all);
        removeAtomics(program, function, origins, slots);
        return slots;
    }

    private record Access(int base, int offset, int bytes) {}

    private static Optional<Access> access(Instruction instruction) {
        return switch (instruction) {
            case Load i -> Optional.of(new Access(i.base(), i.offset(), i.size().bytes()));
            case Store i ->
                Optional.of(new Access(i.base(), i.offset(), i.size().bytes()));
            case Atomic i ->
                Optional.of(new Access(i.base(), i.offset(), i.size().bytes()));
            default -> Optional.empty();
        };
    }

    /** Keeps the parts that no other part overlaps; sorted by offset. */
    private void keepSeparate(List<Part> sorted) {
        int i = 0;
        while (i < sorted.size()) {
            var first = sorted.get(i);
            int end = first.offset() + first.bytes();
            boolean alone = true;
            int next = i + 1;
            while (next < sorted.size() && sorted.get(next).offset() < end) {
                alone &= sorted.get(next).equals(first);
                end = Math.max(end, sorted.get(next).offset() + sorted.get(next).bytes());
                next++;
            }
            if (alone) {
                parts.put(first.offset(), first);
            }
            i = next;
        }
    }

    private static void removeAtomics(Program program, FunctionCode function, Origins origins, StackSlots slots) {
        function.slots().forEach(slot -> {
            if (program.instructions().get(slot) instanceof Atomic i
                    && origins.of(slot, i.base()) instanceof Origin.Stack(long offset)) {
                slots.parts.remove((int) offset + i.offset());
            }
        });
    }

    /** The part at an offset, if it is a local. */
    Optional<Part> at(long offset) {
        return Optional.ofNullable(parts.get((int) offset));
    }

    /** All parts that are locals. */
    List<Part> all() {
        return List.copyOf(parts.values());
    }

    /** The parts that have bytes in a range of offsets. */
    List<Part> overlapping(long from, long to) {
        return parts.values().stream().filter(p -> p.overlaps(from, to)).toList();
    }
}
