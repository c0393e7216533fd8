package io.vertebra.cli.object;

import io.vertebra.verifier.report.VerificationReport;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.verifier.report.VerificationReport.Rejected;
import io.vertebra.verticles.api.ReportJson;
import io.vertebra.vm.program.Program;
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
            case Rejected r -> json.put("verdict", "fail").put("findings", ReportJson.findings(r));
        }
        note.ifPresent(text -> json.put("note", text));
        if (!log.isEmpty()) {
            json.put("log", new JsonArray(log));
        }
        return json.put("millis", report.statistics().nanos() / NANOS_PER_MILLI);
    }
}
