package io.vertebra.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.jit.Jit;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compiled code does what the interpreter does: the same result, and the same left in maps. */
class CompiledAgreementTest {

    private static final int PROGRAMS = Integer.getInteger("vertebra.programs", 100);
    private static final int RUNS = 20;
    private static final int TRIES = 60;
    private static final int RANDOM = 7;
    private static final Helpers STANDARD = Helpers.standard((_, _) -> {});
    /** Both sides get the same random number. */
    private static final Helpers HELPERS =
            STANDARD.with(new Helper(STANDARD.prototype(RANDOM).orElseThrow(), (_, _, _, _, _, _) -> 0x9e3779b9L));

    @Test
    void shouldAgreeWithInterpreter() {
        long seed = Long.getLong("vertebra.seed", System.nanoTime());
        for (int i = 0; i < PROGRAMS; i++) {
            check(seed + i);
        }
    }

    private record Side(Executable executable, List<BpfMap> maps) {

        static List<BpfMap> maps(Program program) {
            return program.maps().stream().map(m -> BpfMap.create(m, 1)).toList();
        }

        String run(byte[] value, long[] context, long[] payload, int length) {
            maps.getFirst().update(new byte[4], value, 0);
            var run = new RunContext(0, 0)
                    .context(MemorySegment.ofArray(context), 0, 48)
                    .payload(MemorySegment.ofArray(payload), 0, length, false)
                    .eventNanos(42);
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
                    map.forEach((key, values) ->
                            text.add(map.spec().name() + " " + HexFormat.of().formatHex(key) + " "
                                    + HexFormat.of().formatHex(values.getFirst())));
                }
            }
            text.sort(String::compareTo);
            return String.join("\n", text);
        }
    }

    private static void check(long seed) {
        var random = new Random(seed);
        var program = new RandomCode(random)
                .grow(TRIES, c -> Verifier.verify(c.build(), Fixtures.PLATFORM) instanceof Accepted)
                .build();
        var plan = ((Accepted) Verifier.verify(program, Fixtures.PLATFORM)).plan();
        var maps = Side.maps(program);
        var interpreted = new Side(Interpreter.prepare(program, maps, HELPERS, plan.maxSteps()), maps);
        maps = Side.maps(program);
        var compiled = new Side(Jit.compile(program, plan, maps, HELPERS), maps);
        maps = Side.maps(program);
        var unproved = new Side(Jit.prepare(program, maps, HELPERS, plan.maxSteps()), maps);
        for (int i = 0; i < RUNS; i++) {
            byte[] value = new byte[64];
            random.nextBytes(value);
            int length = random.nextInt(20);
            long[] payload = random.longs(4).toArray();
            long[] context = context(random, length);
            var expected = interpreted.run(value, context, payload, length);
            assertThat(compiled.run(value, context, payload, length))
                    .as("with its plan, seed %d: %s", seed, program.instructions())
                    .isEqualTo(expected);
            assertThat(unproved.run(value, context, payload, length))
                    .as("without a plan, seed %d: %s", seed, program.instructions())
                    .isEqualTo(expected);
        }
    }

    private static long[] context(Random random, int length) {
        var context = MemorySegment.ofArray(new long[6]);
        context.set(ValueLayout.JAVA_LONG, 0, random.nextBoolean() ? random.nextInt(70) : random.nextLong());
        context.set(ValueLayout.JAVA_INT, 8, random.nextBoolean() ? random.nextInt() : random.nextInt(70));
        context.set(ValueLayout.JAVA_LONG, 32, Addresses.PAYLOAD);
        context.set(ValueLayout.JAVA_LONG, 40, Addresses.PAYLOAD + length);
        return context.toArray(ValueLayout.JAVA_LONG);
    }
}
