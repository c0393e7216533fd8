package io.vertebra.runtime.codelet;

import io.vertebra.verifier.report.VerificationReport;
import java.util.Optional;

/** Why a codelet set was not loaded: the stage, one sentence, and the verifier's report when it rejected a program. */
public final class LoadException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Stage stage;
    private final transient VerificationReport.Rejected report;

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
        this.report = null;
    }

    /** A failure without a report. */
    public LoadException(Stage stage, String message) {
        this(stage, message, null);
    }

    /** A rejected program. */
    public LoadException(String message, VerificationReport.Rejected report) {
        super(message);
        this.stage = Stage.VERIFICATION;
        this.report = report;
    }

    /** Where the load failed. */
    public Stage stage() {
        return stage;
    }

    /** The verifier's report, when it rejected a program. */
    public Optional<VerificationReport.Rejected> report() {
        return Optional.ofNullable(report);
    }
}
