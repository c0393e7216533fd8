package io.vertebra.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.platform.NativePlatform;
import io.vertebra.verifier.platform.Platform;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Programs that are accepted run without a fault, within the steps that were promised, whatever their input is. */
class SoundnessTest {

    private static final int PROGRAMS = Integer.getInteger("vertebra.programs", 300);
    private static final int RUNS = 40;
    private static final int TRIES = 60;
    private static final int PAYLOAD = 256;
    /** So few steps that a loop which may not end is rejected soon. */
    private static final Platform PLATFORM =
            new NativePlatform(Fixtures.CONTEXT, Fixtures.prototypes(), 4096).withPayloadMax(PAYLOAD);

    @Test
    void shouldNeverFaultWhenAccepted() {
        long seed = Long.getLong("vertebra.seed", System.nanoTime());
        for (int i = 0; i < PROGRAMS; i++) {
            check(seed + i);
        }
    }

    private static void check(long seed) {
        var random = new Random(seed);
        var program = new RandomCode(random)
                .grow(TRIES, c -> Verifier.verify(c.build(), PLATFORM) instanceof Accepted)
                .build();
        var accepted = (Accepted) Verifier.verify(program, PLATFORM);
        List<BpfMap> maps =
                program.maps().stream().map(m -> BpfMap.create(m, 1)).toList();
        var executable = Interpreter.prepare(
                program, maps, Helpers.standard(), accepted.plan().maxSteps());
        var run = new RunContext(0, 0);
        for (int i = 0; i < RUNS; i++) {
            byte[] value = new byte[64];
            random.nextBytes(value);
            maps.getFirst().update(new byte[4], value, 0);
            int length = random.nextInt(random.nextBoolean() ? 20 : PAYLOAD + 1);
            run.context(context(random, length), 0, 48);
            run.payload(MemorySegment.ofArray(new long[PAYLOAD / Long.BYTES]), 0, length, false);
            try {
                executable.run(run);
            } catch (ProgramFault fault) {
                assertThat(fault.slot())
                        .as("seed %d: %s\n%s", seed, fault.getMessage(), text(program))
                        .isNegative();
            }
        }
    }

    private static MemorySegment context(Random random, int length) {
        var context = MemorySegment.ofArray(new long[6]);
        long number = switch (random.nextInt(4)) {
            case 0 -> random.nextInt(70);
            case 1 -> -random.nextInt(70);
            case 2 -> 1L << random.nextInt(64);
            default -> random.nextLong();
        };
        context.set(ValueLayout.JAVA_LONG, 0, number);
        context.set(ValueLayout.JAVA_INT, 8, random.nextBoolean() ? random.nextInt() : random.nextInt(70));
        context.set(ValueLayout.JAVA_LONG, 32, Addresses.PAYLOAD);
        context.set(ValueLayout.JAVA_LONG, 40, Addresses.PAYLOAD + length);
        return context;
    }

    private static String text(Program program) {
        var text = new StringBuilder();
        for (int slot = 0; slot < program.instructions().size(); slot++) {
            text.append(slot)
                    .append(": ")
                    .append(program.instructions().get(slot))
                    .append('\n');
        }
        return text.toString();
    }
}
