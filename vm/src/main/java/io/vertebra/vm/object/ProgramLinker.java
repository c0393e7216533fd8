package io.vertebra.vm.object;

import io.vertebra.vm.btf.BtfExtension;
import io.vertebra.vm.btf.BtfExtension.CoreRelocation;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.InstructionCodec;
import io.vertebra.vm.object.CodeSections.Function;
import io.vertebra.vm.object.ElfFile.Relocation;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.SourceLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Links programs as libbpf does: each program is its entry function followed by the functions that it reaches, calls
 * and callback addresses adjusted to their new distance, map references turned into map indexes.
 */
final class ProgramLinker {

    /** Slots of one program (as Linux) and of all programs of an object; subprograms are copied into each. */
    private static final int MAX_PROGRAM_SLOTS = 1_000_000;

    private static final int MAX_OBJECT_SLOTS = 4_000_000;

    private final CodeSections code;
    private final MapTable maps;
    private final BtfExtension extension;
    private final Map<Function, Relocated> relocated = new HashMap<>();
    private final List<Program> programs = new ArrayList<>();
    private final Map<String, NavigableMap<Integer, CoreRelocation>> coreRelocations = new HashMap<>();

    ProgramLinker(CodeSections code, MapTable maps, BtfExtension extension) {
        this.code = code;
        this.maps = maps;
        this.extension = extension;
        int slots = 0;
        var names = new HashSet<String>();
        for (var entry : code.entries()) {
            if (!names.add(entry.name())) {
                throw new ObjectFormatException(
                        "%s: another program of the object has this name, each needs its own".formatted(entry));
            }
            var program = link(entry);
            slots += program.instructions().size();
            if (slots > MAX_OBJECT_SLOTS) {
                throw new ObjectFormatException(
                        "more than %d linked instructions in all programs".formatted(MAX_OBJECT_SLOTS));
            }
            programs.add(program);
        }
    }

    List<Program> programs() {
        return programs;
    }

    Map<String, NavigableMap<Integer, CoreRelocation>> coreRelocations() {
        return coreRelocations;
    }

    /** A function with its maps resolved, and by slot the functions that it refers to, here and elsewhere. */
    private record Relocated(
            List<Instruction> instructions, Map<Integer, Function> targets, Map<Integer, String> externals) {}

    private Program link(Function entry) {
        var starts = place(entry);
        var instructions = new ArrayList<Instruction>();
        var functions = new ArrayList<Program.Function>();
        var lines = new TreeMap<Integer, SourceLine>();
        var core = new TreeMap<Integer, CoreRelocation>();
        var externals = new TreeMap<Integer, String>();
        for (var function : starts.keySet()) {
            int start = instructions.size();
            append(function, starts, instructions);
            relocate(function).externals().forEach((slot, symbol) -> externals.put(start + slot, symbol));
            functions.add(new Program.Function(function.name(), start, instructions.size()));
            int shift = start - function.start();
            sourceLines(function).forEach((slot, line) -> lines.put(slot + shift, line));
            coreRelocationsOf(function).forEach((slot, relocation) -> core.put(slot + shift, relocation));
        }
        if (!core.isEmpty()) {
            coreRelocations.put(entry.name(), core);
        }
        return new Program(
                entry.name(),
                entry.section().name(),
                instructions,
                functions,
                maps.specs(),
                lines,
                externals,
                Map.of());
    }

    /** The reached functions in order of discovery, with the slot where each starts. */
    private Map<Function, Integer> place(Function entry) {
        var starts = new LinkedHashMap<Function, Integer>();
        var found = new ArrayList<>(List.of(entry));
        int slots = 0;
        for (int i = 0; i < found.size(); i++) {
            var function = found.get(i);
            if (starts.containsKey(function)) {
                continue;
            }
            starts.put(function, slots);
            slots += function.end() - function.start();
            if (slots > MAX_PROGRAM_SLOTS) {
                throw new ObjectFormatException(
                        "%s: more than %d linked instructions".formatted(entry, MAX_PROGRAM_SLOTS));
            }
            found.addAll(relocate(function).targets().values());
        }
        return starts;
    }

    private void append(Function function, Map<Function, Integer> starts, List<Instruction> into) {
        var part = relocate(function);
        for (int i = 0; i < part.instructions().size(); i++) {
            var target = part.targets().get(i);
            var instruction = part.instructions().get(i);
            into.add(target == null ? instruction : aimed(instruction, starts.get(target) - (into.size() + 1)));
        }
    }

    private static Instruction aimed(Instruction instruction, int offset) {
        return instruction instanceof Instruction.LoadFunction load
                ? new Instruction.LoadFunction(load.dst(), offset)
                : new Instruction.CallLocal(offset);
    }

    private Relocated relocate(Function function) {
        var known = relocated.get(function);
        if (known == null) {
            try {
                known = resolve(function);
            } catch (ObjectFormatException e) {
                throw e.in(function.toString());
            }
            relocated.put(function, known);
        }
        return known;
    }

