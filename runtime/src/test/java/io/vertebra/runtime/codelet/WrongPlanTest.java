package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.RuntimeSettings;
import io.vertebra.verifier.Verifier;
import io.vertebra.verifier.platform.Platform;
import io.vertebra.verifier.report.Statistics;
import io.vertebra.verifier.report.VerificationReport;
import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.AccessPlan.ContextUse;
import io.vertebra.vm.program.AccessPlan.Region;
import io.vertebra.vm.program.Program;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Memory is safe twice: a verifier that accepts what it must not, and tells the compiler what is not so, lets a codelet
 * fault or damage what is its own. The hook's caller and other codelets see nothing of it.
 */
@Timeout(120)
class WrongPlanTest {

    private static final int PLANS = 40;
    private static final int EVENTS = 400;
    private static final int LOOKUP = 1;
    private static final int UPDATE = 2;

    private static final long[] PLACES = {
        0,
        1,
        7,
        8,
        16,
        -8,
        -16,
        -512,
        24,
        4096,
        1L << 32,
        -1,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Addresses.CONTEXT,
        Addresses.PAYLOAD,
        Addresses.STACK,
        Addresses.STACK + 504,
        Addresses.framePointer(0)
    };

    @ParameterizedTest
    @ValueSource(strings = {"inline", "queued"})
    void shouldKeepDamageInsideTheCodelet(String execution) throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        long failed = 0;
        int compiled = 0;
        try (var runtime = CodeletRuntime.start(
                RuntimeSettings.ofCores(1),
                Helpers.standard(),
                (program, platform) -> verdict(program, platform, random))) {
            var witness = Sets.load(
                    runtime,
                    "witness",
                    "codelets: [{object: tally.bpf.o, execution: " + execution + ", priority: -1}]");
            for (int plan = 0; plan < PLANS; plan++) {
                var wild = Sets.load(
                        runtime,
                        "wild",
                        "codelets: [{object: wild.bpf.o, execution: " + execution
                                + "}]\nlimits: {max_faults: 1000000}");
                for (int i = 0; i < EVENTS; i++) {
                    HOOKS.seen(place(random), random.nextInt(8), place(random));
                }
                Sets.drain(runtime);
                compiled += wild.statistics().getFirst().executor().equals("jit") ? 1 : 0;
                wild.unload();
                var account = wild.accounts().getFirst();
                assertThat(account.offered()).as("seed %d", seed).isEqualTo(EVENTS);
                assertThat(account.ok() + account.failed()).as("seed %d", seed).isEqualTo(EVENTS);
                failed += account.failed();
            }
            assertThat(Sets.word(runtime, "witness/tallies", 0))
                    .as("seed %d", seed)
                    .isEqualTo((long) PLANS * EVENTS);
            witness.unload();
            assertThat(witness.accounts().getFirst().ok()).as("seed %d", seed).isEqualTo((long) PLANS * EVENTS);
            assertThat(compiled).as("seed %d", seed).isPositive();
            assertThat(failed).as("seed %d", seed).isPositive();
        }
    }

    private static long place(Random random) {
        return PLACES[random.nextInt(PLACES.length)] + (random.nextBoolean() ? 0 : random.nextInt(64) - 32);
    }

    private static VerificationReport verdict(Program program, Platform platform, Random random) {
        return program.name().equals("wild")
                ? new VerificationReport.Accepted(plan(program, random), new Statistics(0, 0, 0, 0))
                : Verifier.verify(program, platform);
    }

    private static AccessPlan plan(Program program, Random random) {
        List<Region> regions = List.of(
                new AccessPlan.Stack(), new AccessPlan.Context(), new AccessPlan.Payload(), new AccessPlan.MapValue(0));
        Map<Integer, Set<Region>> accesses = new HashMap<>();
        Map<Integer, Integer> offsets = new HashMap<>();
        var instructions = program.instructions();
        for (int slot = 0; slot < instructions.size(); slot++) {
            var instruction = instructions.get(slot);
            if (instruction instanceof Instruction.Load
                    || instruction instanceof Instruction.Store
                    || instruction instanceof Instruction.Atomic) {
                var mixed = new ArrayList<>(regions);
                java.util.Collections.shuffle(mixed, random);
                int count = random.nextInt(4) == 0 ? 2 : 1;
                accesses.put(slot, Set.copyOf(mixed.subList(0, count)));
                if (count == 1 && random.nextInt(4) == 0) {
                    offsets.put(slot, random.nextInt(1200) - 600);
                }
            }
        }
        var use = random.nextInt(3) == 0 ? ContextUse.ESCAPES : ContextUse.LOADED;
        return new AccessPlan(accesses, offsets, Map.of(), random.nextInt(512), 100_000, use, Set.of(LOOKUP, UPDATE));
    }
}
