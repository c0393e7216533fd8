package io.vertebra.bench;

import io.vertebra.vm.exec.Executable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** What a codelet costs that is called with a context in memory, by each executor (P5, and the rows beside P3 and P4). */
@State(Scope.Benchmark)
public class CalledExecutable {

    /** The codelet. */
    @Param({"filter", "chain", "counter", "counter_atomic", "per_core", "histogram", "prime", "fnv", "checksum", "parse"
    })
    public String codelet;

    private Codelet loaded;
    private Executable executable;
    private Runs runs;

    /** Loads the codelet. */
    @Setup
    public void load(Workload workload) {
        loaded = Codelet.load(codelet);
        runs = Runs.of(loaded.context(), Workload.fields(codelet), workload);
    }

    /** Compiled to bytecode. */
    @Benchmark
    public void jit(CpuTime time, Blackhole results) {
        if (executable == null) {
            executable = loaded.compiled();
        }
        loop(time, results);
    }

    /** Interpreted. */
    @Benchmark
    public void interpreter(CpuTime time, Blackhole results) {
        if (executable == null) {
            executable = loaded.interpreted(loaded.plan().maxSteps());
        }
        loop(time, results);
    }

    private void loop(CpuTime time, Blackhole results) {
        var target = executable;
        for (int i = 0; i < runs.count(); i++) {
            results.consume(runs.run(target, i));
        }
        time.add(runs.count());
    }
}
