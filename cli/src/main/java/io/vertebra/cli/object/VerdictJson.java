package io.vertebra.cli.object;

import io.vertebra.verifier.report.Finding;
import io.vertebra.verifier.report.VerificationReport;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.verifier.report.VerificationReport.Rejected;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.SourceLine;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** A verdict as JSON: all that its text says, and what the verification cost. */
final class VerdictJson {

    private static final double NANOS_PER_MILLI = 1e6;

    private VerdictJson() {}

    static JsonObject of(Program program, VerificationReport report, Optional<String> note, List<String> log) {
        var json = new JsonObject()
                .put("name", program.name())
                .put("section", program.section())
                .put("instructions", program.instructions().size());
        switch (report) {
            case Accepted a ->
                json.put("verdict", "pass")
                        .put("max_steps", a.plan().maxSteps())
                        .put("stack_bytes", a.plan().stackBytes());
            case Rejected r -> json.put("verdict", "fail").put("findings", findings(r));
        }
        note.ifPresent(text -> json.put("note", text));
        if (!log.isEmpty()) {
            json.put("log", new JsonArray(log));
        }
        return json.put("millis", report.statistics().nanos() / NANOS_PER_MILLI);
    }

    private static JsonArray findings(Rejected report) {
        var array = new JsonArray();
        for (var finding : report.findings()) {
            array.add(place(finding.slot(), finding.source(), finding.instruction())
                    .put("function", finding.function())
                    .put("problem", finding.problem())
                    .put("known", finding.known())
                    .put("needed", finding.needed())
                    .put("hint", finding.hint())
                    .put("path", path(finding)));
        }
        return array;
    }

    private static JsonArray path(Finding finding) {
        var array = new JsonArray();
        for (var step : finding.path()) {
            array.add(place(step.slot(), step.source(), step.instruction()).put("outcome", step.outcome()));
        }
        return array;
    }

    private static JsonObject place(int slot, Optional<SourceLine> source, String instruction) {
        var json = new JsonObject().put("insn", slot).put("text", instruction);
        source.ifPresent(line -> json.put("source", source(line)));
        return json;
    }

    /** Where an instruction was compiled from. */
    static JsonObject source(SourceLine line) {
        return new JsonObject()
                .put("file", line.file())
                .put("line", line.line())
                .put("column", line.column())
                .put("text", line.text());
    }
}
