package io.vertebra.verticles.api;

import io.vertebra.runtime.codelet.Verdict;
import io.vertebra.verifier.report.Finding;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.verifier.report.VerificationReport.Rejected;
import io.vertebra.vm.program.SourceLine;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** The verifier's reports as JSON: all that their text says. */
public final class ReportJson {

    private static final double NANOS_PER_MILLI = 1e6;

    private ReportJson() {}

    /** {@code {"findings", "millis"}}. */
    public static JsonObject rejected(Rejected report) {
        return new JsonObject()
                .put("findings", findings(report))
                .put("millis", report.statistics().nanos() / NANOS_PER_MILLI);
    }

    /** One program's verdict: {@code text} is what {@code vertebra verify} prints. */
    static JsonObject verdict(Verdict verdict) {
        var json = new JsonObject()
                .put("name", verdict.codelet())
                .put("instructions", verdict.instructions())
                .put("text", verdict.text());
        return switch (verdict.report()) {
            case Accepted a ->
                json.put("verdict", "pass").put("max_steps", a.plan().maxSteps());
            case Rejected r -> json.put("verdict", "fail").put("findings", findings(r));
        };
    }

    /** The findings with their places and paths. */
    public static JsonArray findings(Rejected report) {
        return RuntimeJson.array(
                report.findings(),
                finding -> place(finding.slot(), finding.source(), finding.instruction())
                        .put("function", finding.function())
                        .put("problem", finding.problem())
                        .put("known", finding.known())
                        .put("needed", finding.needed())
                        .put("hint", finding.hint())
                        .put("path", path(finding)));
    }

    private static JsonArray path(Finding finding) {
        return RuntimeJson.array(
                finding.path(),
                step -> place(step.slot(), step.source(), step.instruction()).put("outcome", step.outcome()));
    }

    private static JsonObject place(int slot, Optional<SourceLine> source, String instruction) {
        var json = new JsonObject().put("insn", slot).put("text", instruction);
        source.ifPresent(line -> json.put("source", source(line)));
        return json;
    }

    /** Where an instruction was compiled from. */
    public static JsonObject source(SourceLine line) {
        return new JsonObject()
                .put("file", line.file())
                .put("line", line.line())
                .put("column", line.column())
                .put("text", line.text());
    }
}
