package io.vertebra.vm.object;

import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.object.ObjectFile.MapSlot;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.Program;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where a program may continue by tail calls, as far as the initial entries of its object's program arrays tell.
 * Immutable.
 *
 * @param slots initial entries of the program arrays that it, or a program that it continues in, refers to
 * @param programs what these entries hold, each once; the program itself is among them when an entry holds it
 */
public record Continuations(List<MapSlot> slots, List<Program> programs) {

    /** Makes the lists immutable. */
    public Continuations {
        slots = List.copyOf(slots);
        programs = List.copyOf(programs);
    }

    /**
     * Follows the tail calls of a program.
     *
     * @throws ObjectFormatException when an entry is not a program of the object
     */
    public static Continuations of(ObjectFile file, Program program) {
        var slots = new LinkedHashSet<MapSlot>();
        Map<String, Program> found = new LinkedHashMap<>();
        var open = new ArrayList<>(List.of(program));
        while (!open.isEmpty()) {
            var arrays = programArrays(open.removeLast());
            for (var slot : file.slots()) {
                if (arrays.contains(slot.map()) && slots.add(slot) && !found.containsKey(slot.target())) {
                    var target = target(file, slot);
                    found.put(target.name(), target);
                    open.add(target);
                }
            }
        }
        return new Continuations(List.copyOf(slots), List.copyOf(found.values()));
    }

    /** The programs of an object that any program array holds. */
    public static Set<String> targets(ObjectFile file) {
        var arrays = names(file.maps());
        return file.slots().stream()
                .filter(slot -> arrays.contains(slot.map()))
                .map(MapSlot::target)
                .collect(Collectors.toSet());
    }

    private static Set<String> programArrays(Program program) {
        return names(program.instructions().stream()
                .filter(Instruction.LoadMap.class::isInstance)
                .map(load -> program.maps().get(((Instruction.LoadMap) load).map()))
                .toList());
    }

    private static Set<String> names(List<MapSpec> maps) {
        return maps.stream()
                .filter(map -> map.type() == MapType.PROG_ARRAY)
                .map(MapSpec::name)
                .collect(Collectors.toSet());
    }

    private static Program target(ObjectFile file, MapSlot slot) {
        return file.programs().stream()
                .filter(p -> p.name().equals(slot.target()))
                .findFirst()
                .orElseThrow(
                        () -> new ObjectFormatException("%s: map `%s`: initial entry %d is `%s`, needed is a program"
                                .formatted(file.name(), slot.map(), slot.index(), slot.target())));
    }
}
