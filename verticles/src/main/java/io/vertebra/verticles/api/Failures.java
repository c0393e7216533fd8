package io.vertebra.verticles.api;

import io.vertebra.runtime.admission.AdmissionException;
import io.vertebra.runtime.codelet.LoadException;
import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.verticles.http.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which problem a failure becomes. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private static final int BUSY = 503;
    private static final int FORBIDDEN = 403;

    private Failures() {}

    /** Ends a request whose action failed. */
    static void end(RoutingContext request, Throwable failure) {
        switch (failure) {
            case RequestException e -> {
                if (e.status() == BUSY) {
                    request.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
                }
                Problem.end(request, e.status(), e.getMessage(), e.members());
            }
            case LoadException e ->
                Problem.end(request, e.stage() == Stage.ADMISSION ? FORBIDDEN : 422, e.getMessage(), wholeReport(e));
            case AdmissionException e ->
                Problem.end(
                        request,
                        FORBIDDEN,
                        e.getMessage(),
                        new JsonObject().put("rule", e.rule().label()));
            case IllegalArgumentException e -> Problem.end(request, 400, e.getMessage());
            case IllegalStateException e -> Problem.end(request, 409, e.getMessage());
            default -> {
                LOG.error(
                        "request {} {} failed",
                        request.request().method(),
                        request.request().path(),
                        failure);
                Problem.end(request, 500, "the server failed: " + failure);
            }
        }
    }

    /** The stage of a failed load and, when the verifier rejected a program, its report. */
    static JsonObject members(LoadException failure) {
        var members = new JsonObject().put("stage", failure.stage().name().toLowerCase(Locale.ROOT));
        if (failure.getCause() instanceof AdmissionException refusal) {
            members.put("rule", refusal.rule().label());
        }
        failure.report().ifPresent(report -> members.put("report", ReportJson.rejected(report)));
        return members;
    }

    /** As {@link #members}, with the verdicts on all programs. */
    private static JsonObject wholeReport(LoadException failure) {
        var members = members(failure);
        return failure.verdicts().isEmpty()
                ? members
                : members.put("programs", RuntimeJson.array(failure.verdicts(), ReportJson::verdict));
    }
}
