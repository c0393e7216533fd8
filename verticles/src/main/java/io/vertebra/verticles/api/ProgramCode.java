package io.vertebra.verticles.api;

import io.vertebra.vm.isa.AssemblyText;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.SourceLine;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** The instructions of a program between the C lines that they were compiled from, with what was proved of each. */
public final class ProgramCode {

    private ProgramCode() {}

    /**
     * {@code [{"insn", "text", "comment", "memory", "source"}]}: the comment where numbers mean something, the memory where
     * the instruction accesses some, the source where another C line begins.
     *
     * @param helper a helper's name by its number
     */
    static JsonArray json(Program program, AccessPlan plan, IntFunction<String> helper) {
        var array = new JsonArray();
        Optional<SourceLine> before = Optional.empty();
        for (int slot = 0; slot < program.instructions().size(); slot++) {
            var instruction = program.instructions().get(slot);
            if (instruction instanceof Instruction.WideTail) {
                continue;
            }
            var json = new JsonObject().put("insn", slot).put("text", AssemblyText.print(instruction));
            var comment = meaning(program, slot, helper);
            if (!comment.isEmpty()) {
                json.put("comment", comment);
            }
            var regions = plan.accesses().get(slot);
            if (regions != null) {
                var names = regions.stream()
                        .map(region -> memory(region, program.maps()))
                        .sorted();
                json.put("memory", new JsonArray(names.toList()));
            }
            var source = program.sourceOf(slot);
            if (!sameLine(source, before)) {
                source.ifPresent(line -> json.put("source", ReportJson.source(line)));
            }
            before = source;
            array.add(json);
        }
        return array;
    }

    /** Whether two instructions come from the same C line. */
    public static boolean sameLine(Optional<SourceLine> a, Optional<SourceLine> b) {
        return a.map(SourceLine::line).equals(b.map(SourceLine::line))
                && a.map(SourceLine::file).equals(b.map(SourceLine::file));
    }

    /**
     * What an instruction's numbers mean: the helper, map or function, or where a jump leads; empty for others.
     *
     * @param helper a helper's name by its number
     */
    public static String meaning(Program program, int slot, IntFunction<String> helper) {
        int next = slot + 1;
        return switch (program.instructions().get(slot)) {
            case Instruction.Call i -> program.externals().getOrDefault(slot, helper.apply(i.helper()));
            case Instruction.LoadMap i -> map(program.maps(), i.map());
            case Instruction.LoadMapValue i -> map(program.maps(), i.map());
            case Instruction.CallLocal i -> function(program, next + i.offset());
            case Instruction.LoadFunction i -> function(program, next + i.offset());
            case Instruction.Jump i -> "to " + (next + i.offset());
            case Instruction.JumpIf i -> "to " + (next + i.offset());
            default -> "";
        };
    }

    /** A map's name, or its number when the program has no such map. */
    public static String map(List<MapSpec> maps, int index) {
        return index >= 0 && index < maps.size() ? maps.get(index).name() : "#" + index;
    }

    private static String function(Program program, int slot) {
        return slot >= 0 && slot < program.instructions().size()
                ? program.functionAt(slot).name()
                : "";
    }

    private static String memory(AccessPlan.Region region, List<MapSpec> maps) {
        return switch (region) {
            case AccessPlan.Stack _ -> "stack";
            case AccessPlan.Context _ -> "context";
            case AccessPlan.Payload _ -> "payload";
            case AccessPlan.CallbackKey _ -> "key of a callback";
            case AccessPlan.MapValue(int map) -> "value of " + map(maps, map);
            case AccessPlan.InnerMapValue(int outer) -> "value of a map in " + map(maps, outer);
            case AccessPlan.RingRecord(int map) -> "record of " + map(maps, map);
            case AccessPlan.Sample(int map) -> "sample of " + map(maps, map);
        };
    }
}
