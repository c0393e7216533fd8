package io.vertebra.runtime.codelet;

import io.vertebra.verifier.report.ReportPrinter;
import io.vertebra.verifier.report.VerificationReport.Rejected;
import java.util.List;
import java.util.Optional;

/** Why a codelet set was not loaded: the stage, one sentence, and the verifier's verdicts when it rejected a program. */
public final class LoadException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Stage stage;
    private final transient List<Verdict> verdicts;

    /** Where a load failed. */
    public enum Stage {
        /** The set is not signed as it should be, or a codelet needs a grant; the cause has the rule. */
        ADMISSION,
        /** The descriptor could not be read or breaks rules. */
        DESCRIPTOR,
        /** An object file could not be read or is malformed. */
        OBJECT,
        /** A variable is unknown or its value does not fit. */
        VARIABLE,
        /** A program's hook is unknown or cannot take it. */
        HOOK,
        /** The program's context struct differs from the hook's. */
        CONTEXT,
        /** The verifier rejected a program; see {@link #report}. */
        VERIFICATION,
        /** A map or a stream could not be made, or a limit was exceeded. */
        RESOURCES
    }

    /** A failure without a report. */
    public LoadException(Stage stage, String message, Throwable cause) {
        super(message, cause);
        this.stage = stage;
        this.verdicts = List.of();
    }

    /** A failure without a report. */
    public LoadException(Stage stage, String message) {
        this(stage, message, null);
    }

    /**
     * A rejection.
     *
     * @param verdicts on every program, at least one of them a rejection
     */
    public LoadException(List<Verdict> verdicts) {
        super(sentence(verdicts));
        this.stage = Stage.VERIFICATION;
        this.verdicts = List.copyOf(verdicts);
    }

    private static String sentence(List<Verdict> verdicts) {
        var rejected =
                verdicts.stream().filter(v -> v.report() instanceof Rejected).toList();
        var first = (Rejected) rejected.getFirst().report();
        int more = rejected.size() - 1;
        return "codelet `" + rejected.getFirst().codelet() + "`: rejected by the verifier, "
                + ReportPrinter.summary(first.findings().getFirst())
                + (more == 0 ? "" : "; so " + (more == 1 ? "is " : "are ") + more + " more");
    }

    /** Where the load failed. */
    public Stage stage() {
        return stage;
    }

    /** The verifier's report on the first program that it rejected. */
    public Optional<Rejected> report() {
        return verdicts.stream()
                .map(Verdict::report)
                .filter(Rejected.class::isInstance)
                .map(Rejected.class::cast)
                .findFirst();
    }

    /** The verdicts on all programs when one was rejected, in the order of the descriptor; else none. */
    public List<Verdict> verdicts() {
        return verdicts;
    }
}
