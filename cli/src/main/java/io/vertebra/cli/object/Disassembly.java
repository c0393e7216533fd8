package io.vertebra.cli.object;

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
                    sameLine(source, before) ? Optional.empty() : source));
            before = source;
        }
        return lines;
    }

    private static boolean sameLine(Optional<SourceLine> a, Optional<SourceLine> b) {
        return a.map(SourceLine::line).equals(b.map(SourceLine::line))
                && a.map(SourceLine::file).equals(b.map(SourceLine::file));
    }

    private String comment(int slot, Instruction instruction) {
        var relocation = ProgramUses.coreRelocations(file, program).get(slot);
        return relocation == null ? meaning(slot, instruction) : "CO-RE " + CoreText.of(file.btf(), relocation);
    }

    private String meaning(int slot, Instruction instruction) {
        int next = slot + 1;
        return switch (instruction) {
            case Instruction.Call i ->
                program.externals().getOrDefault(slot, ProgramUses.helper(file.abi(), i.helper()));
            case Instruction.LoadMap i -> ProgramUses.map(program.maps(), i.map());
            case Instruction.LoadMapValue i -> variable(ProgramUses.map(program.maps(), i.map()), i.offset());
            case Instruction.CallLocal i -> function(next + i.offset());
            case Instruction.LoadFunction i -> function(next + i.offset());
            case Instruction.Jump i -> "to " + (next + i.offset());
            case Instruction.JumpIf i -> "to " + (next + i.offset());
            default -> "";
        };
    }

    private String function(int slot) {
        return slot >= 0 && slot < program.instructions().size()
                ? program.functionAt(slot).name()
                : "";
    }

    private String variable(String map, int offset) {
        return file.variables().stream()
                .filter(v -> v.map().equals(map) && offset >= v.offset() && offset < v.offset() + v.size())
                .map(GlobalVariable::name)
                .findFirst()
                .orElse(map);
    }
}
