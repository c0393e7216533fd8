package io.vertebra.runtime.stress;

import io.vertebra.config.DescriptorReader;
import io.vertebra.config.RuntimeSettings;
import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.runtime.codelet.Cores;
import io.vertebra.runtime.codelet.LoadException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Many small codelets in one runtime, each a set of its own, with two maps, one of them per core; every other one is inline.
 * All are on one hook, which is the worst case.
 */
final class CodeletsStress {

    /** Bytes of heap that a small codelet may take. */
    static final long ALLOWED = 64 << 10;

    private static final int WARM_UP = 100;
    private static final int PARTS = 10;

    private CodeletsStress() {}

    /**
     * What so many codelets took.
     *
     * @param count how many
     * @param milliseconds for each codelet of the first tenth, of the second ...
     * @param before what the JVM held on to before
     * @param loaded while they were all loaded
     * @param after after they were unloaded
     */
    record Result(int count, List<Double> milliseconds, MemoryUse before, MemoryUse loaded, MemoryUse after) {

        /** Bytes of heap that each codelet took. */
        long heapOfEach() {
            return (loaded.heap() - before.heap()) / count;
        }
    }

    /** Loads and unloads so many codelets, at least 10. */
    static Result run(int count) throws LoadException, InterruptedException {
        Objects.requireNonNull(StressHooks.HOOKS, "hooks"); // declared now
        try (var runtime = CodeletRuntime.start(RuntimeSettings.ofCores(2));
                var _ = new Cores(runtime)) {
            for (int i = 0; i < WARM_UP; i++) {
                load(runtime, i).unload();
            }
            var before = MemoryUse.settled();
            List<CodeletSet> sets = new ArrayList<>();
            List<Double> milliseconds = new ArrayList<>();
            for (int part = 1; part <= PARTS; part++) {
                int first = sets.size();
                long begin = System.nanoTime();
                while (sets.size() < (long) count * part / PARTS) {
                    sets.add(load(runtime, sets.size()));
                }
                milliseconds.add((System.nanoTime() - begin) / 1e6 / (sets.size() - first));
            }
            var loaded = MemoryUse.settled();
            sets.forEach(CodeletSet::unload);
            sets.clear();
            return new Result(count, milliseconds, before, loaded, MemoryUse.settled());
        }
    }

    private static CodeletSet load(CodeletRuntime runtime, int number) throws LoadException {
        var execution = number % 2 == 0 ? "queued" : "inline";
        var text = "codeletset: small%d\ncodelets: [{object: stress_inline.bpf.o, execution: %s}]\n"
                .formatted(number, execution);
        return runtime.open(DescriptorReader.parse(text, "small", RoundsStress.folder()))
                .load();
    }
}
