package io.vertebra.vm.program;

import io.vertebra.vm.isa.Instruction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A linked eBPF program: everything an executor or a verifier needs, and nothing that depends on the machine. The entry
 * function comes first; the subprograms it reaches follow in the same list, as libbpf links them.
 *
 * @param name the entry function's symbol
 * @param section the ELF section it came from, for example {@code hook/gateway/request_received}
 * @param instructions indexed by slot, see {@link Instruction}
 * @param functions the entry function and the subprograms, in slot order, without gaps
 * @param maps what {@link Instruction.LoadMap#map} and {@link Instruction.LoadMapValue#map} index
 * @param lines source lines by the first slot that they cover
 * @param externals by slot: functions that the program calls and its object does not define; such a call is one of
 *     {@link #EXTERNAL}
 * @param poisoned by slot: why a CO-RE relocation has no result; such an instruction is a call of {@link #POISON}
 */
public record Program(
        String name,
        String section,
        List<Instruction> instructions,
        List<Function> functions,
        List<MapSpec> maps,
        NavigableMap<Integer, SourceLine> lines,
        Map<Integer, String> externals,
        Map<Integer, String> poisoned) {

    /** The helper id, which no helper has, of a call that stayed unresolved. */
    public static final int EXTERNAL = -1;

    /** The helper id, which no helper has, of an instruction that must not be reached; libbpf's "bad relo". */
    public static final int POISON = 0xbad2310;

    /**
     * One function of a program.
     *
     * @param name its symbol
     * @param start first slot
     * @param end slot after the last
     */
    public record Function(String name, int start, int end) {}

    /** Makes the lists immutable. */
    public Program {
        instructions = List.copyOf(instructions);
        functions = List.copyOf(functions);
        maps = List.copyOf(maps);
        lines = Collections.unmodifiableNavigableMap(lines);
        externals = Map.copyOf(externals);
        poisoned = Map.copyOf(poisoned);
    }

    /** A program whose instructions are all resolved. */
    public Program(
            String name,
            String section,
            List<Instruction> instructions,
            List<Function> functions,
            List<MapSpec> maps,
            NavigableMap<Integer, SourceLine> lines) {
        this(name, section, instructions, functions, maps, lines, Map.of(), Map.of());
    }

    /**
     * A program that did not come from an object file: its functions are the entry at slot 0 and every target of a
     * {@link Instruction.CallLocal} or {@link Instruction.LoadFunction}, named by their slot.
     */
    public static Program of(String name, List<Instruction> instructions, List<MapSpec> maps) {
        var starts = new TreeSet<>(Set.of(0));
        for (int slot = 0; slot < instructions.size(); slot++) {
            int next = slot + 1;
            switch (instructions.get(slot)) {
                case Instruction.CallLocal call -> starts.add(next + call.offset());
                case Instruction.LoadFunction load -> starts.add(next + load.offset());
                default -> {}
            }
        }
        var inside = starts.subSet(0, true, instructions.size(), false);
        var functions = new ArrayList<Function>();
        for (int start : inside) {
            var end = inside.higher(start);
            functions.add(new Function(
                    start == 0 ? name : "function_" + start, start, end == null ? instructions.size() : end));
        }
        return new Program(name, name, instructions, functions, maps, new TreeMap<>());
    }

    /** This program over other maps, index by index. */
    public Program withMaps(List<MapSpec> others) {
        return new Program(name, section, instructions, functions, others, lines, externals, poisoned);
    }

    /**
     * This program for other types.
     *
     * @param changed as many instructions as before
     * @param unresolved see {@link #poisoned}
     */
    public Program relocated(List<Instruction> changed, Map<Integer, String> unresolved) {
        return new Program(name, section, changed, functions, maps, lines, externals, unresolved);
    }

    /** The source line that a slot was compiled from; empty where the object has no line records for its function. */
    public Optional<SourceLine> sourceOf(int slot) {
        var entry = lines.floorEntry(slot);
        return entry == null || entry.getKey() < functionAt(slot).start()
                ? Optional.empty()
                : Optional.of(entry.getValue());
    }

    /** The function that a slot belongs to. */
    public Function functionAt(int slot) {
        for (var function : functions) {
            if (slot < function.end()) {
                return function;
            }
        }
        throw new IndexOutOfBoundsException("slot " + slot + " of " + instructions.size());
    }
}
