package io.vertebra.cli.object;

import io.vertebra.verticles.api.ProgramCode;
import io.vertebra.verticles.api.ReportJson;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.btf.CDeclarations;
import io.vertebra.vm.core.CoreText;
import io.vertebra.vm.isa.AssemblyText;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.object.GlobalVariable;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.SourceLine;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The instructions of a program between the C lines that they were compiled from. What follows a {@code ;} is a comment,
 * so that the assembler reads what is printed here.
 */
final class Disassembly {

    /**
     * One instruction.
     *
     * @param slot its number
     * @param text as the assembler reads it
     * @param comment what its numbers mean; may be empty
     * @param source set where a new C line begins
     */
    private record Line(int slot, String text, String comment, Optional<SourceLine> source) {}

    private final ObjectFile file;
    private final Program program;

    Disassembly(ObjectFile file, Program program) {
        this.file = file;
        this.program = program;
    }

    String text() {
        var text = new StringBuilder();
        for (var function : program.functions()) {
            text.append(heading(file.btf(), function.name())).append(":\n");
            for (var line : lines(function)) {
                line.source()
                        .ifPresent(source -> text.append("; ")
                                .append((source + " " + source.text().strip()).strip())
                                .append('\n'));
                var instruction = "%4d: %s".formatted(line.slot(), line.text());
                text.append(
                                line.comment().isEmpty()
                                        ? instruction
                                        : "%-40s ; %s".formatted(instruction, line.comment()))
                        .append('\n');
            }
        }
        return text.toString();
    }

    JsonArray json() {
        var array = new JsonArray();
        for (var function : program.functions()) {
            var instructions = new JsonArray();
            for (var line : lines(function)) {
                var json = new JsonObject().put("insn", line.slot()).put("text", line.text());
                if (!line.comment().isEmpty()) {
                    json.put("comment", line.comment());
                }
                line.source().ifPresent(source -> json.put("source", ReportJson.source(source)));
                instructions.add(json);
            }
            array.add(new JsonObject()
                    .put("function", function.name())
                    .put("declaration", heading(file.btf(), function.name()))
                    .put("instructions", instructions));
        }
        return array;
    }

    private static String heading(Btf btf, String function) {
        return btf.find(BtfType.Function.class, function)
                .map(id -> CDeclarations.declaration(btf, id, ""))
                .orElse(function);
    }

    private List<Line> lines(Program.Function function) {
        var lines = new ArrayList<Line>();
        Optional<SourceLine> before = Optional.empty();
        for (int slot = function.start(); slot < function.end(); slot++) {
            var instruction = program.instructions().get(slot);
            if (instruction instanceof Instruction.WideTail) {
                continue;
            }
            var source = program.sourceOf(slot);
            lines.add(new Line(
                    slot,
                    AssemblyText.print(instruction),
                    comment(slot, instruction),
                    ProgramCode.sameLine(source, before) ? Optional.empty() : source));
            before = source;
        }
        return lines;
    }

    private String comment(int slot, Instruction instruction) {
        var relocation = ProgramUses.coreRelocations(file, program).get(slot);
        return relocation == null ? meaning(slot, instruction) : "CO-RE " + CoreText.of(file.btf(), relocation);
    }

    private String meaning(int slot, Instruction instruction) {
        return instruction instanceof Instruction.LoadMapValue i
                ? variable(ProgramCode.map(program.maps(), i.map()), i.offset())
                : ProgramCode.meaning(program, slot, id -> ProgramUses.helper(file.abi(), id));
    }

    private String variable(String map, int offset) {
        return file.variables().stream()
                .filter(v -> v.map().equals(map) && offset >= v.offset() && offset < v.offset() + v.size())
                .map(GlobalVariable::name)
                .findFirst()
                .orElse(map);
    }
}
