package io.vertebra.bench;

import io.vertebra.vm.exec.Executable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Whether an instruction of a long program costs more than one of a short program, compiled (P6). */
@State(Scope.Benchmark)
public class ProgramLength {

    /** Instructions of the program. */
    @Param({"100", "500", "1000", "2000", "4096"})
    public int length;

    private Executable executable;
    private Runs runs;

    /** Makes the program. */
    @Setup
    public void load(Workload workload) {
        var codelet = SizedProgram.of(length);
        executable = codelet.compiled();
        runs = Runs.of(codelet.context(), Workload.fields("chain"), workload);
    }

    @Benchmark
    public void jit(CpuTime time, Blackhole results) {
        var target = executable;
        for (int i = 0; i < runs.count(); i++) {
            results.consume(runs.run(target, i));
        }
        time.add(runs.count());
    }
}
