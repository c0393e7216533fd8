package io.vertebra.bench;

import io.vertebra.runtime.hook.HookRegistry;
import io.vertebra.verifier.Verifier;
import io.vertebra.verifier.platform.NativePlatform;
import io.vertebra.verifier.report.ReportPrinter;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.verifier.report.VerificationReport.Rejected;
import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.PayloadType;
import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.jit.Fallback;
import io.vertebra.vm.jit.Jit;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A verified program of the benchmarks.
 *
 * @param name that of its file
 * @param program what to run
 * @param context its hook's struct
 * @param plan what the verifier proved
 */
record Codelet(String name, Program program, ContextLayout context, AccessPlan plan) {

    /** Those that have an object file. */
    static final List<String> NAMES = List.of(
            "filter",
            "chain",
            "counter",
            "counter_atomic",
            "per_core",
            "histogram",
            "prime",
            "fnv",
            "checksum",
            "parse");

    private static final Helpers HELPERS = Helpers.standard();

    /** Reads and verifies the object {@code name.bpf.o}. */
    static Codelet load(String name) {
        var program = ObjectFile.read(bytes(name), name).programs().getFirst();
        return verified(name, program, context(program.section()));
    }

    /** The context struct of the hook that a section names. */
    static ContextLayout context(String section) {
        if (BenchHooks.HOOKS == null) {
            throw new IllegalStateException("hooks of " + BenchHooks.class + " are not there");
        }
        return HookRegistry.hooks().stream()
                .filter(hook -> hook.section().equals(section))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("section `" + section + "`: no such hook"))
                .context();
    }

    /**
     * Verifies a program.
     *
     * @throws IllegalStateException when it is rejected, with the reason
     */
    static Codelet verified(String name, Program program, ContextLayout context) {
        var prototypes = HELPERS.all().stream().map(Helper::prototype).toList();
        return switch (Verifier.verify(program, new NativePlatform(context, prototypes, NativePlatform.INLINE_STEPS))) {
            case Accepted accepted -> new Codelet(name, program, context, accepted.plan());
            case Rejected rejected ->
                throw new IllegalStateException("codelet `" + name + "`: "
                        + ReportPrinter.summary(rejected.findings().getFirst()));
        };
    }

    private static byte[] bytes(String name) {
        try (var stream = Codelet.class.getResourceAsStream("/codelets/" + name + ".bpf.o")) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the object into a folder, from where the runtime loads it. */
    static Path extract(String name, Path folder) throws IOException {
        return Files.write(folder.resolve(name + ".bpf.o"), bytes(name));
    }

    /** Over maps of its own, interpreted. */
    Executable interpreted(long maxSteps) {
        return Interpreter.prepare(program, maps(), HELPERS, maxSteps);
    }

    /** Over maps of its own, compiled. */
    Executable compiled() {
        return Jit.compile(program, plan, context, PayloadType.BYTES, maps(), HELPERS, Fallback.FAIL);
    }

    private List<BpfMap> maps() {
        return program.maps().stream().map(spec -> BpfMap.create(spec, 1)).toList();
    }
}
