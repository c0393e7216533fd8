package io.vertebra.verifier.cfg;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.RegisterUse;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.OpaqueMembers;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.Program.Function;
import java.util.ArrayList;
import java.util.List;

/**
 * The form of a program: every jump and call leads to an instruction of the right function, no function runs off its
 * end, and nothing writes the frame pointer. Checked for all code, reached or not, so that what comes later need not.
 */
public final class Structure {

    private static final int FRAME_POINTER = 10;
    private static final String INSIDE = "a target inside the function, at the first slot of an instruction";

    private final Program program;
    private final List<Defect> defects = new ArrayList<>();

    private Structure(Program program) {
        this.program = program;
    }

    /** The defects, in slot order; empty for a well-formed program. */
    public static List<Defect> check(Program program) {
        var structure = new Structure(program);
        if (program.instructions().isEmpty() || program.functions().isEmpty()) {
            return List.of(new Defect(0, "the program is empty", "at least one instruction"));
        }
        program.maps().forEach(structure::checkMembers);
        structure.checkFunctions();
        return structure.defects;
    }

    private void checkFunctions() {
        int start = 0;
        for (var function : program.functions()) {
            if (function.start() != start || function.end() <= start) {
                defects.add(
                        new Defect(0, "functions do not cover the program", "functions in slot order without gaps"));
                return;
            }
            start = function.end();
        }
        if (start != program.instructions().size()) {
            defects.add(new Defect(0, "functions do not cover the program", "functions in slot order without gaps"));
            return;
        }
        program.functions().forEach(this::checkFunction);
    }

    private void checkFunction(Function function) {
        int slot = function.start();
        Instruction last = null;
        while (slot < function.end()) {
            last = program.instructions().get(slot);
            checkInstruction(function, slot, last);
            int size = Instruction.size(last);
            if (slot + size > function.end()
                    || (size == 2 && !(program.instructions().get(slot + 1) instanceof Instruction.WideTail))) {
                defects.add(new Defect(slot, "a wide instruction without its second slot", "two slots"));
                return;
            }
            slot += size;
        }
        if (!(last instanceof Instruction.Exit || last instanceof Instruction.Jump)) {
            defects.add(new Defect(
                    function.end() - 1,
                    "control may run off the end of `" + function.name() + "`",
                    "an exit or a jump as the last instruction of a function"));
        }
    }

    private void checkInstruction(Function function, int slot, Instruction instruction) {
        switch (instruction) {
            case Instruction.Jump i -> checkTarget(function, slot, i.offset());
            case Instruction.JumpIf i -> checkTarget(function, slot, i.offset());
            case Instruction.CallLocal i -> checkEntry(slot, i.offset(), "call");
            case Instruction.LoadFunction i -> checkEntry(slot, i.offset(), "function address");
            case Instruction.LoadMap i -> checkMap(slot, i.map(), 0);
            case Instruction.LoadMapValue i -> checkMap(slot, i.map(), i.offset());
            case Instruction.WideTail _ ->
                defects.add(new Defect(slot, "the second half of a wide instruction stands alone", "two slots"));
            case Instruction.Alu _,
                    Instruction.MoveSignExtended _,
                    Instruction.Negate _,
                    Instruction.ByteSwap _,
                    Instruction.LoadImmediate _,
                    Instruction.Load _,
                    Instruction.LoadPacket _,
                    Instruction.Store _,
                    Instruction.Atomic _,
                    Instruction.Call _,
                    Instruction.CallRegister _,
                    Instruction.Exit _ -> {}
        }
        if ((RegisterUse.written(instruction) & 1 << FRAME_POINTER) != 0) {
            defects.add(new Defect(slot, "r10 is written", "another register: the frame pointer is read-only"));
        }
    }

    private void checkMembers(MapSpec map) {
        try {
            OpaqueMembers.of(map);
            map.inner().ifPresent(OpaqueMembers::of);
        } catch (IllegalArgumentException e) {
            defects.add(new Defect(0, e.getMessage(), "at most one lock and one timer in the value's struct"));
        }
    }

    private void checkTarget(Function function, int slot, int offset) {
        long target = slot + 1L + offset;
        if (target < function.start()
                || target >= function.end()
                || program.instructions().get((int) target) instanceof Instruction.WideTail) {
            defects.add(
                    new Defect(slot, "jump to insn " + target + ", which is not in `" + function.name() + "`", INSIDE));
        }
    }

    private void checkEntry(int slot, int offset, String what) {
        long target = slot + 1L + offset;
        if (program.functions().stream().noneMatch(f -> f.start() == target)) {
            defects.add(new Defect(
                    slot, what + " of insn " + target + ", which begins no function", "a function's first slot"));
        }
    }

    private void checkMap(int slot, int map, int offset) {
        if (map < 0 || map >= program.maps().size()) {
            defects.add(new Defect(
                    slot, "map index " + map, "an index below " + program.maps().size()));
        } else if (offset < 0 || offset > program.maps().get(map).valueSize()) {
            defects.add(new Defect(
                    slot,
                    "address of byte " + offset + " in map `"
                            + program.maps().get(map).name() + "`",
                    "an offset of at most " + program.maps().get(map).valueSize()));
        }
    }
}
