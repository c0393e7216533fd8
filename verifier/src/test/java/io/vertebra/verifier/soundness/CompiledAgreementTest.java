package io.vertebra.verifier.soundness;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.Verifier;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.jit.Jit;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.FiredHook;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Compiled code does what the interpreter does: the same result, and the same left in maps and in the payload. Random
 * accepted programs run three ways: interpreted, compiled by their plan, and compiled without one.
 */
class CompiledAgreementTest {

    private static final int PROGRAMS = Integer.getInteger("vertebra.programs", 60);
    private static final int RUNS = 25;
    private static final int TRIES = 60;
    private static final long LIMIT = 3_000;
    private static final FiredHook HOOK = FiredHook.of("test/event", Subject.CONTEXT, true, true, 5);

    /** Clocks, random numbers and stacks, which differ from run to run. */
    private static final Set<Integer> CHANGING = Set.of(5, 7, 27, 118, 125, 160, 208);

    private static final int GET_STACK = 67;

    private static final Helpers HELPERS = Subject.HELPERS.with(Subject.HELPERS.all().stream()
            .filter(h -> CHANGING.contains(h.prototype().id()) || h.prototype().id() == GET_STACK)
            .map(CompiledAgreementTest::steady)
            .toList());

    private static Helper steady(Helper helper) {
        return new Helper(helper.prototype(), (run, _, memory, bytes, _, _) -> {
            if (helper.prototype().id() == GET_STACK) {
                run.memory(memory, bytes, true).fill((byte) 0);
            }
            return helper.prototype().id();
        });
    }

    @Test
    void shouldAgreeWithInterpreter() {
        long seed = Long.getLong("vertebra.seed", System.nanoTime());
        for (int i = 0; i < PROGRAMS; i++) {
            check(seed + i);
        }
    }

    private static void check(long seed) {
        var program = new Generator(new Random(seed), p -> Trial.accepts(p, LIMIT)).grow(TRIES);
        var plan = ((Accepted) Verifier.verify(program, Subject.PLATFORM)).plan();
        var interpreted = new Side(program, maps -> Interpreter.prepare(program, maps, HELPERS, plan.maxSteps()));
        var compiled = new Side(program, maps -> Jit.compile(program, plan, Subject.CONTEXT, maps, HELPERS));
        // Without a plan only jumps back are counted, with all that they go back over.
        var unproved = new Side(program, maps -> Jit.prepare(program, maps, HELPERS, 100 * plan.maxSteps()));
        var random = new SplittableRandom(seed);
        long[] constants = Input.constants(program);
        for (int i = 0; i < RUNS; i++) {
            var input = Input.random(random, constants);
            var expected = interpreted.run(input);
            assertThat(compiled.run(input))
                    .as("by its plan, seed %d: %s", seed, program.instructions())
                    .isEqualTo(expected);
            assertThat(unproved.run(input))
                    .as("without a plan, seed %d: %s", seed, program.instructions())
                    .isEqualTo(expected);
        }
    }

    private interface Preparation {
        Executable prepare(List<BpfMap> maps);
    }

    /** One way to run a program, with maps of its own. */
    private static final class Side {
        private final List<BpfMap> maps;
        private final Executable executable;
        private final RunContext run = new RunContext(0, 0).hook(HOOK);
        private final MemorySegment context = MemorySegment.ofArray(new long[Subject.CONTEXT_BYTES / Long.BYTES]);
        private final MemorySegment payload = MemorySegment.ofArray(new long[Input.MOST_PAYLOAD / Long.BYTES]);

        Side(Program program, Preparation preparation) {
            maps = program.maps().stream().map(m -> BpfMap.create(m, 2)).toList();
            executable = preparation.prepare(maps);
            run.context(context, 0, Subject.CONTEXT_BYTES);
        }

        String run(Input input) {
            input.writeContext(context);
            MemorySegment.copy(MemorySegment.ofArray(input.payload()), 0, payload, 0, input.payload().length);
            MemorySegment.copy(
                    MemorySegment.ofArray(input.values()),
                    0,
                    maps.get(Subject.ARRAY).values(),
                    0,
                    input.values().length);
            run.payload(payload, 0, input.payload().length, true);
            String result;
            try {
                result = Long.toHexString(executable.run(run));
            } catch (ProgramFault fault) {
                result = "fault " + fault.getMessage();
            }
            return result + contents();
        }

        private String contents() {
            var text = new ArrayList<String>();
            for (var map : maps) {
                if (map.stride() > 0) {
                    map.forEach((key, values) -> values.forEach(value ->
                            text.add(map.spec().name() + " " + HexFormat.of().formatHex(key) + " "
                                    + HexFormat.of().formatHex(value))));
                }
            }
            text.sort(String::compareTo);
            text.add(HexFormat.of().formatHex(payload.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)));
            return "\n" + String.join("\n", text);
        }
    }
}
