package io.vertebra.runtime.codelet;

import io.vertebra.verifier.report.ReportPrinter;
import io.vertebra.verifier.report.VerificationReport;

/**
 * What the verifier said of one program of a codelet set.
 *
 * @param codelet the codelet, or the program in which codelets continue
 * @param instructions how many it has
 * @param report the verdict and its reasons
 */
public record Verdict(String codelet, int instructions, VerificationReport report) {

    /** In lines as {@code vertebra verify} prints them, without a newline at the end. */
    public String text() {
        return ReportPrinter.print(codelet, instructions, report);
    }
}
