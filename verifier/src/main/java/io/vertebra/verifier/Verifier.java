package io.vertebra.verifier;

import io.vertebra.verifier.analysis.ExplorationListener;
import io.vertebra.verifier.analysis.Explorer;
import io.vertebra.verifier.cfg.Defect;
import io.vertebra.verifier.cfg.Structure;
import io.vertebra.verifier.log.ExplorationLog;
import io.vertebra.verifier.platform.Platform;
import io.vertebra.verifier.report.Finding;
import io.vertebra.verifier.report.Statistics;
import io.vertebra.verifier.report.VerificationReport;
import io.vertebra.vm.isa.AssemblyText;
import io.vertebra.vm.program.Program;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Proves that a program is safe: every access is inside its region and permitted, every value is initialised and of the
 * right kind, null is checked, what is reserved is released, and every run ends within the platform's steps. What is
 * accepted is safe; a safe program may be rejected when it is not seen to be. Thread-safe.
 */
public final class Verifier {

    private Verifier() {}

    /** The verdict on a program that would run on a platform. */
    public static VerificationReport verify(Program program, Platform platform) {
        return verify(program, platform, ExplorationListener.NONE);
    }

    /**
     * The verdict, and how it was come to.
     *
     * @param log takes the exploration line by line: instructions with their C lines and what changed, where paths part,
     *     end, and end early, and where states were made more general. Of a long one it gets the beginning and the end
     */
    public static VerificationReport verify(Program program, Platform platform, Consumer<String> log) {
        var listener = new ExplorationLog(program, log);
        var report = verify(program, platform, listener);
        listener.close();
        return report;
    }

    private static VerificationReport verify(Program program, Platform platform, ExplorationListener listener) {
        long begin = System.nanoTime();
        var defects = Structure.check(program);
        if (!defects.isEmpty()) {
            var findings = defects.stream().map(d -> finding(program, d)).toList();
            return new VerificationReport.Rejected(findings, new Statistics(0, 0, 0, System.nanoTime() - begin));
        }
        return Explorer.explore(program, platform, listener);
    }

    private static Finding finding(Program program, Defect defect) {
        boolean placed = defect.slot() < program.instructions().size()
                && program.functions().stream().anyMatch(f -> defect.slot() < f.end());
        return new Finding(
                defect.slot(),
                placed ? program.functionAt(defect.slot()).name() : program.name(),
                placed ? program.sourceOf(defect.slot()) : Optional.empty(),
                placed ? AssemblyText.print(program.instructions().get(defect.slot())) : "no instruction",
                defect.problem(),
                "",
                defect.needed(),
                "",
                List.of());
    }
}
