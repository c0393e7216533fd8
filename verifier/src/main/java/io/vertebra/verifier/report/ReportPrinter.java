package io.vertebra.verifier.report;

import io.vertebra.verifier.report.Finding.Step;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.verifier.report.VerificationReport.Rejected;
import io.vertebra.vm.program.SourceLine;
import java.util.Optional;

/** The text of reports: a verdict line, and for a rejection the source line, the path and the hint below it. */
public final class ReportPrinter {

    private static final String INDENT = "    ";

    private ReportPrinter() {}

    /**
     * A report in lines, without a newline at the end.
     *
     * @param name the program
     * @param slots its number of instruction slots
     */
    public static String print(String name, int slots, VerificationReport report) {
        return switch (report) {
            case Accepted a ->
                "PASS %s (%d instructions, at most %d steps)"
                        .formatted(name, slots, a.plan().maxSteps());
            case Rejected r -> rejected(name, r);
        };
    }

    private static String rejected(String name, Rejected report) {
        var text = new StringBuilder();
        for (var finding : report.findings()) {
            if (!text.isEmpty()) {
                text.append('\n');
            }
            text.append("FAIL ").append(name).append(": ").append(summary(finding));
            details(text, finding);
        }
        return text.toString();
    }

    /** A finding in one line: place, problem, and what is known. */
    public static String summary(Finding finding) {
        return "insn " + finding.slot() + place(finding.source()) + ": " + finding.problem()
                + (finding.known().isEmpty() ? "" : ": " + finding.known());
    }

    private static void details(StringBuilder text, Finding finding) {
        sourceText(finding.source()).ifPresent(c -> line(text, "", c));
        line(text, "at:   ", finding.instruction() + " in " + finding.function());
        line(text, "need: ", finding.needed());
        for (var step : finding.path()) {
            line(text, "path: ", step(step));
            sourceText(step.source()).ifPresent(c -> line(text, "          ", c));
        }
        if (!finding.hint().isEmpty()) {
            line(text, "hint: ", finding.hint());
        }
    }

    private static String step(Step step) {
        return "insn " + step.slot() + place(step.source()) + ": " + step.instruction() + ", " + step.outcome();
    }

    private static Optional<String> sourceText(Optional<SourceLine> source) {
        return source.map(s -> s.text().strip()).filter(line -> !line.isEmpty());
    }

    private static String place(Optional<SourceLine> source) {
        return source.map(s -> " (" + s + ")").orElse("");
    }

    private static void line(StringBuilder text, String label, String content) {
        text.append('\n').append(INDENT).append(label).append(content);
    }
}
