package io.vertebra.verifier.prevail;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Runs of accepted cases, from drawn registers and stacks, do not fault, and end with registers that the verifier's own
 * states at the end describe.
 */
class PrevailRunTest {

    private static final int RUNS = Integer.getInteger("vertebra.runs", 10);
    private static final int REGISTERS = 10;
    private static final int SPILLED = -512;
    private static final int RESULT_BYTES = (REGISTERS + 1) * Long.BYTES;

    private final SplittableRandom random;
    private final long seed;
    private int cases;
    private int runs;

    PrevailRunTest() {
        seed = Long.getLong("vertebra.seed", System.nanoTime());
        random = new SplittableRandom(seed);
    }

    @Test
    void shouldEndInStatesThatWereExplored() {
        for (var source : CaseReader.folder(Suites.prevail())) {
            if (source.exception().isEmpty()) {
                stated(source).forEach(stated -> check(source, stated));
            }
        }
        System.out.printf("PREVAIL: %d accepted cases run %d times, seed %d%n", cases, runs, seed);
        assertThat(cases).isGreaterThan(200);
    }

    private static List<Stated> stated(Case source) {
        try {
            return Stated.all(source, MapType.HASH);
        } catch (NotStatedException _) {
            return List.of();
        }
    }

    private void check(Case source, Stated stated) {
        var exits = new ExitStates();
        if (stated.reasonAgainst(exits).isPresent()) {
            return;
        }
        boolean drawn = false;
        for (int i = 0; i < RUNS; i++) {
            int[] ids = {0};
            var entry = ConcreteEntry.draw(random, stated.entry().make(() -> ++ids[0]));
            if (entry.isPresent()) {
                drawn = true;
                run(source, observed(stated.program(), entry.get()), exits);
            }
        }
        cases += drawn ? 1 : 0;
    }

    private void run(Case source, Program program, ExitStates exits) {
        List<BpfMap> maps =
                program.maps().stream().map(m -> BpfMap.create(m, 1)).toList();
        var result = maps.getLast().values();
        var run = new RunContext(0, 0);
        run.context(MemorySegment.ofArray(new long[8]), 0, 64).payload(MemorySegment.ofArray(new long[8]), 0, 64, true);
        try {
            Interpreter.prepare(program, maps, Helpers.standard(), 1 << 20).run(run);
        } catch (ProgramFault fault) {
            throw new AssertionError(
                    "%s, seed %d: %s%n%s".formatted(source.id(), seed, fault.getMessage(), text(program)), fault);
        }
        runs++;
        if (result.get(ValueLayout.JAVA_LONG, (long) REGISTERS * Long.BYTES) == 0) {
            // The run ended early: a load from the packet, or a tail call.
            return;
        }
        long[] registers = IntStream.range(0, REGISTERS)
                .mapToLong(r -> result.get(ValueLayout.JAVA_LONG, (long) r * Long.BYTES))
                .toArray();
        assertThat(exits.describe(registers))
                .as(() -> "%s, seed %d: registers %s%n%s%n%s"
                        .formatted(source.id(), seed, Arrays.toString(registers), exits, text(program)))
                .isTrue();
    }

    private static String text(Program program) {
        return IntStream.range(0, program.instructions().size())
                .mapToObj(slot -> slot + ": " + program.instructions().get(slot))
                .reduce("", (a, b) -> a + b + "\n");
    }

    /** The program after the instructions that bring its entry about, and with its registers stored at its exits. */
    private static Program observed(Program program, List<Instruction> entry) {
        var code = new ArrayList<>(entry);
        int end = entry.size() + program.instructions().size();
        int main = program.functions().getFirst().end();
        for (int slot = 0; slot < program.instructions().size(); slot++) {
            var instruction = program.instructions().get(slot);
            boolean ends = slot < main && instruction instanceof Instruction.Exit;
            code.add(ends ? new Instruction.Jump(end - code.size() - 1) : instruction);
        }
        var maps = new ArrayList<>(program.maps());
        maps.add(MapSpec.of("result", MapType.ARRAY, 4, RESULT_BYTES, 1));
        code.add(new Instruction.Store(AccessSize.DOUBLE, 10, SPILLED, new Register(9)));
        code.add(new Instruction.LoadMapValue(9, maps.size() - 1, 0));
        code.add(new Instruction.WideTail());
        for (int register = 0; register < REGISTERS - 1; register++) {
            code.add(new Instruction.Store(AccessSize.DOUBLE, 9, register * Long.BYTES, new Register(register)));
        }
        code.add(new Instruction.Load(AccessSize.DOUBLE, false, 0, 10, SPILLED));
        code.add(new Instruction.Store(AccessSize.DOUBLE, 9, (REGISTERS - 1) * Long.BYTES, new Register(0)));
        code.add(new Instruction.Store(AccessSize.DOUBLE, 9, REGISTERS * Long.BYTES, new Instruction.Immediate(1)));
        code.add(new Instruction.Exit());
        return Program.of(program.name(), code, maps);
    }
}