    private Relocated resolve(Function function) {
        var bytes = function.section()
                .content()
                .slice(
                        "code",
                        (long) function.start() * InstructionCodec.SLOT_BYTES,
                        (long) (function.end() - function.start()) * InstructionCodec.SLOT_BYTES);
        var instructions = new ArrayList<>(InstructionCodec.decode(bytes));
        var targets = new TreeMap<Integer, Function>();
        var externals = new TreeMap<Integer, String>();
        for (int slot = 0; slot < instructions.size(); slot++) {
            var instruction = instructions.get(slot);
            try {
                var relocation = code.relocationAt(function, slot);
                if (instruction instanceof Instruction.CallLocal
                        && relocation.filter(Relocation::isExternalCall).isPresent()) {
                    externals.put(slot, relocation.get().symbol().name());
                    instructions.set(slot, new Instruction.Call(Program.EXTERNAL));
                } else if (relocation.isPresent()) {
                    instructions.set(slot, apply(relocation.get(), instruction, slot, targets));
                } else {
                    resolveWithout(function, instruction, slot, targets);
                }
            } catch (ObjectFormatException e) {
                throw e.in("insn " + slot);
            }
        }
        return new Relocated(List.copyOf(instructions), targets, externals);
    }

    private void resolveWithout(Function function, Instruction instruction, int slot, Map<Integer, Function> targets) {
        switch (instruction) {
            case Instruction.CallLocal call -> targets.put(slot, near(function, slot, call.offset()));
            case Instruction.LoadFunction load -> targets.put(slot, near(function, slot, load.offset()));
            case Instruction.LoadMap _, Instruction.LoadMapValue _ ->
                throw new ObjectFormatException("a map reference without relocation, so its map is unknown");
            default -> {}
        }
    }

    private Function near(Function from, int slot, int offset) {
        long target = (long) from.start() + slot + 1 + offset;
        return code.startingAt(from.section().index(), target * InstructionCodec.SLOT_BYTES)
                .orElseThrow(() -> new ObjectFormatException(
                        "leads to slot %d of its section, which is not the start of a function".formatted(target)));
    }

    private Instruction apply(
            Relocation relocation, Instruction instruction, int slot, Map<Integer, Function> targets) {
        var symbol = relocation.symbol();
        if (symbol.isUndefined()) {
            var why = maps.isOfKernel(symbol)
                    ? "a variable of the kernel (__ksym): there is no kernel here, use a map of a per-CPU type"
                    : "which this object does not define";
            throw new ObjectFormatException("refers to `%s`, %s".formatted(symbol.name(), why));
        }
        return switch (relocation.type()) {
            case Relocation.WIDE_LOAD -> wideLoad(relocation, instruction, slot, targets);
            case Relocation.CALL -> call(relocation, instruction, slot, targets);
            default ->
                throw new ObjectFormatException("relocation type %d, allowed are %d (wide load) and %d (call)"
                        .formatted(relocation.type(), Relocation.WIDE_LOAD, Relocation.CALL));
        };
    }

    private Instruction wideLoad(
            Relocation relocation, Instruction instruction, int slot, Map<Integer, Function> targets) {
        int dst;
        long inPlace;
        switch (instruction) {
            case Instruction.LoadImmediate load -> {
                dst = load.dst();
                inPlace = load.value();
            }
            case Instruction.LoadMap load -> {
                dst = load.dst();
                inPlace = 0;
            }
            case Instruction.LoadMapValue load -> {
                dst = load.dst();
                inPlace = load.offset();
            }
            case Instruction.LoadFunction load -> {
                dst = load.dst();
                inPlace = load.offset() == -1 ? 0 : load.offset();
            }
            default -> throw new ObjectFormatException("relocation type 1 must be at a wide load");
        }
        var symbol = relocation.symbol();
        long offset = symbol.value() + relocation.addend().orElse(inPlace);
        if (code.contains(symbol.section())) {
            targets.put(slot, functionAt(symbol, offset));
            return new Instruction.LoadFunction(dst, 0);
        }
        return maps.load(dst, symbol, offset);
    }

    private Instruction call(Relocation relocation, Instruction instruction, int slot, Map<Integer, Function> targets) {
        if (!(instruction instanceof Instruction.CallLocal call)) {
            throw new ObjectFormatException("relocation type 10 must be at a local call (src=1)");
        }
        long inPlace = ((long) call.offset() + 1) * InstructionCodec.SLOT_BYTES;
        var symbol = relocation.symbol();
        targets.put(
                slot, functionAt(symbol, symbol.value() + relocation.addend().orElse(inPlace)));
        return call;
    }

    private Function functionAt(ElfFile.Symbol symbol, long offset) {
        return code.startingAt(symbol.section(), offset)
                .orElseThrow(() -> new ObjectFormatException(
                        "refers to symbol `%s`, byte %s of its section, which is not the start of a function"
                                .formatted(symbol.name(), Long.toUnsignedString(offset))));
    }

    private NavigableMap<Integer, SourceLine> sourceLines(Function function) {
        var result = new TreeMap<Integer, SourceLine>();
        within(extension.linesOf(function.section().name()), function).forEach((offset, line) -> {
            if (line.line() > 0) {
                result.put(
                        offset / InstructionCodec.SLOT_BYTES,
                        new SourceLine(line.file(), line.line(), line.column(), line.text()));
            }
        });
        return result;
    }

    private NavigableMap<Integer, CoreRelocation> coreRelocationsOf(Function function) {
        var result = new TreeMap<Integer, CoreRelocation>();
        within(extension.relocationsOf(function.section().name()), function)
                .forEach((offset, relocation) -> result.put(offset / InstructionCodec.SLOT_BYTES, relocation));
        return result;
    }

    /** The records of a function; two sections of one name share theirs, as the records know only the name. */
    private static <T> NavigableMap<Integer, T> within(NavigableMap<Integer, T> records, Function function) {
        return records.subMap(
                function.start() * InstructionCodec.SLOT_BYTES,
                true,
                function.end() * InstructionCodec.SLOT_BYTES,
                false);
    }
}
