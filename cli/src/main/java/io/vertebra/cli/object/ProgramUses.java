package io.vertebra.cli.object;

import io.vertebra.verticles.api.ProgramCode;
import io.vertebra.vm.btf.BtfExtension.CoreRelocation;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.object.ObjectFile.Abi;
import io.vertebra.vm.program.Program;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a program's instructions refer to.
 *
 * @param maps names in the order of first use
 * @param helpers names in the order of first use
 * @param coreRelocations by slot: instructions that are recomputed from the types of an application
 */
record ProgramUses(Set<String> maps, Set<String> helpers, NavigableMap<Integer, CoreRelocation> coreRelocations) {

    private static final Map<Abi, Helpers> HELPERS =
            Map.of(Abi.NATIVE, Helpers.standard(), Abi.JBPF, Helpers.jbpf((_, _) -> {}));

    static ProgramUses of(ObjectFile file, Program program) {
        var maps = new LinkedHashSet<String>();
        var helpers = new LinkedHashSet<String>();
        for (int slot = 0; slot < program.instructions().size(); slot++) {
            switch (program.instructions().get(slot)) {
                case Instruction.LoadMap load -> maps.add(ProgramCode.map(program.maps(), load.map()));
                case Instruction.LoadMapValue load -> maps.add(ProgramCode.map(program.maps(), load.map()));
                case Instruction.Call call ->
                    helpers.add(program.externals().getOrDefault(slot, helper(file.abi(), call.helper())));
                default -> {}
            }
        }
        return new ProgramUses(maps, helpers, coreRelocations(file, program));
    }

    /** The CO-RE relocations of a program, by slot. */
    static NavigableMap<Integer, CoreRelocation> coreRelocations(ObjectFile file, Program program) {
        return file.coreRelocations().getOrDefault(program.name(), new TreeMap<>());
    }

    /** A helper's name, or its number when there is no such helper. */
    static String helper(Abi abi, int id) {
        return HELPERS.get(abi).prototype(id).map(HelperPrototype::name).orElse("#" + id);
    }
}
