package io.vertebra.bench;

import io.vertebra.config.RuntimeSettings;
import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.runtime.codelet.LoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/** The codelet that a benchmark method is named after, attached inline; none when no codelet has that name. */
@State(Scope.Benchmark)
public class Attached {

    private CodeletRuntime runtime;
    private CodeletSet set;

    /** Loads the codelet. */
    @Setup(Level.Trial)
    public void attach(BenchmarkParams benchmark) throws IOException, LoadException {
        runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1));
        var method = benchmark.getBenchmark().substring(benchmark.getBenchmark().lastIndexOf('.') + 1);
        var name = codelet(method);
        if (Codelet.NAMES.contains(name)) {
            set = load(runtime, name, Files.createTempDirectory("bench"));
        }
    }

    /** The codelet of a hook method. */
    static String codelet(String method) {
        return method.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
    }

    /** Attaches a codelet inline; the folder is where its object is put. */
    static CodeletSet load(CodeletRuntime runtime, String name, Path folder) throws IOException, LoadException {
        if (BenchHooks.HOOKS == null) {
            throw new IllegalStateException("hooks of " + BenchHooks.class + " are not there");
        }
        Codelet.extract(name, folder);
        var descriptor = Files.writeString(
                folder.resolve(name + ".yaml"),
                "codeletset: " + name + "\ncodelets: [{object: " + name + ".bpf.o, execution: inline}]\n");
        return runtime.load(descriptor);
    }

    /** Sees to it that what was measured were runs that ended normally. */
    @TearDown(Level.Trial)
    public void check() {
        if (set != null) {
            var account = set.accounts().getFirst();
            if (account.ok() == 0 || account.ok() != account.offered()) {
                throw new IllegalStateException("not all runs were good ones: " + account);
            }
        }
        runtime.close();
    }
}
