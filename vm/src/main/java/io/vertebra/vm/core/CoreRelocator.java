package io.vertebra.vm.core;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfExtension.CoreRelocation;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.program.Program;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** Applies the CO-RE relocations of a program. The same program and the same types always give the same program. */
public final class CoreRelocator {

    private final CoreResolver resolver;
    private final List<Instruction> instructions;
    private final Map<Integer, String> poisoned = new HashMap<>();

    private CoreRelocator(CoreResolver resolver, Program program) {
        this.resolver = resolver;
        this.instructions = new ArrayList<>(program.instructions());
    }

    /**
     * A program for the types of a target. What has no counterpart there becomes a call of {@link Program#POISON}, with
     * the reason in {@link Program#poisoned}.
     *
     * @param program as its object has it
     * @param local the types of its object
     * @param relocations by slot
     * @param target the types to relocate to
     * @throws ObjectFormatException when a record does not fit its instruction or its types, or when types of one name in
     *     the target contradict each other
     */
    public static Program relocate(
            Program program, Btf local, NavigableMap<Integer, CoreRelocation> relocations, CoreTarget target) {
        if (relocations.isEmpty()) {
            return program;
        }
        var relocator = new CoreRelocator(new CoreResolver(local, target), program);
        relocations.forEach((slot, relocation) -> {
            try {
                relocator.apply(slot, relocation);
            } catch (ObjectFormatException e) {
                throw e.in("program `%s`: insn %d: CO-RE %s"
                        .formatted(program.name(), slot, CoreText.of(local, relocation)));
            }
        });
        return program.relocated(relocator.instructions, relocator.poisoned);
    }

    private void apply(int slot, CoreRelocation relocation) {
        var instruction = instructions.get(slot);
        switch (resolver.resolve(relocation)) {
            case Resolution.Poisoned poison -> poison(slot, poison.reason());
            case Resolution.Patched patch ->
                InstructionPatch.apply(instruction, patch)
                        .ifPresentOrElse(
                                changed -> instructions.set(slot, changed),
                                () -> poison(slot, resolver.misread(relocation, patch.access())));
        }
    }

    /** A wide load is two calls then, since its second slot has no meaning of its own. */
    private void poison(int slot, String reason) {
        boolean wide = slot + 1 < instructions.size() && instructions.get(slot + 1) instanceof Instruction.WideTail;
        for (int at = slot; at <= slot + (wide ? 1 : 0); at++) {
            instructions.set(at, new Instruction.Call(Program.POISON));
            poisoned.put(at, reason);
        }
    }
}
