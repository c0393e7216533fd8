package io.vertebra.cli.object;

import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.btf.CDeclarations;
import io.vertebra.vm.core.CoreText;
import io.vertebra.vm.object.GlobalVariable;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.object.ObjectFile.Abi;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.OpaqueMembers;
import io.vertebra.vm.program.Program;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An object file as text, in the manner of bpftool: a line for each thing, details below it behind a tab. */
final class ObjectText {

    private final ObjectInput input;
    private final ObjectFile file;
    private final StringBuilder text = new StringBuilder();

    private ObjectText(ObjectInput input) {
        this.input = input;
        this.file = input.file();
    }

    static String of(ObjectInput input, boolean disassemble) {
        var writer = new ObjectText(input);
        writer.write(disassemble);
        return writer.text.toString();
    }

    private void write(boolean disassemble) {
        line("object  name " + file.name()
                + (file.abi() == Abi.JBPF ? "  abi jbpf" : "")
                + file.license().map(l -> "  license " + l).orElse(""));
        line("\t%s  %s  %s  %s  %s"
                .formatted(
                        count(input.sections(), "section"),
                        count(file.programs(), "program"),
                        count(file.maps(), "map"),
                        count(file.variables(), "variable"),
                        count(file.btf().types().subList(1, file.btf().types().size()), "BTF type")));
        for (var section : input.sections()) {
            line("section  name %s  size %dB%s%s"
                    .formatted(
                            section.name(),
                            section.size(),
                            section.code() ? "  code" : "",
                            section.relocations() == 0 ? "" : "  relocations " + section.relocations()));
        }
        for (int i = 0; i < file.programs().size(); i++) {
            program(i, file.programs().get(i));
        }
        for (int i = 0; i < file.maps().size(); i++) {
            map(i, file.maps().get(i));
        }
        file.variables().forEach(this::variable);
        for (int type : typesOf(file)) {
            line(CDeclarations.definition(file.btf(), type));
        }
        if (disassemble) {
            for (var program : file.programs()) {
                line("");
                text.append(new Disassembly(file, program).text());
            }
        }
    }

    private static String count(Collection<?> things, String singular) {
        return things.size() + " " + singular + (things.size() == 1 ? "" : "s");
    }

    private void program(int index, Program program) {
        var uses = ProgramUses.of(file, program);
        line(index + ": program  name " + program.name() + "  section " + program.section());
        line("\tinstructions " + program.instructions().size()
                + (uses.coreRelocations().isEmpty()
                        ? ""
                        : "  CO-RE relocations " + uses.coreRelocations().size()));
        if (program.functions().size() > 1) {
            list("functions", program.functions().stream().map(Program.Function::name));
        }
        list("maps", uses.maps().stream());
        list("helpers", uses.helpers().stream());
        uses.coreRelocations()
                .forEach((slot, relocation) ->
                        line("\tinsn " + slot + "  CO-RE " + CoreText.of(file.btf(), relocation)));
    }

    private void list(String title, Stream<String> names) {
        var joined = names.collect(Collectors.joining(" "));
        if (!joined.isEmpty()) {
            line("\t" + title + " " + joined);
        }
    }

    private void map(int index, MapSpec map) {
        line("%d: %s  name %s  flags 0x%x%s"
                .formatted(
                        index,
                        JbpfNames.of(file.abi(), map.type()),
                        map.name(),
                        map.flags(),
                        map.frozen() ? "  frozen" : ""));
        line("\tkey %dB  value %dB  max_entries %d".formatted(map.keySize(), map.valueSize(), map.maxEntries()));
        var types = typeIn(map, map.keyType()).map(t -> "  key_type " + t).orElse("")
                + typeIn(map, map.valueType()).map(t -> "  value_type " + t).orElse("");
        if (!types.isEmpty()) {
            line("\t" + types.strip());
        }
        if (!members(map).isEmpty()) {
            line("\t" + members(map));
        }
    }

    /** What of a value belongs to the runtime, or why a map cannot be made with such values; empty for nothing. */
    private static String members(MapSpec map) {
        try {
            var members = OpaqueMembers.of(map);
            return (members.hasLock() ? "lock at byte " + members.lock() + "  " : "")
                    .concat(members.hasTimer() ? "timer at byte " + members.timer() : "")
                    .strip();
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private void variable(GlobalVariable variable) {
        line(
                variable.type() == 0
                        ? "%s: %s+%d  size %dB"
                                .formatted(variable.name(), variable.map(), variable.offset(), variable.size())
                        : "%s = %s  (%s+%d)"
                                .formatted(
                                        CDeclarations.declaration(file.btf(), variable.type(), variable.name()),
                                        value(file.variable(variable.name())),
                                        variable.map(),
                                        variable.offset()));
    }

    private static String value(Object value) {
        return value instanceof String s ? "\"" + s + "\"" : String.valueOf(value);
    }

    /** A key's or value's type in C; empty where there is none. */
    static Optional<String> typeIn(MapSpec map, int type) {
        return type == 0 || map.btf().type(type) instanceof BtfType.DataSection
                ? Optional.empty()
                : Optional.of(CDeclarations.type(map.btf(), type));
    }

    /** The structs, unions and enums of keys, values and variables. */
    static List<Integer> typesOf(ObjectFile file) {
        var used = Stream.concat(
                        file.maps().stream()
                                .filter(m -> m.btf().equals(file.btf()))
                                .flatMap(m -> Stream.of(m.keyType(), m.valueType())),
                        file.variables().stream().map(GlobalVariable::type))
                .toList();
        return CDeclarations.definedIn(file.btf(), used);
    }

    private void line(String content) {
        text.append(content).append('\n');
    }
}
