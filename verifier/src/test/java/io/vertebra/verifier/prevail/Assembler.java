package io.vertebra.verifier.prevail;

import io.vertebra.verifier.prevail.Case.Block;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.Width;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.Program.Function;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;

/**
 * Makes a program of the blocks of a case. In PREVAIL a function is whatever can be reached from the target of a call,
 * and code may end without an exit; here each function gets the lines it reaches, in their order, and at the end of the
 * code a number is returned.
 */
final class Assembler {

    private final List<Statement> statements = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    /** The first line of each function that is called, by where it begins in the program. */
    private final Map<Integer, Integer> starts = new LinkedHashMap<>();

    private final List<IntFunction<Instruction>> slots = new ArrayList<>();
    private final List<Function> functions = new ArrayList<>();

    private Assembler(List<Block> blocks, LineParser parser) {
        for (var block : blocks) {
            labels.put(block.label(), statements.size());
            block.lines().stream()
                    .filter(line -> !line.isBlank())
                    .map(parser::parse)
                    .forEach(statements::add);
        }
    }

    /** The program of a case, with the maps that it names. */
    static Program assemble(Case source, Maps maps) {
        var assembler = new Assembler(source.blocks(), new LineParser(maps));
        return assembler.program(source.id(), maps);
    }

    private Program program(String name, Maps maps) {
        var waiting = new ArrayDeque<>(List.of(0));
        while (!waiting.isEmpty()) {
            int entry = waiting.remove();
            if (!starts.containsKey(entry)) {
                waiting.addAll(function(entry));
            }
        }
        var code = new ArrayList<Instruction>();
        for (int slot = 0; slot < slots.size(); slot++) {
            code.add(slots.get(slot).apply(slot));
        }
        return new Program(name, "prevail", code, functions, maps.specs(), new TreeMap<>());
    }

    /** Lays a function out; returns the functions it calls. */
    private List<Integer> function(int entry) {
        int start = slots.size();
        starts.put(entry, start);
        var lines = reached(entry);
        var places = new HashMap<Integer, Integer>();
        if (lines.first() < entry) {
            slots.add(jump(places, entry));
        }
        var called = new ArrayList<Integer>();
        for (int line : lines) {
            places.put(line, slots.size());
            if (line == statements.size()) {
                slots.add(_ -> new Instruction.Alu(Width.W64, AluOp.MOV, 0, new Immediate(0)));
                slots.add(_ -> new Instruction.Exit());
            } else {
                statement(statements.get(line), places, called, entry != 0);
            }
        }
        functions.add(new Function("line_" + entry, start, slots.size()));
        return called;
    }

    private void statement(
            Statement statement, Map<Integer, Integer> places, List<Integer> called, boolean subprogram) {
        switch (statement) {
            case Statement.Plain s -> {
                slots.add(_ -> s.instruction());
                if (s.isWide()) {
                    slots.add(_ -> new Instruction.WideTail());
                }
            }
            case Statement.Exit _ -> slots.add(_ -> new Instruction.Exit());
            case Statement.Goto s -> slots.add(jump(places, line(s.label())));
            case Statement.If s -> branch(s.test(), s.test().wanted(), places, line(s.label()));
            case Statement.Assume s -> {
                if (subprogram) {
                    throw new NotStatedException("an assumption in a subprogram");
                }
                branch(s.test(), !s.test().wanted(), places, statements.size());
            }
            case Statement.Call s -> {
                int target = line(s.label());
                called.add(target);
                slots.add(slot -> new Instruction.CallLocal(starts.get(target) - slot - 1));
            }
        }
    }

    /** Goes to a line where the test gives what is told. */
    private void branch(Statement.Test test, boolean when, Map<Integer, Integer> places, int line) {
        if (when) {
            slots.add(slot -> test.jump(places.get(line) - slot - 1));
        } else {
            slots.add(_ -> test.jump(1));
            slots.add(jump(places, line));
        }
    }

    private static IntFunction<Instruction> jump(Map<Integer, Integer> places, int line) {
        return slot -> new Instruction.Jump(places.get(line) - slot - 1);
    }

    private int line(String label) {
        if (!labels.containsKey(label)) {
            throw new NotStatedException("no label " + label);
        }
        return labels.get(label);
    }

    /** The lines that a function reaches, calls passed over; the line after the last one is the end of the code. */
    private SortedSet<Integer> reached(int entry) {
        var reached = new TreeSet<Integer>();
        var waiting = new ArrayDeque<>(List.of(entry));
        while (!waiting.isEmpty()) {
            int line = waiting.remove();
            if (!reached.add(line) || line == statements.size()) {
                continue;
            }
            switch (statements.get(line)) {
                case Statement.Exit _ -> {}
                case Statement.Goto s -> waiting.add(line(s.label()));
                case Statement.If s -> waiting.addAll(List.of(line + 1, line(s.label())));
                case Statement.Assume _ -> waiting.addAll(List.of(line + 1, statements.size()));
                case Statement.Plain _, Statement.Call _ -> waiting.add(line + 1);
            }
        }
        return reached;
    }
}
