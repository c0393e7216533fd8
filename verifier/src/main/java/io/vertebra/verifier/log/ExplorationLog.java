package io.vertebra.verifier.log;

import io.vertebra.verifier.analysis.ExplorationListener;
import io.vertebra.verifier.cfg.InnerMaps;
import io.vertebra.verifier.domain.State;
import io.vertebra.vm.isa.AssemblyText;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.SourceLine;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The exploration in lines, as the kernel's log at level 2 has it: each instruction below its C line, followed by what it
 * changed, and between them where paths begin, part and end.
 *
 * <pre>
 *   ; shop.bpf.c:23 if (ctx-&gt;index &lt; 8)
 *      3: if r2 &gt; 7 goto +4                     ; r2=[0, 7]
 *         the way to insn 8 is left for later
 * </pre>
 */
public final class ExplorationLog implements ExplorationListener {

    private static final String INDENT = "        ";

    private final Program program;
    private final StateText text;
    private final Excerpt lines;
    private int explorations;
    /** The instruction that is printed once its effect is known, -1 for none. */
    private int pending = -1;
    /** Where it may lead besides, -1 for nowhere. */
    private int later = -1;
    /** In how many cases its result is told. */
    private int cases = 1;

    private State before = State.entry(0);
    private Optional<SourceLine> source = Optional.empty();

    /** A log of a program's verification. */
    public ExplorationLog(Program program, Consumer<String> lines) {
        this.program = InnerMaps.added(program);
        this.lines = new Excerpt(lines);
        text = new StateText(this.program);
    }

    /** Gives out what was kept back. */
    public void close() {
        flush("");
        lines.close();
    }

    @Override
    public void begins(Set<Integer> exact, Set<Integer> split) {
        flush("");
        if (++explorations > 1) {
            lines.add("exploration " + explorations + ":"
                    + (exact.isEmpty() ? "" : " states stay as they are at " + places(exact))
                    + (exact.isEmpty() || split.isEmpty() ? "" : ";")
                    + (split.isEmpty() ? "" : " cases are told apart at " + places(split)));
        }
    }

    private String places(Set<Integer> slots) {
        return slots.size() < program.instructions().size() ? "insn " + String.join(", ", texts(slots)) : "every insn";
    }

    private static Iterable<String> texts(Set<Integer> slots) {
        return new TreeSet<>(slots).stream().map(String::valueOf).toList();
    }

    @Override
    public void walks(int from, int slot, State state) {
        flush("");
        source = Optional.empty();
        var known = text.known(state);
        lines.add((from < 0 ? "insn " + slot : "from insn " + from + " to " + slot)
                + (known.isEmpty() ? "" : ": ")
                + known);
        before = state.copy();
    }

    @Override
    public void instruction(int slot, State state, long[] read) {
        flush(text.changes(before, state));
        pending = slot;
        before = state.copy();
    }

    @Override
    public void branches(int slot, int target) {
        later = target;
    }

    @Override
    public void splits(int slot, int number) {
        cases = number;
    }

    @Override
    public void vanishes(int slot) {
        flush("");
        note("no run comes here: neither way is possible");
    }

    @Override
    public void stores(int slot, State state) {
        flush(text.changes(before, state));
        before = state.copy();
    }

    @Override
    public void covers(int slot, State explored, State state) {
        flush(text.changes(before, state));
        note("insn " + slot + " was explored before with a state that covers this one");
    }

    @Override
    public void generalises(int slot, State state, State general) {
        flush(text.changes(before, state));
        note("many states differ at insn " + slot + " in ranges alone; one for all: " + text.changes(state, general));
        before = general.copy();
    }

    @Override
    public void ends(int slot, State state) {
        flush("");
        note("the run ends");
    }

    @Override
    public void callsBack(int slot, int entry) {
        flush("");
        note("the helper may call `" + program.functionAt(entry).name() + "` now:");
    }

    @Override
    public void returnsToHelper(int slot, State state) {
        flush("");
        note("`" + program.functionAt(slot).name() + "` returns to the helper");
    }

    @Override
    public void fails(int slot, String problem) {
        if (pending < 0) {
            note("at insn " + slot);
        }
        flush("");
        note(problem);
    }

    private void note(String what) {
        lines.add(INDENT + what);
    }

    private void flush(String changes) {
        if (pending < 0) {
            return;
        }
        var line = program.sourceOf(pending);
        if (line.isPresent() && !line.map(this::place).equals(source.map(this::place))) {
            lines.add(("; " + line.get() + " " + line.get().text().strip()).strip());
        }
        source = line;
        var instruction = "%4d: %s"
                .formatted(pending, AssemblyText.print(program.instructions().get(pending)));
        lines.add(changes.isEmpty() ? instruction : "%-40s ; %s".formatted(instruction, changes));
        pending = -1;
        if (later >= 0) {
            note("the way to insn " + later + " is left for later");
            later = -1;
        }
        if (cases > 1) {
            note("one of " + cases + " cases; the others are left for later");
            cases = 1;
        }
    }

    private String place(SourceLine line) {
        return line.file() + ':' + line.line();
    }
}
