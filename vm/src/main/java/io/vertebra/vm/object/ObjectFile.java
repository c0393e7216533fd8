package io.vertebra.vm.object;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfExtension.CoreRelocation;
import io.vertebra.vm.btf.BtfValues;
import io.vertebra.vm.core.CoreRelocator;
import io.vertebra.vm.core.CoreTarget;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.Program;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * An eBPF object file, read and linked: the same bytes always give the same value, and nothing in it depends on the
 * machine. Immutable and thread-safe.
 *
 * @param name what messages call the file
 * @param programs one per global function outside {@code .text} (in {@code .text}, when there is no other code), in file
 *     order, with the subprograms that it reaches; all have {@link #maps} as their maps
 * @param maps declared maps first, then global data sections
 * @param slots initial entries of maps of maps and program arrays
 * @param btf types, {@link Btf#EMPTY} when the file has none; data sections have the offsets of the symbol table
 * @param license text of the {@code license} section
 * @param variables of the global data maps, in file order
 * @param coreRelocations by program and slot: CO-RE relocations, which {@link #relocated} applies
 * @param abi what its numbers of helpers and map types mean
 */
public record ObjectFile(
        String name,
        List<Program> programs,
        List<MapSpec> maps,
        List<MapSlot> slots,
        Btf btf,
        Optional<String> license,
        List<GlobalVariable> variables,
        Map<String, NavigableMap<Integer, CoreRelocation>> coreRelocations,
        Abi abi) {

    /** What an object was written for. */
    public enum Abi {
        /** The numbers of Linux. */
        NATIVE,
        /**
         * jbpf's: there is a program section {@code jbpf_*}, or all definitions in the section {@code maps} are jbpf's.
         */
        JBPF
    }

    /**
     * An initial entry of a map of maps or a program array.
     *
     * @param map the outer map
     * @param index its key
     * @param target the inner map, or the program
     */
    public record MapSlot(String map, int index, String target) {}

    /** Bytes of a file that readers of files should not exceed: what is larger is not an eBPF object. */
    public static final int MAX_BYTES = 64 << 20;

    /** Makes the collections immutable. */
    public ObjectFile {
        programs = List.copyOf(programs);
        maps = List.copyOf(maps);
        slots = List.copyOf(slots);
        variables = List.copyOf(variables);
        coreRelocations = Map.copyOf(coreRelocations);
    }

    /**
     * Reads and links an object file.
     *
     * @param elf the file's bytes; not modified, and not referred to afterwards
     * @param name what messages call the file
     * @throws ObjectFormatException when anything in it is malformed, unknown or unresolved
     */
    public static ObjectFile read(byte[] elf, String name) {
        return read(elf, name, Map.of());
    }

    /**
     * Reads and links an object file that may use map types which an application has added to jbpf's ABI.
     *
     * @param elf as for {@link #read(byte[], String)}
     * @param name what messages call the file
     * @param jbpfMaps what map types stand for, by their numbers in definitions of jbpf
     * @throws ObjectFormatException when anything in it is malformed, unknown or unresolved
     */
    public static ObjectFile read(byte[] elf, String name, Map<Integer, MapType> jbpfMaps) {
        try {
            return new ObjectReader(ElfFile.read(elf)).read(name, jbpfMaps);
        } catch (ObjectFormatException e) {
            throw e.in(name);
        }
    }

    /**
     * The initial value of a global variable.
     *
     * @return as {@link BtfValues#read} gives it
     * @throws IllegalArgumentException when there is no such variable, or its type is unknown
     */
    public Object variable(String variable) {
        var place = place(variable);
        var initial = maps.get(mapOf(place)).initial();
        var bytes = initial.length == 0
                ? new byte[place.size()]
                : Arrays.copyOfRange(initial, place.offset(), place.offset() + place.size());
        return BtfValues.read(btf, place.type(), MemorySegment.ofArray(bytes), 0);
    }

    /**
     * This object with another initial value of a global variable, for {@code const volatile} settings.
     *
     * @param variable its name
     * @param value as {@link BtfValues#write} takes it
     * @throws IllegalArgumentException when there is no such variable, or the value does not fit its type
     */
    public ObjectFile withVariable(String variable, Object value) {
        var place = place(variable);
        int index = mapOf(place);
        var content = content(index);
        BtfValues.write(btf, place.type(), MemorySegment.ofArray(content), place.offset(), variable, value);
        var changed = new ArrayList<>(maps);
        changed.set(index, maps.get(index).withInitial(content));
        return new ObjectFile(
                name,
                programs.stream().map(p -> p.withMaps(changed)).toList(),
                changed,
                slots,
                btf,
                license,
                variables,
                coreRelocations,
                abi);
    }

    /**
     * A program of this object for the types of a target.
     *
     * @param program one of {@link #programs}
     * @throws ObjectFormatException as {@link CoreRelocator#relocate}
     */
    public Program relocated(Program program, CoreTarget target) {
        var records = coreRelocations.get(program.name());
        return records == null ? program : CoreRelocator.relocate(program, btf, records, target);
    }

    private GlobalVariable place(String variable) {
        var place = variables.stream()
                .filter(v -> v.name().equals(variable))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("variable `%s`: %s has no such variable, it has %s"
                        .formatted(
                                variable,
                                name,
                                variables.stream().map(GlobalVariable::name).toList())));
        if (place.type() == 0) {
            throw new IllegalArgumentException(
                    "variable `%s`: %s has no BTF type for it, compile with -g".formatted(variable, name));
        }
        return place;
    }

    private int mapOf(GlobalVariable variable) {
        for (int i = 0; i < maps.size(); i++) {
            if (maps.get(i).name().equals(variable.map())) {
                return i;
            }
        }
        throw new IllegalStateException("variable `%s`: no map `%s`".formatted(variable.name(), variable.map()));
    }

    /** A copy of a map's first value; a zeroed section has no bytes in the file. */
    private byte[] content(int map) {
        var spec = maps.get(map);
        return spec.initial().length == 0
                ? new byte[spec.valueSize()]
                : spec.initial().clone();
    }
}
